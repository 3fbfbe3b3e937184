"""The steps of an import: which there are for this file, which comes next, and the bar above each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiaocheng.foundation.import_export import queries
from xiaocheng.foundation.import_export.queries import ImportJob
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import FormScreen, Screen

STATE_TONES = {
    "read": "grey",
    "checking": "blue",
    "checked": "blue",
    "running": "amber",
    "done": "green",
    "failed": "red",
    "undoing": "amber",
    "undone": "grey",
}


@dataclass(frozen=True)
class Step:
    """One step as the bar shows it."""

    key: str
    name: Sentence
    state: str = ""
    url: str = ""
    confirm: str = ""


def steps_of(actor: Actor, job: ImportJob) -> list[tuple[str, Sentence]]:
    """The steps that this import has: values and stages only where there is something to confirm."""
    found: list[tuple[str, Sentence]] = [("table", _("数据种类")), ("columns", _("对应列"))]
    if job.target and job.columns:
        if queries.meanings(actor, job):
            found.append(("values", _("对应取值")))
        if "setup" in job.options:
            found.append(("stages", _("阶段")))
    return [*found, ("job", _("检查并导入"))]


def bar(steps: Sequence[tuple[str, Sentence]], now: str) -> list[Step]:
    """The steps with the present one marked."""
    at = [key for key, _name in steps].index(now)
    return [
        Step(key, name, "past" if index < at else "now" if index == at else "")
        for index, (key, name) in enumerate(steps)
    ]


class OfImport(Screen):
    """A page about one import."""

    step = "job"

    def load(self) -> None:
        """The import, if it is the person's own."""
        self.job = queries.import_job(self.actor, self.kwargs["pk"])

    def page_title(self) -> Sentence:
        """The file's name."""
        return self.job.where

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the imports."""
        return [Crumb(_("导入"), reverse("imports:list"))]

    def context(self) -> dict[str, Any]:
        """The bar of steps, and the way back to the step before."""
        steps = steps_of(self.actor, self.job)
        keys = [key for key, _name in steps]
        at = keys.index(self.step) if self.step in keys else 0
        back = reverse(f"imports:{keys[at - 1]}", args=[self.job.pk]) if at else ""
        return {
            "job": self.job,
            "stages": bar(steps, keys[at]),
            "back": back,
            "target": queries.target_of(self.actor, self.job),
        }


class StepScreen(OfImport, FormScreen):
    """One step that a person confirms; then comes the next."""

    submit = ""

    def onward(self) -> Done:
        """To the step after this one."""
        job = queries.import_job(self.actor, self.job.pk)
        keys = [key for key, _name in steps_of(self.actor, job)]
        after = keys[keys.index(self.step) + 1] if self.step in keys else "job"
        return Done(url=reverse(f"imports:{after}", args=[job.pk]))
