"""Ways to change insight's own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.commands import MOST, Outcome
from xiaocheng.selling.customers.models import Customer

from . import foretelling, rollups, valuing
from .access import REBUILD
from .deciding import HELD, hold
from .events import CustomerDecided, ForecastsMade, RollupsRebuilt, ValuesCounted
from .models import CustomerValue, Decision
from .models.decision import LONGEST_REASON, VERDICTS
from .reminding import due_reviews
from .rules import MOST_MONTHS, SuggestionRules


@transaction.atomic
def fill_new_rollups(actor: Actor) -> int:
    """Count what a new version has brought and nobody has counted yet; gives the number of rows."""
    actor.require(REBUILD)
    return rollups.fill()


@transaction.atomic
def rebuild(actor: Actor) -> int:
    """Throw the rollups away and count them again from the facts; gives the number of rows."""
    actor.require(REBUILD)
    rows = rollups.rebuild()
    record(actor, RollupsRebuilt(rows=rows))
    return rows


def count_values(actor: Actor) -> int:
    """Count what every customer is worth up to today; gives the number of customers.

    Not one transaction: it writes what changed in small sets, so that others may write meanwhile.
    """
    actor.require(REBUILD)
    found = valuing.counted(clock.today())
    changed = valuing.keep(found)
    with transaction.atomic():
        record(actor, ValuesCounted(customers=len(found.rows), changed=changed))
    return len(found.rows)


def make_forecasts(actor: Actor) -> int:
    """Foretell at the beginning of today what will come in, once, and score what was foretold; gives the runs made.

    Not one transaction: runs are computed before they are stored, so that others may write meanwhile.
    """
    actor.require(REBUILD)
    made = foretelling.make_forecasts(clock.today())
    if made:
        with transaction.atomic():
            record(actor, ForecastsMade(runs=made))
    return made


def decide(
    actor: Actor, customer_ids: Sequence[int], verdict: str, reason: str, *, review_on: dt.date | None = None
) -> list[Outcome]:
    """Decide to court, to keep or to drop up to 2,000 customers that the actor may change, with an outcome for each.

    Nobody loses a customer by it; without a day the decision is looked at again after the months of the rule.
    """
    if len(customer_ids) > MOST:
        raise ValueError(f"at most {MOST} in one set")
    with transaction.atomic():
        mine = Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=customer_ids, erased_at=None)
        rows = {row.pk: row for row in mine.select_for_update(of=("self",)).order_by("pk")}
        actor.require(EDIT)
        day = _checked(verdict, reason, review_on)
        outcomes = [_outcome(rows.get(pk), pk) for pk in customer_ids]
        decided = {outcome.row_id: rows[outcome.row_id] for outcome in outcomes if outcome.row_id is not None}
        made = _decisions(actor, list(decided.values()), verdict, reason.strip(), day)
        hold(Decision.objects.add_many(made))
        record(
            actor,
            *(
                CustomerDecided(customer_id=row.customer_id, verdict=verdict, review_on=day, reason=row.reason)
                for row in made
            ),
        )
    return outcomes


def remind_of_reviews(actor: Actor, today: dt.date) -> int:
    """Note of which decisions the day of review has come, for owners and deciders to hear; gives how many."""
    actor.require_system()
    with transaction.atomic():
        due = due_reviews(today)
        record(actor, *due)
    return len(due)


def _checked(verdict: str, reason: str, review_on: dt.date | None) -> dt.date:
    """The day on which the decision is looked at again."""
    if verdict not in VERDICTS:
        raise RuleBroken(_("请从列出的选项中选择。"), field="verdict")
    if not reason.strip():
        raise RuleBroken(_("请写明原因。"), field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise RuleBroken(_("太长了,最多 %(count)s 个字。") % {"count": LONGEST_REASON}, field="reason")
    today = clock.today()
    day = review_on or months_after(today, rules(SuggestionRules, today).review_months)
    if not today < day <= months_after(today, MOST_MONTHS):
        raise RuleBroken(_("复核日期应在今天之后、%(count)s 个月以内。") % {"count": MOST_MONTHS}, field="review_on")
    return day


def _outcome(row: Customer | None, customer_id: int) -> Outcome:
    if row is None:
        return Outcome(refusal=NotFound())
    if row.owner_id is None:
        return Outcome(refusal=RuleBroken(_("这位客户还没有负责人。")))
    return Outcome(row_id=customer_id)


def _decisions(actor: Actor, rows: Sequence[Customer], verdict: str, reason: str, review_on: dt.date) -> list[Decision]:
    values = CustomerValue.objects.beyond_sight(because=HELD).filter(customer__in=[row.pk for row in rows])
    stands = {pk: (klass, loyalty) for pk, klass, loyalty in values.values_list("customer_id", "klass", "loyalty")}
    at = clock.now()
    return [
        Decision(
            customer_id=row.pk,
            verdict=verdict,
            reason=reason,
            review_on=review_on,
            decided_by_id=actor.person_id,
            decided_at=at,
            klass=stands.get(row.pk, ("", ""))[0],
            loyalty=stands.get(row.pk, ("", ""))[1],
            potential=row.potential,
        )
        for row in rows
    ]
