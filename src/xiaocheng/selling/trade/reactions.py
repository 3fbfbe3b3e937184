"""What trade knows when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, reacts
from xiaocheng.foundation.kernel.measures import bump
from xiaocheng.selling.customers.commands import note_first_deals
from xiaocheng.selling.customers.events import (
    CustomersMerged,
    FirstDealUndone,
    MergeUndone,
    PersonalDataErased,
    carry_all,
    erased_customers,
)
from xiaocheng.selling.pipeline.events import MoveUndone, OpportunityEdited, OpportunityReopened, OpportunityWon

from .commands import settle
from .firsts import first_sales
from .measures import rerouted, rerouted_order, rerouted_receipt
from .models import CustomerNumber, Order, Receipt, Receivable, SaleLine

Deal = OpportunityWon | OpportunityReopened | MoveUndone
FOLLOWS = "what a merged customer bought, the surviving one bought, whoever looks"


@reacts(FirstDealUndone)
def stay_a_customer(actor: Actor, events: Sequence[FirstDealUndone]) -> None:
    """Who bought something stays a customer without the deal that was none."""
    note_first_deals(actor, first_sales({event.customer_id for event in events}))


@reacts(PersonalDataErased)
def erase_notes(actor: Actor, events: Sequence[PersonalDataErased]) -> None:
    """Sales to a person who is erased keep days, products and amounts, and lose their notes."""
    erased = erased_customers(events)
    rows = SaleLine.objects.beyond_sight(because="what tells of an erased person goes, whoever sold to him")
    rows.filter(customer__in=erased).exclude(note="").update(note="")
    paid = Receipt.objects.beyond_sight(because="what tells of an erased person goes, whoever entered it")
    paid.filter(customer__in=erased).exclude(note="").update(note="")
    ordered = Order.objects.beyond_sight(because="what tells of an erased person goes, whoever entered it")
    ordered.filter(customer__in=erased).exclude(note="").update(note="")


@reacts(CustomersMerged, MergeUndone, moves=("trade.SaleLine.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Sales to a merged customer count as the survivor's, until that is undone."""
    moved: list[int] = []
    for event in events:
        rows = SaleLine.objects.beyond_sight(because=FOLLOWS)
        ids = event.carry(rows)
        bump(item for row in rows.filter(pk__in=ids) for item in rerouted(row, *event.route()))
        moved += ids
    return Moved("trade.saleline", tuple(moved))


@reacts(CustomersMerged, MergeUndone, moves=("trade.CustomerNumber.customer",))
def follow_the_merge_with_numbers(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What the ERP calls a merged customer means the survivor."""
    return carry_all(events, CustomerNumber.objects.all())


@reacts(CustomersMerged, MergeUndone, moves=("trade.Receipt.customer",))
def follow_the_merge_with_receipts(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Money from a merged customer came from the survivor, until that is undone; who owes what is asked anew."""
    moved: list[int] = []
    for event in events:
        rows = Receipt.objects.beyond_sight(because=FOLLOWS)
        ids = event.carry(rows)
        bump(item for row in rows.filter(pk__in=ids) for item in rerouted_receipt(row, *event.route()))
        moved += ids
        settle(actor, event.route())
    return Moved("trade.receipt", tuple(moved))


@reacts(CustomersMerged, MergeUndone, moves=("trade.Order.customer",))
def follow_the_merge_with_orders(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What a merged customer ordered, the survivor ordered, until that is undone."""
    moved: list[int] = []
    for event in events:
        rows = Order.objects.beyond_sight(because=FOLLOWS)
        ids = event.carry(rows)
        bump(item for row in rows.filter(pk__in=ids) for item in rerouted_order(row, *event.route()))
        moved += ids
    return Moved("trade.order", tuple(moved))


@reacts(OpportunityWon)
def await_money(actor: Actor, events: Sequence[OpportunityWon]) -> None:
    """A deal that was won is to be paid."""
    _follow(actor, won=events, opened=())


@reacts(OpportunityReopened)
def await_no_money(actor: Actor, events: Sequence[OpportunityReopened]) -> None:
    """A deal that is open again need not be paid yet; what came in for it stays."""
    _follow(actor, won=(), opened=events)


@reacts(MoveUndone)
def take_it_back(actor: Actor, events: Sequence[MoveUndone]) -> None:
    """A wrong click may have won a deal, or opened one that was won."""
    signs = {event: {row.sign for row in event.withdrawn if row.verdict == "won"} for event in events}
    _follow(actor, won=[it for it in events if -1 in signs[it]], opened=[it for it in events if 1 in signs[it]])


def _follow(actor: Actor, won: Sequence[Deal], opened: Sequence[Deal]) -> None:
    Receivable.objects.bulk_create(
        [Receivable(opportunity_id=event.opportunity_id, since=clock.now()) for event in won], ignore_conflicts=True
    )
    if opened:
        Receivable.objects.filter(opportunity__in=[event.opportunity_id for event in opened]).delete()
    if told := {event.customer_id for event in (*won, *opened) if event.customer_id is not None}:
        settle(actor, told)


@reacts(OpportunityEdited)
def ask_anew(actor: Actor, events: Sequence[OpportunityEdited]) -> None:
    """Another amount or another customer of a won deal: who owes what is asked anew."""
    told = [event for event in events if not event.is_open and {"amount", "customer"} & {*event.fields}]
    if told:
        settle(actor, {pk for e in told for pk in (e.customer_id, *e.former_customers) if pk is not None})
