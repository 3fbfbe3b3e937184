"""Groups of customers: the list of them, their forms, and the page of one with its customers and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xiaocheng.foundation.fields.conditions import Rule, words_of
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.http import Done, Request, wants_part
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab, allowed
from xiaocheng.interface.web.shell.screens import ActionScreen, Bulk, Column, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import GROUP, SEE, SHARE_GROUPS
from xiaocheng.selling.customers.commands import Outcome
from xiaocheng.selling.customers.queries import GROUP_VIEWS, SHARING, CustomerGroup

from .chosen import picked_ids
from .group_figures import figures_of, planned_words
from .group_forms import ConditionForm, GroupForm, PickGroupForm, RuleForm, draft_of, lines_of, rule_of
from .lists import SHOWN, columns_for


def shared_pill(sharing: str) -> object:
    """Who knows of a group."""
    return pill(SHARING[sharing], "grey" if sharing == "private" else "blue")


def target_pill(row: CustomerGroup) -> object:
    """That a group is a target segment."""
    return pill(GROUP_VIEWS["target"], "green") if row.is_target else ""


def how(actor: Actor, row: CustomerGroup) -> str:
    """How customers come into a group."""
    return words_of(Rule.stored(row.rule), queries.condition_fields(actor)) if row.rule else _("手工加入")


@access(SEE)
class Groups(ListScreen):
    """The groups that one knows of."""

    title = gettext_lazy("客户分组")
    order = "name"
    row_to = "customers:group"

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The columns; a rule is told as far as the person may know it."""
        return [
            Column(gettext_lazy("名称"), "name", order="name"),
            Column(gettext_lazy("理想客户"), "ideal"),
            Column(gettext_lazy("客户从哪里来"), partial(how, self.actor)),
            Column(gettext_lazy("每位客户每月计划"), planned_words),
            Column(gettext_lazy("谁能看到"), "sharing", show=shared_pill, phone="aside"),
            Column(gettext_lazy("建立人"), "owner.name", look="nowrap"),
        ]

    def rows(self) -> QuerySet[Any, Any]:
        """One's own, the department's and everybody's."""
        return queries.groups(self.actor, self.tab)

    def tabs(self) -> Sequence[Tab]:
        """All, and those that say whom the company looks for."""
        return [Tab(key, label) for key, label in GROUP_VIEWS.items()]

    def actions(self) -> Sequence[Link | None]:
        """Two ways to make one."""
        return [
            Link(_("新建分组"), "customers:new_group", icon="plus", drawer=True),
            Link(_("按规则分组"), "customers:new_rule_group", icon="filter"),
        ]

    def empty(self) -> Empty:
        """What groups are for."""
        return Empty(
            _("还没有分组"),
            _("把客户归到重要客户、集团客户、老朋友……每个分组可以写明对待策略和计划时间。"),
            icon="tags",
            action=next(iter(allowed(self.actor, self.actions())), None),
        )


def made(row: CustomerGroup) -> Done:
    """A new group is opened."""
    toast = _("已建立分组「%(name)s」") % {"name": row.name}
    return Done(url=reverse("customers:group", args=[row.pk]), toast=toast)


class _OfGroups(FormScreen):
    """A form about a group."""

    def crumbs(self) -> list[Crumb]:
        """Back to the groups."""
        return [Crumb(_("客户分组"), reverse("customers:groups"))]


@access(GROUP)
class NewGroup(_OfGroups):
    """Make a group by hand."""

    title = gettext_lazy("新建分组")
    form_class = GroupForm

    def initial(self) -> dict[str, Any]:
        """One's own business at first."""
        return {"sharing": "private"}

    def run(self, data: dict[str, Any]) -> Done:
        """Make it and open it."""
        row = commands.add_group(self.actor, draft_of(data))
        return made(row)


