"""Competitors: the register, one of them with how deals went against it, and those of one deal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.insight.queries import FEWEST, SURE, wilson
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import Filters, Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_COMPETITORS, SEE, WORK
from xiaocheng.selling.pipeline.commands import CompetitorDraft, RivalDraft
from xiaocheng.selling.pipeline.queries import Against

from .acts import OnOpportunity
from .forms import LOST_REASON, text_area

KIND = "pipeline.competitor"
ICONS = {
    "pipeline.CompetitorAdded": "plus",
    "pipeline.CompetitorEdited": "pencil",
    "pipeline.CompetitorsMerged": "arrows-join",
}
USED = {"true": gettext_lazy("使用中"), "false": gettext_lazy("停用")}
MOST_DEALS = 30
NOBODY = Against()
TEXTS = {
    "strengths": gettext_lazy("强项"),
    "weaknesses": gettext_lazy("弱项"),
    "answer": gettext_lazy("怎么赢他"),
}


def rate_against(found: Against) -> str:
    """How many of the closed deals were won: k of n while they are very few, with the interval while they are few."""
    if not found.closed:
        return ""
    said = f"{formats.number(found.won)} / {formats.number(found.closed)}"
    if found.closed < FEWEST:
        return said
    percent = formats.percent(Decimal(found.won) / found.closed)
    if found.closed >= SURE:
        return f"{percent} ({said})"
    low, high = (formats.percent(bound) for bound in wilson(found.won, found.closed))
    return _("%(percent)s(%(said)s,95%% 区间 %(low)s–%(high)s)") % {
        "percent": percent, "said": said, "low": low, "high": high,
    }  # fmt: skip


def deals_and_worth(count: int, amount: Decimal) -> str:
    """How many deals and for how much."""
    return f"{formats.number(count)} · {formats.money(amount)}" if count else ""


class CompetitorForm(Form):
    """What is known of a competitor."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    aliases = forms.CharField(
        label=gettext_lazy("别名"), required=False, max_length=400,
        help_text=gettext_lazy("简称、旧称、英文名,用顿号隔开。商机里写了其中任何一个,都算这一家。"),
    )  # fmt: skip
    strengths = forms.CharField(label=TEXTS["strengths"], required=False, max_length=2000, widget=text_area(3))
    weaknesses = forms.CharField(label=TEXTS["weaknesses"], required=False, max_length=2000, widget=text_area(3))
    answer = forms.CharField(
        label=TEXTS["answer"], required=False, max_length=2000, widget=text_area(4),
        help_text=gettext_lazy("能看商机的同事都看得到:请不要写客户名称和个人信息。"),
    )  # fmt: skip


class EditCompetitorForm(CompetitorForm):
    """One that is known already may go out of use."""

    is_active = forms.BooleanField(label=gettext_lazy("使用中"), required=False)


class CompetitorFilters(Filters):
    """What the register may be narrowed to."""

    is_active = django_filters.TypedChoiceFilter(
        label=gettext_lazy("状态"), choices=list(USED.items()), coerce=lambda word: word == "true"
    )


@access(SEE)
class Competitors(ListScreen):
    """The register, each with how deals went against it."""

    title, search_hint = pgettext_lazy("several", "竞争对手"), gettext_lazy("名称、别名、拼音")
    row_to, export, filters, order = "pipeline:competitor", "pipeline:export_competitors", CompetitorFilters, "sort_key"

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The columns; how deals went is asked once for the page."""
        return [
            Column(gettext_lazy("名称"), "name", order="sort_key"),
            Column(gettext_lazy("别名"), "aliases", look="clip", phone="off"),
            Column(gettext_lazy("进行中"), lambda row: deals_and_worth(self._of(row).open, self._of(row).open_amount)),
            Column(gettext_lazy("赢单"), lambda row: deals_and_worth(self._of(row).won, self._of(row).won_amount)),
            Column(gettext_lazy("输单"), lambda row: deals_and_worth(self._of(row).lost, self._of(row).lost_amount)),
            Column(gettext_lazy("对阵赢单率"), lambda row: rate_against(self._of(row))),
            Column(
                gettext_lazy("状态"),
                "is_active",
                show=lambda on: pill(USED["true" if on else "false"], "green" if on else "grey"),
                phone="aside",
            ),
        ]

    def rows(self) -> QuerySet[Any]:
        """All, or those that are searched for."""
        return queries.competitors(self.actor, self.text)

    def actions(self) -> list[Link | None]:
        """Add one; take over what deals name."""
        return [
            Link(_("登记竞争对手"), "pipeline:new_competitor", icon="plus", drawer=True),
            Link(_("从商机收集"), "pipeline:collect_competitors", icon="list-search", post=True),
        ]

    def empty(self) -> Empty:
        """Where they come from."""
        words = _("登记常遇到的竞争对手,或者点「从商机收集」,把商机里写过的名称收进来。")
        return Empty(_("还没有竞争对手"), words, icon="swords")

    def _of(self, row: Any) -> Against:
        return self._against.get(row.pk, NOBODY)

    @cached_property
    def _against(self) -> dict[int, Against]:
        return queries.against(self.actor)


@access(SEE, EXPORT)
class ExportCompetitors(ExportScreen):
    """The register as a file."""

    screen_class = Competitors


@access(SEE)
class CompetitorPage(DetailScreen):
    """One competitor: what is known, how deals went, why they were lost, and what won."""

    template = "pipeline/competitor.html"

    def load(self) -> None:
        """The competitor that the address names."""
        self.row = queries.competitor(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Its name."""
        return self.row.name

    def crumbs(self) -> list[Crumb]:
        """Back to the register."""
        return [Crumb(pgettext("several", "竞争对手"), reverse("pipeline:competitors"))]

    def actions(self) -> list[Link | None]:
        """Change it, or put it together with another entry."""
        pk = (self.row.pk,)
        return [
            Link(_("修改"), "pipeline:edit_competitor", pk, icon="pencil", drawer=True),
            Link(_("合并"), "pipeline:merge_competitor", pk, icon="arrows-join", drawer=True),
        ]

    def context(self) -> dict[str, Any]:
        """The facts and the deals, as far as the reader sees them."""
        row, found = self.row, queries.against(self.actor, self.row.pk).get(self.row.pk, NOBODY)
        reasons = names(LOST_REASON)
        return {
            "row": row,
            "facts": [
                (_("别名"), row.aliases or "–"),
                (_("进行中"), deals_and_worth(found.open, found.open_amount) or "0"),
                (_("赢单"), deals_and_worth(found.won, found.won_amount) or "0"),
                (_("输单"), deals_and_worth(found.lost, found.lost_amount) or "0"),
                (_("对阵赢单率"), rate_against(found) or formats.NOTHING),
            ],
            "texts": [(name, getattr(row, field)) for field, name in TEXTS.items()],
            "losses": [
                (reasons.get(code, code), n, worth)
                for code, n, worth in queries.losses_against(self.actor, row.pk)
            ],
            "deals": list(queries.deals_against(self.actor, row.pk)[:MOST_DEALS]),
            "most": MOST_DEALS,
            "states": queries.STATES,
            "tactics": list(queries.tactics_against(self.actor, row.pk)[:MOST_DEALS]),
            "story": story(timeline(KIND, row.pk), ICONS),
        }  # fmt: skip


