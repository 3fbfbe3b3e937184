"""Merging two customers: choose the other one, compare, and, if it was a mistake, take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.queries import field_names
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.lunar import lunar_words
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import MERGE
from xiaocheng.selling.customers.queries import KINDS, LISTS, POTENTIALS, Customer

from .lists import coded_name

MOVED: dict[str, Sentence] = {
    "customers.contact": gettext_lazy("联系人"),
    "customers.ownershipepisode": gettext_lazy("归属记录"),
    "customers.consent": gettext_lazy("联系同意"),
    "customers.groupmember": gettext_lazy("客户分组"),
    "trade.saleline": gettext_lazy("销售记录"),
    "trade.customernumber": gettext_lazy("客户编号"),
    "files.attachment": gettext_lazy("附件"),
    "kernel.grant": gettext_lazy("查看权"),
    "tasks.task": gettext_lazy("待办"),
    "pipeline.opportunity": pgettext_lazy("several", "商机"),
    "pipeline.closing": gettext_lazy("成交与输单"),
    "fieldwork.planline": gettext_lazy("计划拜访"),
    "fieldwork.visit": gettext_lazy("拜访记录"),
    "expenses.expense": gettext_lazy("费用"),
    "customers.reception": gettext_lazy("接待登记"),
    "customers.assistance": gettext_lazy("原负责人改为协助"),
    "customers.customermember": gettext_lazy("协作"),
    "customers.dispute": gettext_lazy("归属争议"),
    "customers.ownerquestion": gettext_lazy("询问负责人"),
    "customers.restoreoffer": gettext_lazy("失效后恢复"),
}


def moved_words(moved: Mapping[str, int]) -> str:
    """What moves, in words: contacts 3, visits 12."""
    return listed(f"{MOVED.get(kind, kind)} {count}" for kind, count in moved.items()) or _("没有其他记录")


class ChooseForm(Form):
    """The customer that is the same."""

    other = PickField("customers", label=gettext_lazy("重复的客户"))


class MergeForm(Form):
    """Whose value stands, for each field of which there are two."""

    gone_version = forms.IntegerField(widget=forms.HiddenInput)


@access(MERGE)
class ChooseMerge(FormScreen):
    """Which customer is the same as this one."""

    title = gettext_lazy("合并客户")
    form_class = ChooseForm
    submit = gettext_lazy("下一步:核对")
    hint = gettext_lazy("选择与这位客户重复的另一位。下一步逐项核对,确认之前什么都不会改变。")

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.customer_to_change(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Go on to compare the two."""
        queries.pair(self.actor, self.customer.pk, data["other"])
        return Done(url=reverse("customers:merge", args=[self.customer.pk, data["other"]]))


class Compare(FormScreen):
    """Two rows beside each other: which values stand."""

    form_class = MergeForm
    submit = gettext_lazy("合并")
    pair: queries.Pair

    def version(self) -> int:
        """The version of the row that stays."""
        return self.pair.versions[0]

    def initial(self) -> dict[str, Any]:
        """Everything as it is with the one that stays."""
        return dict.fromkeys(self.pair.differing, "kept") | {"gone_version": self.pair.versions[1]}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """A choice for each field of which there are two values."""
        form = super().make_form(data, files)
        for name in self.pair.differing:
            values = self.pair.values(name)
            form.fields[name] = forms.ChoiceField(
                label=str(getattr(type(self.pair.kept)._meta.get_field(name), "verbose_name", name)),
                choices=[(side, shown(name, value)) for side, value in values.items()],
                widget=forms.RadioSelect,
            )
        return form

    def taken(self, data: dict[str, Any]) -> list[str]:
        """The fields whose value comes from the one that goes."""
        return [name for name in self.pair.differing if data[name] == "gone"]


@access(MERGE)
class Merge(Compare):
    """Two customers beside each other: which values stand, what moves."""

    def load(self) -> None:
        """The two that the address names, and what would move."""
        self.pair = queries.pair(self.actor, self.kwargs["pk"], self.kwargs["other"])
        self.rehearsed = commands.rehearse_merge(self.actor, self.pair.kept.pk, self.pair.gone.pk)

    def page_title(self) -> str:
        """Who stays."""
        return _("合并客户:保留「%(name)s」") % {"name": self.pair.kept.name}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the customer that stays."""
        page = reverse("customers:page", args=[self.pair.kept.pk])
        return [
            Crumb(pgettext_lazy("several", "客户"), reverse("customers:list")),
            Crumb(self.pair.kept.name, page),
        ]

    def actions(self) -> Sequence[Link | None]:
        """The other way round."""
        return [
            Link(
                _("改为保留另一位"),
                "customers:merge",
                (self.pair.gone.pk, self.pair.kept.pk),
                icon="switch-horizontal",
                look="quiet",
            )
        ]

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What moves, who stays responsible, and that it can be undone."""
        kept, gone = self.pair.kept, self.pair.gone
        said = [
            _("「%(name)s」(编号 %(id)s)并入后不再单独存在,原来的编号与链接指向保留的客户。")
            % {"name": gone.name, "id": gone.pk},
            _("移过来的:%(moved)s。") % {"moved": moved_words(self.rehearsed.moved)},
        ]
        if gone.owner and gone.owner_id != kept.owner_id:
            said.append(
                _("负责人仍是 %(owner)s;%(other)s 作为协助人继续看到这位客户。")
                % {"owner": kept.owner.name if kept.owner else _("公海"), "other": gone.owner.name}
            )
        said.append(_("%(days)s 天之内可以撤销。") % {"days": self.pair.undo_days})
        return "".join(said)

    def run(self, data: dict[str, Any]) -> Done:
        """Merge, unless somebody edited one of the two meanwhile."""
        done = commands.merge(
            self.actor,
            self.pair.kept.pk,
            self.pair.gone.pk,
            take=self.taken(data),
            versions=(self.sent_version, data["gone_version"]),
        )
        return Done(url=reverse("customers:merged", args=[done.merge_id]), toast=_("已合并"))