@access(GROUP)
class NewRuleGroup(_OfGroups):
    """Make a group by a rule."""

    template = "customers/rule_form.html"
    title = gettext_lazy("按规则分组")
    form_class = RuleForm
    line_class = ConditionForm
    most_lines = 20
    lines_title = gettext_lazy("条件")

    def initial(self) -> dict[str, Any]:
        """One's own business at first."""
        return {"sharing": "private"}

    def run(self, data: dict[str, Any]) -> Done:
        """Make it and open it."""
        row = commands.add_group(self.actor, draft_of(data, rule_of(data["match"], data["lines"])))
        return made(row)


@access(GROUP)
class PreviewRule(NewRuleGroup):
    """What a rule says and how many customers it gives, before it is saved."""

    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """In words and numbers, or what is wrong."""
        lines = self._lines(request.POST)
        found: dict[str, Any]
        try:
            if lines is None or not lines.is_valid():
                raise RuleBroken(_("请至少设一个条件。"))
            rule = rule_of(request.POST.get("match", ""), [line.cleaned_data for line in lines.forms])
            found = {"preview": queries.preview(self.actor, rule)}
        except RuleBroken as broken:
            found = {"wrong": str(broken)}
        return render(request, "customers/preview.html", found)


@access(GROUP)
def condition(request: Request) -> HttpResponse:
    """The field for the value of a condition, for the test that was just chosen."""
    prefix = request.GET.get("prefix", "")[:40]
    what = request.GET.get(f"{prefix}-what", "")
    line = ConditionForm(prefix=prefix, initial={"what": what}, actor=request.actor)
    return render(request, "customers/answer.html", {"form": line})


