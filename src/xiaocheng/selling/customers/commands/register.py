"""A customer is known for the first time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import custom_values
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import RowMaker
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.org.queries import assignable, credited_departments
from xiaocheng.selling.customers.access import ASSIGN, REGISTER
from xiaocheng.selling.customers.drafts import CustomerDraft, columns_of, usable_codes
from xiaocheng.selling.customers.duplicates import Duplicate, Known
from xiaocheng.selling.customers.events import CustomerRegistered
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, search_index
from xiaocheng.selling.customers.models.customers import PROSPECT
from xiaocheng.selling.customers.models.pools import pools_of
from xiaocheng.selling.customers.options import CUSTOMER
from xiaocheng.selling.customers.sleeping import contacted_at
from xiaocheng.selling.customers.tokens import customer_tokens

from .outcomes import Outcome
from .pools import IMPORTED, standard_pool

customer_row, episode_row = RowMaker(Customer), RowMaker(OwnershipEpisode)
RECEPTION = "reception"  # the reception has decided who receives, and so who is responsible
MOST = 2000  # rows of one transaction: others wait meanwhile


def register(actor: Actor, draft: CustomerDraft) -> Customer:
    """Register one customer."""
    outcome = register_many(actor, [draft])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    row: Customer = Customer.objects.one(actor, outcome.row_id or 0)
    return row


@settled
def register_many(actor: Actor, drafts: Sequence[CustomerDraft], *, cause: str = "registration") -> list[Outcome]:
    """Register up to 2,000 customers, with an outcome for each draft; a refused one does not hold up the others."""
    if len(drafts) > MOST:
        raise ValueError(f"at most {MOST} in one set")
    with transaction.atomic():
        columns = _columns_of(actor, drafts, cause)
        desk = _Desk.opened(actor, cause, drafts, [found for found in columns if isinstance(found, dict)])
        actor.require(REGISTER)
        decided = [desk.decide(draft, found) for draft, found in zip(drafts, columns, strict=True)]
        rows = Customer.objects.add_many([row for row in decided if isinstance(row, Customer)])
        _save_beside(actor, rows, cause)
        record(actor, *(_event(row, cause) for row in rows))
    return [Outcome(row_id=row.pk) if isinstance(row, Customer) else row for row in decided]


def _columns_of(actor: Actor, drafts: Sequence[CustomerDraft], cause: str) -> list[dict[str, Any] | RuleBroken]:
    """What each draft says about the customer itself, or what is wrong with it."""
    codes = usable_codes()
    found: list[dict[str, Any] | RuleBroken] = []
    for draft in drafts:
        try:
            custom = custom_values(actor, CUSTOMER, draft.custom, is_import=cause == "import")
            found.append(columns_of(vars(draft), codes) | {"custom": custom})
        except RuleBroken as refusal:
            found.append(refusal)
    return found


@dataclass
class _Desk:
    """What deciding about a set of drafts needs to know, loaded once."""

    actor: Actor
    cause: str
    now: dt.datetime
    today: dt.date
    known: Known
    owners: frozenset[int]
    pools: frozenset[int]
    default_pool: int | None
    departments: Mapping[int, int]
    taken: Taken  # of own fields that may not repeat
    seen: set[tuple[str, str]] = field(default_factory=set)
    booked: dict[dt.date, dt.date] = field(default_factory=dict)

    @classmethod
    def opened(
        cls, actor: Actor, cause: str, drafts: Sequence[CustomerDraft], columns: Sequence[Mapping[str, Any]]
    ) -> _Desk:
        today = clock.today()
        owners = {draft.owner_id for draft in drafts if draft.owner_id is not None}
        return cls(
            actor=actor,
            cause=cause,
            now=clock.now(),
            today=today,
            known=Known.among(actor, [c["name_key"] for c in columns], [c["phone_key"] for c in columns]),
            owners=frozenset(owners) if cause == RECEPTION else _allowed_owners(actor, owners),
            pools=_allowed_pools(actor, drafts),
            default_pool=_pool_of_nobodys(actor, drafts),
            departments=credited_departments(sorted(owners | ({actor.person_id} if actor.person_id else set())), today),
            taken=Taken.among(actor, CUSTOMER, (draft.custom for draft in drafts)),
        )

    def decide(self, draft: CustomerDraft, columns: Mapping[str, Any] | RuleBroken) -> Customer | Outcome:
        """The row for a draft, or the refusal."""
        if isinstance(columns, RuleBroken):
            return Outcome(refusal=columns)
        try:
            return self._row(draft, columns)
        except Duplicate as refusal:
            return Outcome(refusal=refusal, existing_id=refusal.customer_id)
        except RuleBroken as refusal:
            return Outcome(refusal=refusal)

    def _row(self, draft: CustomerDraft, columns: Mapping[str, Any]) -> Customer:
        if not draft.despite_duplicates:
            self.known.refuse(columns["name_key"], columns["phone_key"], draft.is_person)
            self._refuse_repeated(columns, draft.is_person)
        owner, pool = self._whose(draft)
        credited = owner or self.actor.person_id
        contacted, booked_on = contacted_at(draft.last_contact_on), self._booked(draft.registered_on)
        self.taken.refuse(columns["custom"])
        return customer_row(
            **columns,
            stage=draft.stage,
            kind=draft.kind,
            is_person=draft.is_person,
            owner_id=owner,
            pool_id=pool,
            potential=draft.potential,
            birthday=draft.birthday,
            next_contact_on=draft.next_contact_on,
            last_contact_at=contacted,
            clock_since=self._runs_since(draft, contacted) if owner else None,
            registered_at=self._known_since(draft.registered_on),
            registered_by_id=self.actor.person_id,
            booked_on=booked_on,
            credit_person_id=credited,
            credit_department_id=self.departments.get(credited) if credited else None,
        )

    def _runs_since(self, draft: CustomerDraft, contacted: dt.datetime | None) -> dt.datetime | None:
        """The time limit of whoever is taken over counts from the contact that the file tells of, or sleeps."""
        if self.cause != "import":
            return self.now
        return contacted if draft.stage == PROSPECT else None

    def _refuse_repeated(self, columns: Mapping[str, str], is_person: bool) -> None:
        keys = [("phone", columns["phone_key"])] if columns["phone_key"] else []
        keys += [] if is_person else [("name", columns["name_key"])]
        for key in keys:
            if key in self.seen:
                raise RuleBroken(_("与同一批中的另一位客户重复。"), field=key[0])
        self.seen.update(keys)

    def _whose(self, draft: CustomerDraft) -> tuple[int | None, int | None]:
        if draft.pool_id is not None:
            if draft.pool_id not in self.pools:
                raise RuleBroken(_("没有这个公海。"), field="pool_id")
            return None, draft.pool_id
        owner = draft.owner_id or self.actor.person_id
        if owner is None:
            return None, self.default_pool
        if owner != self.actor.person_id and owner not in self.owners:
            raise RuleBroken(_("您不能把客户登记在这个人名下。"), field="owner_id")
        return owner, None

    def _known_since(self, registered_on: dt.date | None) -> dt.datetime:
        """When it became known: the day that a file tells, even where its period is closed and it counts later."""
        if registered_on is None or registered_on == self.today:
            return self.now
        if registered_on > self.today:
            raise RuleBroken(_("登记日期不能晚于今天。"), field="registered_on")
        return clock.instant(registered_on)

    def _booked(self, registered_on: dt.date | None) -> dt.date:
        day = registered_on or self.today
        if day not in self.booked:
            self.booked[day] = booking_day(day)
        return self.booked[day]


def _allowed_owners(actor: Actor, owners: set[int]) -> frozenset[int]:
    if owners <= {actor.person_id} or not actor.can(ASSIGN):
        return frozenset()
    return frozenset(assignable(actor).filter(pk__in=owners).values_list("pk", flat=True))


def _pool_of_nobodys(actor: Actor, drafts: Sequence[CustomerDraft]) -> int | None:
    """Where customers go that come without owner from the system, which owns nothing itself."""
    nobodys = actor.person_id is None and any(d.owner_id is None and d.pool_id is None for d in drafts)
    return standard_pool(IMPORTED).pk if nobodys else None


def _allowed_pools(actor: Actor, drafts: Sequence[CustomerDraft]) -> frozenset[int]:
    wanted = {draft.pool_id for draft in drafts if draft.pool_id is not None}
    return frozenset(pools_of(actor).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else frozenset()


def _save_beside(actor: Actor, rows: Sequence[Customer], cause: str) -> None:
    """The first ownership episode, which begins now however long the customer has been known, and the search tokens."""
    at = clock.now()
    OwnershipEpisode.objects.add_many(
        [
            episode_row(
                customer_id=row.pk,
                person_id=row.owner_id,
                pool_id=row.pool_id,
                started_at=at,
                started_by_id=actor.person_id,
                started_cause=cause,
            )
            for row in rows
        ]
    )
    search_index.add((row.pk, customer_tokens(row.name, row.phone_key, row.custom)) for row in rows)


def _event(row: Customer, cause: str) -> CustomerRegistered:
    return CustomerRegistered(
        customer_id=row.pk,
        owner_id=row.owner_id,
        pool_id=row.pool_id,
        cause=cause,
        credit_person_id=row.credit_person_id,
        credit_department_id=row.credit_department_id,
        booked_on=row.booked_on,
        name=row.name,
    )
