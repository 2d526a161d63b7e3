"""How the site's static files are kept: named after their content, compressed once."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # a base without types
    """WhiteNoise's storage, without Brotli: that takes half a minute for a few kilobytes less."""

    # A module's imports are renamed as well: after an update no browser mixes old files with new.
    support_js_module_import_aggregation = True

    def create_compressor(self, **options: Any) -> Compressor:
        """A compressor with gzip alone, whether or not Brotli happens to be installed."""
        return Compressor(use_brotli=False, **options)
