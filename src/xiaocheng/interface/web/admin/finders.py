"""People in the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org import queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.interface.web.shell.finding import ASKED, Hit, finder
from xiaocheng.selling.customers.access import SEE


@finder(_("人员"), icon="user", order=50)
def people(actor: Actor, text: str) -> list[Hit]:
    """The people whom the actor sees: their own page, or, for who does not keep it, their customers."""
    if not actor.can(MANAGE_PEOPLE) and not actor.can(SEE):
        return []
    seen = queries.people(actor, text).filter(pk__in=queries.assignable(actor).order_by().values("pk"))[:ASKED]
    return [Hit(_address(actor, row.pk), row.name, row.department.name) for row in seen]


def _address(actor: Actor, person_id: int) -> str:
    if actor.can(MANAGE_PEOPLE):
        return reverse("admin:person", args=[person_id])
    return f"{reverse('customers:list')}?tab=all&owner={person_id}"
