"""The sales report: what each member did in a period, by the same key indicators for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.expressions import Whole
from xiaocheng.foundation.kernel.measures import Whose, by_person, totals
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import day_key
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.insight.figures import Figure, plain
from xiaocheng.insight.measures import OPEN_AMOUNT
from xiaocheng.insight.models import NONE, PipelineDay
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.customers.measures import CONVERTED
from xiaocheng.selling.fieldwork.measures import CALLS, VISITED
from xiaocheng.selling.pipeline.measures import OPENED

from .cycle import NO_CYCLE, cycle, cycle_by
from .results import NO_RESULT, Result, result, results_by

CREDITED, WORK = (OPENED, CONVERTED), (VISITED, CALLS)
COUNTED = (*CREDITED, *WORK)


@dataclass(frozen=True)
class Member:
    """The key indicators of one member, or of all (id 0)."""

    id: int
    name: str
    result: Result
    cycle: Figure
    open: Figure  # in money, at the end of the period or today
    counted: dict[str, Figure]


def members(actor: Actor, selection: Selection) -> tuple[Member, list[Member]]:
    """All together, and each member who did or has something, by name; process, product and source do not narrow."""
    asked = Selection(selection.period, selection.whose)
    results = {int(line.id): line.result for line in results_by(actor, asked, "person")}
    cycles = {int(line.id): line.cycle for line in cycle_by(actor, asked, "person")}
    held = _open_by_person(actor, asked)
    work = whose_work(actor, asked.whose)
    counted = by_person(actor, CREDITED, asked.period, asked.whose) | by_person(actor, WORK, asked.period, work)
    people = results.keys() | cycles.keys() | held.keys() | {person for _key, person in counted}
    names = names_of(people)
    lines = [
        Member(
            person,
            names.get(person, ""),
            results.get(person, NO_RESULT),
            cycles.get(person, NO_CYCLE).mean,
            _open(*held.get(person, (0, 0))),
            {key: _count(key, counted.get((key, person), Decimal(0))) for key in COUNTED},
        )
        for person in people
    ]
    sums = totals(actor, CREDITED, asked.period, asked.whose) | totals(actor, WORK, asked.period, work)
    everybody = Member(
        0,
        "",
        result(actor, asked),
        cycle(actor, asked).mean,
        _open(sum(n for n, _amount in held.values()), sum(amount for _n, amount in held.values())),
        {key: _count(key, sums[key]) for key in COUNTED},
    )
    return everybody, sorted(lines, key=lambda line: line.name)


def whose_work(actor: Actor, whose: Whose) -> Whose:
    """Whose visits and calls are counted: where a head asks for all his departments, all work that he sees."""
    return Whose(whose.people) if whose.departments == actor.sight.departments else whose


def _open_by_person(actor: Actor, selection: Selection) -> dict[int, tuple[int, int]]:
    """What each had open at the end of the period: how many, and their amount in ten-thousandths."""
    rows = PipelineDay.objects.filter(selection.whose.condition(actor), day__lte=day_key(selection.period.last))
    sums = rows.exclude(person_id=NONE).order_by().values_list("person_id")
    found = sums.annotate(sum_n=Whole("n"), sum_amount=Whole("amount"))
    return {person: (n, amount) for person, n, amount in found if n or amount}


def _open(n: int, amount: int) -> Figure:
    return plain(OPEN_AMOUNT, unscaled(amount), n)


def _count(key: str, value: Decimal) -> Figure:
    return plain(key, value, int(value))
