"""A host with nothing but the suite's apps, for the unit tests on the oldest platform."""

SECRET_KEY = "only for tests"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "submissions",
    "grading.apps.GradingConfig",
    "jobs.apps.JobsConfig",
    "practicum.apps.PracticumConfig",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
ROOT_URLCONF = __name__
urlpatterns: list[object] = []
