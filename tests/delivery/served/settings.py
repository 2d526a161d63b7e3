from tests.settings import *  # noqa: F403  # the site's settings but for what follows

INSTALLED_APPS = [
    "delivery.apps.DeliveryConfig",
    "grading.apps.GradingConfig",
    "jobs.apps.JobsConfig",
    "delivery.apps.SubmissionsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = ["delivery.guards.BodyLimitMiddleware", "delivery.guards.BusyDatabaseMiddleware"]
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
ROOT_URLCONF = "tests.delivery.served.urls"
JOBS_MODULES = ["tests.delivery.served.urls"]
JOBS_LEASE_SECONDS = 2
