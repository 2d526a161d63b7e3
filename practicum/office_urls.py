"""The coordinators' pages, below ``/practice/office/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from practicum.views import reports
from practicum.views.office import board, bulk, lists, people, placements, setup, trail

placement_urls = [
    path("", placements.placement, name="office_placement"),
    path("change/", placements.change, name="office_change"),
    path("move/", placements.move, name="office_move"),
    path("pause/", placements.pause, name="office_pause"),
    path("pauses/<uuid:pause>/cancel/", placements.resume, name="office_resume"),
    path("mandates/new/", placements.grant, name="office_grant"),
    path("mandates/<uuid:mandate>/end/", placements.end, name="office_end"),
    path("agreements/new/", placements.agree, name="office_agree"),
    path("agreements/<uuid:agreement>/sign/", placements.sign, name="office_sign"),
    path("exceptions/new/", placements.let_pass, name="office_let_pass"),
    path("periods/new/", placements.close, name="office_close"),
    path("periods/<uuid:period>/reopen/", placements.reopen, name="office_reopen"),
]

person_urls = [
    path("", people.person, name="office_person"),
    path("export/", people.export, name="office_export"),
    path("erase/", people.erase, name="office_erase"),
]

setup_urls = [
    path("", setup.setup, name="office_setup"),
    path("programmes/new/", setup.programme, name="office_programme_new"),
    path("programmes/<slug:code>/", setup.programme, name="office_programme"),
    path("<slug:kind>/new/", setup.named, name="office_named_new"),
    path("<slug:kind>/<slug:code>/", setup.named, name="office_named"),
]

report_urls = [
    path("", reports.reports, name="office_reports"),
    path("file/", reports.many_file, name="office_report_file"),
]

job_urls = [
    path("", reports.job, name="office_job"),
    path("file/", reports.job_file, name="office_job_file"),
    path("cancel/", reports.job_cancel, name="office_job_cancel"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.board, name="office"),
    path("entries/", lists.entries, name="office_entries"),
    path("placements/", lists.placements, name="office_placements"),
    path("placements/new/", placements.create, name="office_create"),
    path("placements/table/", bulk.table, name="office_table"),
    path("placements/assign/", bulk.assign, name="office_assign"),
    path("placements/remind/", bulk.remind, name="office_remind"),
    path("placements/<uuid:placement>/", include(placement_urls)),
    path("hosts/", setup.hosts, name="office_hosts"),
    path("hosts/new/", setup.host, name="office_host_new"),
    path("hosts/<uuid:host>/", setup.host, name="office_host"),
    path("people/", people.people, name="office_people"),
    path("people/new/", people.add, name="office_person_new"),
    path("people/expiring/", people.soon_erased, name="office_expiring"),
    path("people/replace/", bulk.replace, name="office_replace"),
    path("people/<uuid:person>/", include(person_urls)),
    path("setup/", include(setup_urls)),
    path("closing/", bulk.closing, name="office_closing"),
    path("closing/<uuid:reopening>/", bulk.confirm_reopening, name="office_confirm"),
    path("attendance/", bulk.attendance, name="office_attendance"),
    path("reports/", include(report_urls)),
    path("jobs/<uuid:job>/", include(job_urls)),
    path("trail/", trail.trail, name="office_trail"),
    path("trail/verify/", trail.verify, name="office_verify"),
]
