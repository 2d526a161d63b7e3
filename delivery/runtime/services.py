"""The services that blocks may ask their host for, and that need no request."""

from __future__ import annotations

import gettext as catalogues
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.cache import cache
from django.utils import formats, timezone, translation

CATALOGUE_PLACES = (("translations", "text"), ("translations", "django"), ("conf/locale", "django"))
DATE_FORMATS = {
    "SHORT_DATE": "SHORT_DATE_FORMAT",
    "LONG_DATE": "DATE_FORMAT",
    "TIME": "TIME_FORMAT",
    "DATE_TIME": "DATETIME_FORMAT",
}


@lru_cache(maxsize=512)
def _own_catalogue(module: str, language: str) -> catalogues.NullTranslations:
    """The compiled messages that the package of ``module`` ships, or none."""
    package = sys.modules[module].__package__ or module
    file = getattr(sys.modules.get(package), "__file__", None)
    languages = [translation.to_locale(language), language]
    for place, domain in CATALOGUE_PLACES if file else ():
        found = catalogues.find(domain, str(Path(str(file)).parent / place), languages)
        if found:
            with open(found, "rb") as stream:
                return catalogues.GNUTranslations(stream)
    return catalogues.NullTranslations()


class I18nService:
    """Messages in the reader's language: the block's own catalogue, then the site's."""

    def __init__(self, block_class: type[Any] | None = None) -> None:
        unmixed = getattr(block_class, "unmixed_class", block_class)
        self._module = unmixed.__module__ if unmixed else ""

    def _catalogue(self) -> catalogues.NullTranslations | None:
        language = translation.get_language()
        if not language or not self._module:
            return None
        return _own_catalogue(self._module, language)

    def gettext(self, message: str) -> str:
        """``message`` in the reader's language."""
        own = self._catalogue()
        text = own.gettext(message) if own else message
        return text if text != message or not message else translation.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """One of two forms in the reader's language."""
        own = self._catalogue()
        text = own.ngettext(singular, plural, number) if own else ""
        if text and text not in (singular, plural):
            return text
        return translation.ngettext(singular, plural, number)

    ugettext = gettext
    ungettext = ngettext

    def strftime(self, moment: Any, format_name: str) -> str:
        """A date as the reader's language writes it; ``format_name`` as in XBlock's service."""
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        named = DATE_FORMATS.get(format_name)
        return formats.date_format(local, named) if named else str(local.strftime(format_name))

    def get_javascript_i18n_catalog_url(self, block: Any) -> None:
        """Blocks get their messages from the page's catalogue; none has a file of its own."""
        return None


class SettingsService:
    """What the site sets for a block class (``XBLOCK_SETTINGS``)."""

    def get_settings_bucket(self, block: Any, default: Any = None) -> Any:
        """The settings under the class's ``block_settings_key`` or its name."""
        bucket = getattr(settings, "XBLOCK_SETTINGS", {})
        unmixed = getattr(block, "unmixed_class", type(block))
        key = getattr(block, "block_settings_key", None) or unmixed.__name__
        return bucket.get(key, {} if default is None else default)


class CodeRefused(Exception):
    """Server-side code in course content is never run."""


class SandboxService:
    """There is no sandbox, so no code of authors or learners is executed."""

    def can_execute_unsafe_code(self) -> bool:
        """Never."""
        return False

    def get_python_lib_zip(self) -> None:
        """Nothing to execute, so no library for it."""
        return None

    def safe_exec(self, *args: Any, **options: Any) -> NoReturn:
        """Refuse."""
        raise CodeRefused("This site does not run code that is part of a course.")


class CacheService:
    """The site's cache, apart from other uses of it."""

    PREFIX = "xblock:"

    def get(self, key: str, default: Any = None) -> Any:
        """The value under ``key``."""
        return cache.get(self.PREFIX + key, default)

    def set(self, key: str, value: Any, timeout: float | None = 300) -> None:
        """Keep ``value`` under ``key`` for ``timeout`` seconds."""
        cache.set(self.PREFIX + key, value, timeout)

    def delete(self, key: str) -> None:
        """Forget ``key``."""
        cache.delete(self.PREFIX + key)


def authoring_services() -> dict[str, Any]:
    """The services of a block outside any request."""
    return {
        "i18n": I18nService(),
        "settings": SettingsService(),
        "sandbox": SandboxService(),
        "cache": CacheService(),
    }
