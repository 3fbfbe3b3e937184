"""The cards and columns of the board as HTML, put together in Python: a board of 120 cards must cost little."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.templatetags.ui import avatar, pill
from xiaocheng.selling.pipeline.queries import Column, Pace

from .lists import pace_pills, progress

MARK = 987654321


def cards(
    rows: Iterable[Any], paces: dict[int, Pace], *, view: str = "mine", search: str = "", oob: bool = False
) -> SafeString:
    """The cards of opportunities on a board of a view; with `oob` they replace those that stand on the page."""
    page, drop = (reverse(f"pipeline:{name}", args=[MARK]).partition(str(MARK)) for name in ("opportunity", "drop"))
    swap = ' hx-swap-oob="true"' if oob else ""
    asked = escape(urlencode({"tab": view, "q": search}))
    in_days, today = _("%(days)s 天"), clock.today()
    parts = []
    for row in rows:
        pace = paces[row.pk]
        foot = [escape(in_days % {"days": pace.days_in_stage}), progress(pace), pace_pills(pace), _step(row, today)]
        owner = avatar(row.owner.name) if view != "mine" or row.is_shared else ""
        parts.append(
            f'<article class="board-card deal" id="deal-{row.pk}"{swap} '
            f'data-url="{drop[0]}{row.pk}{drop[2]}?seen={row.span_seq}&amp;{asked}">'
            f'<a class="deal-name" href="{page[0]}{row.pk}{page[2]}">{escape(row.name)}</a>'
            f"{_customer(row)}"
            f'<p class="deal-worth"><strong>{escape(formats.money(row.amount))}</strong>{owner}</p>'
            f'<p class="deal-foot">{" · ".join(part for part in foot if part)}</p></article>'
        )
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped where it is added


def _customer(row: Any) -> str:
    """The customer's name, unless the opportunity is called after it."""
    if row.customer_id is None:
        return f'<p class="deal-who">{pill(_("缺客户"), "amber")}</p>'
    name = row.customer.name
    return "" if name in row.name else f'<p class="deal-who">{escape(name)}</p>'


def _step(row: Any, today: dt.date) -> str:
    if row.next_step_on is None:
        return str(pill(_("缺下一步"), "amber"))
    words = _("下一步 %(day)s") % {"day": formats.relative_day(row.next_step_on)}
    return str(pill(words, "red")) if row.next_step_on < today else escape(words)


def total(column: Column, *, oob: bool = False) -> SafeString:
    """The number and the worth of a column."""
    return format_html(
        '<span class="board-total" id="total-{}"{}>{} · {}</span>',
        column.stage.code,
        mark_safe(' hx-swap-oob="true"') if oob else "",
        formats.number(column.count),
        formats.money(column.amount),
    )
