"""赢单概率: how likely an open deal is won, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.queries import Chance, Reason, Telling
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.formats import escaped
from xiaocheng.interface.web.shell.templatetags.ui import pill

from .forms import SOURCE

HOW: dict[tuple[str, str], Sentence] = {
    ("amount", "large"): gettext_lazy("金额较大"),
    ("amount", "small"): gettext_lazy("金额较小"),
    ("customer", "yes"): gettext_lazy("老客户"),
    ("customer", "no"): gettext_lazy("新客户"),
    ("back", "yes"): gettext_lazy("退回过阶段"),
    ("back", "no"): gettext_lazy("没有退回过阶段"),
    ("skipped", "yes"): gettext_lazy("跳过了阶段"),
    ("skipped", "no"): gettext_lazy("没有跳过阶段"),
}


def chance_card(actor: Actor, row: Any) -> dict[str, Any]:
    """What the page of an open opportunity says of its chance: the chance with reasons, or why there is none."""
    told = queries.telling(actor) if row.is_open else None
    if told is None:
        return {}
    found = queries.chances(actor, [row.pk]).get(row.pk) if told.tells else None
    if found is None:
        return {"no_chance": _why_none(told)}
    return {
        "chance": found,
        "chance_of": formats.percent(found.value, 0),
        "chance_beside": _("%(days)s 天内有结果的商机,平均赢单 %(base)s;%(day)s 凌晨估计")
        % {"days": found.within_days, "base": formats.percent(found.base, 0), "day": formats.day(found.as_of)},
        "raised_by": [word(reason, row, raises=True) for reason in found.raised_by],
        "lowered_by": [word(reason, row, raises=False) for reason in found.lowered_by],
    }


def _why_none(told: Telling) -> str:
    """Quietly why there is no chance: it moved on since last night, or deals cannot be told apart."""
    if told.tells:
        return _("阶段有变化,赢单概率明天更新。")
    if told.is_tried:
        return _("不显示赢单概率:现有字段不足以区分商机。")
    return _("不显示赢单概率:已关闭的商机还不够检验。")


def word(reason: Reason, row: Any, *, raises: bool) -> str:
    """A reason in words."""
    if reason.what == "age":
        return _("停留时间比同阶段短") if raises else _("比同阶段慢")
    if reason.what == "stage":
        return _("处于「%(stage)s」") % {"stage": row.stage.name}
    if reason.what == "source":
        return _("来源:%(source)s") % {"source": names(SOURCE).get(row.source, "") or _("未填写")}
    if reason.what == "product":
        return _("产品:%(product)s") % {"product": row.product.name if row.product_id else _("未填写")}
    return str(HOW[reason.what, reason.how])


def chance_pill(found: Chance | None) -> Any:
    """The chance as a cell of a list, marked where the deal is slower than others of its stage."""
    if found is None:
        return ""
    slow = f" {pill(_('比同阶段慢'), 'amber')}" if found.is_slow else ""
    return SafeString(f"{escaped(formats.percent(found.value, 0))}{slow}")


def of_page(actor: Actor, rows: Sequence[Any]) -> dict[int, Chance]:
    """The chances of the opportunities on a page of the list."""
    return queries.chances(actor, [row.pk for row in rows])
