"""Products in the search over everything."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.finding import ASKED, Hit, finder
from xiaocheng.selling.catalogue import queries
from xiaocheng.selling.catalogue.access import MANAGE


@finder(_("产品"), icon="package", order=40, more="catalogue:list")
def products(actor: Actor, text: str) -> list[Hit]:
    """Products with their code; they lead to their form or, for who does not keep them, to the list."""
    found = queries.products(actor, text)[:ASKED]
    if actor.can(MANAGE):
        return [Hit(reverse("catalogue:edit", args=[row.pk]), row.name, row.code) for row in found]
    return [Hit(f"{reverse('catalogue:list')}?{urlencode({'q': row.code})}", row.name, row.code) for row in found]
