"""What is kept about a customer as one figure or word: opportunities that are open, its class of value and others."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.measures import Gauges, gauge, gauges, read_gauges
from xiaocheng.insight.measures import DECISION, LOYALTY, PRICE_LED, VALUE_CLASS
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.templatetags.ui import pill

TONES = {
    VALUE_CLASS: {"top": "green", "middle": "blue", "bottom": "grey"},
    LOYALTY: {"high": "green", "medium": "blue", "low": "amber"},
    PRICE_LED: {"yes": "amber"},
    DECISION: {"court": "amber", "keep": "green", "drop": "red"},
}


def kept_of(customer_id: int) -> list[tuple[str, object, str]]:
    """Every gauge of a customer that the person may see; for those counted by the clock, of which day they are."""
    return list(_said(customer_id, read_gauges(customer_id)))


def _said(customer_id: int, found: Gauges) -> Iterable[tuple[str, object, str]]:
    for item in gauges():
        value = found.values.get(item.key)
        if not value:
            continue
        shown: object = formats.number(value)
        if item.words:
            code = item.code_of(value)
            shown = pill(item.words[code], TONES.get(item.key, {}).get(code, "grey"))
        if item.key == DECISION:
            before = reverse("insight:decisions_of", args=[customer_id])
            shown = format_html('<a href="{}">{}</a>', before, shown)
        if day := found.counted_on.get(item.key):
            shown = format_html(
                '{} <small class="soft">{}</small>', shown, _("截至 %(day)s") % {"day": formats.day(day)}
            )
        yield str(gauge(item.key).name), shown, ""
