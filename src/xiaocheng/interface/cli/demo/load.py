"""Makes the demo company: what is needed to look around at once, and the older months afterwards in the worker."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import zip_longest

from django.db import transaction

from xiaocheng.foundation.import_export.commands import note_export
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule, mark_demo, offer_demo_logins
from xiaocheng.foundation.org.queries import DemoCompany, Person, actor_for, is_workday
from xiaocheng.insight.commands import count_values, estimate_skipping, learn_stays, make_forecasts, tell_chances
from xiaocheng.selling.catalogue.queries import products
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.pipeline.commands import CompetitorDraft, add_competitor, install_template
from xiaocheng.selling.pipeline.queries import Stage

from . import words
from .absences import ask_for_absences
from .arranging import arrange, file_papers, leave_notes
from .clocking import DAYS, clock_leaders
from .company import LOGINS, Hiring
from .complaints import complain
from .customers import add_catalogue, add_customers
from .days import Day, Habits, add_tasks
from .deals import Course, plan_deals
from .decisions import add_decisions
from .duplicates import register_twice
from .feedback import look_back, remark_on_the_process
from .groups import gather
from .handovers import hand_over
from .market import observe
from .orders import order
from .pools import fill_pools
from .process import require_steps
from .receipts import pay
from .receiving import open_doors
from .sales import BUYERS, add_sales
from .spending import spend
from .targets import aim

SEED = 20260101
HISTORY_DAYS, RECENT_DEALS_DAYS = 182, 12  # the recent ones are there at once
KEPT = dt.timedelta(days=DAYS)
# The stories: one copies his reports, one is careless with them, one is strong, one visits little.
STORIES = {
    "rep2": Habits(copies_report=True),
    "rep5": Habits(skips_report=0.35, is_late=0.5),
    "rep8": Habits(visits=5, effective=0.92, skips_report=0.0, is_late=0.0),
    "rep11": Habits(visits=2, effective=0.55),
}
SKIPS_NEEDS = ("rep7", "rep8", "rep9")  # a team that leaves the needs analysis out


@transaction.atomic
def make_company() -> None:
    """People, products, customers, the two processes, the newest deals and today: what one needs to look around."""
    demo = mark_demo(SYSTEM)
    dice = random.Random(SEED)  # noqa: S311 - the demo company shall be the same each time
    start = clock.instant(_first_day(demo) - dt.timedelta(days=30), dt.time(9))
    with clock.as_of(start):
        staff = Hiring(dice).everybody()
        add_catalogue()
        standard, _short = [install_template(SYSTEM, template) for template in ("standard", "short")]
        require_steps(actor_for(staff.director), standard)
        for name, (aliases, strengths, weaknesses, answer) in words.KNOWN_OF.items():
            known = CompetitorDraft(
                name=name, aliases=aliases, strengths=strengths, weaknesses=weaknesses, answer=answer
            )
            add_competitor(actor_for(staff.director), known)
        # Nobody is in touch with the customers of a demo once it is loaded: they shall not all lapse within a week.
        change_rule(SYSTEM, "FirstContactRules.days", "30", since=_first_day(demo))
        change_rule(SYSTEM, "SkippingRules.within_days", "60", since=_first_day(demo))  # its deals are won sooner
    add_customers(staff, dice, _first_day(demo))
    fill_pools(staff, dice, demo.loaded_on)
    for live in _deals(demo, recent=True):
        live()
    for rep in _reps():
        _live_day(rep, demo.loaded_on)  # on which the demo works even if it is a rest day
        add_tasks(actor_for(rep), demo.loaded_on)
    clock_leaders(demo.loaded_on, clock.now(), 1)
    arrange(staff, demo.loaded_on)
    open_doors(staff, dice, demo.loaded_on)
    gather(staff)
    hand_over(staff, demo.loaded_on)
    register_twice(staff)
    file_papers()
    leave_notes()
    ask_for_absences(demo.loaded_on)
    complain(demo.loaded_on)
    observe(demo.loaded_on)
    spend(demo.loaded_on, demo.loaded_on, SEED)
    aim(_reps(), demo.loaded_on, SEED)
    remark_on_the_process(staff, demo.loaded_on)
    note_export(actor_for(staff.director), "客户", 800, contains_details=True)
    offer_demo_logins(SYSTEM, LOGINS)


def older_history(demo: DemoCompany) -> list[Callable[[], None]]:
    """What was before: the last workday, then deals, the newest first, then the other days; always the same steps."""
    reps = _reps()
    *days, last = _workdays(_first_day(demo), demo.loaded_on - dt.timedelta(days=1))
    lived = [partial(_live_day, rep, day) for day in (last, *days) for rep in reps]
    return [
        partial(_sell, demo),
        *lived[: len(reps)],
        *(partial(clock_leaders, day, clock.now(), 1) for day in _workdays(demo.loaded_on - KEPT, demo.loaded_on)),
        *_deals(demo, recent=False),
        *lived[len(reps) :],
        partial(order, demo.loaded_on, SEED),
        partial(spend, demo.loaded_on - dt.timedelta(days=21), demo.loaded_on - dt.timedelta(days=1), SEED),
        partial(pay, demo.loaded_on, SEED),
        _value,
        _foretell,
        partial(look_back, demo.loaded_on),
    ]


def _sell(demo: DemoCompany) -> None:
    """The orders of two years, of some customers of each rep in turn."""
    of_reps = [customers(actor_for(rep), "mine").order_by("pk").values_list("name", flat=True) for rep in _reps()]
    turns = zip_longest(*(names[:BUYERS] for names in of_reps))
    sold = [(row.name, row.list_price or Decimal(1000)) for row in products(SYSTEM).order_by("pk")]
    add_sales([name for turn in turns for name in turn if name], sold, demo.loaded_on, SEED)
    _value()
    add_decisions(_reps(), demo.loaded_on)


def _value() -> None:
    """What every customer is worth, as the night counts it."""
    count_values(SYSTEM)


def _foretell() -> None:
    """What will come in and what leaving out stages changes, as the night tells it from the months that are there."""
    make_forecasts(SYSTEM)
    estimate_skipping(SYSTEM)
    tell_chances(SYSTEM)
    learn_stays(SYSTEM)


def _first_day(demo: DemoCompany) -> dt.date:
    return demo.loaded_on - dt.timedelta(days=HISTORY_DAYS)


def _live_day(rep: Person, day: dt.date) -> None:
    """One rep's day, up to the present instant."""
    own = _own(rep, day)
    if own and rep.manager is not None:
        Day(rep, rep.manager, own, day, STORIES.get(rep.username, Habits())).live(clock.now())


