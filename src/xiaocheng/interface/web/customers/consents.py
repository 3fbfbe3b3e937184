"""What somebody agreed to and refused, as pages show it: a warning where one is about to call or write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Request
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.screens import Column
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import CHANNELS, CONSENT_NAMES, CONSENT_STATES, CONSENTS, Consent

TONES = {"given": "green", "refused": "red", "unasked": "grey"}
MOST_WARNED = 5  # people named beneath a form
Words = Mapping[str, Consent]


def agreed(known: Words, customer_id: int, contact_id: int | None = None) -> dict[str, Any]:
    """Each way of being reached with the last word on it, and the form for the next."""
    name, pk = ("note_contact_consent", contact_id) if contact_id else ("note_consent", customer_id)
    return {
        "consents": [(label, _mark(known.get(key)), _basis(known.get(key))) for key, label in CHANNELS.items()],
        "consent_link": Link(_("记录"), f"customers:{name}", (pk,), icon="pencil", drawer=True),
    }


def state_pill(state: str) -> SafeString | str:
    """Agreed or refused; nothing of somebody who was not asked."""
    return pill(CONSENT_STATES[state], TONES[state]) if state else ""


def _mark(row: Consent | None) -> object:
    return state_pill(row.state if row else "unasked")


def _basis(row: Consent | None) -> str:
    if row is None:
        return ""
    basis = _("来自导入") if row.is_imported else row.note
    return f"{formats.day(row.noted_at)} {basis}".strip()


def refused(known: Words, *channels: str) -> SafeString:
    """A warning of what was refused of these ways, or of any, with the day; it stands where one calls or writes."""
    return format_html_join(" ", "{}", ((pill(words, "red"),) for words in _refusals(known, channels)))


def _refusals(known: Words, channels: Collection[str] = ()) -> list[str]:
    """What was refused in words: what was refused on one day together, the latest first."""
    days: dict[str, list[str]] = {}
    rows = [known[channel] for channel in channels or CHANNELS if channel in known and not known[channel].is_given]
    for row in sorted(rows, key=lambda row: clock.day_of(row.noted_at), reverse=True):
        days.setdefault(formats.day(row.noted_at), []).append(str(CHANNELS[row.channel]))
    return [_("不同意%(channel)s · %(day)s") % {"channel": listed(names), "day": day} for day, names in days.items()]


def with_warning(phone: object, said: Iterable[Consent]) -> object:
    """A phone, with a warning behind it if calls or texts were refused."""
    warning = refused(queries.last_words(said), "phone", "sms") if phone else ""
    return format_html("{} {}", phone, warning) if warning else phone


def consent_columns(may_read: Callable[[Any], bool]) -> list[Column]:
    """A column for each way of being reached; empty for whom nobody asked, and where the reader sees no consents."""

    def state(channel: str, row: Any) -> str:
        said = queries.last_words(row.said).get(channel) if may_read(row) else None
        return said.state if said else ""

    return [
        Column(CONSENT_NAMES[channel], partial(state, channel), show=state_pill, key=name, needs=name)
        for name, channel in CONSENTS.items()
    ]


@access(SEE)
def warned(request: Request) -> HttpResponse:
    """Who at the customer that a form names refused to be called or written to."""
    chosen = request.GET.get("customer_id", "")
    return render(request, "customers/warned.html", {"warnings": warnings_at(request.actor, chosen)})


@dataclass(frozen=True)
class Warnings:
    """Who refused which ways of being reached, and how many more there are."""

    told: Sequence[tuple[str, Sequence[str]]]
    more: int


def warnings_at(actor: Actor, chosen: str) -> Warnings:
    """The refusals at the customer that a form names, in words: of himself, and of its contacts by name."""
    customer = int(chosen) if chosen.isdigit() and len(chosen) < 19 else 0
    return warnings_among(actor, [customer] if customer else []).get(customer, Warnings((), 0))


def warnings_among(actor: Actor, customer_ids: Collection[int]) -> dict[int, Warnings]:
    """The same of each of some customers at which anybody refused anything."""
    found = queries.consents_among(actor, customer_ids) if customer_ids and actor.can(SEE) else {}
    among = {}
    for customer, said in found.items():
        told = [(_name(known), words) for known in said.values() if (words := _refusals(known))]
        if told:
            among[customer] = Warnings(told[:MOST_WARNED], len(told[MOST_WARNED:]))
    return among


class ReachForm(Form):
    """A form about being in touch with a customer: above it stands who there refused to be called or written to."""

    template_name = "customers/reach_form.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer_id"].widget.attrs |= {
            "hx-get": reverse("customers:warned"), "hx-trigger": "change", "hx-target": "#warned",
        }  # fmt: skip

    def warnings(self) -> Warnings:
        """Who refused at the customer that is chosen as the form is shown."""
        return warnings_at(self.actor, str(self["customer_id"].value() or ""))


def _name(known: Words) -> str:
    row = next(iter(known.values()))
    return row.contact.name if row.contact else row.customer.name
