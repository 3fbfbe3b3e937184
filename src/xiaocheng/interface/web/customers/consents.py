"""What somebody agreed to, as the pages of customers and contacts show it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.queries import CHANNELS, Consent


def agreed(actor: Actor, customer_id: int, contact_id: int | None = None) -> dict[str, Any]:
    """Each way of being reached with the last word on it, and the form for the next."""
    known = queries.consents(actor, customer_id, contact_id)
    name, pk = ("note_contact_consent", contact_id) if contact_id else ("note_consent", customer_id)
    return {
        "consents": [(label, _mark(known.get(key)), _basis(known.get(key))) for key, label in CHANNELS.items()],
        "consent_link": Link(_("记录"), f"customers:{name}", (pk,), icon="pencil", drawer=True),
    }


def _mark(row: Consent | None) -> object:
    if row is None:
        return pill(_("未询问"), "grey")
    return pill(_("同意"), "green") if row.is_given else pill(_("不同意"), "red")


def _basis(row: Consent | None) -> str:
    return f"{formats.day(row.noted_at)} {row.note}".strip() if row else ""
