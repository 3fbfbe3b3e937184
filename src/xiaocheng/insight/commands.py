"""Ways to change insight's own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import Event, record
from xiaocheng.foundation.kernel.periods import Period, months_after
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import assignable, department_names
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.commands import MOST, Outcome
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.commands import keep_stale_days
from xiaocheng.selling.pipeline.queries import process as process_of
from xiaocheng.selling.tasks.commands import note

from . import chances, foretelling, rollups, skipping, staying, valuing
from .access import CALL, EXPECT, REBUILD, SEE
from .deciding import HELD, hold
from .events import (
    ChancesTold,
    ChangeExpected,
    CustomerDecided,
    ExpectedChangeDropped,
    ExpectedChangeEdited,
    ForecastCalled,
    ForecastsMade,
    ProcessReviewAmended,
    ProcessReviewDue,
    ProcessReviewFinished,
    RollupsRebuilt,
    SkippingEstimated,
    StaysLearned,
    ValuesCounted,
)
from .models import CustomerValue, Decision, ExpectedChange, ForecastCall, ProcessReview, ReviewAction, ReviewAddendum
from .models.decision import LONGEST_REASON, VERDICTS
from .models.expected_change import LEAST_CHANGE as LEAST_CHANGE
from .models.expected_change import MOST_CHANGE as MOST_CHANGE
from .models.process_review import FINISHED, IN_WORK
from .queries.expected_changes import expected_change, may_expect
from .queries.forecast import ForecastScope, usual_scope
from .queries.forecast_calls import months_to_call
from .queries.funnel import expected_ends
from .queries.process_reviews import figures_of, may_review, scope_of_review, whose_of
from .queries.scope import Basis, bases
from .reminding import due_reviews
from .rules import MOST_MONTHS, SuggestionRules

WHOEVER = "whoever reviewed a process is reminded, whoever he is"


@dataclass(frozen=True)
class ActionDraft:
    """What somebody is to do by a day."""

    person_id: int
    due_on: dt.date
    text: str


@dataclass(frozen=True)
class ReviewText:
    """What a review of a process says: findings, what works, what is to change, the actions, the next review."""

    findings: str = ""
    works: str = ""
    changes: str = ""
    next_on: dt.date | None = None
    actions: Sequence[ActionDraft] = ()


@dataclass(frozen=True)
class ChangeDraft:
    """From one day to another so many percent more (or fewer) opportunities than usual; without a department: all."""

    name: str
    first: dt.date
    last: dt.date
    percent: int
    department_id: int | None = None


@dataclass(frozen=True)
class CallDraft:
    """What will be won in a month (any day of it): in what the actor is usually shown, or by himself alone."""

    month: dt.date
    amount: Decimal
    note: str = ""
    is_own: bool = False


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
    expected_ends.cache_clear()
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
    """Foretell at the beginning of today what will come in, once, and score what was foretold; gives the runs made."""
    return _in_the_night(actor, foretelling.make_forecasts, lambda runs: ForecastsMade(runs=runs))


def _in_the_night(actor: Actor, work: Callable[[dt.date], int], told: Callable[[int], Event]) -> int:
    """Do the work of a night and note how much it was; gives that.

    Not one transaction: it is computed before it is stored, so that others may write meanwhile.
    """
    actor.require(REBUILD)
    number = work(clock.today())
    if number:
        with transaction.atomic():
            record(actor, told(number))
    return number


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


def estimate_skipping(actor: Actor) -> int:
    """Estimate up to today what leaving out stages changed, once a day; gives the number of estimates."""
    return _in_the_night(actor, skipping.estimate, lambda estimates: SkippingEstimated(estimates=estimates))


def learn_stays(actor: Actor) -> int:
    """Learn up to today by when 90 % have left each stage, so that stagnant deals are named; gives how many changed."""
    return _in_the_night(
        actor,
        lambda today: keep_stale_days(actor, staying.learned(actor, today)),
        lambda stages: StaysLearned(stages=stages),
    )


def tell_chances(actor: Actor) -> int:
    """Tell how likely each open deal is won, once a day, where past deals could be told apart; gives how many."""
    return _in_the_night(actor, chances.tell, lambda deals: ChancesTold(deals=deals))


@transaction.atomic
def begin_review(
    actor: Actor, process_id: int, first: dt.date, last: dt.date, basis: Basis | None = None
) -> ProcessReview:
    """Begin the review of a process over a past period: the figures are frozen as the actor sees them now."""
    process = process_of(actor, process_id)
    actor.require(SEE)
    reviewer, _department = actor.credited()
    if not may_review(actor):
        raise RuleBroken(_("复盘由维护销售流程的人和部门负责人来做。"))
    if not first <= last <= clock.today():
        raise RuleBroken(_("复盘的时间段应从早到晚,到今天为止。"), field="last")
    chosen = basis or bases(actor)[0]
    if chosen not in bases(actor):
        raise RuleBroken(_("请从列出的范围中选择。"), field="basis")
    departments, people = scope_of_review(actor, chosen)
    row = ProcessReview(
        process=process, first=first, last=last, reviewer_id=reviewer, basis=chosen, departments=departments,
        people=people, taken_at=clock.now(),
    )  # fmt: skip
    row.figures = figures_of(actor, process_id, Period(first, last), whose_of(actor, row))
    added: ProcessReview = ProcessReview.objects.add(row)
    return added


@transaction.atomic
def edit_review(actor: Actor, review_id: int, version: int, text: ReviewText) -> ProcessReview:
    """Write down what was found and what is to be done, as long as the review is not finished."""
    row = _own_draft(actor, review_id)
    if text.next_on is not None and text.next_on <= clock.today():
        raise RuleBroken(_("下次复盘的日期应在今天之后。"), field="next_on")
    said = {name: getattr(text, name).strip() for name in ("findings", "works", "changes")}
    actions = [_action(actor, row, draft) for draft in text.actions]
    save_edit(row, version, **said, next_on=text.next_on)
    row.actions.all().delete()
    ReviewAction.objects.bulk_create(actions)
    return row


@transaction.atomic
def finish_review(actor: Actor, review_id: int, version: int) -> ProcessReview:
    """Finish a review: it never changes again, and its actions are to-dos of those who are to do them."""
    row = _own_draft(actor, review_id)
    if not row.findings:
        raise RuleBroken(_("请先写下发现的问题,再完成复盘。"))
    save_edit(row, version, state=FINISHED, finished_at=clock.now())
    for action in row.actions.order_by("pk"):
        note(actor, action.text, max(action.due_on, clock.today()), person_id=action.person_id)
    record(
        actor,
        ProcessReviewFinished(
            review_id=row.pk, process_id=row.process_id, process=row.process.name, first=row.first, last=row.last
        ),
    )
    return row


@transaction.atomic
def drop_review(actor: Actor, review_id: int) -> None:
    """Throw a review away that is not finished."""
    _own_draft(actor, review_id).delete()


@transaction.atomic
def amend_review(actor: Actor, review_id: int, text: str) -> ReviewAddendum:
    """Add something to one's own finished review."""
    row: ProcessReview = ProcessReview.objects.locked(actor, review_id)
    actor.require(SEE)
    if row.reviewer_id != actor.person_id or row.state != FINISHED:
        raise RuleBroken(_("只能给自己已完成的复盘写补充。"))
    if not text.strip():
        raise RuleBroken(_("请写下补充的内容。"), field="text")
    added = ReviewAddendum(review=row, author_id=row.reviewer_id, at=clock.now(), text=text.strip())
    check_columns(added)
    added.save(force_insert=True)
    record(actor, ProcessReviewAmended(review_id=row.pk, process_id=row.process_id, process=row.process.name))
    return added


