"""Somebody came or called: the reception, and in the same step the customer, the contact and who is responsible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.phones import phone_key
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.foundation.org.queries import credited_departments, duty_site, is_on_duty, names_of, people
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.claiming import cooling, hold_claims, let_go_at
from xiaocheng.selling.customers.disputing import held
from xiaocheng.selling.customers.events import GuestReceived, OwnerStoodInFor
from xiaocheng.selling.customers.models import Customer, DutyTurn, Reception, ReceptionHelper
from xiaocheng.selling.customers.models.reception import AS_CONTACT, Channel, Outcome, Way
from xiaocheng.selling.customers.queries import same_customers
from xiaocheng.selling.customers.rules import ReceptionRules
from xiaocheng.selling.customers.turns import Line, hold, line_of, use

from .claims import takes_guest
from .contacted import Contacted, note_contacts
from .guests import ContactOfGuest, enter, enter_contacts
from .ownership import hand_to
from .turns import not_their_turn

CAME = "who came in is received, whoever may see the customer; only the owner's name is told"
BY_TURN = {Outcome.NEW, Outcome.TAKEN, Outcome.POOL, Outcome.CLAIMED, Outcome.DISPUTED, Outcome.UNKNOWN}
GIVEN = {Outcome.TAKEN: "reception", Outcome.CLAIMED: "claim"}  # with which cause the receiver becomes the owner


@dataclass(frozen=True, kw_only=True)
class ReceptionDraft:
    """A party that came in, or a caller. Without receiver: the owner, else whose turn it is, else the actor.

    The customer is named, or found by the phone or the company's name; `despite_duplicates`: it is another one.
    `owner_absent`: the owner is not there, the receiver stands in for him (courtesy). `seen` is the number of the last
    turn that the actor saw.
    """

    channel: str = Channel.WALK_IN
    site_id: int | None = None
    receiver_id: int | None = None
    customer_id: int | None = None
    name: str = ""
    company: str = ""
    phone: str = ""
    party_size: int = 1
    companions: str = ""
    note: str = ""
    next_on: dt.date | None = None
    occurred_at: dt.datetime | None = None
    helper_ids: Sequence[int] = ()
    is_team: bool = False
    owner_absent: bool = False
    despite_duplicates: bool = False
    out_of_turn: str = ""
    seen: int | None = None

    @property
    def leaves_details(self) -> bool:
        """True when a customer can be made of it."""
        return bool(self.phone.strip() or self.company.strip())


def receive(actor: Actor, draft: ReceptionDraft) -> Reception:
    """Register a reception. A new customer becomes the receiver's, one that awaits reception goes to who is on duty,
    one of a pool by the rule to whose turn it is, within the limits of claiming; one with an owner stays the owner's:
    he is told, receives, or is stood in for."""
    with transaction.atomic():
        actor.require(RECEIVE)
        at = _when(draft)
        line = _line(actor, draft, at)
        takes_guests = line is not None and rules(ReceptionRules, clock.today()).takes_pool_guests
        if line is not None and takes_guests:  # before the customer, as whoever claims does
            hold_claims([actor.person_id, draft.receiver_id, line.next, *line.engaged])
        known = _who_came(actor, draft)
        receiver = _receiver(actor, draft, known, line)
        row = _row(actor, draft, known, receiver, at)
        if line is not None and takes_guests and _is_on_turn(row, line) and row.outcome == Outcome.POOL and known:
            row.outcome = Outcome.CLAIMED if takes_guest(actor, receiver, known) else Outcome.POOL
        _check(row, known, draft, line)
        customer = known or (enter(actor, row) if draft.leaves_details else None)
        _save(actor, row, customer, draft)
        _take(actor, row, draft, line)
        record(actor, _event(row), *_stood_in_for(row))
    return row


def _who_came(actor: Actor, draft: ReceptionDraft) -> Customer | None:
    """The customer that is known already, locked: the one named, else the one with the phone or company's name."""
    if draft.customer_id is not None:
        chosen: Customer = Customer.objects.locked(actor.in_own_right(), draft.customer_id)
        return chosen
    if draft.despite_duplicates or not draft.leaves_details:
        return None
    take_turn("customers.keys")
    same = same_customers(actor, draft.company, draft.phone).rows
    if not same:
        return None
    key = phone_key(draft.phone)
    first = min(same, key=lambda row: (row.phone_key != key, row.pk))
    rows = Customer.objects.beyond_sight(because=CAME).select_for_update(of=("self",))
    found: Customer = rows.get(pk=first.pk)
    return found