@access(MANAGE_COMPETITORS)
class NewCompetitor(FormScreen):
    """Put a competitor into the register."""

    title, form_class = gettext_lazy("登记竞争对手"), CompetitorForm

    def crumbs(self) -> list[Crumb]:
        """Back to the register."""
        return [Crumb(pgettext("several", "竞争对手"), reverse("pipeline:competitors"))]

    def run(self, data: dict[str, Any]) -> Done:
        """Add it, and show its page."""
        row = commands.add_competitor(self.actor, CompetitorDraft(**data))
        return Done(url=reverse("pipeline:competitor", args=[row.pk]), toast=_("已登记"))


class OnCompetitor(FormScreen):
    """Base of the forms about one competitor."""

    def load(self) -> None:
        """The competitor that the address names."""
        self.row = queries.competitor(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to its page."""
        return [
            Crumb(pgettext("several", "竞争对手"), reverse("pipeline:competitors")),
            Crumb(self.row.name, reverse("pipeline:competitor", args=[self.row.pk])),
        ]


@access(MANAGE_COMPETITORS)
class EditCompetitor(OnCompetitor):
    """Change what is known of a competitor."""

    title, form_class = gettext_lazy("修改竞争对手"), EditCompetitorForm

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {name: getattr(self.row, name) for name in EditCompetitorForm.base_fields}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_competitor(self.actor, self.row.pk, self.sent_version, CompetitorDraft(**data))
        return Done(toast=_("已保存"))


class MergeForm(Form):
    """Which entry stays."""

    into = PickField("competitors", label=gettext_lazy("合并到"))


@access(MANAGE_COMPETITORS)
class MergeCompetitor(OnCompetitor):
    """Two entries of the register are one competitor."""

    title, form_class, submit = gettext_lazy("合并竞争对手"), MergeForm, gettext_lazy("合并")

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What becomes of this one."""
        return _("「%(name)s」的商机和名称归到选中的那一家,本条不再存在;资料以那一家的为准。") % {"name": self.row.name}

    def run(self, data: dict[str, Any]) -> Done:
        """Merge, and show the one that stays."""
        kept = commands.merge_competitors(self.actor, self.row.pk, data["into"])
        return Done(url=reverse("pipeline:competitor", args=[kept.pk]), toast=_("已合并"))


@access(MANAGE_COMPETITORS)
class CollectCompetitors(ActionScreen):
    """Take into the register what deals name."""

    def run(self) -> Done:
        """Collect, and show the register."""
        added = commands.collect_competitors(self.actor)
        return Done(
            url=reverse("pipeline:competitors"),
            toast=_("已收进 %(count)s 个竞争对手") % {"count": formats.number(len(added))},
        )


class NoHead(Form):
    """The lines say it all."""


class RivalForm(Form):
    """A competitor in a deal, and how they stand there."""

    competitor_id = PickField("competitors", label=gettext_lazy("竞争对手"))
    note = forms.CharField(label=gettext_lazy("情况"), required=False, max_length=300)


@access(WORK)
class Rivals(OnOpportunity):
    """Say against whom a deal is fought."""

    title, form_class, line_class = pgettext_lazy("several", "竞争对手"), NoHead, RivalForm
    lines_title = gettext_lazy("这个商机的竞争对手")
    hint = gettext_lazy("没有登记的名称写在商机的「编辑」里,由维护竞争对手的同事收进来。")

    def initial_lines(self) -> list[dict[str, Any]]:
        """Those that are known."""
        found = queries.rivals_of(self.actor, self.row)
        return [{"competitor_id": it.competitor_id, "note": it.note} for it in found]

    def run(self, data: dict[str, Any]) -> Done:
        """Save them, and show the page behind again."""
        commands.set_rivals(self.actor, self.row.pk, [RivalDraft(**line) for line in data["lines"]])
        return Done(toast=_("已保存"))
