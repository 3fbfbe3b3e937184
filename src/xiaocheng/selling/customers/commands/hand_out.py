"""Customers that lapsed are handed out by turn to those on duty, once the doors are open."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import everybody_on_duty
from xiaocheng.selling.customers.claiming import cooling, let_go_at
from xiaocheng.selling.customers.first_contact import TURN, FirstContactRules
from xiaocheng.selling.customers.models import Customer, DutyTurn
from xiaocheng.selling.customers.models.reception import Way
from xiaocheng.selling.customers.rules import ReceptionRules
from xiaocheng.selling.customers.turns import REMEMBERED, hold

from .ownership import hand_to

OPEN = "the doors are open: whoever waits for it is handed out, whoever looks"
SET = 2000  # customers of one transaction: others wait meanwhile


def hand_out_by_turn(actor: Actor) -> int:
    """Give the customers that wait for it to those on duty today, one each in turn; may be repeated at any time.

    Before opening time, and while nobody is on duty, nothing happens. Nobody gets back whom he has just let lapse.
    """
    actor.require_system()
    today = clock.today()
    limits, doors = rules(FirstContactRules, today), rules(ReceptionRules, today)
    duty = everybody_on_duty(today)
    if not limits.hands_out or not duty or clock.now() < clock.instant(today, doors.opens_at):
        return 0
    waiting = Q(is_awaiting=True) & limits.goes(TURN) & limits.moves
    ids = list(_all().filter(waiting).order_by("pk").values_list("pk", flat=True))
    return sum(_hand_out(actor, some, waiting, duty) for some in in_sets(ids, SET))


def _all() -> QuerySet[Customer]:
    rows: QuerySet[Customer] = Customer.objects.beyond_sight(because=OPEN)
    return rows


def _hand_out(actor: Actor, ids: Sequence[int], waiting: Q, duty: Mapping[int, Sequence[int]]) -> int:
    """Those of a set that still wait when their rows are locked."""
    with transaction.atomic():
        for site in sorted(duty):
            hold(site)
        rows = list(_all().filter(waiting, pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
        given = _by_turn(rows, _in_line(duty))
        for person, theirs in given.items():
            hand_to(actor, theirs, "turn", owner_id=person)
        _note_turns(given, duty)
    return sum(map(len, given.values()))


def _in_line(duty: Mapping[int, Sequence[int]]) -> list[int]:
    """Those on duty anywhere, whoever had a turn the longest ago first."""
    people = list(dict.fromkeys(person for site in sorted(duty) for person in duty[site]))
    turns = DutyTurn.objects.filter(person__in=people, is_void=False, at__gte=clock.now() - REMEMBERED)
    last = dict(turns.values_list("person").annotate(Max("pk")).order_by())
    return sorted(people, key=lambda person: (last.get(person, 0), people.index(person)))


def _by_turn(rows: Sequence[Customer], people: Sequence[int]) -> dict[int, list[Customer]]:
    """One each in turn; whoever has to wait before he takes a customer back is passed over for that one."""
    let_go = {person: let_go_at(person, [row.pk for row in rows]) for person in people}
    line, given = deque(people), defaultdict(list)
    for row in rows:
        person = next((who for who in line if cooling(row, let_go[who]) is None), None)
        if person is not None:
            given[person].append(row)
            line.remove(person)
            line.append(person)
    return given


def _note_turns(given: Mapping[int, Sequence[Customer]], duty: Mapping[int, Sequence[int]]) -> None:
    """One turn each, at the site where the person is on duty, for the next one at the door to know."""
    last = dict(DutyTurn.objects.filter(site__in=duty).values_list("site").annotate(Max("number")).order_by())
    numbers, turns = Counter(last), []
    for person, theirs in given.items():
        site = next(site for site in sorted(duty) if person in duty[site])
        for _customer in theirs:
            numbers[site] += 1
            turns.append(DutyTurn(site_id=site, number=numbers[site], person_id=person, at=clock.now(), way=Way.HANDED))
    DutyTurn.objects.bulk_create(turns)
