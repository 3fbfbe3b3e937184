"""What was said at visits and on the phone, beneath the entries of a customer's story."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import TimelineItem
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.queries import Visit

TEXTS = ("note", "opinion", "news", "competitor_facts", "problem")
RECORDED = {"fieldwork.VisitCompleted", "fieldwork.ContactLogged"}


def contact_words(actor: Actor, items: Sequence[TimelineItem]) -> dict[int, SafeString]:
    """By the entry of each recorded contact that the actor sees: its texts, the next step, and the way to it."""
    asked = {item.entry_id: item.about["fieldwork.visit"] for item in items if item.kind in RECORDED}
    found = {row.pk: said_of(row) for row in fieldwork.visits_among(actor, set(asked.values()))} if asked else {}
    return {entry: found[visit] for entry, visit in asked.items() if visit in found}


def said_of(row: Visit) -> SafeString:
    """The texts of one contact, each with its name but for the first."""
    names = {name: str(Visit._meta.get_field(name).verbose_name) for name in TEXTS}  # type: ignore[union-attr]
    said = [(names[name] if name != "note" else "", getattr(row, name)) for name in TEXTS]
    said.append((_("下一步"), row.next_step))
    texts = format_html_join("", '<p class="words">{}{}</p>', ((_named(name), text) for name, text in said if text))
    return format_html('{}<a class="more" href="{}">{}</a>', texts, reverse("daily:visit", args=[row.pk]), _("查看"))


def _named(name: str) -> SafeString:
    return format_html('<span class="soft">{}</span> ', name) if name else SafeString("")
