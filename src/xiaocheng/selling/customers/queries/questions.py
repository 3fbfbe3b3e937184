"""Questions to the owners of customers: those to answer, one's own, those of the team."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.selling.customers import asking
from xiaocheng.selling.customers.models import Customer, OwnerQuestion
from xiaocheng.selling.customers.models.questions import OPEN

QUESTION_VIEWS = {"waiting": _("待我答复"), "mine": _("我询问的"), "all": _("全部")}


def questions(actor: Actor, view: str = "all") -> QuerySet[OwnerQuestion]:
    """The questions whose asker or owner the actor sees, the latest first: those to answer, his own, all."""
    rows: QuerySet[OwnerQuestion] = OwnerQuestion.objects.visible_to(actor)
    me = actor.person_id or 0
    chosen = {"waiting": Q(owner=me, state=OPEN), "mine": Q(asker=me)}.get(view, Q())
    return rows.filter(chosen).select_related("asker", "owner", "answered_by").order_by("-pk")


def question(actor: Actor, question_id: int) -> OwnerQuestion:
    """One question with its parties."""
    row: OwnerQuestion = OwnerQuestion.objects.one(actor, question_id, "asker", "owner", "answered_by")
    return row


def questions_of(actor: Actor, customer_id: int) -> list[OwnerQuestion]:
    """The questions about one customer that the actor sees, the latest first."""
    return list(questions(actor).filter(customer=customer_id))


def answers_question(actor: Actor, row: OwnerQuestion) -> bool:
    """True when the actor may answer a question."""
    return asking.may_answer(actor, row)


def open_answers(actor: Actor) -> list[str]:
    """The answers that the actor's role may give."""
    return asking.answers_of(actor)


def own_questions(actor: Actor, customer_ids: Collection[int]) -> dict[int, OwnerQuestion]:
    """By customer the last question that the actor asked about it."""
    rows = questions(actor, "mine").filter(customer__in=customer_ids)
    return {row.customer_id: row for row in reversed(rows)}


def customers_in_sight(actor: Actor, rows: Iterable[OwnerQuestion]) -> dict[int, str]:
    """The names of those customers of questions that the actor sees: who asks may not see what he asks about."""
    found = Customer.objects.visible_to(actor).filter(pk__in={row.customer_id for row in rows})
    return dict(found.values_list("pk", "name"))
