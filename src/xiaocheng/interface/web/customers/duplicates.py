"""The list of likely duplicates, and one pair side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import MERGE
from xiaocheng.selling.customers.queries import KINDS, STAGES, Customer, DuplicatePair

from .lists import coded_name, holder


def why(row: DuplicatePair) -> object:
    """What the two have in common."""
    if row.by_name and row.by_phone:
        return pill(_("名称、电话相同"), "red")
    return pill(_("电话相同") if row.by_phone else _("名称相同"), "amber")


@access(MERGE)
class Duplicates(ListScreen):
    """Pairs of customers that carry the same name or phone."""

    title = gettext_lazy("疑似重复")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("客户"), "first_name"),
        Column(gettext_lazy("负责人"), "first_owner"),
        Column(gettext_lazy("另一位客户"), "second_name", phone="bare"),
        Column(gettext_lazy("另一位的负责人"), "second_owner"),
        Column(gettext_lazy("相同之处"), lambda row: row, show=why, phone="aside"),
        Column(gettext_lazy("发现"), "found_at", show=formats.moment, look="nowrap"),
    ]
    order, row_to = "-pk", "customers:duplicate"

    def rows(self) -> QuerySet[Any, Any]:
        """Those to be looked at, or those told apart."""
        return queries.duplicate_pairs(self.actor, told_apart=self.tab == "apart")

    def tabs(self) -> Sequence[Tab]:
        """What is to be done, and what was decided."""
        return [Tab("open", _("待核对")), Tab("apart", _("不是同一位"))]

    def empty(self) -> Empty:
        """Nothing to do."""
        words = _("系统每天夜里比对全公司客户的名称和电话。两位都由您看得到时,列在这里供核对。")
        return Empty(_("没有疑似重复的客户"), words, icon="copy-check")


@access(MERGE)
class Duplicate(DetailScreen):
    """Two customers beside each other: merge them, or say that they are two."""

    template = "customers/duplicate.html"

    def load(self) -> None:
        """The pair that the address names."""
        self.found = queries.duplicate_pair(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Who they are."""
        return f"{self.found.first.name} / {self.found.second.name}"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("疑似重复"), reverse("customers:duplicates"))]

    def actions(self) -> Sequence[Link | None]:
        """One customer, or two."""
        pk, pair = (self.found.pair.pk,), (self.found.first.pk, self.found.second.pk)
        if self.found.pair.told_apart_at:
            return [Link(_("重新核对"), "customers:look_again", pk, icon="arrow-back-up", post=True)]
        return [
            Link(_("合并"), "customers:merge", pair, icon="git-merge"),
            Link(_("不是同一位"), "customers:tell_apart", pk, icon="arrows-split", post=True),
        ]

    def context(self) -> dict[str, Any]:
        """The facts of both, and where they differ."""
        sides = [facts(row) for row in (self.found.first, self.found.second)]
        lines = [
            (label, one, other, str(one) != str(other)) for (label, one), (_same, other) in zip(*sides, strict=True)
        ]
        return {"lines": lines, "first": self.found.first, "second": self.found.second, "why": why(self.found.pair)}


def facts(row: Customer) -> list[tuple[str, object]]:
    """What tells one customer from another, without what must be asked for."""
    return [
        (_("编号"), row.pk),
        (_("负责人"), holder(row)),
        (_("阶段"), STAGES[row.stage]),
        (_("类型"), KINDS[row.kind]),
        *((str(label), coded_name(name, getattr(row, name))) for name, label in CODED.items()),
        (_("登记时间"), formats.moment(row.registered_at)),
        (_("最近联系"), formats.moment(row.last_contact_at) if row.last_contact_at else "–"),
    ]


CODED = {
    "level": gettext_lazy("级别"),
    "region": gettext_lazy("地区"),
    "industry": gettext_lazy("行业"),
    "source": gettext_lazy("来源"),
}


@access(MERGE)
class TellApart(ActionScreen):
    """They are not the same."""

    def run(self) -> Done:
        """Keep that, and go on with the list."""
        commands.tell_apart(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:duplicates"), toast=_("已记下,不再提示这一对"))


@access(MERGE)
class LookAgain(ActionScreen):
    """Perhaps they are."""

    def run(self) -> Done:
        """Back on the list."""
        commands.tell_apart(self.actor, self.kwargs["pk"], apart=False)
        return Done(url=reverse("customers:duplicates"), toast=_("已放回待核对"))
