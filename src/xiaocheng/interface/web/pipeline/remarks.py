"""Remarks on processes: the list, one remark, making one, saying the same, deciding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import DateField, Filters, Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS, SEE, WORK
from xiaocheng.selling.pipeline.commands import RemarkDraft, Verdict
from xiaocheng.selling.pipeline.queries import DECISIONS, REMARK_STATES, REMARK_VIEWS, VERSION_STATES

from .forms import stage_choices, text_area

KIND, KINDS = "pipeline.processremark", "pipeline.remark_kind"
TONES = {"open": "amber", "taken_up": "green", "later": "blue", "declined": "grey", "withdrawn": "grey"}
UNDECIDED = {"open", "later"}
ICONS = {
    "pipeline.RemarkMade": "message-report",
    "pipeline.RemarkEdited": "pencil",
    "pipeline.RemarkWithdrawn": "arrow-back-up",
    "pipeline.RemarkDecided": "gavel",
    "pipeline.RemarkRealised": "circle-check",
    "pipeline.RemarkSupported": "thumb-up",
}


def kind_name(code: str) -> str:
    """A kind of remark in words."""
    return names(KINDS).get(code, code)


def state_pill(row: Any) -> SafeString:
    """Where it stands, for one that was taken up with whether it is realised."""
    if row.realised_at:
        return pill(_("已实现"), "green")
    return pill(REMARK_STATES[row.state], TONES[row.state])


def edition_of(row: Any) -> str:
    """In which edition it is realised."""
    return _("第 %(number)s 版") % {"number": row.version.number} if row.version else ""


class RemarkFilters(Filters):
    """What the list may be narrowed to."""

    process = django_filters.ChoiceFilter(field_name="stage__version__process", label=gettext_lazy("流程"))
    stage = django_filters.ChoiceFilter(field_name="stage__code", label=gettext_lazy("阶段"))
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=lambda: choices(KINDS))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actor = self.request.actor
        self.filters["process"].extra["choices"] = [(row.pk, row.name) for row in queries.processes(actor)]
        self.filters["stage"].extra["choices"] = stage_choices(actor)


@access(SEE)
class Remarks(ListScreen):
    """What people who work with the processes remark on them."""

    title, search_hint = gettext_lazy("流程意见"), gettext_lazy("意见、步骤、拼音")
    row_to, export, filters = "pipeline:remark", "pipeline:export_remarks", RemarkFilters
    columns = [
        Column(gettext_lazy("意见"), "text"),
        Column(gettext_lazy("流程"), "stage.version.process.name", phone="off"),
        Column(gettext_lazy("阶段"), "stage.name", look="nowrap"),
        Column(gettext_lazy("步骤"), "step"),
        Column(gettext_lazy("类别"), "kind", show=kind_name, look="nowrap"),
        Column(gettext_lazy("附议"), "support", look="num"),
        Column(gettext_lazy("状态"), lambda row: row, show=state_pill, phone="aside"),
        Column(gettext_lazy("版本"), lambda row: row, show=edition_of, look="nowrap"),
        Column(gettext_lazy("提出人"), "author.name", look="nowrap"),
        Column(gettext_lazy("提出时间"), "written_at", show=formats.moment, look="nowrap", phone="off"),
        Column(gettext_lazy("决定人"), "decided_by.name", look="nowrap", phone="off"),
        Column(gettext_lazy("理由"), "reason", phone="off"),
    ]

    def rows(self) -> QuerySet[Any]:
        """Those of the open tab in whose words the search is found."""
        return queries.remarks(self.actor, self.tab, self.text)

    def tabs(self) -> list[Tab]:
        """Those that wait, those that are decided, one's own, all."""
        return [Tab(key, label) for key, label in REMARK_VIEWS.items()]

    def empty(self) -> Empty:
        """Where they come from."""
        words = _("在商机页或流程页的阶段上点「提意见」,维护流程的人会逐条给出决定和理由。")
        return Empty(_("没有流程意见"), words, icon="message-report")


@access(SEE, EXPORT)
class ExportRemarks(ExportScreen):
    """The list as a file."""

    screen_class = Remarks


class OnRemark:
    """What is about one remark."""

    actor: Any
    kwargs: dict[str, Any]

    def load(self) -> None:
        """The remark that the address names."""
        self.row: Any = queries.process_remark(self.actor, self.kwargs["pk"])

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("流程意见"), reverse("pipeline:remarks"))]


