"""Static files as the site has them, but not packed."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class UnpackedFiles(ManifestStaticFilesStorage):
    """Django's storage; a module's imports are renamed as on the site."""

    support_js_module_import_aggregation = True
