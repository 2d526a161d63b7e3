"""The jobs app."""

from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Durable work: a job is a row, committed with the data it concerns."""

    name = "jobs"
    label = "libschool_jobs"
    verbose_name = _("Jobs")
    default_auto_field = "django.db.models.BigAutoField"

    # Open edX skips an app without this attribute; the app brings no URLs, settings or receivers.
    plugin_app: ClassVar[dict[str, Any]] = {}