def shown(name: str, value: object) -> str:
    """A value of a field as people read it."""
    if name in LISTS:
        return coded_name(name, str(value))
    if name == "kind":
        return str(KINDS[str(value)])
    if name == "potential":
        return str(POTENTIALS.get(str(value), "—"))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "lunar_birthday":
        return lunar_words(str(value))
    text = formats.day(value) if isinstance(value, dt.date) else str(value or "—")
    return f"{text[:120]}…" if len(text) > 120 else text


@access(MERGE)
class Merges(ListScreen):
    """Which customers were merged, and what was undone."""

    title = gettext_lazy("合并记录")
    order = "-at"
    row_to = "customers:merged"
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("并入的客户"), "merged_name"),
        Column(gettext_lazy("保留的客户"), "survivor_name", phone="bare"),
        Column(gettext_lazy("时间"), "at", show=formats.moment, order="at"),
        Column(gettext_lazy("合并人"), "by.name"),
        Column(gettext_lazy("状态"), "undone_at", show=lambda at: state(at), phone="aside"),
    ]

    def rows(self) -> QuerySet[Any, Any]:
        """Those whose customer the person sees."""
        return queries.merges(self.actor)

    def empty(self) -> Empty:
        """Where one merges."""
        return Empty(_("还没有合并过客户"), _("在客户页面点「合并」,选择重复的另一位。"), icon="git-merge")


def state(undone_at: object) -> str:
    """Whether a merge stands."""
    return pill(_("已撤销"), "grey") if undone_at else pill(_("已合并"), "green")


@access(MERGE)
class Merged(DetailScreen):
    """What one merge did, and the way back."""

    template = "customers/merged.html"

    def load(self) -> None:
        """The merge that the address names."""
        self.merge = queries.merge_of(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Who went."""
        return _("合并:「%(name)s」") % {"name": self.merge.merged_name}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to all merges."""
        return [Crumb(_("合并记录"), reverse("customers:merges"))]

    def actions(self) -> Sequence[Link | None]:
        """Open the customer; make two of one again."""
        pk = (self.merge.pk,)
        words = _("恢复「%(name)s」,合并以来没有变动的都放回原处。确定撤销吗?") % {"name": self.merge.merged_name}
        undo = Link(_("撤销合并"), "customers:undo_merge", pk, icon="arrow-back-up", post=True, confirm=words)
        page = Link(_("打开客户"), "customers:page", (self.merge.survivor_id,), icon="user")
        return [page, None if self.merge.undone_at else undo]

    def context(self) -> dict[str, Any]:
        """Who, when, what moved, which values were taken over."""
        row = self.merge
        moved = {kind: len(ids) for kind, ids in row.moved.items()}
        facts = [
            (_("保留的客户"), getattr(row, "survivor_name", "")),
            (_("并入的客户"), f"{row.merged_name} ({row.merged_id})"),
            (_("合并人"), row.by.name if row.by else _("系统")),
            (_("时间"), formats.moment(row.at)),
            (_("移过来的"), moved_words(moved)),
            (_("状态"), state(row.undone_at)),
            (_("撤销人"), row.undone_by.name if row.undone_by else ""),
            (_("撤销时间"), formats.moment(row.undone_at) if row.undone_at else ""),
        ]
        return {"facts": facts}


@access(MERGE)
class UndoMerge(ActionScreen):
    """Two customers again."""

    def run(self) -> Done:
        """Undo, and say what could not come back."""
        back = commands.undo_merge(self.actor, self.kwargs["pk"])
        said = [_("已撤销合并")]
        if back.kept:
            labels = (str(getattr(Customer._meta.get_field(name), "verbose_name", name)) for name in back.kept)
            said.append(_("合并后改过、保持不变的资料:%(fields)s") % {"fields": listed(labels)})
        if back.left:
            names = field_names("customers.customer")
            left = listed(names.get(key, key) for key in back.left)
            said.append(_("不能重复、已被别的客户使用的资料:%(fields)s") % {"fields": left})
        if back.missing:
            said.append(_("没能放回的:%(rows)s") % {"rows": moved_words(back.missing)})
        if back.without_owner:
            said.append(_("原负责人已离职,客户放入公海"))
        return Done(url=reverse("customers:page", args=[back.customer_id]), toast=";".join(said))
