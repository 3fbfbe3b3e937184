"""What happens to opportunities when a customer's owner changes, a person leaves, a customer was contacted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.import_export.commands import forget_changes
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts, record
from xiaocheng.foundation.kernel.measures import bump, bump_gauge
from xiaocheng.foundation.org.events import PersonLeft, WorkHandedOn
from xiaocheng.foundation.org.queries import Person, holds, names_of
from xiaocheng.selling.customers.events import (
    CustomerContacted,
    CustomersMerged,
    MergeUndone,
    OwnerChanged,
    PersonalDataErased,
    erased_customers,
)

from .events import OpportunityHandedOver, ProcessDraftDiscarded, ProcessPublished, RemarkRealised
from .index import index_again, index_remarks, index_tactics
from .measures import OPEN_NOW, rerouted
from .models import (
    Closing,
    Evidence,
    Opportunity,
    OpportunityMember,
    ProcessRemark,
    ProcessVersion,
    Rival,
    StageTransition,
    Tactic,
)
from .models.processes import OPEN
from .models.remarks import TAKEN_UP
from .opened import open_customers
from .remarking import told_of, wait_again
from .sharing import hand_on_memberships

ERASED = "what tells of an erased person goes, whosever it is"
FOLLOWS = "open opportunities follow their customer or their leaving owner, whoever looks"
OWNER = "pipeline.Opportunity.owner"


@reacts(OwnerChanged, moves=(OWNER,))
def follow_the_customer(actor: Actor, events: Sequence[OwnerChanged]) -> Moved | None:
    """Open opportunities of the customer's former owner go to the new one; someone else's stay where they are.

    To whom the customer was opened because of them changes with its owner.
    """
    moves = {e.customer_id: (e.from_id, e.to_id) for e in events if e.from_id and e.to_id and e.from_id != e.to_id}
    rows = Opportunity.objects.beyond_sight(because=FOLLOWS).filter(state=OPEN, customer_id__in=moves)
    followers = [
        (row, moves[row.customer_id][1]) for row in rows.iterator() if row.owner_id == moves[row.customer_id][0]
    ]
    moved = _hand_on(actor, followers)
    concerned = {e.customer_id for e in events}
    theirs = Opportunity.objects.beyond_sight(because=FOLLOWS).filter(customer_id__in=concerned)
    if ids := list(theirs.values_list("pk", flat=True)):
        open_customers(ids, concerned)
    return moved


@reacts(PersonLeft, WorkHandedOn, moves=(OWNER,))
def follow_the_successor(actor: Actor, events: Sequence[PersonLeft | WorkHandedOn]) -> Moved | None:
    """What a person who leaves or hands on has open, customers of others or none included, goes to the successor."""
    moves = {e.person_id: e.successor_id for e in events if e.successor_id}
    rows = Opportunity.objects.beyond_sight(because=FOLLOWS).filter(state=OPEN, owner_id__in=moves)
    return _hand_on(actor, [(row, moves[row.owner_id]) for row in rows.iterator()])


@holds("pipeline.opportunity", _("进行中的商机"), _("所交客户的随客户,其余转给接手人"), moves=OWNER)
def count_open(person: Person) -> int:
    """What the person has open, customers of others included."""
    return Opportunity.objects.beyond_sight(because=FOLLOWS).filter(state=OPEN, owner=person).count()


@reacts(PersonLeft, WorkHandedOn, moves=("pipeline.OpportunityMember.person",))
def hand_on_shares(actor: Actor, events: Sequence[PersonLeft | WorkHandedOn]) -> Moved:
    """The shares of somebody who leaves or hands on are the successor's; without one they are the owner's again."""
    ids = [pk for event in events for pk in hand_on_memberships(event.person_id, event.successor_id)]
    return Moved("pipeline.opportunitymember", tuple(ids))


@holds("pipeline.opportunitymember", _("共同负责的商机"), _("转给接手人"), moves="pipeline.OpportunityMember.person")
def count_shared(person: Person) -> int:
    """Opportunities of others for which the person answers, too."""
    rows = OpportunityMember.objects.beyond_sight(because="a handover shows what moves")
    return rows.filter(person=person, ended_at=None).count()


@reacts(CustomerContacted)
def note_activity(actor: Actor, events: Sequence[CustomerContacted]) -> None:
    """A contact with the customer is an activity of its open opportunities."""
    latest: dict[int, dt.datetime] = {}
    for event in events:
        if event.valid:
            latest[event.customer_id] = max(event.at, latest.get(event.customer_id, event.at))
    rows = Opportunity.objects.beyond_sight(because=FOLLOWS).filter(state=OPEN, customer_id__in=latest)
    behind = [row for row in rows.order_by("pk") if row.last_activity_at < latest[row.customer_id]]
    for row in behind:
        row.last_activity_at = latest[row.customer_id]
    Opportunity.objects.beyond_sight(because=FOLLOWS).bulk_update(behind, ["last_activity_at"])


@reacts(PersonalDataErased)
def erase_texts(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """Opportunities of a person who is erased keep stages, days and amounts, and lose every text and file."""
    erased = erased_customers(events)
    rows = Opportunity.objects.beyond_sight(because=ERASED).filter(customer__in=erased)
    found = list(rows)
    if any(row.is_open for row in found):
        raise RuleBroken(_("这位客户还有进行中的商机,请先结束商机,再清除个人信息。"))
    for row in found:
        row.name = row.label_number
    ids = [row.pk for row in found]
    Opportunity.objects.beyond_sight(because=ERASED).bulk_update(found, ["name"])
    rows.update(next_step="", background="", problems="", pains="", competitor="", close_note="", custom={})
    StageTransition.objects.beyond_sight(because=ERASED).filter(opportunity__in=ids).update(reason="")
    Closing.objects.beyond_sight(because=ERASED).filter(opportunity__in=ids).update(note="", competitor="")
    Evidence.objects.filter(opportunity__in=ids).update(note="")
    Rival.objects.filter(opportunity__in=ids).update(note="")
    index_again(ids)
    _erase_tactics(ids)
    _erase_remarks(ids)
    discard(actor, "pipeline.opportunity", ids)
    forget("pipeline.opportunity", ids)
    forget_changes(actor, "pipeline.opportunity", ids)
    return Moved("pipeline.opportunity", tuple(ids))


def _erase_tactics(opportunity_ids: Sequence[int]) -> None:
    """What won the deals of an erased person leaves the library with its words."""
    rows = Tactic.objects.filter(opportunity__in=opportunity_ids)
    ids = list(rows.values_list("pk", flat=True))
    rows.filter(withdrawn_at=None).update(withdrawn_at=clock.now())
    rows.update(title="—", text="")
    index_tactics(ids)
    forget("pipeline.tactic", ids)


def _erase_remarks(opportunity_ids: Sequence[int]) -> None:
    """Remarks that were made about deals of an erased person keep their stage, kind and decision, without words."""
    rows = ProcessRemark.objects.filter(opportunity__in=opportunity_ids)
    ids = list(rows.values_list("pk", flat=True))
    rows.exclude(reason="").update(reason="—")
    rows.update(text="—")
    index_remarks(ids)
    forget("pipeline.processremark", ids)


@reacts(ProcessPublished)
def tell_what_is_realised(actor: Actor, events: Sequence[ProcessPublished]) -> None:
    """Remarks that an edition realises say so from the day on which it is in use."""
    for event in events:
        version = ProcessVersion.objects.get(process_id=event.process_id, number=event.number)
        rows = list(ProcessRemark.objects.filter(version=version, realised_at=None).order_by("pk"))
        ProcessRemark.objects.filter(pk__in=[row.pk for row in rows]).update(realised_at=clock.now())
        record(actor, *(
            RemarkRealised(remark_id=row.pk, process_id=event.process_id, process=event.name, number=event.number,
                           told=told_of(row))
            for row in rows
        ))  # fmt: skip


@reacts(ProcessDraftDiscarded)
def wait_for_another_decision(actor: Actor, events: Sequence[ProcessDraftDiscarded]) -> None:
    """Remarks that a draft had taken up wait again when it is thrown away."""
    processes = {event.process_id for event in events}
    rows = ProcessRemark.objects.filter(state=TAKEN_UP, version=None, stage__version__process__in=processes)
    wait_again(actor, list(rows.select_related("stage__version__process").order_by("pk")))


@reacts(CustomersMerged, MergeUndone, moves=("pipeline.Opportunity.customer",))
def follow_the_merge(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Opportunities of a merged customer are the survivor's, each with its owner; who has one may open the survivor."""
    moved: list[int] = []
    for event in events:
        rows = Opportunity.objects.beyond_sight(because=FOLLOWS)
        ids = event.carry(rows)
        source, target = event.route()
        still_open = rows.filter(pk__in=ids, state=OPEN).count()
        bump_gauge(OPEN_NOW, [(source, -still_open), (target, still_open)])
        theirs = rows.filter(customer_id__in=[source, target]).values_list("pk", flat=True)
        open_customers(list(theirs), [source, target])
        moved += ids
    return Moved("pipeline.opportunity", tuple(moved))


