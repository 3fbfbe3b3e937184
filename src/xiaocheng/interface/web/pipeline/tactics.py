"""What won deals: the library, one tactic, writing it down, and noting where it was used again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import Filters, Form, PickFilter
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE, WORK
from xiaocheng.selling.pipeline.commands import TacticDraft
from xiaocheng.selling.pipeline.events import TacticEdited, TacticWritten

from .acts import OnOpportunity, page_url
from .forms import SOURCE, stage_choices, stage_choices_of, text_area

KIND, INDUSTRY = "pipeline.tactic", "customers.industry"
ICONS = {"pipeline.TacticWritten": "bulb", "pipeline.TacticEdited": "pencil"}
FEWEST = 5  # of fewer cases no percentage is shown


def industry_name(code: str) -> str:
    """An industry in words."""
    return names(INDUSTRY).get(code, code)


def helped(row: Any) -> str:
    """How often the deals that used it were won: k of n, with a percentage where the cases carry one."""
    if not row.decided:
        return ""
    said = _("赢 %(won)s / %(closed)s 单") % {"won": row.helped, "closed": row.decided}
    return f"{said} ({formats.percent(row.helped / row.decided, 0)})" if row.decided >= FEWEST else said


def times_used(row: Any) -> str:
    """In how many deals it was used."""
    return _("%(count)s 个商机") % {"count": row.used} if row.used else ""


class TacticFilters(Filters):
    """What the library may be narrowed to."""

    stage = django_filters.ChoiceFilter(field_name="stage__code", label=gettext_lazy("阶段"))
    product = PickFilter(field_name="product", source="deal-products", label=gettext_lazy("产品"))
    industry = django_filters.ChoiceFilter(label=gettext_lazy("行业"), choices=lambda: choices(INDUSTRY))
    source = django_filters.ChoiceFilter(label=gettext_lazy("来源"), choices=lambda: choices(SOURCE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["stage"].extra["choices"] = stage_choices(self.request.actor)


@access(SEE)
class Tactics(ListScreen):
    """The library of what won deals."""

    title, search_hint = gettext_lazy("赢单打法"), gettext_lazy("打法、拼音、首字母")
    row_to, export, filters = "pipeline:tactic", "pipeline:export_tactics", TacticFilters
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("打法"), "title"),
        Column(gettext_lazy("怎么做"), "text", phone="bare", look="clip"),
        Column(gettext_lazy("阶段"), "stage.name", phone="aside"),
        Column(gettext_lazy("产品"), "product.name"),
        Column(gettext_lazy("行业"), "industry", show=industry_name),
        Column(gettext_lazy("用过"), lambda row: row, show=times_used, look="nowrap", written=lambda row: row.used),
        Column(gettext_lazy("用了之后"), lambda row: row, show=helped, look="nowrap"),
        Column(gettext_lazy("谁写的"), "author.name", look="nowrap", phone="off"),
        Column(gettext_lazy("写于"), "written_at", show=formats.moment, look="nowrap", phone="off"),
    ]

    def rows(self) -> QuerySet[Any]:
        """All, or those in whose words the search is found."""
        return queries.library(self.actor, self.text)

    def empty(self) -> Empty:
        """Where they come from."""
        words = _("赢单时写下打法标题,就会收进这里;已经赢的商机,在它的页面上也可以补写。")
        return Empty(_("还没有赢单打法"), words, icon="bulb")


@access(SEE, EXPORT)
class ExportTactics(ExportScreen):
    """The library as a file."""

    screen_class = Tactics


@access(SEE)
class TacticPage(DetailScreen):
    """One tactic: how it goes, where it comes from, and in which deals it was used."""

    template = "pipeline/tactic.html"

    def load(self) -> None:
        """The tactic that the address names."""
        self.row: Any = queries.tactic(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """What it is."""
        return str(self.row.title)

    def crumbs(self) -> list[Crumb]:
        """Back to the library."""
        return [Crumb(_("赢单打法"), reverse("pipeline:tactics"))]

    def actions(self) -> list[Link | None]:
        """Say it otherwise or take it out, for whoever may."""
        if not queries.may_change_tactic(self.actor, self.row):
            return []
        pk, sure = (self.row.pk,), _("撤下之后,打法库和商机页面都不再显示它。确定撤下?")
        return [
            Link(_("修改"), "pipeline:edit_tactic", pk, icon="pencil", drawer=True),
            Link(_("撤下"), "pipeline:withdraw_tactic", pk, icon="trash", look="danger", post=True, confirm=sure),
        ]

    def context(self) -> dict[str, Any]:
        """The facts; the deals as far as the reader sees them."""
        row, deal = self.row, queries.deal_behind(self.actor, self.row)
        used = list(queries.deals_that_used(self.actor, row.pk)[:30])
        facts = [
            (_("流程"), row.stage.version.process.name),
            (_("阶段"), row.stage.name),
            (_("产品"), row.product.name if row.product else ""),
            (_("来源"), names(SOURCE).get(row.source, "")),
            (_("行业"), industry_name(row.industry)),
            (_("客户类型"), row.get_customer_kind_display()),
            (_("用过"), times_used(row) or _("还没有")),
            (_("用了之后"), helped(row)),
            (_("谁写的"), row.author.name),
            (_("写于"), formats.moment(row.written_at)),
        ]
        return {
            "row": row,
            "facts": [(name, value) for name, value in facts if value],
            "deal": deal,
            "used": used,
            "hidden": row.used - len(used) if len(used) < 30 else 0,
            "states": queries.STATES,
            "story": story(timeline(KIND, row.pk, of=(TacticWritten, TacticEdited)), ICONS),
        }


class TacticForm(Form):
    """What won it, how, and at which stage."""

    title = forms.CharField(label=gettext_lazy("打法标题"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("怎么做"), required=False, max_length=2000, widget=text_area(5),
        help_text=gettext_lazy("能看商机的同事都看得到:请不要写客户名称和个人信息。"),
    )  # fmt: skip
    stage = forms.ChoiceField(label=gettext_lazy("在哪个阶段起作用"))


@access(WORK)
class WriteTactic(OnOpportunity):
    """Write down afterwards what won a deal."""

    title, form_class = gettext_lazy("写下打法"), TacticForm

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The stages of the deal's process."""
        form = super().make_form(data, files)
        form.fields["stage"].choices = stage_choices_of(self.actor, self.row.version_id)  # type: ignore[attr-defined]
        return form

    def initial(self) -> dict[str, Any]:
        """The reason of the win, at the stage from which it was won."""
        return {"text": self.row.close_note, "stage": queries.won_from(self.actor, self.row).code}

    def run(self, data: dict[str, Any]) -> Done:
        """Keep it."""
        commands.write_tactic(self.actor, self.row.pk, TacticDraft(**data))
        return Done(toast=_("已收进赢单打法库"))


