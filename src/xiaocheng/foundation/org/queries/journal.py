"""What happened in the house, and how its rules changed."""

from __future__ import annotations

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.models import JournalEntry, RuleValue
from xiaocheng.foundation.org.access import MANAGE_RULES, READ_JOURNAL


def journal(actor: Actor) -> QuerySet[JournalEntry]:
    """All that was done, the newest first."""
    actor.require(READ_JOURNAL)
    return JournalEntry.objects.order_by("-pk")


def journal_entry(actor: Actor, entry_id: int) -> JournalEntry:
    """One entry of the journal."""
    found = journal(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotFound
    return found


def rule_history(actor: Actor, key: str) -> QuerySet[RuleValue]:
    """The values that a rule was given, the latest first."""
    actor.require(MANAGE_RULES)
    return RuleValue.objects.filter(key=key).order_by("-since", "-pk")
