"""How the gates of the quarantine say no.

Pure: a refusal carries an English template marked for translation and the parameters that fill
it. Whoever shows it translates the template first and fills it in afterwards.
"""

from __future__ import annotations

__all__ = ["Refused", "gettext_noop"]


def gettext_noop(message: str) -> str:
    """Mark ``message`` for translation and return it unchanged."""
    return message


class Refused(ValueError):
    """Something from outside that may not come in.

    ``code`` is stable (``archive.link``). ``template`` is an English sentence with named
    ``%(name)s`` places that ``params`` fill. ``where`` names the part that was refused (a member
    of an archive, a path in a document, a cell), empty for the whole. ``line`` counts from 1.
    """

    def __init__(
        self,
        code: str,
        template: str,
        *,
        where: str = "",
        line: int | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, template)
        self.code = code
        self.template = template
        self.where = where
        self.line = line
        self.params = params

    @property
    def message(self) -> str:
        """The sentence in English, without the place."""
        return self.template % self.params if self.params else self.template

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (self.where, f"line {self.line}" if self.line else "") if part
        )
        return f"{place}: {self.message}" if place else self.message
