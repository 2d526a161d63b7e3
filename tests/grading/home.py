"""The site on a test's own database and broker: the settings of its processes."""

import json
import os

from tests.settings import *  # noqa: F403  # the site's, but for what follows

DATABASES = {"default": json.loads(os.environ["TRIAL_DATABASE"])}
JOBS_LEASE_SECONDS = 2
JOBS_RESEND_SECONDS = 1
CELERY_BROKER_URL = os.environ["TRIAL_BROKER_URL"]
