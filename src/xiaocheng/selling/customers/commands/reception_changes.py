"""A reception is corrected, or taken back with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import differing, kept, kept_of
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.events import ReceptionCancelled, ReceptionEdited
from xiaocheng.selling.customers.models import Customer, DutyTurn, Reception
from xiaocheng.selling.customers.models.reception import changed_by

from .contacted import note_contacts
from .receptions import contacted, save_helpers
from .turns import checked_reason

BEHIND = "the reception was allowed to be taken back; the customer's time limit follows"

NOTED = ("name", "party_size", "companions", "note", "next_on", "is_team")


def edit_reception(
    actor: Actor,
    reception_id: int,
    version: int,
    *,
    name: str,
    party_size: int,
    companions: str,
    note: str,
    next_on: dt.date | None,
    helper_ids: Sequence[int],
    is_team: bool,
) -> Reception:
    """Correct what was noted; by whom received, registered, or worked with him as a team, or by who is above him.

    Who assisted without that reads along and changes nothing: whose the reception is, is not theirs to say.
    """
    with transaction.atomic():
        row = _allowed(actor, reception_id)
        if party_size < 1:
            raise RuleBroken(_("至少一个人。"), field="party_size")
        if next_on is not None and next_on < clock.day_of(row.occurred_at):
            raise RuleBroken(_("下次联系不能早于这次接待。"), field="next_on")
        before = _noted(row)
        save_edit(
            row, version, name=" ".join(name.split()), party_size=party_size, companions=companions.strip(),
            note=note.strip(), next_on=next_on, is_team=is_team,
        )  # fmt: skip
        save_helpers(actor, row, helper_ids)
        if row.customer_id and next_on:
            note_contacts(actor, [contacted(row)])
        was, now = differing(before, _noted(row))
        if now:
            record(actor, ReceptionEdited(reception_id=row.pk, before=was, after=now))
    return row


def cancel_reception(actor: Actor, reception_id: int, reason: str) -> Reception:
    """Take a reception back: it counts no more, its turn and its effect on the time limit neither; owners stay."""
    with transaction.atomic():
        row = _allowed(actor, reception_id)
        if booking_day(row.booked_on) != row.booked_on:
            raise RuleBroken(_("这一天所在的期间已经关账,不能作废。"))
        row.cancelled_at, row.cancelled_by_id = clock.now(), actor.person_id
        row.cancel_reason = checked_reason(reason)
        row.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
        DutyTurn.objects.filter(reception=row).update(is_void=True)
        _take_back_the_contact(row)
        record(
            actor,
            ReceptionCancelled(
                reception_id=row.pk,
                customer_id=row.customer_id,
                person_id=row.credit_person_id,
                department_id=row.credit_department_id,
                booked_on=row.booked_on,
                reason=row.cancel_reason,
            ),
        )
    return row


def _allowed(actor: Actor, reception_id: int) -> Reception:
    row: Reception = Reception.objects.locked(actor, reception_id)
    actor.require(RECEIVE)
    if not changed_by(actor, row):
        raise RuleBroken(_("只有接待人、登记人、团队接待的同事或接待人的上级可以修改这次接待。"))
    if row.cancelled_at is not None:
        raise RuleBroken(_("这次接待已作废。"))
    return row


def _noted(row: Reception) -> dict[str, str]:
    """What may be corrected, as the journal keeps it; who assisted by their names of today."""
    helpers = row.helpers.order_by("person_id").values_list("person__name", flat=True)
    return kept_of(row, NOTED) | {"helpers": kept(list(helpers))}


def _take_back_the_contact(row: Reception) -> None:
    """Where nothing has happened since, the customer's last contact and time limit are what they were before."""
    if row.customer_id is None:
        return
    rows = Customer.objects.beyond_sight(because=BEHIND).filter(pk=row.customer_id)
    rows.filter(last_contact_at=row.occurred_at).update(last_contact_at=row.contact_before)
    if row.clock_before is not None:
        rows.filter(clock_since=row.occurred_at, owner=row.owner_id).update(clock_since=row.clock_before)
