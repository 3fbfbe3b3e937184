"""The journal's rows for what happened at any instant."""

from __future__ import annotations

from typing import Any

from xiaocheng.foundation.kernel.bulk import RowMaker
from xiaocheng.foundation.kernel.journal import Event, _kept_fields, _plain
from xiaocheng.foundation.kernel.models import JournalEntry

_entries = RowMaker(JournalEntry)


def entry(at: Any, person: int, event: Event) -> JournalEntry:
    """The journal's row for something that a person did at an instant."""
    told, personal = _kept_fields(type(event))
    return _entries(
        at=at,
        person_id=person,
        kind=event.kind(),
        data={name: _plain(getattr(event, name)) for name in told},
        personal={name: _plain(getattr(event, name)) for name in personal} or None,
    )
