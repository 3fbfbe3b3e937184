"""Where codes of option lists stand in this module beside its columns: see foundation/fields/holders.py."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.holders import InRows, Merge, holds_codes

from .models import Stage, StageTransition
from .options import EVIDENCE


def _stages(merge: Merge, rows: QuerySet[Stage]) -> Iterator[Stage]:
    """Stages of all editions of processes that ask for the activity: a published one says the same as before."""
    for row in rows if merge.list_key == EVIDENCE else ():
        if merge.source in row.required_activities:
            row.required_activities = merge.of(row.required_activities)
            yield row


def _bypasses(merge: Merge, rows: QuerySet[StageTransition]) -> Iterator[StageTransition]:
    """Moves that were let through without the activity."""
    for row in rows.filter(is_bypass=True) if merge.list_key == EVIDENCE else ():
        if merge.source in row.unmet:
            row.unmet = merge.of(row.unmet)
            yield row


holds_codes(
    InRows("pipeline.Stage", ("required_activities",), _("流程阶段"), _stages),
    InRows("pipeline.StageTransition", ("unmet",), "", _bypasses),
)
