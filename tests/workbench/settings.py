"""The workbench's settings with the suite's apps; files lie in the working directory."""

from workbench.settings import *  # noqa: F403  # the workbench's, but for what follows
from workbench.settings import INSTALLED_APPS as WORKBENCH_APPS

INSTALLED_APPS = [
    *WORKBENCH_APPS,
    "submissions",
    "grading.apps.GradingConfig",
    "jobs.apps.JobsConfig",
    "practicum.apps.PracticumConfig",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The workbench only logs what blocks publish: here, to the error stream.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
