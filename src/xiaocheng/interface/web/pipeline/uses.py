"""What a process is called and for which new opportunities it is: in words, and the forms that say so."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers.queries import KINDS
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.commands import ProcessDraft, StageDraft
from xiaocheng.selling.pipeline.queries import Process

INDUSTRY = "customers.industry"
CUSTOMER_KINDS = [("", gettext_lazy("不限")), *KINDS.items()]


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way back to the processes."""
    return [Crumb(_("销售流程"), reverse("pipeline:processes")), *more]


def whom(process: Process) -> str:
    """The kind of customers in short: 经销商 · 制造业; or all."""
    words = [str(KINDS.get(process.customer_kind, "")), names(INDUSTRY).get(process.industry, process.industry)]
    return " · ".join(word for word in words if word) or pgettext("customers", "不限")


def when_used(actor: Actor, process: Process) -> str:
    """When a new opportunity gets this process, and which of several for the same customers is chosen."""
    published = queries.published_versions(actor, with_stages=False)
    if not process.is_active:
        return _("已停用:新商机不会用这个流程。")
    if process.pk not in {version.process_id for version in published}:
        return _("还没有发布:新商机不会用这个流程。")
    kind, industry = KINDS.get(process.customer_kind, ""), names(INDUSTRY).get(process.industry, process.industry)
    if kind and industry:
        said = _("客户是%(kind)s、行业是%(industry)s的新商机用这个流程。") % {"kind": kind, "industry": industry}
    elif kind:
        said = _("客户是%(kind)s的新商机用这个流程,除非有按行业指定的。") % {"kind": kind}
    elif industry:
        said = _("客户行业是%(industry)s的新商机用这个流程,除非有同时按客户类型指定的。") % {"industry": industry}
    else:
        said = _("没有为客户的类型或行业指定流程的新商机用这个流程。")
    return formats.sentences(said, _rivals(process, [version.process for version in published]))


def _rivals(process: Process, published: list[Process]) -> str:
    """Which one wins where several are for the same customers: the oldest."""
    same = [
        other for other in published if other.pk != process.pk and other.kind_of_customer == process.kind_of_customer
    ]
    if not same:
        return ""
    if (first := min(same, key=lambda other: other.pk)).pk < process.pk:
        return _("「%(name)s」也用于这些客户,而且建得更早:自动选择时用「%(name)s」。") % {"name": first.name}
    others = listed(_("「%(name)s」") % {"name": other.name} for other in same)
    return _("%(names)s也用于这些客户;这个流程建得更早,自动选择时用它。") % {"names": others}


class UseForm(Form):
    """What a process is called, and for whom it is."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    customer_kind = forms.ChoiceField(
        label=gettext_lazy("用于"), choices=CUSTOMER_KINDS, required=False, widget=forms.RadioSelect
    )
    industry = forms.ChoiceField(label=gettext_lazy("行业"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = dict(choices(INDUSTRY))
        if now := self.initial.get("industry"):  # one that went out of use stays until another is chosen
            offered.setdefault(now, names(INDUSTRY).get(now, now))
        self.fields["industry"].choices = [("", _("不限")), *offered.items()]  # type: ignore[attr-defined]


class ProcessForm(UseForm):
    """A new process with the stages that every process has; more are added to its draft."""

    first = forms.CharField(label=gettext_lazy("第一个阶段"), max_length=40)
    won = forms.CharField(label=gettext_lazy("赢单叫什么"), max_length=40, initial=gettext_lazy("成交"))
    lost = forms.CharField(label=gettext_lazy("输单叫什么"), max_length=40, initial=gettext_lazy("输单"))


@access(MANAGE_PROCESS)
class NewProcess(FormScreen):
    """Begin a process."""

    title, form_class, submit = gettext_lazy("新建流程"), ProcessForm, gettext_lazy("新建")

    def crumbs(self) -> list[Crumb]:
        """Back to all processes."""
        return crumbs()

    def run(self, data: dict[str, Any]) -> Done:
        """Add it as a draft."""
        stages = (
            StageDraft(data["first"], code="first", probability=10),
            StageDraft(data["won"], "won", code="won", probability=100, enter_fields=("customer", "amount")),
            StageDraft(data["lost"], "lost", code="lost", forecast_category="omitted"),
        )
        taken = {process.code for process in queries.processes(self.actor)}
        code = next(f"process-{n}" for n in range(1, len(taken) + 2) if f"process-{n}" not in taken)
        draft = ProcessDraft(data["name"], code, stages, data["customer_kind"], data["industry"])
        process = commands.add_process(self.actor, draft)
        return Done(url=reverse("pipeline:process", args=[process.pk]), toast=_("已新建,请添加阶段后发布"))


class NameForm(UseForm):
    """What a process is called, for whom it is, and whether new opportunities may use it."""

    is_active = forms.BooleanField(label=gettext_lazy("用于新商机"), required=False)


@access(MANAGE_PROCESS)
class EditProcess(FormScreen):
    """Rename a process, say for which customers it is, or take it out of use."""

    title, form_class = gettext_lazy("名称和适用客户"), NameForm

    def load(self) -> None:
        """The process that the address names."""
        self.process = queries.process(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to the process."""
        return crumbs(Crumb(self.process.name, reverse("pipeline:process", args=[self.process.pk])))

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {name: getattr(self.process, name) for name in NameForm.base_fields}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.process.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_process(self.actor, self.process.pk, self.sent_version, **data)
        return Done(toast=_("已保存"))
