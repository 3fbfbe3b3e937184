"""Who is known already, said while a name or phone is typed: customers out of sight only so many a day, each noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.duplicates import is_full, shown_today
from xiaocheng.selling.customers.events import DuplicateShown
from xiaocheng.selling.customers.models import Contact
from xiaocheng.selling.customers.queries import Likely
from xiaocheng.selling.customers.rules import CustomerRules


@dataclass(frozen=True)
class Hint:
    """Likely duplicates, and contacts in sight with the phone; `refusal` says why nobody else out of sight is named."""

    customers: Sequence[Likely] = ()
    contacts: Sequence[Contact] = ()
    refusal: str = ""
    name: str = field(default="", compare=False)  # what was typed; it tells nothing
    phone: str = field(default="", compare=False)

    @property
    def may_ask(self) -> bool:
        """True when there is an owner to ask about a customer out of sight."""
        return any(item.may_be_asked_about for item in self.customers)

    def __bool__(self) -> bool:
        return bool(self.customers or self.contacts or self.refusal)


def hint(actor: Actor, name: str, phone: str = "", *, but: int | None = None, alike: bool = True) -> Hint:
    """Likely duplicates of a name or phone; once the day's share is used up, those in sight and those shown today.

    Out of sight are told of the same ones and, with `alike`, those whose names are much like what was typed.
    The refusal comes whether or not somebody out of sight is alike: else it would tell.
    """
    if not is_full(name, phone):
        return Hint()
    same, shown = queries.same_customers(actor, name, phone, but=but, alike=alike), shown_today(actor)
    most = rules(CustomerRules, clock.today()).hints_a_day
    left = most - len(shown)
    if left > 0:
        new = [pk for pk in same.hidden if pk not in shown][:left]
        if new:
            with transaction.atomic():
                record(actor, *(DuplicateShown(customer_id=pk) for pk in new))
        shown.update(new)
    refusal = _refusal(most) if left <= 0 and not actor.sight.everyone else ""
    return Hint(queries.likely_duplicates(actor, same, shown=shown), refusal=refusal, name=name, phone=phone)


def hint_contact(actor: Actor, phone: str, *, customer: int | None = None, but: int | None = None) -> Hint:
    """Who has the phone of a contact (`but`) of a customer already: contacts in sight, else whom to ask."""
    contacts = queries.same_phone(actor, phone, but=but)
    found = hint(actor, "", phone, but=customer)
    named = {row.customer_id for row in contacts}
    return Hint(
        [item for item in found.customers if item.customer_id not in named], contacts, found.refusal, phone=phone
    )


def _refusal(most: int) -> str:
    return _(
        "今天已向您提示过 %(most)s 位您看不到的客户,为防止批量试探,今天不再提示其他同事的客户。"
        "如需确认,请询问您的主管;上限由管理员在「规则」中调整。"
    ) % {"most": most}
