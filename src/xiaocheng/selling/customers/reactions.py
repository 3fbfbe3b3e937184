"""What happens to customers when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, reacts
from xiaocheng.foundation.org.events import PersonLeft, WorkHandedOn
from xiaocheng.foundation.org.queries import Person, holds

from .commands import drop_claims, drop_questions, hand_on_memberships, hand_over, hand_over_groups, note_handover
from .commands.question_ends import end_questions
from .commands.team import check_merged_teams, settle_teams
from .events import ContactsMerged, CustomersMerged, MergeUndone, carry_all, carry_contacts
from .models import (
    Consent,
    Contact,
    Customer,
    CustomerGroup,
    CustomerMember,
    CustomerNote,
    Dispute,
    GroupMember,
    HandoverLine,
    OwnerQuestion,
    OwnershipEpisode,
    Reception,
    RestoreOffer,
)

PART = "what is part of a customer goes where the customer goes"


@reacts(PersonLeft, moves=("customers.Customer.owner",))
def hand_over_customers(actor: Actor, events: Sequence[PersonLeft]) -> Moved | None:
    """The customers of somebody who left go to the successor; without one they wait for the administrator."""
    ids: list[int] = []
    for event in events:
        if event.successor_id is not None and (theirs := hand_over(actor, event.person_id, event.successor_id)):
            note_handover(actor, event.person_id, event.successor_id, theirs)
            ids += theirs
    return Moved("customers.customer", tuple(ids)) if ids else None


@reacts(PersonLeft, WorkHandedOn, moves=("customers.CustomerGroup.owner",))
def hand_over_their_groups(actor: Actor, events: Sequence[PersonLeft | WorkHandedOn]) -> Moved | None:
    """The groups of somebody who left or hands on go to the successor, with their strategies."""
    ids = [
        pk
        for event in events
        if event.successor_id is not None
        for pk in hand_over_groups(actor, event.person_id, event.successor_id)
    ]
    return Moved("customers.customergroup", tuple(ids)) if ids else None


@reacts(CustomersMerged, MergeUndone, moves=("customers.Contact.customer",))
def take_contacts_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """The contacts of a merged customer are the survivor's, until that is undone."""
    rows = Contact.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(CustomersMerged, MergeUndone, moves=("customers.OwnershipEpisode.customer",))
def take_episodes_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Who was responsible for a merged customer stands in the survivor's history, until that is undone."""
    rows = OwnershipEpisode.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(PersonLeft, WorkHandedOn, moves=("customers.CustomerMember.person",))
def hand_over_team_work(actor: Actor, events: Sequence[PersonLeft | WorkHandedOn]) -> Moved:
    """Where somebody who left or hands on took part, the successor does; without one his share is the owner's again."""
    ids = [pk for event in events for pk in hand_on_memberships(actor, event.person_id, event.successor_id)]
    return Moved("customers.customermember", tuple(ids))


@reacts(CustomersMerged, MergeUndone, moves=("customers.CustomerMember.customer",))
def take_teams_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Who worked on a merged customer works on the survivor, if both teams go together, until that is undone."""
    moved: list[int] = []
    for event in events:
        source, target = event.route()
        if isinstance(event, CustomersMerged):
            check_merged_teams(actor, source, target)
        moved += event.carry(CustomerMember.objects.beyond_sight(because=PART))
        if moved:
            settle_teams(actor, [source, target])
    return Moved("customers.customermember", tuple(moved))


@reacts(CustomersMerged, MergeUndone, moves=("customers.Consent.customer",))
def take_consents_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What people at a merged customer agreed to holds at the survivor, until that is undone."""
    rows = Consent.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(CustomersMerged, MergeUndone, moves=("customers.GroupMember.customer",))
