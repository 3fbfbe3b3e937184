"""Forms and buttons that change an opportunity."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import pickers
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.commands import OpportunityDraft, TacticDraft

from .forms import (
    STEP,
    AdvanceForm,
    ChangeProcessForm,
    DetailsForm,
    LoseForm,
    MoveForm,
    NeedsForm,
    NewForm,
    NextStepForm,
    ReopenForm,
    WinForm,
    for_command,
    stage_choices_of,
)


def page_url(pk: int) -> str:
    """The page of an opportunity."""
    return reverse("pipeline:opportunity", args=[pk])


@access(WORK)
class New(FormScreen):
    """A new opportunity, perhaps for the customer that the address names (?customer=5)."""

    title, form_class, submit = pgettext_lazy("one", "新建商机"), NewForm, gettext_lazy("新建")

    def crumbs(self) -> list[Crumb]:
        """Back to the list."""
        return [Crumb(pgettext_lazy("several", "商机"), reverse("pipeline:list"))]

    def initial(self) -> dict[str, Any]:
        """The customer from whose page it is opened."""
        asked = self.request.GET.get("customer", "")
        return {"customer": int(asked)} if asked.isdigit() else {}

    def run(self, data: dict[str, Any]) -> Done:
        """Open it."""
        data["process_id"] = data.pop("process")
        row = commands.open_opportunity(self.actor, OpportunityDraft(**for_command(data)))
        return Done(url=page_url(row.pk), toast=_("已新建商机"))


class OnOpportunity(FormScreen):
    """Base of the forms about one opportunity."""

    def load(self) -> None:
        """The opportunity that the address names."""
        self.row = queries.opportunity(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to its page."""
        return [
            Crumb(pgettext_lazy("several", "商机"), reverse("pipeline:list")),
            Crumb(self.row.name, page_url(self.row.pk)),
        ]


