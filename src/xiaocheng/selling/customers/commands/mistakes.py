"""A customer or contact that was typed by mistake goes again, as long as nothing has been done with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.files.queries import attachments
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.references import used
from xiaocheng.selling.customers.access import EDIT, REGISTER
from xiaocheng.selling.customers.disputing import refuse_held
from xiaocheng.selling.customers.models import Contact, Customer, OwnershipEpisode

from .undo import undo_contacts, undo_registrations

PARTS = tuple(f"customers.{part}.customer" for part in ("Contact", "OwnershipEpisode", "GroupMember"))  # go with it
USED = _("已经有拜访、商机、待办、附件等记录,不能删除。重复的客户可以合并,不再跟进的可以退回公海。")
CONTACT_USED = _("已经有拜访、联系许可或附件等记录,不能删除。重复的联系人可以合并。")


def take_back_registration(actor: Actor, customer_id: int) -> None:
    """Remove a customer that was registered by mistake, with its contacts: by its owner or who has him in sight."""
    with transaction.atomic():
        row: Customer = Customer.objects.locked(actor.in_own_right(), customer_id)
        actor.require(REGISTER)
        if row.owner_id is None or not actor.sight.sees_person(row.owner_id):
            raise RuleBroken(_("由负责人或其上级删除误登记的客户。"))
        refuse_held(row)
        stretches = OwnershipEpisode.objects.visible_to(actor).filter(customer=row).count()
        people = list(Contact.objects.visible_to(actor).filter(customer=row).values_list("pk", flat=True))
        if stretches > 1 or _is_used(actor, Customer, [row.pk]) or _is_used(actor, Contact, people):
            raise RuleBroken(USED)
        if people:
            undo_contacts(actor, people)
        undo_registrations(actor, [row.pk])


def take_back_contact(actor: Actor, contact_id: int) -> None:
    """Remove a contact that was noted by mistake."""
    with transaction.atomic():
        row: Contact = Contact.objects.locked(actor.in_own_right(), contact_id)
        actor.require(EDIT)
        if _is_used(actor, Contact, [row.pk]):
            raise RuleBroken(CONTACT_USED)
        undo_contacts(actor, [row.pk])


def _is_used(actor: Actor, model: type[Customer | Contact], ids: Sequence[int]) -> bool:
    """True when one of the rows has files, or a row that does not go with it points at it."""
    files = (attachments(actor, model._meta.label_lower, pk).exists() for pk in ids)
    return any(files) or next(used(model, ids, but=PARTS), None) is not None
