"""The lines of a stage's form: its steps, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import choices
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.selling.pipeline.commands import StageStep


class StepForm(Form):
    """One step of a stage: its place among them, what to do, what proves it, and whether leaving asks for it."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    place = forms.IntegerField(
        label=gettext_lazy("顺序"), required=False, min_value=1, max_value=999, widget=forms.NumberInput
    )
    text = forms.CharField(label=gettext_lazy("步骤"), max_length=200, required=False)
    evidence = forms.ChoiceField(label=gettext_lazy("凭什么打勾"), required=False)
    is_required = forms.BooleanField(label=gettext_lazy("必做"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [("", _("手工勾选")), *choices("pipeline.evidence")]  # type: ignore[attr-defined]


def steps_of(lines: Sequence[dict[str, Any]], more: str) -> list[StageStep]:
    """The steps in the order of their places, then a step for each further line of text; one without words is gone.

    Who gives a step the number of another one means its place: what moves up goes before that, what moves down behind.
    """

    def where(at: int) -> tuple[int, int]:
        place = lines[at]["place"] or len(lines) + 1
        return place, (place - 1 > at) - (place - 1 < at)

    placed = [lines[at] for at in sorted(range(len(lines)), key=where)]
    told = [StageStep(line["text"], line["evidence"], line["is_required"], line["key"]) for line in placed]
    return [step for step in told if step.text] + [
        StageStep(text.strip()) for text in more.splitlines() if text.strip()
    ]