class _OneGroup(_OfGroups):
    """A form about one group."""

    def load(self) -> None:
        """The group that the address names."""
        self.group = queries.group(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to the group."""
        return [*super().crumbs(), Crumb(self.group.name, reverse("customers:group", args=[self.group.pk]))]

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        row = self.group
        match = {"match": row.rule["match"]} if row.rule else {}
        return {name: getattr(row, name) for name in GroupForm.base_fields} | match

    def version(self) -> int:
        """The version that the form starts from."""
        return self.group.edit_version


@access(GROUP)
class EditGroup(_OneGroup):
    """Change a group made by hand."""

    title = gettext_lazy("修改分组")
    form_class = GroupForm

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        row = commands.edit_group(self.actor, self.group.pk, self.sent_version, draft_of(data))
        return Done(url=reverse("customers:group", args=[row.pk]), toast=_("已保存"))


@access(GROUP)
class EditRuleGroup(_OneGroup, NewRuleGroup):
    """Change a group made by a rule."""

    title = gettext_lazy("修改分组")

    def initial_lines(self) -> list[dict[str, Any]]:
        """The conditions that stand now."""
        rule = queries.seen_rule(self.actor, self.group)
        return lines_of(rule) if rule else []

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        draft = draft_of(data, rule_of(data["match"], data["lines"]))
        row = commands.edit_group(self.actor, self.group.pk, self.sent_version, draft)
        return Done(url=reverse("customers:group", args=[row.pk]), toast=_("已保存"))


@access(GROUP)
class DropGroup(ActionScreen):
    """Remove a group; its customers stay."""

    def run(self) -> Done:
        """Remove it and show the others."""
        commands.drop_group(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:groups"), toast=_("已删除分组"))


@access(SEE)
class GroupPage(ListScreen):
    """One group: how its customers are treated, what they take and bring, and who they are."""

    template = "customers/group.html"
    parts: ClassVar[dict[str, str]] = {**ListScreen.parts, "figures": "customers/group.html#figures"}
    search_hint = gettext_lazy("名称、拼音、首字母、电话、联系人")

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Those of every list of customers; whose they are is not left out."""
        return [replace(it, look="nowrap") if "own" in it.look else it for it in columns_for(self.actor)]

    row_to = "customers:page"
    export = "customers:export_group"

    def load(self) -> None:
        """The group that the address names."""
        self.group = queries.group(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Its name."""
        return self.group.name

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the groups."""
        return [Crumb(_("客户分组"), reverse("customers:groups"))]

    @property
    def bulk(self) -> Sequence[Bulk]:  # type: ignore[override]
        """Out of a group by hand one takes customers by hand."""
        if self.group.rule is not None:
            return ()
        return [Bulk(_("移出分组"), "customers:ungroup", icon="x", query=f"?group={self.group.pk}")]

    @property
    def may_change(self) -> bool:
        """True for its owner, and for who may share groups and has the owner in sight."""
        own = self.group.owner_id == self.actor.person_id
        return own or (self.actor.can(SHARE_GROUPS) and self.actor.sight.sees_person(self.group.owner_id))

    def actions(self) -> Sequence[Link | None]:
        """What may be done with it."""
        if not self.may_change:
            return []
        pk, by_rule = (self.group.pk,), self.group.rule is not None
        edit = "customers:edit_rule_group" if by_rule else "customers:edit_group"
        return [
            Link(_("修改"), edit, pk, icon="pencil", drawer=not by_rule),
            Link(_("删除"), "customers:drop_group", pk, icon="trash", post=True, look="danger",
                 confirm=_("删除分组「%(name)s」?其中的客户不受影响。") % {"name": self.group.name}),
        ]  # fmt: skip

    def rows(self) -> QuerySet[Any, Any]:
        """The customers that are in it now."""
        found = queries.members(self.actor, self.group, self.text)
        return found.select_related("owner", "pool").only(*SHOWN)

    def context(self) -> dict[str, Any]:
        """The head; the figures are read when the page asks for them."""
        if wants_part(self.request, "figures"):
            return {"figures": figures_of(self.actor, self.group)}
        return {
            **super().context(),
            "group": self.group,
            "rule": queries.group_words(self.actor, self.group),
            "shared": shared_pill(self.group.sharing),
            "target": target_pill(self.group),
            "planned": planned_words(self.group),
        }

    def empty(self) -> Empty:
        """How customers come into it."""
        if self.group.rule is not None:
            return Empty(_("现在没有符合条件的客户"), _("有客户符合条件时会自动出现在这里。"), icon="filter")
        return Empty(
            _("分组里还没有您能看到的客户"),
            _("在客户列表中勾选客户后点「加入分组」,或在客户页面上加入。"),
            icon="tags",
            action=Link(pgettext_lazy("several", "客户"), "customers:list", icon="users"),
        )


@access(SEE, EXPORT)
class ExportGroup(ExportScreen):
    """The customers of a group as a file."""

    screen_class = GroupPage


def ticked(request: Request) -> list[int]:
    """The ids that were ticked, as the drawer is opened or as its form comes back."""
    return picked_ids(request)


@access(GROUP)
class AddToGroup(FormScreen):
    """Put the ticked customers, or one, into a group."""

    title = gettext_lazy("加入分组")
    form_class = PickGroupForm
    submit = gettext_lazy("加入")

    def load(self) -> None:
        """The ids that were ticked."""
        self.ids = ticked(self.request)

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many."""
        return ngettext("已选 %(count)s 位客户。", "已选 %(count)s 位客户。", len(self.ids)) % {"count": len(self.ids)}

    def initial(self) -> dict[str, Any]:
        """The ids go along."""
        return {"ids": ",".join(map(str, self.ids))}

    def run(self, data: dict[str, Any]) -> Done:
        """Add, and say how many were left out."""
        return Done(toast=_told(commands.add_to_group(self.actor, data["group_id"], self.ids), _("已加入分组。")))


@access(GROUP)
class RemoveFromGroup(ActionScreen):
    """Take the ticked customers, or one, out of a group."""

    def run(self) -> Done:
        """Remove, and say how many were left out."""
        asked = self.request.GET.get("group", "") or self.request.POST.get("group", "")
        group_id = int(asked) if asked.isdigit() and len(asked) < 19 else 0
        outcomes = commands.remove_from_group(self.actor, group_id, ticked(self.request))
        return Done(toast=_told(outcomes, _("已移出分组。")))


def _told(outcomes: Sequence[Outcome], done: str) -> str:
    left = sum(outcome.refusal is not None for outcome in outcomes)
    if not left:
        return done
    return _("%(done)s 其中 %(left)s 位您无权处理,未改动。") % {"done": done, "left": left}
