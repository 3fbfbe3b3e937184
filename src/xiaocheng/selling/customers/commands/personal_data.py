"""Details of people: shown with a note of who had them shown; agreed to be used, or not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.import_export.events import ListExported
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import drop_entries, record
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import EDIT, ERASE, READ_DETAILS
from xiaocheng.selling.customers.events import AccessLogShortened, ConsentNoted, DetailsRead
from xiaocheng.selling.customers.models import Consent, Contact, Customer
from xiaocheng.selling.customers.models.consent import CHANNELS
from xiaocheng.selling.customers.personal_data import PersonalDataRules, Reading
from xiaocheng.selling.customers.queries import details_of, require_details


def read_details(actor: Actor, customer_id: int) -> None:
    """Show the phones and addresses of a customer that is not one's own, for the rest of the day, and note it."""
    with transaction.atomic():
        row: Customer = Customer.objects.one(actor, customer_id)
        reading = details_of(actor, row)
        if reading is Reading.HIDDEN:
            raise NotAllowed(READ_DETAILS)
        if reading is Reading.NOTED:
            record(actor, DetailsRead(customer_id=row.pk))


def note_consent(
    actor: Actor, customer_id: int, channel: str, *, is_given: bool, contact_id: int | None = None, note: str = ""
) -> Consent:
    """Note that a contact, or a customer who is a person, agreed to be reached in one way, or refused it."""
    with transaction.atomic():
        customer: Customer = Customer.objects.one(actor.in_own_right(), customer_id)
        actor.require(EDIT)
        require_details(actor, customer)
        if contact_id is not None and Contact.objects.one(actor, contact_id).customer_id != customer.pk:
            raise NotFound
        if contact_id is None and not customer.is_person:
            raise RuleBroken(_("公司客户的联系许可记在联系人上。"))
        if channel not in CHANNELS:
            raise RuleBroken(_("请从列出的选项中选择。"), field="channel")
        row: Consent = Consent.objects.add(
            Consent(
                customer=customer,
                contact_id=contact_id,
                channel=channel,
                is_given=is_given,
                note=note.strip(),
                noted_by_id=actor.person_id,
                noted_at=clock.now(),
            )
        )
        record(
            actor,
            ConsentNoted(
                customer_id=customer.pk, contact_id=contact_id, channel=channel, is_given=is_given, note=row.note
            ),
        )
    return row


def shorten_access_log(actor: Actor) -> int:
    """Delete what the journal keeps of readings and exports beyond the months of the rule, in short transactions."""
    actor.require(ERASE)
    months = rules(PersonalDataRules, clock.today()).log_months
    if not months:
        return 0
    first = months_after(clock.today(), -months)
    count = 0
    while dropped := drop_entries([DetailsRead, ListExported], clock.bounds(first, first)[0]):
        count += dropped
    if count:
        with transaction.atomic():
            record(actor, AccessLogShortened(count=count, before=first))
    return count
