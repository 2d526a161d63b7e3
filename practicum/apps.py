"""The app ``practicum``: hours served at a host library."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticumConfig(AppConfig):
    """Installs in the stand-alone site and, by ``plugin_app``, in the LMS and in Studio."""

    name = "practicum"
    label = "libschool_practicum"
    verbose_name = _("Practicum")
    default_auto_field = "django.db.models.BigAutoField"

    # What Open edX's plugin loader reads: the pages lie below /practice/ of the LMS.
    plugin_app: ClassVar[dict[str, Any]] = {
        "url_config": {
            "lms.djangoapp": {
                "namespace": "practicum",
                "regex": r"^practice/",
                "relative_path": "urls",
            }
        }
    }
