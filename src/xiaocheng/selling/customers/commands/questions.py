"""The owner of a customer that somebody else was about to register is asked what to do, and answers."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import people
from xiaocheng.selling.customers.access import REGISTER, SEE
from xiaocheng.selling.customers.asking import NEEDS, may_answer, parties
from xiaocheng.selling.customers.disputing import refuse_held
from xiaocheng.selling.customers.duplicates import shown_today
from xiaocheng.selling.customers.events import OwnerAnswered, OwnerAsked, QuestionWithdrawn
from xiaocheng.selling.customers.models import Customer, OwnerQuestion
from xiaocheng.selling.customers.models.ownership import LONGEST_NOTE
from xiaocheng.selling.customers.models.questions import ANSWERS, ASSIST, GIVEN, LONGEST_TYPED, OPEN
from xiaocheng.selling.customers.queries import same_customers
from xiaocheng.selling.customers.states import QUESTION
from xiaocheng.selling.customers.writing import written

from .ownership import hand_to
from .papers import end_once, locked_with_customer
from .team import add_assistant, share_with

HINTED = "a hint told the actor today that it exists, and whose it is"


def ask_owners(actor: Actor, name: str, phone: str = "", text: str = "") -> list[OwnerQuestion]:
    """Ask the owners of the customers out of sight that hints for this name or phone told of today; each once."""
    with transaction.atomic():
        actor.require(REGISTER)
        asker, _department = actor.credited()
        said = written(text, "text", LONGEST_NOTE)
        hidden = set(same_customers(actor, name, phone, alike=True).hidden) & shown_today(actor)
        owned = Customer.objects.beyond_sight(because=HINTED).filter(pk__in=hidden, owner__is_active=True)
        rows = list(owned.select_for_update(of=("self",)).order_by("pk"))
        if not rows:
            raise RuleBroken(_("没有可以询问的负责人:提示已经过期,或者客户没有在职的负责人。请询问您的主管。"))
        waiting = OwnerQuestion.objects.visible_to(actor).filter(asker_id=asker, customer__in=rows, state=OPEN)
        known = set(waiting.values_list("customer", flat=True))
        about = {row.pk: row.owner_id for row in rows if row.owner_id and row.pk not in known}
        values = {"asker_id": asker, "typed": _typed(name, phone), "text": said, "asked_at": clock.now()}
        asked = [OwnerQuestion(customer_id=pk, owner_id=owner, **values) for pk, owner in about.items()]
        if not asked:
            raise RuleBroken(_("您已经询问过负责人,请等待答复。"))
        for question in asked:
            OwnerQuestion.objects.add(question)
        record(actor, *(OwnerAsked(**parties(question)) for question in asked))
    return asked


def answer_question(
    actor: Actor, question_id: int, outcome: str, answer: str = "", share: Decimal | None = None
) -> OwnerQuestion:
    """Say what becomes of it: it stays the owner's, is another customer, or the asker assists, shares or gets it."""
    with transaction.atomic():
        question, row = locked_with_customer(actor, OwnerQuestion, question_id)
        actor.require(SEE)
        if outcome not in ANSWERS:
            raise RuleBroken(_("请从列出的选项中选择。"), field="outcome")
        state = QUESTION.after(question.state, outcome)
        if not may_answer(actor, question):
            raise RuleBroken(_("由客户的负责人或其上级答复。"))
        said = written(answer, "answer", LONGEST_NOTE)
        end_once(actor, question, OPEN, state=state, answer=said, answered_by_id=actor.person_id, ended_at=clock.now())
        _carry_out(actor, row, question.asker_id, outcome, share)
        record(actor, OwnerAnswered(**parties(question), outcome=outcome))
    return question


def withdraw_question(actor: Actor, question_id: int) -> OwnerQuestion:
    """Want no answer any more."""
    with transaction.atomic():
        question: OwnerQuestion = OwnerQuestion.objects.locked(actor, question_id)
        actor.require(SEE)
        if question.asker_id != actor.person_id:
            raise RuleBroken(_("询问只能由提出的人撤回。"))
        end_once(actor, question, OPEN, state=QUESTION.after(question.state, "withdraw"), ended_at=clock.now())
        record(actor, QuestionWithdrawn(**parties(question)))
    return question


def _carry_out(actor: Actor, row: Customer, asker_id: int, outcome: str, share: Decimal | None) -> None:
    if outcome not in NEEDS:
        return
    actor.require(NEEDS[outcome])
    if not people(actor).filter(pk=asker_id).exists():
        raise RuleBroken(_("询问的同事已经停用。"), field="outcome")
    if outcome == ASSIST:
        add_assistant(actor, row, asker_id)
    elif outcome == GIVEN:
        refuse_held(row)
        hand_to(actor, [row], "assignment", owner_id=asker_id)
    elif share is None:
        raise RuleBroken(_("请写明对方的份额。"), field="share")
    else:
        share_with(actor, row, asker_id, share)


def _typed(name: str, phone: str) -> str:
    return " · ".join(filter(None, (name.strip(), phone.strip()))).replace("\x00", "")[:LONGEST_TYPED]