def _when(draft: ReceptionDraft) -> dt.datetime:
    now = clock.now()
    at = draft.occurred_at or now
    if at > now:
        raise RuleBroken(_("接待时间不能晚于现在。"), field="occurred_at")
    days = rules(ReceptionRules, clock.today()).back_date_days
    if (clock.today() - clock.day_of(at)).days > days:
        raise RuleBroken(_("只能补录 %(days)s 天以内的接待。") % {"days": days}, field="occurred_at")
    if draft.next_on is not None and draft.next_on < clock.day_of(at):
        raise RuleBroken(_("下次联系不能早于这次接待。"), field="next_on")
    return at


def _line(actor: Actor, draft: ReceptionDraft, at: dt.datetime) -> Line | None:
    """Those who receive by turn there, kept until the end; None where no turn is used: nobody on duty, typed later."""
    if draft.site_id is None:
        return None
    if not duty_site(actor, draft.site_id).is_active:
        raise RuleBroken(_("这个值班点已停用。"), field="site_id")
    if clock.day_of(at) != clock.today():
        return None
    hold(draft.site_id)
    line = line_of(draft.site_id)
    return line if line.people else None


def _receiver(actor: Actor, draft: ReceptionDraft, known: Customer | None, line: Line | None) -> int:
    """Who receives; RuleBroken for somebody whom the actor may not name."""
    owner = known.owner_id if known else None
    chosen = draft.receiver_id or (owner if not draft.owner_absent else None)
    if chosen is None and line is not None:
        here = actor.person_id in (line.people if owner else line.engaged)
        chosen = actor.person_id if here else line.next
    chosen = chosen or actor.person_id
    if chosen is None:
        raise RuleBroken(_("请选择接待人。"), field="receiver_id")
    free = {actor.person_id, owner, *(line.people if line else ())}
    if chosen not in free and not actor.sight.sees_person(chosen):
        raise RuleBroken(_("接待人须是您本人、当值人员、负责人或您的下属。"), field="receiver_id")
    if not people(actor).filter(pk=chosen).exists():
        raise RuleBroken(_("请选择在职的接待人。"), field="receiver_id")
    return chosen


def _row(actor: Actor, draft: ReceptionDraft, known: Customer | None, receiver: int, at: dt.datetime) -> Reception:
    texts = {name: getattr(draft, name).replace("\x00", "").strip() for name in ("company", "phone", "companions")}
    guest = " ".join(draft.name.replace("\x00", "").split())
    if draft.customer_id is not None and known and not guest and not texts["company"]:
        guest, texts["company"] = (known.name, "") if known.is_person else ("", known.name)
    row = Reception(
        **texts,
        name=guest,
        note=draft.note.replace("\x00", "").strip(),
        phone_key=phone_key(draft.phone),
        channel=draft.channel,
        site_id=draft.site_id,
        outcome=_outcome(draft, known, receiver),
        owner_id=known.owner_id if known else None,
        credit_person_id=receiver,
        credit_department_id=credited_departments([receiver], clock.day_of(at))[receiver],
        recorded_by_id=actor.person_id,
        occurred_at=at,
        recorded_at=clock.now(),
        booked_on=booking_day(clock.day_of(at)),
        party_size=draft.party_size,
        next_on=draft.next_on,
        is_team=draft.is_team,
        clock_before=known.clock_since if known else None,
        contact_before=known.last_contact_at if known else None,
    )
    check_columns(row)
    if not (known or row.name or row.company or row.phone or row.note):
        raise RuleBroken(_("请填写来客的姓名、电话,或谈了什么。"), field="name")
    if row.party_size < 1:
        raise RuleBroken(_("至少一个人。"), field="party_size")
    return row


def _is_on_turn(row: Reception, line: Line) -> bool:
    return row.credit_person_id in {line.next, *line.engaged}


def _outcome(draft: ReceptionDraft, known: Customer | None, receiver: int) -> Outcome:
    if known is None:
        return Outcome.NEW if draft.leaves_details else Outcome.UNKNOWN
    if known.owner_id is not None:
        return Outcome.OWN if known.owner_id == receiver else Outcome.COURTESY
    if held(known):
        return Outcome.DISPUTED
    return Outcome.TAKEN if known.is_awaiting else Outcome.POOL