def remind_of_process_reviews(actor: Actor, today: dt.date) -> int:
    """Tell whoever finished a review that the day of the next one has come, each once; gives how many."""
    actor.require_system()
    with transaction.atomic():
        rows = ProcessReview.objects.beyond_sight(because=WHOEVER).filter(state=FINISHED, reminded_at=None)
        due = list(rows.filter(next_on__lte=today).select_related("process").order_by("pk"))
        rows.filter(pk__in=[row.pk for row in due]).update(reminded_at=clock.now())
        record(
            actor,
            *(
                ProcessReviewDue(
                    review_id=row.pk, process_id=row.process_id, process=row.process.name,
                    reviewer_id=row.reviewer_id, next_on=row.next_on or today,
                )
                for row in due
            ),
        )  # fmt: skip
    return len(due)


def _own_draft(actor: Actor, review_id: int) -> ProcessReview:
    row: ProcessReview = ProcessReview.objects.locked(actor, review_id)
    actor.require(SEE)
    if row.reviewer_id != actor.person_id:
        raise RuleBroken(_("复盘由开始它的人来写。"))
    if row.state != IN_WORK:
        raise RuleBroken(_("已完成的复盘不能修改,可以写补充。"))
    return row


def _action(actor: Actor, row: ProcessReview, draft: ActionDraft) -> ReviewAction:
    action = ReviewAction(review=row, person_id=draft.person_id, due_on=draft.due_on, text=draft.text.strip())
    if not assignable(actor).filter(pk=draft.person_id).exists():
        raise RuleBroken(_("请选择您团队中的一位在职人员。"), field="person_id")
    check_columns(action)
    return action


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


