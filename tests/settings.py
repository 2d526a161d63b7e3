"""The site's settings for tests: quick passwords, no manifest of static files, own data folder.

Caches and brokers that the environment may name are somebody's: no test asks them.
"""

import os
from pathlib import Path

os.environ.setdefault(
    "LIBSCHOOL_DATA", str(Path(__file__).resolve().parent.parent / "var" / "test")
)

from delivery.settings import *  # noqa: F403  # the data folder must be named first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = ""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"] == "django.db.backends.mysql":  # noqa: F405  # as above
    MIGRATION_MODULES = {"submissions": "tests.mariadb_submissions"}
