"""The stages of a former system: a process of their own, or stages of a process that the company has."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export import commands
from xiaocheng.foundation.import_export.access import IMPORT
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.selling.pipeline.queries import STAGE_KINDS, published_versions

from .steps import StepScreen

NEW = "new"


class StagesForm(Form):
    """The process, and for each stage of the file its kind and place, or the stage of ours that it is."""

    name = forms.CharField(label=gettext_lazy("流程名称"), max_length=60, required=False)
    opened_in = forms.ChoiceField(
        label=gettext_lazy("开始日期是进入哪个阶段的日期"),
        help_text=gettext_lazy("更早的阶段没有记录时间,会标记为推定,不计入停留天数。"),
    )

    def offer(self, texts: list[str], ours: list[tuple[str, str]]) -> None:
        """Add the selects for each stage of the file; `ours` are the stages of the chosen process."""
        self.texts, self.is_new = texts, not ours
        self.fields["opened_in"].choices = [(text, text) for text in texts]  # type: ignore[attr-defined]
        if not self.is_new:
            del self.fields["name"]
        for at, text in enumerate(texts):
            if ours:
                self.fields[f"s{at}"] = forms.ChoiceField(label=text, choices=[("", "–"), *ours])
                continue
            self.fields[f"s{at}"] = forms.ChoiceField(
                label=_("%(name)s 的类别") % {"name": text}, choices=list(STAGE_KINDS.items())
            )
            self.fields[f"p{at}"] = forms.IntegerField(
                label=_("%(name)s 的顺序") % {"name": text}, min_value=1, max_value=99
            )

    def rows(self) -> list[tuple[str, BoundField, BoundField | None]]:
        """Each stage of the file with its selects."""
        return [(text, self[f"s{at}"], self[f"p{at}"] if self.is_new else None) for at, text in enumerate(self.texts)]


@access(IMPORT)
class Stages(StepScreen):
    """Confirm the stages."""

    step = "stages"
    form_class = StagesForm
    template = "imports/stages.html"

    def load(self) -> None:
        """The proposal, and the process that is asked for."""
        super().load()
        self.proposal: dict[str, Any] = self.job.options.get("setup") or {"stages": [], "version_id": None, "name": ""}
        self.versions = {str(version.pk): version for version in published_versions(self.actor)}
        asked = self.request.GET.get("process") or str(self.proposal["version_id"] or NEW)
        self.ours = self.versions.get(asked)

    def context(self) -> dict[str, Any]:
        """The processes to choose from."""
        chosen = str(self.ours.pk) if self.ours else NEW
        processes = [(NEW, _("建立新流程")), *((key, version.process.name) for key, version in self.versions.items())]
        return {**super().context(), "processes": processes, "chosen": chosen}

    def initial(self) -> dict[str, Any]:
        """As proposed."""
        found: dict[str, Any] = {"name": self.proposal["name"], "opened_in": self.proposal.get("opened_in", "")}
        for at, stage in enumerate(self.proposal["stages"]):
            found[f"p{at}"] = at + 1
            found[f"s{at}"] = stage["code"] if self.ours else stage["kind"]
        return found

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The stages of this file."""
        form: StagesForm = super().make_form(data, files)  # type: ignore[assignment]
        ours = [(stage.code, stage.name) for stage in self.ours.stages.all()] if self.ours else []
        form.offer([stage["text"] for stage in self.proposal["stages"]], ours)
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Take them over."""
        stages = [
            {**stage, "code": data[f"s{at}"]}
            if self.ours
            else {**stage, "kind": data[f"s{at}"], "code": "", "place": data[f"p{at}"]}
            for at, stage in enumerate(self.proposal["stages"])
        ]
        if not self.ours:
            stages.sort(key=lambda stage: stage.pop("place"))
        proposal = {
            "version_id": self.ours.pk if self.ours else None,
            "name": self.ours.process.name if self.ours else data["name"],
            "stages": stages,
            "opened_in": data["opened_in"],
        }
        commands.set_up(self.actor, self.job.pk, proposal)
        return self.onward()
