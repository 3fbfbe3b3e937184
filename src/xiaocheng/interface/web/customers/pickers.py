"""What the forms of customers offer: only what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import assignable, names_of, people
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import GROUP, MANAGE_POOLS, SEE

MOST_GROUPS = 50


@picker("customers", SEE)
def customers(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The customers whom the actor sees, with their owner's name; without a word his newest own."""
    rows = queries.customers(actor, "all" if text or ids else "mine", text)
    found = list(rows.filter(pk__in=ids) if ids else rows[:20])
    owners = names_of(row.owner_id for row in found)
    return [Choice(row.pk, row.name, owners.get(row.owner_id or 0, "")) for row in found]


@picker("contacts", SEE)
def contacts(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The contacts whom the actor sees, with their customers."""
    rows = queries.all_contacts(actor, "all", text)
    return [Choice(row.pk, row.name, row.customer.name) for row in (rows.filter(pk__in=ids) if ids else rows[:20])]


@picker("disputable-customers", SEE)
def disputable(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The customers that somebody may say to be his: in sight, or once his own."""
    return [Choice(row.pk, row.name, "") for row in queries.claimable_as_own(actor, text, ids)[:20]]


@picker("customer-owners", SEE)
def owners(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The people to whom the actor may give customers, himself included."""
    found = people(actor, text).filter(pk__in=assignable(actor).order_by().values("pk"))
    return [Choice(row.pk, row.name, row.department.name) for row in (found.filter(pk__in=ids) if ids else found[:20])]


@picker("pool-members", MANAGE_POOLS)
def members(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """Everybody who may be let into a pool."""
    found = people(actor, text)
    return [Choice(row.pk, row.name, row.department.name) for row in (found.filter(pk__in=ids) if ids else found[:20])]


@picker("customer-groups", GROUP)
def groups(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The groups into which one puts customers by hand."""
    return _groups(actor, text, ids, by_hand=True)


@picker("any-customer-groups", SEE)
def any_groups(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The groups that one knows of."""
    return _groups(actor, text, ids)


def _groups(actor: Actor, text: str, ids: Sequence[int], *, by_hand: bool = False) -> list[Choice]:
    found = queries.groups(actor).filter(name__icontains=text)
    found = found.filter(rule__isnull=True) if by_hand else found
    rows = found.filter(pk__in=ids) if ids else found[:MOST_GROUPS]
    return [Choice(row.pk, row.name, row.owner.name) for row in rows]


@picker("pools", SEE)
def pools(actor: Actor, text: str, ids: Sequence[int]) -> Iterable[Choice]:
    """The pools whose customers the actor sees; companies have a handful."""
    return [Choice(pk, name, "") for pk, name in queries.pool_choices(actor) if not ids or pk in ids]