def _check(row: Reception, known: Customer | None, draft: ReceptionDraft, line: Line | None) -> None:
    """Whose customer it is, he receives; who awaits goes to somebody on duty; else the turn decides."""
    if row.outcome == Outcome.COURTESY and not draft.owner_absent:
        name = names_of([row.owner_id or 0]).get(row.owner_id or 0, "")
        raise RuleBroken(
            _("这位客户由%(name)s负责,由他接待。他不在时请勾选「负责人不在,代为接待」。") % {"name": name},
            field="owner_absent",
        )
    if known is not None and row.outcome == Outcome.TAKEN:
        if not is_on_duty(row.credit_person_id, clock.day_of(row.occurred_at)):
            raise RuleBroken(_("待接待的客户由今天的当值人员接待。"), field="receiver_id")
        refusal = cooling(known, let_go_at(row.credit_person_id, [known.pk]))
        if refusal is not None:
            raise refusal
    if line is not None and row.outcome in BY_TURN and not _is_on_turn(row, line):
        if not draft.out_of_turn.strip():
            raise not_their_turn(line)
        row.out_of_turn = draft.out_of_turn.strip()
        check_columns(row, ["out_of_turn"])


def _save(actor: Actor, row: Reception, customer: Customer | None, draft: ReceptionDraft) -> None:
    """The reception, who assisted, and what it means for the customer."""
    if customer is not None:
        row.customer = customer
        if row.outcome in GIVEN:
            hand_to(actor, [customer], GIVEN[Outcome(row.outcome)], owner_id=row.credit_person_id)
        note_contacts(actor, [contacted(row)])
        if row.outcome == Outcome.NEW:
            row.contact_id = enter_contacts(actor, customer.pk, _to_enter(row, customer))
    Reception.objects.add(row)
    save_helpers(actor, row, draft.helper_ids)


def contacted(row: Reception) -> Contacted:
    """A reception as a contact: that of the owner, for whom others only stand in."""
    keeper = row.owner_id or row.credit_person_id
    return Contacted(
        row.customer_id or 0, keeper, row.occurred_at, next_on=row.next_on, kind=AS_CONTACT[Channel(row.channel)]
    )


def _to_enter(row: Reception, customer: Customer) -> list[ContactOfGuest]:
    """Who spoke for a company; a person is the customer himself."""
    return [] if customer.is_person or not row.name else [ContactOfGuest(row.name, row.phone)]


def save_helpers(actor: Actor, row: Reception, helper_ids: Sequence[int]) -> None:
    """Note who assisted, in place of who stood there."""
    ids = set(helper_ids) - {row.credit_person_id}
    if people(actor, active=None).filter(pk__in=ids).count() != len(ids):
        raise RuleBroken(_("请选择同事。"), field="helper_ids")
    if row.is_team and not ids:
        raise RuleBroken(_("团队接待须注明一起接待的同事。"), field="helper_ids")
    ReceptionHelper.objects.filter(reception=row).delete()
    ReceptionHelper.objects.bulk_create(ReceptionHelper(reception=row, person_id=pk) for pk in sorted(ids))


def _take(actor: Actor, row: Reception, draft: ReceptionDraft, line: Line | None) -> None:
    """Use the receiver's turn: the one that he took when they walked in, or the next."""
    if line is None or row.outcome not in BY_TURN:
        return
    if row.credit_person_id in line.engaged:
        taken = DutyTurn.objects.filter(
            site=line.site_id, person=row.credit_person_id, way=Way.TAKEN, is_void=False, reception=None
        ).order_by("-number")
        DutyTurn.objects.filter(pk__in=list(taken.values_list("pk", flat=True)[:1])).update(
            way=Way.RECEIVED, reception=row
        )
        return
    use(
        line.site_id, row.credit_person_id, Way.RECEIVED, by=actor.person_id, seen=draft.seen, reason=row.out_of_turn,
        reception_id=row.pk,
    )  # fmt: skip


def _event(row: Reception) -> GuestReceived:
    return GuestReceived(
        reception_id=row.pk,
        customer_id=row.customer_id,
        person_id=row.credit_person_id,
        department_id=row.credit_department_id,
        booked_on=row.booked_on,
        channel=row.channel,
        outcome=row.outcome,
        owner_id=row.owner_id,
        name=str(row),
    )


def _stood_in_for(row: Reception) -> list[OwnerStoodInFor]:
    if row.outcome != Outcome.COURTESY or row.owner_id is None or row.customer_id is None:
        return []
    return [OwnerStoodInFor(reception_id=row.pk, customer_id=row.customer_id, owner_id=row.owner_id)]
