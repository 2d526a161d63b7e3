"""The site's settings for browser tests: file names carry their hash as always, unpacked only."""

from delivery.settings import *  # noqa: F403  # the site's, but for what follows
from delivery.settings import STORAGES

STORAGES = {
    **STORAGES,
    # Packing every file twice would take most of the time that the tests have.
    "staticfiles": {"BACKEND": "tests.e2e.static_files.UnpackedFiles"},
}
