"""Sessions in the database, as Django keeps them, read by a prepared query."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from delivery.prepared import Prepared, Slot, build, columns_of

_SESSIONS = Prepared(
    lambda _listed: Session.objects.filter(session_key=Slot("key")).values_list(
        *columns_of(Session)
    )
)


class SessionStore(db.SessionStore):
    """Django's session store."""

    def _get_session_from_db(self) -> Session | None:
        for row in _SESSIONS.fetch(key=self.session_key):
            session = build(Session, row)
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None
