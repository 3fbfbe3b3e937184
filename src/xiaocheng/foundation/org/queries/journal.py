"""What happened in the house, and how its rules changed."""

from __future__ import annotations

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.models import JournalEntry, RuleValue
from xiaocheng.foundation.org.access import MANAGE_RULES, READ_JOURNAL


def journal(actor: Actor, search: str = "") -> QuerySet[JournalEntry]:
    """All that was done, the newest first; a search looks for the number of an entry or of its subject's row."""
    actor.require(READ_JOURNAL)
    rows = JournalEntry.objects.order_by("-pk")
    if not search.strip():
        return rows
    return rows.filter(subjects__row_id=int(search)).distinct() if search.strip().isdecimal() else rows.none()


def rule_history(actor: Actor, key: str) -> QuerySet[RuleValue]:
    """The values that a rule was given, the latest first."""
    actor.require(MANAGE_RULES)
    return RuleValue.objects.filter(key=key).order_by("-since", "-pk")
