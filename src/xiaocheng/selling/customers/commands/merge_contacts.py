"""Two contacts of a customer are one person: one stays, and what the other one was met for is its own."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.once import settled
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record, tell_also_of
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.events import ContactsMerged
from xiaocheng.selling.customers.merging import leave_own_values, values_of_contact
from xiaocheng.selling.customers.models import Contact, contact_index
from xiaocheng.selling.customers.queries import require_contact
from xiaocheng.selling.customers.tokens import index_contacts

from .merge import locked_pair

CONTACT = "customers.contact"


@settled
def merge_contacts(
    actor: Actor, survivor_id: int, merged_id: int, *, versions: tuple[int, int], take: Collection[str] = ()
) -> Contact:
    """Merge a contact into another one of the same customer, for good; empty fields are filled from it.

    `take` names the fields whose value comes from the one that goes. `versions` are those that the person saw.
    """
    with transaction.atomic():
        kept, gone = locked_pair(actor, Contact, survivor_id, merged_id)
        actor.require(EDIT)
        _decide(actor, kept, gone, versions)
        leave_own_values(gone)
        save_edit(kept, versions[0], **values_of_contact(kept, gone, take))
        tell_also_of(CONTACT, gone.pk, kept.pk)
        event = ContactsMerged(
            customer_id=kept.customer_id,
            contact_id=kept.pk,
            merged_id=gone.pk,
            name=kept.name,
            merged_name=gone.name,
        )
        record(actor, event)
        contact_index.remove([gone.pk])
        gone.delete()
        index_contacts([kept])
    return kept


def _decide(actor: Actor, kept: Contact, gone: Contact, versions: tuple[int, int]) -> None:
    if kept.pk == gone.pk or kept.customer_id != gone.customer_id:
        raise RuleBroken(_("请选择同一位客户的另一位联系人。"), field="merged_id")
    require_contact(actor, kept)
    require_contact(actor, gone)
    if gone.edit_version != versions[1]:
        raise RuleBroken(_("要合并的联系人刚刚被别人修改过,请重新核对。"))
