"""A home for the jobs app alone, on the test's own database: the settings of its processes."""

import json
import os

SECRET_KEY = "a home for one test"
USE_TZ = True
INSTALLED_APPS = ["jobs.apps.JobsConfig", "django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": json.loads(os.environ["TRIAL_DATABASE"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
JOBS_MODULES = ["tests.jobs.trial"]
JOBS_LEASE_SECONDS = float(os.environ.get("TRIAL_LEASE", "1"))
JOBS_RESEND_SECONDS = 1
CELERY_BROKER_URL = os.environ.get("TRIAL_BROKER_URL", "")
if CELERY_BROKER_URL:
    # its relay_jobs knows the broker; the site cannot be without the other two
    INSTALLED_APPS.insert(0, "delivery.apps.DeliveryConfig")
    INSTALLED_APPS += ["grading.apps.GradingConfig", "delivery.apps.SubmissionsConfig"]
