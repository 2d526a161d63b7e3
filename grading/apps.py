"""The app ``grading``: what was submitted and what it scored."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradingConfig(AppConfig):
    """Installs in the stand-alone site and, by ``plugin_app``, in the LMS and in Studio."""

    name = "grading"
    label = "libschool_grading"
    verbose_name = _("Grading")
    default_auto_field = "django.db.models.BigAutoField"

    # Open edX skips an app without this attribute; the app brings no URLs, settings or receivers.
    plugin_app: ClassVar[dict[str, Any]] = {}
