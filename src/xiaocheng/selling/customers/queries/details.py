"""Phones, addresses and birthdays, as far as somebody may read them, and who has read them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import has_noted
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import READ_DETAILS
from xiaocheng.selling.customers.events import DetailsRead
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.customers.personal_data import PersonalDataRules, Reading


def masked(phone: str) -> str:
    """A phone number of which only the ends are shown."""
    return f"{phone[:3]}****{phone[-2:]}" if len(phone) > 5 else ("****" if phone else "")


def details_of(actor: Actor, row: Customer) -> Reading:
    """How far the actor may read a customer's details now; what he has had shown to him stays open for the day."""
    reading = row.details_for(actor)
    today = clock.today()
    asked = reading is Reading.NOTED and has_noted(
        actor, DetailsRead, "customers.customer", row.pk, since=clock.bounds(today, today)[0]
    )
    return Reading.FREE if asked else reading


def require_details(actor: Actor, row: Customer) -> None:
    """Refuse whoever does not read a customer's details freely: what one cannot read, one cannot change."""
    reading = details_of(actor, row)
    if reading is Reading.HIDDEN and row.is_masked_for(actor):
        raise RuleBroken(_("公海中的客户须先领取或分配,才能修改资料。"))
    if reading is Reading.HIDDEN:
        raise NotAllowed(READ_DETAILS)
    if reading is Reading.NOTED:
        raise RuleBroken(_("请先在客户页面点「显示」查看联系方式,再修改资料。"))


def require_contact(actor: Actor, row: Contact) -> None:
    """Refuse whoever does not read a contact's details freely, and everybody once they were erased."""
    if row.erased_at is not None:
        raise RuleBroken(_("这位联系人的个人信息已经清除,不能再修改。如需继续联系,请添加联系人。"))
    require_details(actor, row.customer)


def customer_to_change(actor: Actor, customer_id: int) -> Customer:
    """One customer whose details the actor may read and change."""
    row: Customer = Customer.objects.one(actor.in_own_right(), customer_id)
    require_details(actor, row)
    return row


def contact_to_change(actor: Actor, contact_id: int) -> Contact:
    """One contact whose details the actor may read and change, with the customer and its owner."""
    row: Contact = Contact.objects.one(actor, contact_id, "customer__owner")
    require_contact(actor, row)
    return row


def reads_freely(actor: Actor) -> Callable[[int | None], bool]:
    """How a list decides, by the owner of the customer, whether it shows details in full; it asks no database, so what
    was only opened to the actor is masked in lists and shown on its own page."""
    free = actor.can(READ_DETAILS) and (actor.is_system or not rules(PersonalDataRules, clock.today()).notes_reading)
    return lambda owner_id: (
        (free and (owner_id is not None or actor.sight.everyone))
        or (owner_id is not None and owner_id == actor.person_id)
    )