@access(WORK)
class Edit(OnOpportunity):
    """All details of an opportunity."""

    title = gettext_lazy("编辑商机")
    form_class: type[Form] = DetailsForm

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form; a customer out of sight can be neither shown nor changed."""
        form = super().make_form(data, files)
        customer = self.row.customer_id
        if "customer" in form.fields and customer and not pickers.choices("customers", self.actor, ids=[customer]):
            del form.fields["customer"]
        return form

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        names = (*self.form_class.base_fields, "custom")
        return {name: getattr(self.row, f"{name}_id", None) or getattr(self.row, name) for name in names}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit(self.actor, self.row.pk, self.sent_version, **for_command(data))
        return Done(toast=_("已保存"))


@access(WORK)
class Needs(Edit):
    """The needs analysis."""

    title, form_class = gettext_lazy("需求分析"), NeedsForm
    parts: ClassVar[dict[str, str]] = {**FormScreen.parts, "needs": "form"}  # where it stands on the page


@access(WORK)
class NextStep(Edit):
    """The next step and its day."""

    title, form_class = gettext_lazy("下一步"), NextStepForm


class Towards(OnOpportunity):
    """Base of the forms that move an opportunity and ask for what is missing on the way."""

    def target(self) -> int:
        """The stage to which it goes."""
        raise NotImplementedError

    def make_form(self, data: Any = None, files: Any = None) -> MoveForm:
        """The form with a field for each detail that is missing."""
        form = super().make_form(data, files)
        assert isinstance(form, MoveForm)  # noqa: S101 - for the type checker
        gates = queries.gates_to(self.actor, self.row.pk, self.target())
        self.missing = [gate for gate in gates if not gate.is_met]
        fields = [gate.key for gate in self.missing if gate.kind == "field"]
        self.steps = [(gate.key, gate.name) for gate in self.missing if gate.by_hand]
        self.asked = form.ask_for(fields, self.steps, passable=bool(self.missing))
        return form

    def initial(self) -> dict[str, Any]:
        """Where it stood when the form was opened."""
        return {"seen": self.request.GET.get("seen") or self.row.span_seq}

    @property
    def hint(self) -> Sentence:  # type: ignore[override]
        """What is missing."""
        if not self.missing:
            return ""
        return _("还缺:%(missing)s") % {"missing": listed(gate.name for gate in self.missing)}

    def filled(self, data: dict[str, Any]) -> dict[str, Any]:
        """The details that were asked for and given."""
        given = {name: data[name] for name in self.asked if data.get(name) not in (None, "")}
        return for_command(given)

    def ticked(self, data: dict[str, Any]) -> list[str]:
        """The keys of the steps that were ticked on the way."""
        return [key for key, _words in self.steps if data.get(f"{STEP}{key}")]


@access(WORK)
class Advance(Towards):
    """Go on to a stage, with what it asks for and what is done next."""

    form_class = AdvanceForm

    def target(self) -> int:
        """The stage that the address names."""
        return int(self.kwargs["stage"])

    def initial(self) -> dict[str, Any]:
        """The next step that is still to come."""
        planned = {"next_step": self.row.next_step, "next_step_on": self.row.next_step_on}
        return super().initial() | ({} if queries.lacks_step(self.row) else planned)

    def filled(self, data: dict[str, Any]) -> dict[str, Any]:
        """What was asked for, and the next step if one was told."""
        told = {name: data[name] for name in ("next_step", "next_step_on") if data.get(name)}
        return super().filled(data) | told

    def page_title(self) -> str:
        """To which stage it goes."""
        return _("进入「%(stage)s」") % {"stage": queries.stage(self.actor, self.target()).name}

    def run(self, data: dict[str, Any]) -> Done:
        """Fill in and move."""
        commands.move(
            self.actor,
            self.row.pk,
            self.target(),
            reason=data.get("reason", ""),
            bypass=data.get("bypass", False),
            seen=data["seen"],
            fill=self.filled(data),
            done=self.ticked(data),
        )
        return Done(toast=_("已推进。点错了可以在十分钟内撤回。"))


@access(WORK)
class Win(Towards):
    """Win it."""

    title, form_class, submit = gettext_lazy("赢单"), WinForm, gettext_lazy("赢单")

    def target(self) -> int:
        """The stage of the win."""
        return next(s.pk for s in queries.stages_of_version(self.actor, self.row.version_id) if s.kind == "won")

    def make_form(self, data: Any = None, files: Any = None) -> MoveForm:
        """The form with the stages at which something may have won it."""
        form = super().make_form(data, files)
        form.fields["tactic_stage"].choices = stage_choices_of(self.actor, self.row.version_id)  # type: ignore[attr-defined]
        return form

    def initial(self) -> dict[str, Any]:
        """The amount as it was thought; what won it mattered where it stands."""
        return super().initial() | {"amount": self.row.amount, "tactic_stage": self.row.stage.code}

    def run(self, data: dict[str, Any]) -> Done:
        """Win it."""
        commands.win(
            self.actor,
            self.row.pk,
            data["reason"],
            amount=data["amount"],
            bypass=data.get("bypass", False),
            seen=data["seen"],
            fill=self.filled(data),
            done=self.ticked(data),
            tactic=TacticDraft(data["tactic"], stage=data["tactic_stage"]) if data["tactic"].strip() else None,
        )
        return Done(toast=_("恭喜赢单!"))


@access(WORK)
class Lose(OnOpportunity):
    """Give it up."""

    title, form_class, submit = gettext_lazy("输单"), LoseForm, gettext_lazy("输单")

    def make_form(self, data: Any = None, files: Any = None) -> LoseForm:
        """The form; whoever may let it pass is offered to, where his role may not lose it."""
        form = super().make_form(data, files)
        assert isinstance(form, LoseForm)  # noqa: S101 - for the type checker
        lost = next(s for s in queries.stages_of_version(self.actor, self.row.version_id) if s.kind == "lost")
        self.missing = queries.role_missing(self.actor, lost)
        form.offer_bypass(passable=bool(self.missing))
        return form

    @property
    def hint(self) -> Sentence:  # type: ignore[override]
        """Who may do it, if others may."""
        return _("还缺:%(missing)s") % {"missing": listed(g.name for g in self.missing)} if self.missing else ""

    def initial(self) -> dict[str, Any]:
        """The competitor that is known."""
        return {"seen": self.request.GET.get("seen") or self.row.span_seq, "competitor": self.row.competitor}

    def run(self, data: dict[str, Any]) -> Done:
        """Lose it."""
        commands.lose(
            self.actor,
            self.row.pk,
            data["reason"],
            note=data["note"],
            competitor=data["competitor"],
            bypass=data.get("bypass", False),
            seen=data["seen"],
        )
        return Done(toast=_("已记为输单"))


@access(WORK)
class Reopen(OnOpportunity):
    """Work on it again."""

    title, form_class, submit = gettext_lazy("重新打开"), ReopenForm, gettext_lazy("重新打开")
    hint = gettext_lazy("原来的赢单或输单会在今天冲回,过去期间的数字不变。")

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The stages in which it may go on, and where it stood before."""
        form = super().make_form(data, files)
        stages = queries.stages_to_reopen(self.actor, self.row)
        form.fields["stage"].choices = [(stage.pk, stage.name) for stage, _is_last in stages]  # type: ignore[attr-defined]
        form.initial["stage"] = next(stage.pk for stage, is_last in stages if is_last)
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Open it again."""
        commands.reopen(self.actor, self.row.pk, data["reason"], stage_id=int(data["stage"]))
        return Done(toast=_("已重新打开"))


@access(WORK)
class ChangeProcess(OnOpportunity):
    """Put it on another process or edition."""

    title, form_class, submit = gettext_lazy("换一个流程"), ChangeProcessForm, gettext_lazy("转过去")
    hint = gettext_lazy("转到同一流程新版本的同名阶段时,停留时间接着算;转到别的流程时,原来的停留到此为止。")

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The stages of the other processes and editions in use."""
        form = super().make_form(data, files)
        groups = [
            (version.process.name, [(f"{version.pk}-{s.pk}", s.name) for s in version.stages.all() if s.is_open])
            for version in queries.published_versions(self.actor)
            if version.pk != self.row.version_id
        ]
        form.fields["stage"].choices = groups  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Move it over."""
        version, stage = map(int, data["stage"].split("-"))
        commands.change_process(self.actor, self.row.pk, version, stage, data["reason"])
        return Done(toast=_("已转流程"))


@access(WORK)
class Undo(ActionScreen):
    """Take a wrong click back."""

    def run(self) -> Done:
        """Take it back."""
        commands.undo_move(self.actor, self.kwargs["pk"])
        return Done(toast=_("已撤回"))
