"""The names of staff, who are known here by their accounts' ids."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model


def staff_names(ids: Iterable[str]) -> dict[str, str]:
    """The name of each account by its id as text; an id that is no account's has none."""
    numbers = {int(name) for name in ids if name.isascii() and name.isdigit()}
    found = get_user_model().objects.filter(pk__in=numbers) if numbers else ()
    return {str(user.pk): user.get_full_name() or user.get_username() for user in found}
