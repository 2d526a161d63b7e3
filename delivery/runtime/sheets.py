"""Stylesheets of other people's blocks, as this site gives them to a browser.

Some import fonts from another site. The policy of a frame refuses that, and the reader's address
is nobody else's business, so the import is left out; the text is set in the frame's own fonts.
"""

from __future__ import annotations

import re

_FOREIGN_IMPORT = re.compile(
    r"""@import\s+(?:url\(\s*)?(?=["']?(?:https?:)?//)(?:"[^"]*"|'[^']*'|[^\s)]+)[^;]*;""",
    re.IGNORECASE,
)


def without_foreign_imports(text: str) -> str:
    """A stylesheet without the ``@import`` rules that name another site."""
    return _FOREIGN_IMPORT.sub("", text)