@access(SEE)
class EditTactic(FormScreen):
    """Say a tactic otherwise."""

    title, form_class = gettext_lazy("修改打法"), TacticForm

    def load(self) -> None:
        """The tactic that the address names."""
        self.row = queries.tactic(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to it."""
        return [
            Crumb(_("赢单打法"), reverse("pipeline:tactics")),
            Crumb(self.row.title, reverse("pipeline:tactic", args=[self.row.pk])),
        ]

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The stages of the process that the deal went through."""
        form = super().make_form(data, files)
        form.fields["stage"].choices = stage_choices_of(self.actor, self.row.stage.version_id)  # type: ignore[attr-defined]
        return form

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {"title": self.row.title, "text": self.row.text, "stage": self.row.stage.code}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_tactic(self.actor, self.row.pk, self.sent_version, TacticDraft(**data))
        return Done(toast=_("已保存"))


@access(SEE)
class WithdrawTactic(ActionScreen):
    """Take a tactic out of the library."""

    def run(self) -> Done:
        """Withdraw it, and show the library."""
        commands.withdraw_tactic(self.actor, self.kwargs["pk"])
        return Done(url=reverse("pipeline:tactics"), toast=_("已撤下"))


@access(WORK)
class UseTactic(ActionScreen):
    """One tap: it was used in this deal."""

    def run(self) -> Done:
        """Note it, and show the deal again."""
        commands.use_tactic(self.actor, self.kwargs["pk"], self.kwargs["tactic"])
        return Done(url=page_url(self.kwargs["pk"]), toast=_("已记下:这个打法用上了"))


@access(WORK)
class TakeBackUse(ActionScreen):
    """It was not used after all."""

    def run(self) -> Done:
        """Take it back, and show the deal again."""
        commands.take_back_use(self.actor, self.kwargs["pk"], self.kwargs["tactic"])
        return Done(url=page_url(self.kwargs["pk"]), toast=_("已取消"))


def tactics_card(actor: Any, row: Any) -> dict[str, Any]:
    """What the page of a deal shows of the library."""
    found = queries.tactics_of(actor, row)
    return {
        "tactics": found,
        "offers": [
            (item.tactic, [*(queries.WHY[key] for key in item.why if key != "helped"), helped(item.tactic)],
             item.is_used) for item in found.offers
        ],
        "tactics_url": f"{reverse('pipeline:tactics')}?stage={row.stage.code}",
    }  # fmt: skip