@transaction.atomic
def expect_change(actor: Actor, draft: ChangeDraft) -> ExpectedChange:
    """Enter a campaign or holiday that forecasts count with from the next night on: for what one sees as a whole."""
    _check_change(actor, draft)
    row = ExpectedChange(author_id=actor.person_id, **vars(draft))
    check_columns(row)
    row.save(force_insert=True)
    record(actor, ChangeExpected(change_id=row.pk, name=row.name, percent=row.percent))
    return row


@transaction.atomic
def edit_expected_change(actor: Actor, change_id: int, version: int, draft: ChangeDraft) -> ExpectedChange:
    """Change what forecasts count with; those that were made stay as they are."""
    row = _expected(actor, change_id)
    _check_change(actor, draft)
    save_edit(row, version, **vars(draft))
    record(actor, ExpectedChangeEdited(change_id=row.pk, name=row.name, percent=row.percent))
    return row


@transaction.atomic
def drop_expected_change(actor: Actor, change_id: int) -> None:
    """Let forecasts count with it no longer; those that were made stay as they are."""
    row = _expected(actor, change_id)
    row.delete()
    record(actor, ExpectedChangeDropped(change_id=change_id, name=row.name))


@transaction.atomic
def call_forecast(actor: Actor, draft: CallDraft) -> ForecastCall:
    """Say in one number what will be won this month or the next; what was said before stays as it is."""
    actor.require(SEE, CALL)
    author, _department = actor.credited()
    month = draft.month.replace(day=1)
    if month not in months_to_call():
        raise RuleBroken(_("只能自报本月和下个月。"), field="month")
    if draft.amount < 0:
        raise RuleBroken(_("金额不能是负数。"), field="amount")
    scope = ForecastScope(person_id=author) if draft.is_own else usual_scope(actor)
    row = ForecastCall(
        **asdict(scope), month=month, amount=draft.amount, note=draft.note.strip(), author_id=author,
        given_at=clock.now(),
    )  # fmt: skip
    ForecastCall.objects.add(row)
    record(actor, ForecastCalled(call_id=row.pk, month=month, amount=row.amount, **asdict(scope)))
    return row


def _expected(actor: Actor, change_id: int) -> ExpectedChange:
    """One that the actor may change."""
    row = expected_change(actor, change_id)
    _check_whose(actor, row.department_id)
    return row


def _check_change(actor: Actor, draft: ChangeDraft) -> None:
    _check_whose(actor, draft.department_id)
    if not draft.name.strip():
        raise RuleBroken(_("请写明是什么活动或假期。"), field="name")
    if draft.first > draft.last:
        raise RuleBroken(_("结束日不能早于开始日。"), field="last")
    if not LEAST_CHANGE <= draft.percent <= MOST_CHANGE:
        raise RuleBroken(_("增减请在 -90% 到 300% 之间。"), field="percent")


def _check_whose(actor: Actor, department_id: int | None) -> None:
    actor.require(EXPECT)
    if department_id is not None and not department_names(actor, [department_id]):
        raise NotFound
    if not may_expect(actor, department_id):
        raise RuleBroken(_("请选择您主管的部门;影响全公司的由看得到全公司的人登记。"), field="department")
