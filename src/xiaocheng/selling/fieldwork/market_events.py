"""What happened to reports about the market; announced as part of `events`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import changes_of
from xiaocheng.foundation.kernel.journal import Change, Event, about, personal

from .models import MarketKind
from .states import Severity

LINKED = {"customer_id": _("客户"), "competitor_id": _("竞争对手"), "product_id": _("产品")}


class MarketReported(Event):
    """Somebody reported something about the market."""

    report_id: int = about("fieldwork.marketreport")
    customer_id: int | None = about("customers.customer")
    kind_of: str
    severity: str
    says = _("反映了市场情况:%(kind_of)s,%(severity)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Kind and severity in words."""
        return values | {
            "kind_of": MarketKind(values["kind_of"]).label,
            "severity": Severity(values["severity"]).label,
        }


class MarketReportEdited(Event):
    """What a report says was changed."""

    report_id: int = about("fieldwork.marketreport")
    customer_id: int | None = about("customers.customer")
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    says = _("修改了市场情况")

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each field with what it was and what it is now."""
        return changes_of("fieldwork.MarketReport", values, called=LINKED)


class MarketAlarmed(Event):
    """An event that cannot wait was told to people up the line: at once, or because nobody took it up in time."""

    report_id: int = about("fieldwork.marketreport")
    customer_id: int | None = about("customers.customer")
    told: tuple[int, ...]
    in_vain: bool
    says = _("影响销售的市场情况已上报主管")


class MarketTakenUp(Event):
    """A supervisor has begun to deal with it."""

    report_id: int = about("fieldwork.marketreport")
    customer_id: int | None = about("customers.customer")
    person_id: int  # who reported it
    says = _("受理了市场情况")


class MarketClosed(Event):
    """Measures were taken; `told` are those who reported it."""

    report_id: int = about("fieldwork.marketreport")
    customer_id: int | None = about("customers.customer")
    told: tuple[int, ...]
    says = _("市场情况已结案")


class MarketReopened(Event):
    """The measures did not do."""

    report_id: int = about("fieldwork.marketreport")
    customer_id: int | None = about("customers.customer")
    says = _("市场情况重新处理")


class MarketMerged(Event):
    """A report is about the same event as another one."""

    report_id: int = about("fieldwork.marketreport")
    merged_id: int = about("fieldwork.marketreport")
    says = _("合并为同一事件")


class MarketUnmerged(Event):
    """A report is about something else after all."""

    report_id: int = about("fieldwork.marketreport")
    merged_id: int = about("fieldwork.marketreport")
    says = _("拆出为单独的事件")
