"""Who has an account: signing in by name or address, and the account behind each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, User
from django.db.models import Exists

from delivery.models import Notice
from delivery.prepared import Prepared, Slot, build, columns_of

_UNREAD = Notice.objects.filter(user_id=Slot("id"), read_at=None)
_USERS = Prepared(
    lambda _listed: User.objects.filter(pk=Slot("id")).values_list(
        *columns_of(User), Exists(_UNREAD)
    )
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # a base class without types
    """allauth's ways to sign in; the account of a session is read by a prepared query.

    The same query tells whether there are unread notices, which every page shows.
    """

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """The account, if it is there and active."""
        for row in _USERS.fetch(id=user_id):
            user = build(User, row[:-1])
            user.has_unread_notices = bool(row[-1])  # type: ignore[attr-defined]  # for the top bar
            return user if self.user_can_authenticate(user) else None
        return None


def is_mail_verified(user: User) -> bool:
    """Whether the account's address was shown to be its owner's."""
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return bool(verified.filter(email__iexact=user.email).exists())
