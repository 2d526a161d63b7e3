"""The delivery app, and how this site has the apps of others."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_save
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_structlog.signals import bind_extra_request_metadata

from delivery.logs import bind_address

RECEIVERS = {
    "submissions.models.score_set": "delivery.receivers.count_given_score",
    "submissions.models.score_reset": "delivery.receivers.count_published_score",
}

TASK_RECEIVER = "delivery.notices.receivers.tell_of_task"

# What the grade book must hear of: who takes a course, and what they are called.
BOOK_RECEIVERS = {
    "libschool_delivery.Enrollment": "delivery.grades.receivers.list_enrolled",
    settings.AUTH_USER_MODEL: "delivery.grades.receivers.rename_account",
}


def load_late(path: str) -> Callable[..., None]:
    """A receiver that is imported with the first signal: the runtime behind it is large."""

    def receive(**kwargs: Any) -> None:
        import_string(path)(**kwargs)

    return receive


class DeliveryConfig(AppConfig):
    """Courses, their versions and what learners did in them."""

    name = "delivery"
    label = "libschool_delivery"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the receivers hear, where there is somebody to be heard."""
        for model, path in BOOK_RECEIVERS.items():
            post_save.connect(load_late(path), sender=model, weak=False, dispatch_uid=path)
        bind_extra_request_metadata.connect(bind_address, dispatch_uid="delivery.logs.bind_address")
        import_string("grading.staff.task_moved").connect(
            load_late(TASK_RECEIVER), weak=False, dispatch_uid=TASK_RECEIVER
        )
        if apps.is_installed("submissions"):
            for signal, path in RECEIVERS.items():
                import_string(signal).connect(load_late(path), weak=False, dispatch_uid=path)


class SchoolAdminConfig(AdminConfig):
    """The admin with our site as its default."""

    default_site = "delivery.admin_site.SchoolAdminSite"


class SubmissionsConfig(AppConfig):
    """Open edX's scores that arise outside a learner's request, with the keys its tables have."""

    name = "submissions"
    default_auto_field = "django.db.models.AutoField"