@access(SEE)
class RemarkPage(OnRemark, DetailScreen):
    """One remark: who says so, what was decided, what became of it."""

    template = "pipeline/remark.html"

    def page_title(self) -> str:
        """Which stage of which process."""
        words = {"process": self.row.stage.version.process.name, "stage": self.row.stage.name}
        return _("「%(process)s」的「%(stage)s」") % words

    def actions(self) -> list[Link | None]:
        """Decide; say the same, or not any more; the author edits or withdraws it until anything was decided."""
        row, pk = self.row, (self.row.pk,)
        if row.state not in UNDECIDED:
            return []
        back = Link(_("撤回附议"), "pipeline:unsupport_remark", pk, icon="thumb-up-off", post=True)
        same = Link(_("附议"), "pipeline:support_remark", pk, icon="thumb-up", post=True)
        decide = Link(_("决定"), "pipeline:decide_remark", pk, icon="gavel", drawer=True)
        if row.author_id != self.actor.person_id:
            return [decide, back if row.is_mine else same]
        return [decide, *self._own_actions()]

    def _own_actions(self) -> list[Link | None]:
        if not self.row.was_never_decided:
            return []
        pk, sure = (self.row.pk,), _("确定撤回这条意见?撤回后仍看得到,但不再等待决定。")
        return [
            Link(_("修改"), "pipeline:edit_remark", pk, icon="pencil", drawer=True),
            Link(_("撤回"), "pipeline:withdraw_remark", pk, icon="arrow-back-up", post=True, confirm=sure),
        ]

    def context(self) -> dict[str, Any]:
        """The facts; the deal as far as the reader sees it."""
        row, deal = self.row, queries.deal_of_remark(self.actor, self.row)
        process = format_html(
            '<a href="{}?version={}">{}</a>', reverse("pipeline:process", args=[row.stage.version.process_id]),
            row.stage.version.number, row.stage.version.process.name,
        )  # fmt: skip
        seen_in = format_html('<a href="{}">{}</a>', reverse("pipeline:opportunity", args=[deal.pk]), deal.name) \
            if deal else ""  # fmt: skip
        facts = [
            (_("流程"), process),
            (_("阶段"), row.stage.name),
            (_("商机"), seen_in),
            (_("附议"), _("%(count)s 人") % {"count": row.support} if row.support else ""),
            (_("实现于"), self._edition()),
            (_("到哪天再看"), formats.day(row.until) if row.until else ""),
        ]
        return {
            "row": row,
            "pills": [state_pill(row), pill(kind_name(row.kind), "grey")],
            "facts": [(name, value) for name, value in facts if value],
            "supporters": listed(queries.supporters(self.actor, row.pk)),
            "story": story(timeline(KIND, row.pk, limit=30), ICONS),
        }

    def _edition(self) -> object:
        version = self.row.version
        if version is None:
            return ""
        url = f"{reverse('pipeline:process', args=[version.process_id])}?version={version.number}"
        words = f"{edition_of(self.row)} · {VERSION_STATES[version.state]}"
        return format_html('<a href="{}">{}</a>', url, words)


class RemarkForm(Form):
    """What is remarked, on which step, of which kind."""

    step = forms.ChoiceField(label=gettext_lazy("步骤"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), widget=forms.RadioSelect, choices=lambda: choices(KINDS))
    text = forms.CharField(label=gettext_lazy("意见"), max_length=1000, widget=text_area(4))


@access(WORK)
class NewRemark(FormScreen):
    """Remark on a stage, perhaps as seen in the deal that the address names (?deal=5)."""

    title, form_class, submit = gettext_lazy("提意见"), RemarkForm, gettext_lazy("提交")
    hint = gettext_lazy("同事都看得到,维护流程的人会给出决定和理由。请不要写客户名称和个人信息。")

    def load(self) -> None:
        """The stage that the address names."""
        self.stage = queries.stage(self.actor, self.kwargs["stage"])

    def page_title(self) -> str:
        """On which stage."""
        return _("对「%(stage)s」提意见") % {"stage": self.stage.name}

    def crumbs(self) -> list[Crumb]:
        """Back to the process."""
        process = self.stage.version.process
        return [
            Crumb(_("销售流程"), reverse("pipeline:processes")),
            Crumb(process.name, reverse("pipeline:process", args=[process.pk])),
        ]

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The steps of the stage."""
        form = super().make_form(data, files)
        form.fields["step"].choices = step_choices(self.stage)  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Keep it."""
        deal = self.request.GET.get("deal", "")
        found = int(deal) if deal.isdigit() and int(deal) < 2**63 else None
        commands.remark(self.actor, self.stage.pk, RemarkDraft(**data, opportunity_id=found))
        return Done(toast=_("已提交,有了决定会通知您"))


