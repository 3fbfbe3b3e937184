"""An empty file for those who have none: a heading for each field, and at each column what may stand there."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor

from .kinds import Date, Kind, Named, Number, Text, YesNo
from .own_fields import Several
from .targets import Field, Target

ROWS = 5_000  # as many as the choices are offered for
LONGEST_LIST = 255  # of what a spreadsheet offers for choice, all together
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255


def blank_file(actor: Actor, target: Target) -> bytes:
    """A workbook with the headings by which the columns are recognised, those marked that must be filled in."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet(str(target.name)[:31])
        plain = book.add_format({"bold": True})
        needed = book.add_format({"bold": True, "bg_color": "#FFE699"})
        page.freeze_panes(1, 0)
        for column, item in enumerate(target.fields):
            page.write_string(0, column, str(item.name), needed if item.required else plain)
            page.set_column(column, column, max(12, 2 * len(str(item.name)) + 2))
            page.data_validation(1, column, ROWS, column, _offer(actor, item))
    return written.getvalue()


def _offer(actor: Actor, item: Field) -> dict[str, Any]:
    """What the spreadsheet says at a cell, and the values to choose from where they are few; others may be typed."""
    values = _values(actor, item.kind)
    said = " ".join(filter(None, (_("必填。") if item.required else "", str(item.help), _form(item.kind))))
    offer: dict[str, Any] = {"input_title": str(item.name)[:LONGEST_TITLE], "input_message": said[:LONGEST_MESSAGE]}
    if values and len(",".join(values)) <= LONGEST_LIST and not any("," in value for value in values):
        return offer | {"validate": "list", "source": values, "error_type": "information"}
    return offer | {"validate": "any"}


def _values(actor: Actor, kind: Kind) -> list[str]:
    if isinstance(kind, YesNo):
        return [_("是"), _("否")]
    if isinstance(kind, Named) and kind.candidates is not None:
        labels: dict[Any, str] = {}
        for value, label in kind.candidates(actor):  # its name first, then other ways to say it
            labels.setdefault(value, str(label))
        return list(labels.values())
    return []


def _form(kind: Kind) -> str:
    """How a value is written."""
    if isinstance(kind, Text):
        return _("最多 %(count)s 个字。") % {"count": kind.longest}
    if isinstance(kind, Number):
        return _("整数,如 12。") if kind.whole else _("数字,如 1234.50。")
    if isinstance(kind, Date):
        return _("日期,如 2026-01-31。")
    if isinstance(kind, Several):
        return _("可以写几个,用顿号隔开。")
    return ""
