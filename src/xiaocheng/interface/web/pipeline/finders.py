"""Opportunities in the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import first_rows
from xiaocheng.interface.web.shell.finding import ASKED, Hit, finder
from xiaocheng.selling.pipeline import queries
from xiaocheng.selling.pipeline.access import SEE


@finder(_("商机"), SEE, icon="target", order=30, more="pipeline:list")
def opportunities(actor: Actor, text: str) -> list[Hit]:
    """Opportunities with their stage."""
    found = first_rows(queries.opportunities(actor, search=text), ASKED)
    return [Hit(reverse("pipeline:opportunity", args=[row.pk]), row.name, row.stage.name) for row in found]
