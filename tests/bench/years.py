"""Two years of the company, week by week, so that ids, rows and the journal lie in the order of time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from random import Random

from django.db import transaction

from tests.bench.company import Company
from tests.bench.course import Life, walk
from tests.bench.names import NOTES, company_name, person_name, phone
from tests.bench.rows import entry
from xiaocheng.foundation.fields.lists import declared
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.bulk import RowMaker, insert_many
from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.journal import Event
from xiaocheng.foundation.kernel.models import JournalSubject
from xiaocheng.foundation.kernel.phones import phone_key
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.search import private
from xiaocheng.foundation.kernel.text import sort_key
from xiaocheng.selling.customers.events import CustomerRegistered, FirstDealMade
from xiaocheng.selling.customers.models import Contact, Customer, OwnershipEpisode, contact_index, search_index
from xiaocheng.selling.customers.options import LISTS
from xiaocheng.selling.customers.tokens import contact_tokens, customer_tokens
from xiaocheng.selling.fieldwork.commands.visits import completed
from xiaocheng.selling.fieldwork.events import ContactLogged
from xiaocheng.selling.fieldwork.models import Visit
from xiaocheng.selling.fieldwork.rules import Evidence, FieldworkRules
from xiaocheng.selling.pipeline.events import OpportunityWon
from xiaocheng.selling.pipeline.index import index
from xiaocheng.selling.pipeline.models import Closing, StageSpan, StageTransition

WEEKS = 104
POOLED = 0.03  # of the customers have no owner
CONTACTS, AT_MOST = 10, 1_000_000  # contacts for each customer, and in all: ten times the customers need not more
KINDS, OF_100 = ("visit", "call", "message", "demo"), (50, 35, 10, 5)
CODES = {column: tuple(declared(key).standard) for column, key in LISTS.items()}
OUTCOMES, RESULTS = ("met_decider", "met_other", "not_met"), ("quote", "need", "solved", "next_step", "nothing")

customers, people, episodes = RowMaker(Customer), RowMaker(Contact), RowMaker(OwnershipEpisode)
contacts_made, subjects = RowMaker(Visit), RowMaker(JournalSubject)


@dataclass(slots=True)
class Known:
    """What later weeks need of a customer."""

    pk: int
    name: str
    owner: int | None
    contact: int
    opportunity: int | None = None


class Years:
    """The two years up to yesterday; `first_deals` are told afterwards."""

    def __init__(self, random: Random, company: Company, customers: int) -> None:
        self.random, self.company, self.count = random, company, customers
        self.end = clock.instant(clock.today())
        self.begin = self.end - dt.timedelta(weeks=WEEKS)
        self.known: list[Known] = []
        self.first_deals: dict[int, FirstDealMade] = {}
        self.rules = rules(FieldworkRules, clock.today())
        self.due: dict[int, list[tuple[dt.datetime, int, Event]]] = defaultdict(list)

    def live(self, tell: Callable[[str], None]) -> None:
        """All weeks, each in a transaction."""
        for week in range(WEEKS):
            with transaction.atomic():
                self._register(week)
                self._open(week)
                self._contact(week)
                self._write_journal(week)
            if week % 13 == 12:
                tell(f"week {week + 1} of {WEEKS}")

    def _times(self, week: int, of_all: int) -> list[dt.datetime]:
        """The instants of this week's part of a number of things: working hours, in order.

        Whole minutes: many then are equal, and each is put into SQL once.
        """
        count = of_all * (week + 1) // WEEKS - of_all * week // WEEKS
        monday = self.begin + dt.timedelta(weeks=week)
        pick = self.random.randrange
        return sorted(monday + dt.timedelta(days=pick(7), minutes=pick(9 * 60, 18 * 60)) for _ in range(count))

    def _note(self, at: dt.datetime, person: int, event: Event) -> None:
        self.due[(at - self.begin).days // 7].append((at, person, event))

    # --- customers

    def _register(self, week: int) -> None:
        registered = insert_many([self._customer(at) for at in self._times(week, self.count)])
        contacts = insert_many([self._person(row) for row in registered])
        insert_many(
            [
                episodes(
                    customer_id=row.pk,
                    person_id=row.owner_id,
                    pool_id=row.pool_id,
                    started_at=row.registered_at,
                    started_by_id=row.registered_by_id,
                    started_cause="registration",
                )
                for row in registered
            ]
        )
        tokens = [(contact.pk, contact_tokens(contact.name, contact.phone_key)) for contact in contacts]
        contact_index.put(tokens)
        search_index.put(
            (row.pk, customer_tokens(row.name, row.phone_key) | private(of_contact))
            for row, (_, of_contact) in zip(registered, tokens, strict=True)
        )
        for row, contact in zip(registered, contacts, strict=True):
            self.known.append(Known(row.pk, row.name, row.owner_id, contact.pk))
            self._note(row.registered_at, row.registered_by_id or 0, _registered(row))

    def _customer(self, at: dt.datetime) -> Customer:
        random = self.random
        rep = random.choices(self.company.reps, self.company.weights)[0]
        pooled = random.random() < POOLED
        name, number = company_name(random), phone(random)
        return customers(
            name=name,
            name_key=company_key(name),
            sort_key=sort_key(name),
            **{column: random.choice(codes) for column, codes in CODES.items()},
            phone=number,
            phone_key=phone_key(number),
            address=f"{name[:2]}市工业园{random.randrange(1, 200)}号",
            needs="设备更新,关注交货期与售后。",
            owner_id=None if pooled else rep,
            pool_id=self.company.pool if pooled else None,
            next_contact_on=(self.end + dt.timedelta(days=random.randrange(30))).date()
            if random.random() < 0.3
            else None,
            registered_at=at,
            registered_by_id=rep,
            booked_on=at.astimezone(self.company.zone).date(),
            credit_person_id=rep,
            credit_department_id=self.company.departments[rep],
        )

    def _person(self, customer: Customer) -> Contact:
        number = phone(self.random)
        return people(
            customer_id=customer.pk,
            name=person_name(self.random),
            position="采购经理",
            phone=number,
            phone_key=phone_key(number),
            is_decision_maker=self.random.random() < 0.4,
        )

    # --- opportunities

    def _open(self, week: int) -> None:
        stages = self.company.stages
        lives: list[Life] = []
        whose: list[Known] = []
        for at in self._times(week, self.count):
            customer = self._owned()
            way = walk(self.random, stages, at, self.end)
            lives.append(Life.of(self.random, self.company, way, (customer.pk, customer.owner or 0, customer.name)))
            whose.append(customer)
        insert_many([life.row for life in lives])
        moves: list[StageTransition] = [move for life in lives for move in life.moves()]
        insert_many(moves)
        spans: list[StageSpan] = [span for life in lives for span in life.spans()]
        insert_many(spans)
        closings: list[Closing] = [closing for life in lives for closing in life.close()]
        insert_many(closings)
        index((life.row.pk, life.row.name, "", customer.name, {}) for life, customer in zip(lives, whose, strict=True))
        for life, customer in zip(lives, whose, strict=True):
            customer.opportunity = life.row.pk
            for at, person, event in life.events():
                self._note(at, person, event)

    def _owned(self) -> Known:
        while True:
            customer = self.random.choice(self.known)
            if customer.owner is not None:
                return customer

    # --- contacts

    def _contact(self, week: int) -> None:
        visits = insert_many([self._visit(at) for at in self._times(week, min(self.count * CONTACTS, AT_MOST))])
        for visit in visits:
            self._note(visit.recorded_at, visit.credit_person_id, _contacted(visit))

    def _visit(self, at: dt.datetime) -> Visit:
        random, customer = self.random, self._owned()
        person = customer.owner or 0
        kind = random.choices(KINDS, OF_100)[0]
        left = at + dt.timedelta(minutes=random.randrange(20, 90))
        is_visit = kind == "visit"
        outcome, result = random.choices(OUTCOMES, (45, 40, 15))[0], random.choice(RESULTS)
        next_on = (left + dt.timedelta(days=random.randrange(3, 30))).date() if result == "next_step" else None
        seen = Evidence(
            checked_in=True,
            elsewhere=False,
            minutes=int((left - at).total_seconds() // 60),
            has_photo=False,
            outcome=outcome,
            result=result,
            has_next_day=next_on is not None,
        )
        return contacts_made(
            credit_person_id=person,
            credit_department_id=self.company.departments[person],
            occurred_at=at,
            recorded_at=left,
            booked_on=at.astimezone(self.company.zone).date(),
            kind=kind,
            customer_id=customer.pk,
            contact_id=customer.contact if random.random() < 0.6 else None,
            opportunity_id=customer.opportunity if random.random() < 0.3 else None,
            purpose="other",
            checked_in_at=at if is_visit else None,
            checked_out_at=left if is_visit else None,
            completed_at=left,
            outcome=outcome,
            result=result,
            note=random.choice(NOTES),
            next_on=next_on,
            is_effective=is_visit and not self.rules.shortfalls(seen),
            is_off_plan=is_visit,
        )

    # --- the journal

    def _write_journal(self, week: int) -> None:
        """What happened this week, in order; a customer's first win makes the first deal."""
        told: list[tuple[dt.datetime, int, Event]] = []
        for at, person, event in sorted(self.due.pop(week, []), key=itemgetter(0)):
            told.append((at, person, event))
            first = self._first_deal(event)
            if first is not None:
                told.append((at, person, first))
        entries = insert_many([entry(at, person, event) for at, person, event in told])
        insert_many(
            [
                subjects(entry_id=noted.pk, kind=kind, row_id=row_id)
                for noted, (_at, _person, event) in zip(entries, told, strict=True)
                for kind, row_id in event.subjects()
            ]
        )

    def _first_deal(self, event: Event) -> FirstDealMade | None:
        if not isinstance(event, OpportunityWon) or event.customer_id is None or event.customer_id in self.first_deals:
            return None
        first = FirstDealMade(
            customer_id=event.customer_id,
            credit_person_id=event.owner_id,
            credit_department_id=event.department_id,
            booked_on=event.booked_on,
        )
        self.first_deals[event.customer_id] = first
        return first


def _registered(row: Customer) -> CustomerRegistered:
    return CustomerRegistered(
        customer_id=row.pk,
        owner_id=row.owner_id,
        pool_id=row.pool_id,
        cause="registration",
        credit_person_id=row.credit_person_id,
        credit_department_id=row.credit_department_id,
        booked_on=row.booked_on,
        name=row.name,
    )


def _contacted(visit: Visit) -> Event:
    if visit.kind == "visit":
        return completed(visit, None)
    return ContactLogged(
        visit_id=visit.pk,
        customer_id=visit.customer_id,
        opportunity_id=visit.opportunity_id,
        person_id=visit.credit_person_id,
        department_id=visit.credit_department_id,
        booked_on=visit.booked_on,
        kind_of=visit.kind,
        outcome=visit.outcome,
        result=visit.result,
        next_on=visit.next_on,
    )