def take_groups_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """The survivor is in the groups of both; where it was already, the merged one is remembered and goes with it."""
    moved: list[int] = []
    for event in events:
        there = GroupMember.objects.filter(customer_id=event.route()[1])
        moved += event.carry(GroupMember.objects.exclude(group_id__in=list(there.values_list("group_id", flat=True))))
    return Moved("customers.groupmember", tuple(moved))


@reacts(CustomersMerged, MergeUndone, moves=("customers.Reception.customer",))
def take_receptions_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Receptions of a merged customer, credited as they were, stand in the survivor's history until that is undone."""
    rows = Reception.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(ContactsMerged, moves=("customers.Consent.contact",))
def take_consents_of_a_contact_along(actor: Actor, events: Sequence[ContactsMerged]) -> Moved:
    """What somebody agreed to under the other name."""
    return carry_contacts(events, Consent.objects.beyond_sight(because=PART))


@reacts(ContactsMerged, moves=("customers.Reception.contact",))
def take_receptions_of_a_contact_along(actor: Actor, events: Sequence[ContactsMerged]) -> Moved:
    """When somebody was received under the other name."""
    return carry_contacts(events, Reception.objects.beyond_sight(because=PART))


@reacts(CustomersMerged, MergeUndone, moves=("customers.HandoverLine.customer",))
def take_handovers_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """That a merged customer was handed over, or is to be, is said of the survivor."""
    rows = HandoverLine.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(PersonLeft)
def end_their_claims(actor: Actor, events: Sequence[PersonLeft]) -> Moved:
    """What somebody who left says to be his waits for no verdict any more."""
    return Moved("customers.dispute", tuple(pk for event in events for pk in drop_claims(actor, event.person_id)))


@reacts(CustomersMerged, MergeUndone, moves=("customers.Dispute.customer",))
def take_disputes_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was decided about a merged customer stands in the survivor's history; open disputes are decided before."""
    rows = Dispute.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(PersonLeft)
def end_their_questions(actor: Actor, events: Sequence[PersonLeft]) -> Moved:
    """What somebody who left asked the owners of customers needs no answer any more."""
    ids = [pk for event in events for pk in drop_questions(actor, event.person_id)]
    return Moved("customers.ownerquestion", tuple(ids))


@reacts(CustomersMerged, MergeUndone, moves=("customers.OwnerQuestion.customer",))
def take_questions_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was asked about a merged customer stands in the survivor's history; what was open is over."""
    for event in events:
        if isinstance(event, CustomersMerged):
            end_questions(actor, event.merged_id)
    return carry_all(events, OwnerQuestion.objects.beyond_sight(because=PART))


@reacts(CustomersMerged, MergeUndone, moves=("customers.CustomerNote.customer",))
def take_notes_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was written about a merged customer is read with the survivor, until that is undone."""
    rows = CustomerNote.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@reacts(CustomersMerged, MergeUndone, moves=("customers.RestoreOffer.customer",))
def take_offers_along(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """That a lapse of a merged customer may be taken back, or was, is said of the survivor."""
    rows = RestoreOffer.objects.beyond_sight(because=PART)
    return carry_all(events, rows)


@holds(
    "customers.customer",
    pgettext_lazy("several", "客户"),
    _("按下面的清单转给各接手人"),
    moves="customers.Customer.owner",
)
def count_customers(person: Person) -> int:
    """Whom the person is responsible for."""
    return Customer.objects.beyond_sight(because="a handover shows what moves").filter(owner=person).count()


@holds("customers.customergroup", _("客户分组"), _("转给接手人"), moves="customers.CustomerGroup.owner")
def count_groups(person: Person) -> int:
    """The groups that the person made."""
    return CustomerGroup.objects.filter(owner=person).count()


@holds("customers.customermember", _("共同负责或协助的客户"), _("转给接手人"), moves="customers.CustomerMember.person")
def count_team_work(person: Person) -> int:
    """Customers of others on which the person works, too."""
    return CustomerMember.objects.beyond_sight(because="a handover shows what moves").filter(person=person).count()
