"""The URLs of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import JavaScriptCatalog

from delivery.access import Access, access
from delivery.views import (
    blocks,
    courses,
    draft_blocks,
    draft_changes,
    draft_files,
    draft_grading,
    draft_pages,
    draft_publishing,
    errors,
    files,
    gradebook_cells,
    gradebook_pages,
    gradebook_tables,
    grading,
    groups,
    health,
    home,
    imports,
    jobs,
    notices,
    people,
    progress,
    regrades,
    units,
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

draft_urls: list[URLPattern] = [
    path("", draft_pages.draft, name="draft"),
    path("units/<str:usage_key>/", draft_pages.unit, name="draft_unit"),
    path("publish/", draft_publishing.publish, name="draft_publish"),
    path("discard/", draft_publishing.discard, name="draft_discard"),
    path("preview/", draft_publishing.preview, name="draft_preview"),
    path("update/", draft_publishing.update, name="draft_update"),
    path("grading/", draft_grading.grading, name="draft_grading"),
    path("presence/", draft_changes.presence, name="draft_presence"),
    path("conflicts/<uuid:conflict_id>/", draft_blocks.conflict, name="draft_conflict"),
    path("text-preview/", draft_blocks.text_preview, name="draft_text_preview"),
    path("files/", draft_files.draft_files, name="draft_files"),
    path("file-delete/<path:file_path>", draft_files.file_delete, name="draft_file_delete"),
    path("file-put-back/<path:file_path>", draft_files.file_put_back, name="draft_file_put_back"),
    path("files/<path:file_path>", draft_blocks.draft_file, name="draft_file"),
    path("add/", draft_changes.add, name="draft_add"),
    path("blocks/<str:usage_key>/", draft_blocks.frame, name="draft_frame"),
    path("blocks/<str:usage_key>/edit/", draft_blocks.edit, name="draft_edit"),
    path("blocks/<str:usage_key>/editor/", draft_blocks.editor_frame, name="draft_editor"),
    path("blocks/<str:usage_key>/settings/", draft_blocks.settings, name="draft_settings"),
    path("blocks/<str:usage_key>/move/", draft_changes.move, name="draft_move"),
    path("blocks/<str:usage_key>/duplicate/", draft_changes.duplicate, name="draft_duplicate"),
    path("blocks/<str:usage_key>/delete/", draft_changes.delete, name="draft_delete"),
    path("blocks/<str:usage_key>/put-back/", draft_changes.put_back, name="draft_put_back"),
    re_path(
        r"^blocks/(?P<usage_key>[^/]+)/handler/(?P<handler>\w+)/(?P<suffix>.*)$",
        draft_blocks.handler,
        name="draft_handler",
    ),
]

gradebook_urls = [
    path("", gradebook_pages.gradebook, name="gradebook"),
    path("figures/", gradebook_pages.gradebook_statistics, name="gradebook_statistics"),
    path("struggling/", gradebook_pages.gradebook_struggling, name="gradebook_struggling"),
    path("export/", gradebook_tables.gradebook_export, name="gradebook_export"),
    path("export/order/<str:kind>/", gradebook_tables.gradebook_order, name="gradebook_order"),
    path("export/table/<str:kind>/", gradebook_tables.gradebook_table, name="gradebook_table"),
    path("import/", gradebook_tables.marks_imports, name="marks_imports"),
    path("import/<uuid:import_id>/", gradebook_tables.marks_import, name="marks_import"),
    path(
        "import/<uuid:import_id>/status/",
        gradebook_tables.marks_import_status,
        name="marks_import_status",
    ),
    path(
        "import/<uuid:import_id>/apply/",
        gradebook_tables.marks_import_apply,
        name="marks_import_apply",
    ),
    path(
        "import/<uuid:import_id>/discard/",
        gradebook_tables.marks_import_discard,
        name="marks_import_discard",
    ),
    path("groups/", groups.groups, name="groups"),
    path("groups/<int:group_id>/", groups.group, name="group"),
    path("groups/<int:group_id>/remove/", groups.group_remove, name="group_remove"),
    path("groups/<int:group_id>/delete/", groups.group_delete, name="group_delete"),
    path(
        "columns/<str:kind>/<str:name>/", gradebook_pages.gradebook_column, name="gradebook_column"
    ),
    path("<int:user_id>/", gradebook_pages.gradebook_learner, name="gradebook_learner"),
    path(
        "<int:user_id>/<str:kind>/<str:name>/",
        gradebook_cells.gradebook_cell,
        name="gradebook_cell",
    ),
    path(
        "<int:user_id>/<str:kind>/<str:name>/override/",
        gradebook_cells.gradebook_override,
        name="gradebook_override",
    ),
    path(
        "<int:user_id>/<str:kind>/<str:name>/excuse/",
        gradebook_cells.gradebook_excuse,
        name="gradebook_excuse",
    ),
    path(
        "<int:user_id>/<str:kind>/<str:name>/extend/",
        gradebook_cells.gradebook_extend,
        name="gradebook_extend",
    ),
    path(
        "<int:user_id>/<str:kind>/<str:name>/undo/",
        gradebook_cells.gradebook_undo,
        name="gradebook_undo",
    ),
]

regrade_urls = [
    path("", regrades.regrades, name="regrades"),
    path("rescore/", regrades.rescore, name="rescore"),
    path("<int:regrade_id>/", regrades.regrade, name="regrade"),
    path("<int:regrade_id>/state/", regrades.regrade_state, name="regrade_state"),
    path("<int:regrade_id>/table/", regrades.regrade_table, name="regrade_table"),
    path("<int:regrade_id>/apply/", regrades.regrade_apply, name="regrade_apply"),
    path("<int:regrade_id>/stop/", regrades.regrade_stop, name="regrade_stop"),
    path("<int:regrade_id>/again/", regrades.regrade_again, name="regrade_again"),
]

course_urls: list[URLPattern | URLResolver] = [
    path("", courses.course, name="course"),
    path("enrol/", courses.enrol, name="enrol"),
    path("leave/", courses.leave, name="leave"),
    path("view-as/", courses.view_as, name="view_as"),
    path("resume/", units.resume, name="resume"),
    path("units/<str:usage_key>/", units.unit, name="unit"),
    path("units/<str:usage_key>/viewed/", units.unit_viewed, name="unit_viewed"),
    path("jump/<str:block_id>/", units.jump, name="jump"),
    path("progress/", progress.progress, name="progress"),
    path("progress/transcript.pdf", progress.transcript, name="transcript"),
    path("grading/", grading.queues, name="grading"),
    path("grading/<str:usage_key>/", grading.room, name="grading_room"),
    path("files/<path:file_path>", files.course_file, name="course_file"),
    path("blocks/<str:usage_key>/", blocks.frame, name="block_frame"),
    re_path(
        r"^blocks/(?P<usage_key>[^/]+)/handler/(?P<handler>\w+)/(?P<suffix>.*)$",
        blocks.handler,
        name="block_handler",
    ),
    path("draft/", include(draft_urls)),
    path("gradebook/", include(gradebook_urls)),
    path("versions/", imports.versions, name="versions"),
    path("versions/compare/", imports.version_compare, name="version_compare"),
    path("versions/<int:number>/restore/", imports.version_restore, name="version_restore"),
    path("regrades/", include(regrade_urls)),
    path("preview/stop/", imports.preview_stop, name="preview_stop"),
    path("preview/<int:number>/", imports.preview_start, name="preview_start"),
]

import_urls = [
    path("", imports.imports, name="imports"),
    path("<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path("<uuid:import_id>/status/", imports.import_status, name="import_status"),
    path("<uuid:import_id>/publish/", imports.import_publish, name="import_publish"),
    path("<uuid:import_id>/discard/", imports.import_discard, name="import_discard"),
]

job_urls = [
    path("", jobs.my_jobs, name="my_jobs"),
    path("<uuid:job_id>/", jobs.job, name="job"),
    path("<uuid:job_id>/status/", jobs.job_status, name="job_status"),
    path("<uuid:job_id>/file/", jobs.job_file, name="job_file"),
    path("<uuid:job_id>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("<uuid:job_id>/again/", jobs.job_requeue, name="job_requeue"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("catalogue/", courses.catalogue, name="catalogue"),
    path("teach/", home.teach, name="teach"),
    path("manage/", home.manage, name="manage"),
    path("manage/jobs/", jobs.all_jobs, name="all_jobs"),
    path("jobs/", include(job_urls)),
    path("teach/imports/", include(import_urls)),
    path("practice/", include("practicum.urls")),
    path("courses/<str:course_key>/", include(course_urls)),
    path("blocks/resources/<str:block_type>/<path:uri>", blocks.resource, name="block_resource"),
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("notices/", notices.notices, name="notices"),
    path("notices/wishes/", notices.wishes, name="notice_wishes"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<int:notice_id>/", notices.follow, name="notice"),
    path("accounts/profile/", people.profile, name="profile"),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path(
        "i18n/catalogue.js",
        access(Access.ANYONE)(JavaScriptCatalog.as_view()),
        name="javascript-catalog",
    ),
    path("admin/", admin.site.urls),
]
