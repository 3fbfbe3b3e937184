"""What happened to questions to the owner of a customer that the asker does not see; announced as part of `events`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about

from .models.questions import STATES


class OwnerAsked(Event):
    """Somebody who was about to register a customer asked its owner; he knows no more of it than he typed."""

    customer_id: int = about("customers.customer")
    question_id: int = about("customers.ownerquestion")
    person_id: int
    owner_id: int
    says = _("登记时发现已有这位客户,询问了负责人")


class OwnerAnswered(Event):
    """The owner, or somebody above him, answered."""

    customer_id: int = about("customers.customer")
    question_id: int = about("customers.ownerquestion")
    person_id: int
    owner_id: int
    outcome: str
    says = _("答复了同事的询问:%(sentence)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The answer in words."""
        return {"sentence": STATES[values["outcome"]]}


class QuestionWithdrawn(Event):
    """Whoever asked does not want to know any more."""

    customer_id: int = about("customers.customer")
    question_id: int = about("customers.ownerquestion")
    person_id: int
    owner_id: int
    says = _("撤回了对负责人的询问")


class QuestionMoot(Event):
    """Nobody is left to answer or to ask: the customer went to the asker, to nobody, or is another row now."""

    customer_id: int = about("customers.customer")
    question_id: int = about("customers.ownerquestion")
    person_id: int
    owner_id: int
    says = _("同事的询问无须再答复")
