"""Where codes of option lists stand in this module beside its columns: see foundation/fields/holders.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.holders import InRows, Merge, holds_codes

from .models import Stage
from .options import EVIDENCE
from .steps import as_kept


def _stages(merge: Merge, rows: QuerySet[Stage]) -> Iterator[Stage]:
    """Stages of all editions of processes with steps that it proves: a published one says the same as before."""
    for row in rows if merge.list_key == EVIDENCE else ():
        if any(step.evidence == merge.source for step in row.checklist):
            row.steps = as_kept(replace(step, evidence=merge.of(step.evidence)) for step in row.checklist)
            yield row


holds_codes(InRows("pipeline.Stage", ("steps",), _("流程阶段"), _stages))
