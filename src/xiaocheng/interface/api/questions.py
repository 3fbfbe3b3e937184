"""Questions to the owners of customers that one was about to register and does not see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import OwnerQuestion

from .auth import ApiRequest
from .schemas import Body, Id

router = Router(tags=["customers"])

Words = Annotated[str, Field(max_length=500)]


class QuestionOut(Answer):
    """Who asked whom about what he typed, and the answer; the id of the customer only for those who see it."""

    id: int
    customer_id: int | None
    asker_id: int
    owner_id: int
    typed: str
    text: str
    asked_at: dt.datetime
    state: str
    answer: str
    answered_by_id: int | None
    ended_at: dt.datetime | None


class NewQuestion(Body):
    """What was typed when the hint came, and what to say to the owners."""

    name: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    text: Words = ""


class QuestionAnswerIn(Body):
    """It stays the owner's, is another customer, or the asker assists, shares (so many per cent) or gets it."""

    outcome: Literal["own", "other", "assist", "shared", "given"]
    answer: Words = ""
    share: Annotated[Decimal, Field(gt=0, lt=100, decimal_places=2)] | None = None


@router.get("/questions", response=list[QuestionOut])
def questions(request: ApiRequest, view: Literal["waiting", "mine", "all"] = "all") -> list[QuestionOut]:
    """The newest 200 questions whose asker or owner one sees: those to answer, one's own, all."""
    request.actor.require(SEE)
    return _shown(request, queries.questions(request.actor, view)[:200])


@router.post("/questions", response=list[QuestionOut])
def ask_owners(request: ApiRequest, body: NewQuestion) -> list[QuestionOut]:
    """Ask the owners of the customers out of sight that likely customers of today told of."""
    return _shown(request, commands.ask_owners(request.actor, body.name, body.phone, body.text))


@router.get("/questions/{question_id}", response=QuestionOut)
def question(request: ApiRequest, question_id: Id) -> QuestionOut:
    """One question."""
    request.actor.require(SEE)
    return _shown(request, [queries.question(request.actor, question_id)])[0]


@router.post("/questions/{question_id}/answer", response=QuestionOut)
def answer_question(request: ApiRequest, question_id: Id, body: QuestionAnswerIn) -> QuestionOut:
    """Answer: as the owner, or as somebody above him."""
    row = commands.answer_question(request.actor, question_id, body.outcome, body.answer, body.share)
    return _shown(request, [row])[0]


@router.post("/questions/{question_id}/withdraw", response=QuestionOut)
def withdraw_question(request: ApiRequest, question_id: Id) -> QuestionOut:
    """Want no answer any more."""
    return _shown(request, [commands.withdraw_question(request.actor, question_id)])[0]


def _shown(request: ApiRequest, rows: Iterable[OwnerQuestion]) -> list[QuestionOut]:
    rows = list(rows)
    seen = queries.customers_in_sight(request.actor, rows)
    return [
        QuestionOut(
            id=row.pk, customer_id=row.customer_id if row.customer_id in seen else None, asker_id=row.asker_id,
            owner_id=row.owner_id, typed=row.typed, text=row.text, asked_at=row.asked_at, state=row.state,
            answer=row.answer, answered_by_id=row.answered_by_id, ended_at=row.ended_at,
        )
        for row in rows
    ]  # fmt: skip
