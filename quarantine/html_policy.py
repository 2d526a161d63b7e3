"""What HTML may contain: the one allow-list that both sanitisers of :mod:`quarantine.html` obey."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = [
    "BLOCKS",
    "DROPPED",
    "FRAMES",
    "ID_PREFIX",
    "SCHEMES",
    "TAGS",
    "allowed_value",
    "is_allowed_url",
    "style_classes",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ID_PREFIX = "user-content-"
SCHEMES = frozenset({"http", "https", "mailto"})

# Elements that vanish together with what is in them; any other unknown tag leaves its text behind.
DROPPED = _words("script style template noscript noembed noframes svg title")

# Elements that begin a line of their own, in plain text too.
BLOCKS = _words(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header hr li ol p pre section summary table td th tr ul"
)

# Elements that show another document, and the attribute that says where it is.
FRAMES: Mapping[str, str] = {"iframe": "src", "embed": "src", "object": "data"}

_ANYWHERE = _words(
    "class id lang dir title role"
    " aria-describedby aria-hidden aria-label aria-labelledby aria-level"
)
_PLAIN = _words(
    "abbr address article aside b bdi bdo big br caption center cite code dd dfn div dl dt em"
    " figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i kbd mark p pre rp rt ruby s"
    " samp section small span strike strong sub summary sup table tbody tfoot thead tr tt u ul"
    " var wbr"
)
_SPECIAL = {
    "a": "href hreflang target",
    "audio": "src controls loop muted preload",
    "blockquote": "cite",
    "col": "span",
    "colgroup": "span",
    "del": "cite datetime",
    "details": "open",
    "img": "src alt width height loading",
    "ins": "cite datetime",
    "li": "value",
    "ol": "start type reversed",
    "q": "cite",
    "source": "src type",
    "td": "abbr colspan headers rowspan",
    "th": "abbr colspan headers rowspan scope",
    "time": "datetime",
    "track": "src kind srclang label default",
    "video": "src controls height loop muted playsinline poster preload width",
}
TAGS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN, _ANYWHERE),
    **{tag: _ANYWHERE | _words(names) for tag, names in _SPECIAL.items()},
}

_ROLES = _words(
    "cell columnheader definition figure group heading img list listitem math none note"
    " presentation region row rowgroup rowheader separator table term"
)
_IGNORED_IN_URL = re.compile(
    r"[\x00-\x20\x7f-\xa0\u00ad\u180e\u1680\u2000-\u200f\u2028-\u206f\u3000\ufeff`]+"
)
_SCHEME = re.compile(r"([^/?#:]*):")
_OWN_PAGES = re.compile(r"(?:|/jump_to(?:_id)?/[^#]*)#(?!$)")
_NUMBER = re.compile(r"-?[0-9]{1,4}")
_LENGTH = re.compile(r"[0-9]{1,4}(?:%|px)?")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:+/;=,\"-]{0,63}")
_STYLE = re.compile(
    r"(?:^|;)\s*(text-align|float)\s*:\s*(left|right|center|justify)\s*(?:!\s*important\s*)?(?=;|$)",
    re.IGNORECASE,
)


def allowed_value(tag: str, name: str, value: str) -> str | None:
    """Return the value that the attribute ``name`` of ``tag`` may have, or ``None`` to drop it.

    ``value`` has its character references resolved. Applying this twice changes nothing more.
    """
    if name not in TAGS.get(tag, ()):
        return None
    check = _CHECKS.get(name)
    return check(value) if check else value


def is_allowed_url(url: str, schemes: frozenset[str] = SCHEMES) -> bool:
    """Tell whether ``url`` is relative or has one of ``schemes``, as a lenient browser reads it."""
    scheme = _SCHEME.match(_IGNORED_IN_URL.sub("", url))
    return not scheme or scheme[1].lower() in schemes


def style_classes(style: str) -> list[str]:
    """Return the classes that stand for the alignment and floating in an inline ``style``.

    They are ``align-left|right|center|justify`` and ``float-left|right``.
    """
    return [
        f"{'align' if what.lower() == 'text-align' else 'float'}-{side.lower()}"
        for what, side in _STYLE.findall(style)
        if what.lower() == "text-align" or side.lower() in ("left", "right")
    ]


def _link(value: str) -> str | None:
    url = re.sub(r"[\t\n\r]", "", value).strip()
    if not is_allowed_url(url):
        return None
    own = _OWN_PAGES.match(url)
    return url[: own.end()] + _prefixed(url[own.end() :]) if own else url


def _source(value: str) -> str | None:
    url = re.sub(r"[\t\n\r]", "", value).strip()
    return url if url and is_allowed_url(url, SCHEMES - {"mailto"}) else None


def _prefixed(name: str) -> str:
    return name if name.startswith(ID_PREFIX) else ID_PREFIX + name


def _id(value: str) -> str | None:
    return _prefixed(value) if value and not re.search(r"\s", value) else None


def _ids(value: str) -> str | None:
    return " ".join(map(_prefixed, value.split())) or None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: value if pattern.fullmatch(value) else None


def _one_of(*values: str) -> Callable[[str], str | None]:
    return lambda value: value if value in values else None


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "href": _link,
    "cite": _link,
    "src": _source,
    "poster": _source,
    "id": _id,
    "headers": _ids,
    "aria-describedby": _ids,
    "aria-labelledby": _ids,
    "aria-hidden": _one_of("true", "false"),
    "aria-level": _one_of(*"123456"),
    "role": _one_of(*_ROLES),
    "dir": _one_of("ltr", "rtl", "auto"),
    "lang": _matching(re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")),
    "target": _one_of("_blank"),
    "loading": _one_of("lazy", "eager"),
    "preload": _one_of("none", "metadata", "auto", ""),
    "kind": _one_of("subtitles", "captions", "descriptions", "chapters"),
    "scope": _one_of("row", "col", "rowgroup", "colgroup"),
    "width": _matching(_LENGTH),
    "height": _matching(_LENGTH),
    "colspan": _matching(_NUMBER),
    "rowspan": _matching(_NUMBER),
    "span": _matching(_NUMBER),
    "start": _matching(_NUMBER),
    "value": _matching(_NUMBER),
    "type": _matching(_WORD),
    "datetime": _matching(_WORD),
    "hreflang": _matching(_WORD),
    "srclang": _matching(_WORD),
}
