"""Details of people are shown with a note of who had them shown."""

from __future__ import annotations

from django.db import transaction

from xiaocheng.foundation.import_export.events import ListExported
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.kernel.journal import drop_entries, record
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import ERASE, READ_DETAILS
from xiaocheng.selling.customers.events import AccessLogShortened, DetailsRead
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.personal_data import PersonalDataRules, Reading
from xiaocheng.selling.customers.queries import details_of


def read_details(actor: Actor, customer_id: int) -> None:
    """Show the phones and addresses of a customer that is not one's own, for the rest of the day, and note it."""
    with transaction.atomic():
        row: Customer = Customer.objects.one(actor, customer_id)
        reading = details_of(actor, row)
        if reading is Reading.HIDDEN:
            raise NotAllowed(READ_DETAILS)
        if reading is Reading.NOTED:
            record(actor, DetailsRead(customer_id=row.pk))


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
