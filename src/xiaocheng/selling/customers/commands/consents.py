"""Whether people agreed to be called or written to is noted: by hand, and from files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.events import ConsentImported, ConsentNoted, ConsentTakenBack
from xiaocheng.selling.customers.models import Consent, Contact, Customer
from xiaocheng.selling.customers.models.consent import CHANNELS
from xiaocheng.selling.customers.queries import require_contact, require_details

OF_COMPANY = _("公司客户的联系许可记在联系人上。")
TOLD = "the rows were found, and are changed, by the import that tells this of them"
Whom = tuple[int, int | None, str]  # customer, contact (None: the customer himself), channel


@dataclass(frozen=True)
class Told:
    """What a file says that somebody agreed to or refused."""

    customer_id: int
    contact_id: int | None
    channel: str
    is_given: bool

    @property
    def whom(self) -> Whom:
        """Of whom and of which way."""
        return self.customer_id, self.contact_id, self.channel


def note_consent(
    actor: Actor, customer_id: int, channel: str, *, is_given: bool, contact_id: int | None = None, note: str = ""
) -> Consent:
    """Note that a contact, or a customer who is a person, agreed to be reached in one way, or refused it."""
    with transaction.atomic():
        customer: Customer = Customer.objects.one(actor.in_own_right(), customer_id)
        actor.require(EDIT)
        require_details(actor, customer)
        if contact_id is not None:
            _check_contact(actor, customer, contact_id)
        if contact_id is None and not customer.is_person:
            raise RuleBroken(OF_COMPANY)
        if channel not in CHANNELS:
            raise RuleBroken(_("请从列出的选项中选择。"), field="channel")
        row: Consent = Consent.objects.add(_row(actor, Told(customer.pk, contact_id, channel, is_given), note.strip()))
        record(
            actor,
            ConsentNoted(
                customer_id=customer.pk, contact_id=contact_id, channel=channel, is_given=is_given, note=row.note
            ),
        )
    return row


def _check_contact(actor: Actor, customer: Customer, contact_id: int) -> None:
    row: Contact = Contact.objects.one(actor, contact_id, "customer")
    if row.customer_id != customer.pk:
        raise NotFound
    require_contact(actor, row)


def note_told(actor: Actor, told: Sequence[Told]) -> dict[Whom, tuple[bool | None, bool]]:
    """Note what an import tells, where it is not the last word already: what stood there, and what does now."""
    with transaction.atomic():
        actor.require(EDIT)
        last = {whom: row.is_given for whom, row in _last(told).items()}
        new = {item.whom: item for item in told if last.get(item.whom) is not item.is_given}
        Consent.objects.add_many([_row(actor, item, is_imported=True) for item in new.values()])
        record(actor, *(ConsentImported(**vars(item)) for item in new.values()))
    return {whom: (last.get(whom), item.is_given) for whom, item in new.items()}


def take_back_told(actor: Actor, told: Sequence[Told]) -> set[Whom]:
    """Take back what an import told, where nobody has noted anything since: the word before it is the last again."""
    with transaction.atomic():
        actor.require(EDIT)
        last = _last(told)
        gone = [item for item in told if _is_of(last.get(item.whom), item)]
        ids = [last[item.whom].pk for item in gone]
        Consent.objects.beyond_sight(because=TOLD).filter(pk__in=ids).delete()
        record(actor, *(ConsentTakenBack(**vars(item)) for item in gone))
    return {item.whom for item in gone}


def _is_of(row: Consent | None, item: Told) -> bool:
    return row is not None and row.is_imported and row.is_given is item.is_given


def _last(told: Collection[Told]) -> dict[Whom, Consent]:
    rows = Consent.objects.beyond_sight(because=TOLD).filter(customer__in={item.customer_id for item in told})
    return {(row.customer_id, row.contact_id, row.channel): row for row in rows.order_by("pk")}


def _row(actor: Actor, item: Told, note: str = "", *, is_imported: bool = False) -> Consent:
    return Consent(
        customer_id=item.customer_id,
        contact_id=item.contact_id,
        channel=item.channel,
        is_given=item.is_given,
        note=note,
        noted_by_id=actor.person_id,
        noted_at=clock.now(),
        is_imported=is_imported,
    )