def step_choices(stage: Any, kept: str = "") -> list[tuple[str, str]]:
    """The whole stage or one of its steps; one that reads otherwise by now may stay."""
    steps = [(str(step.text)[:200], str(step.text)) for step in stage.checklist]
    old = [(kept, kept)] if kept and kept not in dict(steps) else []
    return [("", _("整个阶段")), *steps, *old]


@access(WORK)
class EditRemark(OnRemark, FormScreen):
    """Say one's own remark otherwise."""

    title, form_class = gettext_lazy("修改意见"), RemarkForm
    hint = gettext_lazy("有了决定以后不能再改。请不要写客户名称和个人信息。")

    def load(self) -> None:
        """Somebody else's is read, not edited."""
        super().load()
        if self.row.author_id != self.actor.person_id:
            raise RuleBroken(_("意见只能由提的人修改或撤回。"))

    def version(self) -> int:
        """The version that the form starts from: it may be decided meanwhile."""
        return int(self.row.edit_version)

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {"step": self.row.step, "kind": self.row.kind, "text": self.row.text}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The steps of the stage."""
        form = super().make_form(data, files)
        form.fields["step"].choices = step_choices(self.row.stage, self.row.step)  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_remark(self.actor, self.row.pk, self.sent_version, RemarkDraft(**data))
        return Done(toast=_("已保存"))


@access(WORK)
class WithdrawRemark(ActionScreen):
    """Withdraw one's own remark."""

    def run(self) -> Done:
        """Withdraw it."""
        commands.withdraw_remark(self.actor, self.kwargs["pk"])
        return Done(toast=_("已撤回"))


@access(WORK)
class Support(ActionScreen):
    """Say the same."""

    def run(self) -> Done:
        """Support it."""
        commands.support_remark(self.actor, self.kwargs["pk"])
        return Done(toast=_("已附议"))


@access(WORK)
class TakeBackSupport(ActionScreen):
    """Say the same no more."""

    def run(self) -> Done:
        """Take it back."""
        commands.take_back_support(self.actor, self.kwargs["pk"])
        return Done(toast=_("已撤回附议"))


class DecideForm(Form):
    """What is decided, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("决定"), widget=forms.RadioSelect, choices=[(key, REMARK_STATES[key]) for key in DECISIONS]
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        widget=text_area(),
        help_text=gettext_lazy("提出人和附议的人都会收到"),
    )
    edition = forms.TypedChoiceField(
        label=gettext_lazy("采纳时,在哪一版实现"), required=False, coerce=int, empty_value=None
    )
    until = DateField(label=gettext_lazy("暂缓时,到哪天再看"), required=False)


@access(SEE, MANAGE_PROCESS)
class Decide(OnRemark, FormScreen):
    """Decide about a remark."""

    title, form_class, submit = gettext_lazy("决定流程意见"), DecideForm, gettext_lazy("决定")

    @property
    def hint(self) -> str:  # type: ignore[override]
        """The remark itself."""
        return str(self.row.text)

    def version(self) -> int:
        """The version that the form starts from: somebody else may decide meanwhile."""
        return int(self.row.edit_version)

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The draft, or that one is begun, and the edition in use."""
        form = super().make_form(data, files)
        process = queries.process(self.actor, self.row.stage.version.process_id)
        form.fields["edition"].choices = editions(process)  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Decide."""
        verdict = Verdict(data["decision"], data["reason"], data["until"], data["edition"])
        commands.decide_remark(self.actor, self.row.pk, self.sent_version, verdict)
        return Done(toast=_("已决定,提出人会收到通知"))


def editions(process: Any) -> list[tuple[Any, str]]:
    """In which editions a remark may be realised: the draft, begun if there is none, or the one in use."""
    found: list[tuple[Any, str]] = []
    for version in process.versions.all():
        if version.state == "draft":
            found.append((version.pk, _("第 %(number)s 版草稿") % {"number": version.number}))
        if version.state == "published":
            found.append((version.pk, _("使用中的第 %(number)s 版已经做到") % {"number": version.number}))
    has_draft = any(version.state == "draft" for version in process.versions.all())
    return found if has_draft else [("", _("起草新版本")), *found]
