"""Likely duplicates while a name or phone is typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.company_names import place_and_core
from xiaocheng.foundation.kernel.phones import phone_keys
from xiaocheng.foundation.kernel.search import CHARACTERS
from xiaocheng.foundation.kernel.text import similarity, syllables
from xiaocheng.foundation.org.queries import people
from xiaocheng.selling.customers.duplicates import SHORTEST_NAME, is_full_phone
from xiaocheng.selling.customers.keys import name_key, stale_contacts, stale_customers
from xiaocheng.selling.customers.models import Contact, Customer, OwnerQuestion, search_index

from .questions import own_questions

LIKELY = 0.7  # how alike two names are that are shown as likely the same
MUCH_ALIKE = 0.75  # and those of which whoever does not see the customer is told, too: 远景机械, 远景机械设备
MOST_LOOKED_AT, MOST_SHOWN = 100, 5
ALL = "a duplicate is a duplicate, whoever may see it"
SHOWN = ("name", "phone_key", "owner")


@dataclass(frozen=True)
class Likely:
    """A customer that may be the same. Out of sight: no id and no name, only whom to ask, and what was asked last."""

    customer_id: int | None
    name: str
    owner: str
    department: str
    by_phone: bool
    question: OwnerQuestion | None = None

    @property
    def may_be_asked_about(self) -> bool:
        """True when it has an owner to ask who has not been asked, or has answered."""
        return self.customer_id is None and bool(self.owner) and not (self.question and self.question.is_open)


@dataclass(frozen=True)
class Same:
    """Up to five customers with the same full name or phone, and which of them the actor sees.

    `alike` are some out of sight whose names are much like it.
    """

    name_key: str
    phone_keys: tuple[str, ...]
    but: int | None
    rows: list[Customer]
    visible: set[int]
    alike: Sequence[Customer] = ()

    @property
    def hidden(self) -> list[int]:
        """Those out of sight; for the command that notes who is told of them."""
        return [row.pk for row in (*self.rows, *self.alike) if row.pk not in self.visible]


def same_customers(actor: Actor, name: str, phone: str = "", *, but: int | None = None, alike: bool = False) -> Same:
    """The customers with the same full name or one of the phones, whoever may see them.

    With `alike` also some out of sight by a name much like it: for who registers, not to be taken for the same.
    """
    key, phones = name_key(name), tuple(filter(is_full_phone, phone_keys(phone)))
    wanted = Q(pk__in=[])
    if len(key) >= SHORTEST_NAME:
        wanted |= Q(name_key=key)
    if phones:
        # "but no empty one" as the index says it: else SQLite reads the whole table for a name or a phone
        wanted |= Q(phone_key__in=phones) & ~Q(phone_key="") | Q(pk__in=_customers_of_contacts(phones))
    everybodys: QuerySet[Customer] = Customer.objects.beyond_sight(because=ALL)
    rows = list(everybodys.filter(wanted).exclude(pk=but or 0).only(*SHOWN).order_by("pk")[:MOST_SHOWN])
    near = []
    if alike and len(key) >= SHORTEST_NAME and len(rows) < MOST_SHOWN and not actor.sight.everyone:
        others = everybodys.exclude(pk__in={but or 0, *(row.pk for row in rows)})
        near = _near(others, key, MUCH_ALIKE, MOST_SHOWN - len(rows))
    seen = Customer.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows + near])
    visible = set(seen.values_list("pk", flat=True)) if rows or near else set()
    hidden = [row for row in near if row.pk not in visible]
    return Same(key, phones, but, rows, visible & {row.pk for row in rows}, hidden)


def likely_duplicates(actor: Actor, same: Same, *, shown: Collection[int] = ()) -> list[Likely]:
    """Up to five likely duplicates: in sight by a name much like it, out of sight the same ones that may be shown."""
    found = [row for row in (*same.rows, *same.alike) if row.pk in same.visible or row.pk in shown]
    near = []
    if len(same.name_key) >= SHORTEST_NAME and len(found) < MOST_SHOWN:
        others = Customer.objects.visible_to(actor).exclude(pk__in={same.but or 0, *(row.pk for row in found)})
        near = _near(others, same.name_key, LIKELY, MOST_SHOWN - len(found), begun=True)
    return _described(actor, found + near, same.visible | {row.pk for row in near}, same.phone_keys)


def _near(rows: QuerySet[Customer], key: str, least: float, most: int, *, begun: bool = False) -> list[Customer]:
    """Some of the customers whose names sound or look so much like what was typed, the likest first.

    With `begun` also those whose names contain it.

    Looked at are the newest that share the first characters, or the place and the first syllables of the name proper:
    a handful of a million. What follows in a name (信息技术) is shared by too many.
    """
    rows = rows.order_by("-pk")
    place, core = place_and_core(key)
    sound = f"{place} {''.join(syllables(core[:2]))}"
    found = (search_index.matching(rows, words).values_list("pk", "name_key") for words in (key[:CHARACTERS], sound))
    names = {pk: name for some in found for pk, name in some[:MOST_LOOKED_AT]}
    scored = sorted(((similarity(key, name), pk) for pk, name in names.items()), reverse=True)
    likest = [pk for score, pk in scored if score >= least or (begun and key in names[pk])][:most]
    read = {row.pk: row for row in rows.filter(pk__in=likest).only(*SHOWN)} if likest else {}
    return [read[pk] for pk in likest if pk in read]


def _customers_of_contacts(phones: tuple[str, ...]) -> list[int]:
    rows = Contact.objects.beyond_sight(because=ALL)
    return list(rows.filter(phone_key__in=phones).exclude(phone_key="").values_list("customer_id", flat=True)[:5])


def _described(actor: Actor, rows: list[Customer], visible: set[int], phones: tuple[str, ...]) -> list[Likely]:
    owners = {row.owner_id for row in rows if row.owner_id is not None}
    known = {person.pk: person for person in people(actor, active=None).filter(pk__in=owners)} if owners else {}
    hidden = [row.pk for row in rows if row.pk not in visible]
    asked = own_questions(actor, hidden) if hidden else {}
    return [
        Likely(
            customer_id=row.pk if row.pk in visible else None,
            name=row.name if row.pk in visible else "",
            owner=known[row.owner_id].name if row.owner_id in known else "",
            department=known[row.owner_id].department.name if row.owner_id in known else "",
            by_phone=row.phone_key in phones,
            question=asked.get(row.pk),
        )
        for row in rows
    ]


def count_stale_keys(actor: Actor) -> int:
    """How many customers and contacts have a key of former rules; for the check-up of an installation."""
    actor.require_system()
    return sum(map(len, stale_customers())) + sum(map(len, stale_contacts()))
