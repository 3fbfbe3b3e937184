"""Where the sessions of browsers are kept: the framework's table, read by a statement written out."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as KeptInTable
from django.db import connection

from xiaocheng.foundation.kernel import clock

_DATA = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(KeptInTable):
    """Every page begins with reading its session; put together by the ORM that costs ten times the reading."""

    def load(self) -> dict[str, Any]:
        """What the session holds; one that is unknown or over is empty and gets no key."""
        with connection.cursor() as cursor:
            cursor.execute(_DATA, [self.session_key, connection.ops.adapt_datetimefield_value(clock.now())])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0])
        return data
