"""The practicum's pages, below ``/practice/`` in both homes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from practicum.rest import views as rest
from practicum.views import (
    entries,
    evidence,
    home,
    hours,
    links,
    mine,
    offline,
    placements,
    portfolio,
    reports,
    reviewing,
)

app_name = "practicum"

placement_urls = [
    path("", placements.placement, name="placement"),
    path("log/", hours.log, name="log"),
    path("weeks/<str:day>/", placements.week, name="week"),
    path("months/<str:month>/", placements.month, name="month"),
    path("absence/", placements.absence, name="absence"),
    path("competencies/", portfolio.competencies, name="competencies"),
    path("evaluations/", portfolio.evaluations, name="evaluations"),
    path("evaluations/<uuid:form>/", portfolio.evaluate, name="evaluate"),
    path("checklists/", portfolio.checklists, name="checklists"),
    path("reports/<slug:kind>/", reports.report, name="report"),
    path("reports/<slug:kind>/file/", reports.report_file, name="report_file"),
]

entry_urls = [
    path("act/", entries.act, name="act"),
    path("<uuid:entry>/", entries.entry, name="entry"),
    path("<uuid:entry>/edit/", hours.edit, name="edit"),
    path("<uuid:entry>/correct/", hours.correct, name="correct"),
    path("<uuid:entry>/appeal/", entries.appeal, name="appeal"),
    path("<uuid:entry>/corrections/<uuid:amendment>/", entries.decide, name="amendment"),
]

mine_urls = [
    path("", mine.mine, name="mine"),
    path("export.json", mine.export, name="export"),
    path("export/", mine.readable, name="readable"),
    path("calendar/", mine.change_feed, name="change_feed"),
    path("templates/<uuid:template>/", mine.drop_template, name="drop_template"),
]

review_urls = [
    path("", reviewing.review, name="review"),
    path("<uuid:entry>/undo/", reviewing.undo, name="undo"),
]

link_urls = [
    path("<uuid:link>/", links.review_link, name="review_link"),
    path("<uuid:link>/undo/<uuid:entry>/", links.undo_by_link, name="undo_by_link"),
    path("<uuid:link>/mail/", links.wish_by_link, name="wish_by_link"),
]

offline_urls = [
    path("offline/", offline.offline, name="offline"),
    path("worker.js", offline.worker, name="worker"),
    path("app.webmanifest", offline.manifest, name="manifest"),
    path("sync/", offline.sync, name="sync"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("placements/<uuid:placement>/", include(placement_urls)),
    path("entries/", include(entry_urls)),
    path("sheets/<uuid:sheet>/sign/", entries.sign_sheet, name="sign_sheet"),
    path("evidence/<uuid:file>/", evidence.evidence, name="evidence"),
    path("mine/", include(mine_urls)),
    path("review/", include(review_urls)),
    path("r/<str:token>/", links.arrive, name="arrive"),
    path("links/", include(link_urls)),
    path("calendar/<str:token>.ics", mine.feed, name="feed"),
    *offline_urls,
    path("office/", include("practicum.office_urls")),
    path("check/", reports.check, name="check_form"),
    path("check/<uuid:code>/", reports.check, name="check"),
    path("api/v1/openapi.json", rest.schema, name="rest_schema"),
    path("api/v1/<path:path>", rest.call, name="rest"),
]
