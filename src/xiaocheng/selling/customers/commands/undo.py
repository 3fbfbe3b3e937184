"""What was registered by mistake goes again, as long as nobody has worked with it: the caller has made sure of that."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import update_many
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.selling.customers.access import EDIT, REGISTER
from xiaocheng.selling.customers.conversions import CONVERTED, first_deal_undone, stages_before
from xiaocheng.selling.customers.events import ContactUndone, RegistrationUndone
from xiaocheng.selling.customers.models import Consent, Contact, Customer, OwnershipEpisode, contact_index, search_index
from xiaocheng.selling.customers.models.customers import CUSTOMER, PROSPECT
from xiaocheng.selling.customers.tokens import index_again

from .contacted import ALLOWED


def undo_registrations(actor: Actor, customer_ids: Sequence[int]) -> None:
    """Remove customers with the episode they began with; those of a closed period stay."""
    with transaction.atomic():
        rows = list(Customer.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=customer_ids))
        actor.require(REGISTER)
        if len(rows) < len(customer_ids):
            raise NotFound
        for row in rows:
            if booking_day(row.booked_on) != row.booked_on:
                raise RuleBroken(_("「%(name)s」登记在已关账的期间,不能撤销。") % {"name": row.name})
        OwnershipEpisode.objects.visible_to(actor).filter(customer__in=customer_ids).delete()
        Consent.objects.visible_to(actor).filter(customer__in=customer_ids).delete()
        Customer.objects.visible_to(actor).filter(pk__in=customer_ids).delete()
        search_index.remove(customer_ids)
        record(actor, *map(_undone, rows))


def undo_contacts(actor: Actor, contact_ids: Sequence[int]) -> None:
    """Remove contacts."""
    with transaction.atomic():
        rows = list(Contact.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=contact_ids))
        actor.require(EDIT)
        if len(rows) < len(contact_ids):
            raise NotFound
        Contact.objects.visible_to(actor).filter(pk__in=contact_ids).delete()
        contact_index.remove(contact_ids)
        index_again({row.customer_id for row in rows})
        record(actor, *(ContactUndone(customer_id=row.customer_id, contact_id=row.pk, name=row.name) for row in rows))


def undo_first_deals(actor: Actor, customer_ids: Collection[int]) -> None:
    """The only deal that these customers had made was a mistake: they are again what they were before it."""
    with transaction.atomic():
        made = Customer.objects.beyond_sight(because=ALLOWED).filter(pk__in=customer_ids)
        rows = list(made.exclude(became_customer_on=None).select_for_update(of=("self",)))
        former = stages_before(customer_ids)
        undone = []
        for row in rows:
            undone.append(first_deal_undone(row))
            if row.stage == CUSTOMER:
                row.stage = former.get(row.pk, PROSPECT)
            row.became_customer_on = row.converted_by_id = row.converted_department_id = None
            row.clock_since = clock.now() if row.owner_id else None
        update_many(rows, "stage", *CONVERTED)
        record(actor, *undone)


def _undone(row: Customer) -> RegistrationUndone:
    return RegistrationUndone(
        customer_id=row.pk,
        credit_person_id=row.credit_person_id,
        credit_department_id=row.credit_department_id,
        booked_on=row.booked_on,
        name=row.name,
    )
