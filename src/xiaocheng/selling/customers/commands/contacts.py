"""The people one talks to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import kept_of
from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import custom_values
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.phones import phone_key
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.drafts import lunar_birthday
from xiaocheng.selling.customers.events import ContactAdded, ContactEdited
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.customers.options import CONTACT
from xiaocheng.selling.customers.queries import require_contact
from xiaocheng.selling.customers.tokens import index_contacts

from .outcomes import Outcome

EDITABLE = ("name", "position", "phone", "email", "wechat", "birthday", "lunar_birthday", "home_address",
            "is_decision_maker", "note")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ContactDraft:
    """Somebody to talk to at a customer."""

    customer_id: int
    name: str
    position: str = ""
    phone: str = ""
    email: str = ""
    wechat: str = ""
    birthday: dt.date | None = None
    lunar_birthday: str = ""
    home_address: str = ""
    is_decision_maker: bool = False
    note: str = ""
    custom: Mapping[str, Any] | None = None  # the company's own fields by key; None: they were not asked for


def add_contact(actor: Actor, draft: ContactDraft) -> Contact:
    """Note one contact."""
    outcome = add_contacts(actor, [draft])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    row: Contact = Contact.objects.one(actor, outcome.row_id or 0)
    return row


@settled
def add_contacts(
    actor: Actor, drafts: Sequence[ContactDraft], *, is_import: bool = False, fresh: Collection[int] = ()
) -> list[Outcome]:
    """Note many contacts, with an outcome for each draft; the same name and phone at a customer is noted once.

    Of `fresh` customers, which the actor has just registered, nothing is hidden from him, not even in a pool.
    """
    with transaction.atomic():
        ids = {draft.customer_id for draft in drafts}
        customers = {row.pk: row for row in Customer.objects.visible_to(actor).filter(pk__in=ids)}
        actor.require(EDIT)
        taken, single = _taken(ids), Taken.among(actor, CONTACT, (draft.custom for draft in drafts))
        decided = [
            _decide(actor, customers.get(draft.customer_id), draft, taken, single, is_import, fresh) for draft in drafts
        ]
        rows = Contact.objects.add_many([row for row in decided if isinstance(row, Contact)])
        index_contacts(rows)
        record(actor, *(_added(row, is_import=is_import) for row in rows))
    return [Outcome(row_id=row.pk) if isinstance(row, Contact) else Outcome(refusal=row) for row in decided]


def _added(row: Contact, *, is_import: bool) -> ContactAdded:
    return ContactAdded(customer_id=row.customer_id, contact_id=row.pk, is_import=is_import, name=row.name)


@settled
def edit_contact(actor: Actor, contact_id: int, version: int, **values: Any) -> Contact:
    """Change a contact's details."""
    with transaction.atomic():
        row: Contact = Contact.objects.locked(actor, contact_id)
        actor.require(EDIT)
        require_contact(actor, row)
        given = editable(values)
        if "phone" in given:
            given["phone_key"] = phone_key(given["phone"])
        if values.get("custom") is not None:
            given["custom"] = custom_values(actor, CONTACT, values["custom"], row.custom)
            Taken.among(actor, CONTACT, [values["custom"]]).refuse(given["custom"], row.custom)
        before = kept_of(row, EDITABLE)
        save_edit(row, version, **given)
        if not row.name:
            raise RuleBroken(_("请填写联系人姓名。"), field="name")
        event = ContactEdited.between(row, before, kept_of(row, EDITABLE))
        if event.fields:
            index_contacts([row])
            record(actor, event)
    return row


def editable(values: Mapping[str, Any]) -> dict[str, Any]:
    """What of the values a contact keeps, the lunar birthday read as people write it."""
    given = {name: values[name] for name in EDITABLE if name in values}
    return given | ({"lunar_birthday": lunar_birthday(given["lunar_birthday"])} if "lunar_birthday" in given else {})


def _taken(customer_ids: set[int]) -> set[tuple[int, str, str]]:
    rows = Contact.objects.beyond_sight(because="a repeated contact is not noted twice")
    return set(rows.filter(customer__in=customer_ids).values_list("customer_id", "name", "phone_key"))


def _decide(
    actor: Actor,
    customer: Customer | None,
    draft: ContactDraft,
    taken: set[tuple[int, str, str]],
    single: Taken,
    is_import: bool,
    fresh: Collection[int],
) -> Contact | Refusal:
    if customer is None:
        return NotFound()
    if customer.pk not in fresh and customer.is_masked_for(actor):
        return RuleBroken(_("公海中的客户须先领取或分配,才能修改资料。"))
    row = Contact(
        customer_id=draft.customer_id,
        name=" ".join(draft.name.split()),
        position=draft.position.strip(),
        phone=draft.phone.strip(),
        phone_key=phone_key(draft.phone),
        email=draft.email.strip(),
        wechat=draft.wechat.strip(),
        birthday=draft.birthday,
        home_address=draft.home_address.strip(),
        is_decision_maker=draft.is_decision_maker,
        note=draft.note.strip(),
    )
    if not row.name:
        return RuleBroken(_("请填写联系人姓名。"), field="name")
    key = (row.customer_id, row.name, row.phone_key)
    if key in taken:
        return RuleBroken(_("这位联系人已经有了。"), field="name")
    try:
        row.lunar_birthday = lunar_birthday(draft.lunar_birthday)
        row.custom = custom_values(actor, CONTACT, draft.custom, is_import=is_import)
        check_columns(row)
        single.refuse(row.custom)
    except RuleBroken as refusal:
        return refusal
    taken.add(key)
    return row
