"""Moving the open opportunities of a process to the edition in use: first what it would do, then doing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.queries import CarryLine

from .forms import text_area
from .uses import crumbs

MOST_OWNERS = 5


class CarryOverForm(Form):
    """Where those go whose stage is no more, and why; a field for each such stage is added."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, max_value=2**63 - 1
    )  # the edition that the preview was about
    reason = forms.CharField(label=gettext_lazy("理由"), widget=text_area(2))

    def ask_where(self, line: CarryLine, stages: list[tuple[Any, str]]) -> None:
        """Ask to which stage those of a dropped one go; without an answer they stay where they are."""
        self.fields[f"to-{line.code}"] = forms.TypedChoiceField(
            label=_("「%(stage)s」的商机转到") % {"stage": line.name},
            choices=[("", _("留在原来的版本")), *stages],
            coerce=int,
            empty_value=None,
            required=False,
        )


@access(MANAGE_PROCESS)
class CarryOver(FormScreen):
    """The preview and the act."""

    template = "pipeline/carry_over.html"
    title, form_class, submit = gettext_lazy("转移进行中的商机"), CarryOverForm, gettext_lazy("转移")

    def load(self) -> None:
        """What stands in older editions."""
        self.preview = queries.carry_over_preview(self.actor, self.kwargs["pk"])

    def page_url(self) -> str:
        """The page of the process."""
        return reverse("pipeline:process", args=[self.kwargs["pk"]])

    def crumbs(self) -> list[Crumb]:
        """Back to the process."""
        return crumbs(Crumb(self.preview.version.process.name, self.page_url()))

    def initial(self) -> dict[str, Any]:
        """The edition that is shown, and the usual reason."""
        number = self.preview.version.number
        return {"version": self.preview.version.pk, "reason": _("改用第 %(number)s 版") % {"number": number}}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with a question for each stage that the edition in use does not have."""
        form = super().make_form(data, files)
        assert isinstance(form, CarryOverForm)  # noqa: S101 - for the type checker
        stages = [(stage.pk, stage.name) for stage in self.preview.stages]
        for line in self.preview.lines:
            if line.to is None:
                form.ask_where(line, stages)
        form.order_fields([*(name for name in form.fields if name.startswith("to-")), "reason"])
        return form

    def context(self) -> dict[str, Any]:
        """The preview."""
        return {"preview": self.preview, "going": [(line, _whose(line)) for line in self.preview.lines]}

    def run(self, data: dict[str, Any]) -> Done:
        """Move one set, and say what is left."""
        targets = {name.removeprefix("to-"): stage for name, stage in data.items() if name.startswith("to-") and stage}
        done = commands.carry_over(self.actor, data["version"], targets, data["reason"])
        said = _("已转移 %(count)s 个商机,其中 %(moved)s 个换了阶段。") % {
            "count": formats.number(done.went_on + done.moved),
            "moved": formats.number(done.moved),
        }
        if not done.left:
            return Done(url=self.page_url(), toast=said)
        more = _("还有 %(count)s 个,请再转移一次。") % {"count": formats.number(done.left)}
        return Done(url=self.request.path, toast=formats.sentences(said, more))


def _whose(line: CarryLine) -> str:
    """Who has how many; of many people the first ones."""
    first = [_("%(name)s %(count)s 个") % {"name": one.name, "count": one.count} for one in line.owners[:MOST_OWNERS]]
    others = len(line.owners) - MOST_OWNERS
    return listed([*first, *([_("另外 %(count)s 人") % {"count": others}] if others > 0 else [])])