def _own(rep: Person, day: dt.date) -> list[int]:
    """Whom a rep knew before a day and is responsible for alone: what others share today, he did not see earlier."""
    rows = customers(actor_for(rep), "mine").filter(owner=rep, in_dispute=False)
    rows = rows.filter(registered_at__lt=clock.instant(day))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _deals(demo: DemoCompany, *, recent: bool) -> list[Callable[[], None]]:
    """The deals opened lately, or those before, the newest first: each a step that lives it up to now."""
    now, stages = clock.now(), _stages()
    since = demo.loaded_on - dt.timedelta(days=RECENT_DEALS_DAYS)
    sold = [(row.pk, row.name, row.list_price or Decimal(1000)) for row in products(SYSTEM).order_by("pk")]
    chosen: list[tuple[dt.date, Course]] = []
    team = [rep.pk for rep in _reps()]
    for rep in _reps():
        actor = actor_for(rep)
        own = _own(rep, _first_day(demo))
        dice = random.Random(f"{SEED} {rep.username}")  # noqa: S311
        deals = plan_deals(dice, own, sold, _first_day(demo), HISTORY_DAYS, rep.username in SKIPS_NEEDS)
        chosen += [(deal.opened_on, Course(actor, deal, stages, now, rep.manager, team)) for deal in deals]
    newest = sorted(chosen, key=lambda item: item[0], reverse=True)
    return [course.live for opened_on, course in newest if (opened_on >= since) == recent]


def _reps() -> list[Person]:
    return list(
        Person.objects.filter(username__startswith="rep", role__code="rep")
        .select_related("role", "department", "manager__role")
        .order_by("pk")
    )


def _stages() -> list[Stage]:
    return list(Stage.objects.filter(version__process__code="standard", version__state="published"))


def _workdays(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        if is_workday(day):
            yield day
