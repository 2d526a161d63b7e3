"""People as tables and pasted lists name them: by user name, or by e-mail address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def index_people(people: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """The numbers of people by user name and by address, in small letters.

    ``people`` are numbers with user names and addresses. An address that several have names none
    of them; a user name wins over somebody's address.
    """
    rows = [(number, name.casefold(), email.casefold()) for number, name, email in people]
    shared = Counter(email for _number, _name, email in rows)
    found = {email: number for number, _name, email in rows if email and shared[email] == 1}
    return found | {name: number for number, name, _email in rows}
