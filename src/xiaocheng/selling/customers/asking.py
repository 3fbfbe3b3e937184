"""Who may answer a question about a customer, never the asker himself; and what the journal tells of one."""

from __future__ import annotations

from typing import Any

from xiaocheng.foundation.kernel.actor import Actor

from .access import ASSIGN, SHARE
from .models import OwnerQuestion
from .models.questions import ANSWERS, ASSIST, GIVEN, SHARED

NEEDS = {ASSIST: SHARE, SHARED: SHARE, GIVEN: ASSIGN}  # the capabilities that answers take


def may_answer(actor: Actor, row: OwnerQuestion) -> bool:
    """True for the owner and those above him, while the question is open."""
    return row.is_open and row.asker_id != actor.person_id and actor.in_own_right().sight.sees_person(row.owner_id)


def answers_of(actor: Actor) -> list[str]:
    """The answers that the actor's role may give."""
    return [answer for answer in ANSWERS if answer not in NEEDS or actor.can(NEEDS[answer])]


def parties(row: OwnerQuestion) -> dict[str, Any]:
    """What every event about a question says."""
    return {
        "customer_id": row.customer_id,
        "question_id": row.pk,
        "person_id": row.asker_id,
        "owner_id": row.owner_id,
    }
