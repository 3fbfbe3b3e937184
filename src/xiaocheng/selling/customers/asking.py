"""Who may answer a question about a customer, never the asker himself; and what the journal tells of one."""

from __future__ import annotations

from typing import Any

from xiaocheng.foundation.kernel.actor import Actor

from .models import OwnerQuestion


def may_answer(actor: Actor, row: OwnerQuestion) -> bool:
    """True for the owner and those above him, while the question is open."""
    return row.is_open and row.asker_id != actor.person_id and actor.in_own_right().sight.sees_person(row.owner_id)


def parties(row: OwnerQuestion) -> dict[str, Any]:
    """What every event about a question says."""
    return {
        "customer_id": row.customer_id,
        "question_id": row.pk,
        "person_id": row.asker_id,
        "owner_id": row.owner_id,
    }