@reacts(CustomersMerged, MergeUndone, moves=("pipeline.Closing.customer",))
def follow_the_merge_with_deals(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Wins and losses with a merged customer count as the survivor's."""
    moved: list[int] = []
    for event in events:
        rows = Closing.objects.beyond_sight(because=FOLLOWS)
        ids = event.carry(rows)
        source, target = event.route()
        theirs = rows.filter(pk__in=ids).prefetch_related("shares")
        bump(item for closing in theirs for item in rerouted(closing, source, target))
        moved += ids
    return Moved("pipeline.closing", tuple(moved))


def _hand_on(actor: Actor, moves: Iterable[tuple[Opportunity, int | None]]) -> Moved | None:
    by_owner: dict[int, list[Opportunity]] = defaultdict(list)
    for row, to in moves:
        if to is not None:
            by_owner[to].append(row)
    names = names_of(by_owner)
    events = [
        OpportunityHandedOver(
            opportunity_id=row.pk, customer_id=row.customer_id, from_id=row.owner_id, to_id=to, to_name=names[to]
        )
        for to, rows in by_owner.items()
        for row in rows
    ]
    for to, rows in by_owner.items():
        ids = [row.pk for row in rows]
        Opportunity.objects.beyond_sight(because=FOLLOWS).filter(pk__in=ids).update(owner_id=to)
    record(actor, *events)
    return Moved("pipeline.opportunity", tuple(event.opportunity_id for event in events))
