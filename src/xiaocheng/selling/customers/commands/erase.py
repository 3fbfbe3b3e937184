"""Personal data is erased for good: what happened, and every figure, stays; whom it was with does not."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.approvals.commands import forget_comments
from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.import_export.commands import forget_changes
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import forget, record
from xiaocheng.selling.customers.access import ERASE
from xiaocheng.selling.customers.events import PersonalDataErased
from xiaocheng.selling.customers.models import (
    Consent,
    Contact,
    Customer,
    CustomerMerge,
    CustomerNote,
    Extension,
    GroupMember,
    OwnershipEpisode,
    Reception,
    RestoreOffer,
)
from xiaocheng.selling.customers.models.contacts import PERSONAL as OF_CONTACT
from xiaocheng.selling.customers.models.customers import PERSONAL
from xiaocheng.selling.customers.models.reception import GUEST, UNKNOWN_GUEST
from xiaocheng.selling.customers.tokens import index_again, index_contacts

from .dispute_ends import forget_disputes
from .outcomes import Outcome
from .question_ends import forget_questions
from .team import end_team_work

DECIDED = "the customers were loaded and allowed before"
CUSTOMER, CONTACT, RECEPTION = "customers.customer", "customers.contact", "customers.reception"
EXTENSION = "customers.extension"


def erase(actor: Actor, customer_ids: Sequence[int], reason: str) -> list[Outcome]:
    """Erase what is known about customers who are persons, each for itself, with an outcome for each id.

    Names, phones, addresses, texts, files and the journal's personal values go, in all modules; credits, amounts and
    days stay. It cannot be undone. Refused while a customer has open opportunities.
    """
    actor.require(ERASE)
    return [_outcome(actor, pk, reason) for pk in customer_ids]


def erase_contact(actor: Actor, contact_id: int, reason: str) -> None:
    """Erase what is known about one contact; that there was one stays. It cannot be undone."""
    _raised(erase_contacts(actor, [contact_id], reason))


def erase_contacts(actor: Actor, contact_ids: Sequence[int], reason: str) -> list[Outcome]:
    """Erase what is known about contacts, with an outcome for each id; that there were some stays."""
    with transaction.atomic():
        seen = Contact.objects.visible_to(actor.in_own_right()).filter(pk__in=contact_ids, erased_at=None)
        rows = list(seen.select_for_update(of=("self",)).order_by("pk"))
        actor.require(ERASE)
        why = _checked(reason)
        _forget_contacts(actor, rows)
        record(actor, *(_erased(why, customer_id=row.customer_id, contact_id=row.pk) for row in rows))
    return _outcomes(contact_ids, rows)


def erase_guests(actor: Actor, reception_ids: Sequence[int], reason: str) -> list[Outcome]:
    """Erase who came in or called without becoming a customer, with an outcome for each; the receptions count on."""
    with transaction.atomic():
        seen = Reception.objects.visible_to(actor).filter(UNKNOWN_GUEST, pk__in=reception_ids)
        rows = list(seen.select_for_update(of=("self",)).order_by("pk"))
        actor.require(ERASE)
        why = _checked(reason)
        _forget_receptions(Q(pk__in=[row.pk for row in rows]))
        record(actor, *(_erased(why, reception_id=row.pk) for row in rows))
    return _outcomes(reception_ids, rows)


def _erased(
    reason: str, *, customer_id: int | None = None, contact_id: int | None = None, reception_id: int | None = None
) -> PersonalDataErased:
    return PersonalDataErased(customer_id=customer_id, contact_id=contact_id, reception_id=reception_id, reason=reason)


def _outcomes(ids: Sequence[int], rows: Sequence[Contact] | Sequence[Reception]) -> list[Outcome]:
    """What became of each id: one that is out of sight, or erased already, is not there."""
    done = {row.pk for row in rows}
    return [Outcome(row_id=pk) if pk in done else Outcome(refusal=NotFound()) for pk in ids]


def _raised(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.refusal is not None:
            raise outcome.refusal


def _outcome(actor: Actor, customer_id: int, reason: str) -> Outcome:
    try:
        with transaction.atomic():
            _erase(actor, customer_id, _checked(reason))
    except Refusal as refusal:
        return Outcome(refusal=refusal)
    return Outcome(row_id=customer_id)


def _erase(actor: Actor, customer_id: int, reason: str) -> None:
    row: Customer = Customer.objects.locked(actor.in_own_right(), customer_id)
    if row.erased_at is not None:
        raise NotFound
    if not row.is_person:
        raise RuleBroken(_("公司的资料不是个人信息;请到联系人页面清除联系人的个人信息。"))
    _forget_contacts(actor, list(Contact.objects.beyond_sight(because=DECIDED).filter(customer=row)))
    Consent.objects.beyond_sight(because=DECIDED).filter(customer=row).update(note="")
    episodes = OwnershipEpisode.objects.beyond_sight(because=DECIDED)
    episodes.filter(customer=row, ended_at=None).update(ended_at=clock.now(), ended_cause="erasure")
    asked = Extension.objects.beyond_sight(because=DECIDED)
    asked = asked.filter(episode__customer=row)
    asked.update(reason="", answer="")
    forget_comments(actor, EXTENSION, list(asked.values_list("pk", flat=True)))
    end_team_work(actor, [row], None)
    forget_disputes(actor, row.pk)
    forget_questions(actor, row.pk)
    CustomerNote.objects.beyond_sight(because=DECIDED).filter(customer=row).delete()
    RestoreOffer.objects.beyond_sight(because=DECIDED).filter(customer=row).update(answer="")
    name = f"#{row.pk}"
    Customer.objects.beyond_sight(because=DECIDED).filter(pk=row.pk).update(
        **dict.fromkeys(PERSONAL, ""), custom={}, name=name, name_key=name, sort_key=name, phone_key="",
        birthday=None, latitude=None, longitude=None, next_contact_on=None, owner=None, pool=None, is_awaiting=False,
        clock_since=None, extended_to=None, erased_at=clock.now(), edit_version=row.edit_version + 1,
    )  # fmt: skip
    _forget_receptions(Q(customer=row))
    GroupMember.objects.filter(customer=row).delete()
    index_again([row.pk])
    discard(actor, CUSTOMER, [row.pk])
    ids = [row.pk, *_forget_merged_into(row.pk)]
    forget(CUSTOMER, ids)
    forget_changes(actor, CUSTOMER, ids)
    record(actor, _erased(reason, customer_id=row.pk))


def _forget_merged_into(customer_id: int) -> list[int]:
    """No copy is left of the customers that were found to be this one, nor of those that had been found to be them."""
    merges = CustomerMerge.objects.beyond_sight(because=DECIDED)
    found, newest = [], [customer_id]
    while newest:
        newest = list(merges.filter(survivor_id__in=newest, undone_at=None).values_list("merged_id", flat=True))
        found += newest
    merges.filter(survivor_id__in=[customer_id, *found]).update(merged_name="—", row={}, changed={})
    return found


def _forget_contacts(actor: Actor, rows: Sequence[Contact]) -> None:
    ids = [row.pk for row in rows]
    Contact.objects.beyond_sight(because=DECIDED).filter(pk__in=ids).update(
        **dict.fromkeys(OF_CONTACT, ""), name=Concat(Value("#"), Cast("pk", CharField())), birthday=None, custom={},
        erased_at=clock.now(), edit_version=F("edit_version") + 1,
    )  # fmt: skip
    index_contacts(Contact.objects.beyond_sight(because=DECIDED).filter(pk__in=ids))
    Consent.objects.beyond_sight(because=DECIDED).filter(contact__in=ids).update(note="")
    _forget_receptions(Q(contact__in=ids))
    forget(CONTACT, ids)
    forget_changes(actor, CONTACT, ids)


def _forget_receptions(whose: Q) -> None:
    """Who came in is no more told; that somebody did, when and to whom it is credited, stays."""
    rows = Reception.objects.beyond_sight(because=DECIDED).filter(whose)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(**dict.fromkeys(GUEST, ""), edit_version=F("edit_version") + 1)
    forget(RECEPTION, ids)


def _checked(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("请写明清除的原因,例如:本人要求。"), field="reason")
    return reason.strip()
