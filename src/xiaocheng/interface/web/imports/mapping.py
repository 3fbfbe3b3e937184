"""Which column is which field, and what the texts in a column mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.access import IMPORT
from xiaocheng.foundation.import_export.queries import FieldMeanings, Meaning, Target, nearest
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done

from .steps import StepScreen

DAY_ORDER = {"": None, "month": False, "day": True}
OPEN, EMPTY, MAKE = "", "empty", "make"
MOST_OPTIONS = 60


class ColumnsForm(Form):
    """For each column of the file: the field that it is."""

    day_order = forms.ChoiceField(
        label=gettext_lazy("形如 3/4/2026 的日期"),
        required=False,
        choices=[
            ("", gettext_lazy("自动判断")),
            ("month", gettext_lazy("月/日/年")),
            ("day", gettext_lazy("日/月/年")),
        ],
    )

    mode = forms.ChoiceField(
        label=gettext_lazy("已有的行"),
        choices=list(queries.MODES.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    key = forms.ChoiceField(label=gettext_lazy("按哪一项识别已有的行"), required=False)

    def offer_update(self, target: Target, modes: Mapping[str, Sentence]) -> None:
        """Ask what becomes of rows that are there, if they can be changed at all and as far as the person may."""
        if target.update is None:
            del self.fields["mode"], self.fields["key"]
            return
        self.fields["mode"].choices = list(modes.items())  # type: ignore[attr-defined]
        self.fields["mode"].help_text = " ".join(
            filter(None, (_("更新时空的单元格不改动原有的内容。"), str(target.update.note)))
        )
        names = {item.key: item.name for item in target.fields}
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((key.field, names[key.field]) for key in target.update.keys),
        ]

    def offer(self, header: list[str], samples: list[list[str]], fields: list[tuple[str, str]], rest: str) -> None:
        """Add a select for each column."""
        self.header, self.samples = header, samples
        nothing = _("不导入") if not rest else _("并入「%(name)s」") % {"name": rest}
        for at, heading in enumerate(header):
            self.fields[f"c{at}"] = forms.ChoiceField(
                label=heading or _("第 %(number)s 列") % {"number": at + 1},
                required=False,
                choices=[("", nothing if heading else _("不导入")), *fields],
            )

    def rows(self) -> list[tuple[BoundField, list[str]]]:
        """Each select with the first cells of its column."""
        return [
            (self[f"c{at}"], [words for row in self.samples if (words := row[at])][:3])
            for at in range(len(self.header))
        ]

    def clean(self) -> dict[str, Any]:
        """Each field at most once."""
        cleaned = super().clean() or {}
        columns: dict[str, int] = {}
        for at in range(len(self.header)):
            key = cleaned.get(f"c{at}")
            if key and key in columns:
                raise ValidationError(
                    _("第 %(first)s 列和第 %(second)s 列对应了同一项。") % {"first": columns[key] + 1, "second": at + 1}
                )
            if key:
                columns[key] = at
        return {**cleaned, "columns": columns}


@access(IMPORT)
class Columns(StepScreen):
    """Confirm the columns."""

    step = "columns"
    form_class = ColumnsForm
    template = "imports/columns.html"

    def initial(self) -> dict[str, Any]:
        """As guessed or chosen before."""
        day_first = self.job.options.get("day_first")
        chosen = next((key for key, value in DAY_ORDER.items() if value is day_first), "")
        modes = queries.target_for(self.actor, self.job).modes(self.actor)
        mode = self.job.options.get("mode", "new")
        way = {"mode": mode if mode in modes else next(iter(modes)), "key": self.job.options.get("key", "")}
        return {"day_order": chosen, **way, **{f"c{at}": key for key, at in self.job.columns.items()}}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The columns of this table and the fields of its kind."""
        form: ColumnsForm = super().make_form(data, files)  # type: ignore[assignment]
        target = queries.target_for(self.actor, self.job)
        fields = [(item.key, f"{item.name} *" if item.required else str(item.name)) for item in target.fields]
        kept = target.field(target.rest)
        samples = queries.sample(self.actor, self.job)
        form.offer_update(target, target.modes(self.actor))
        form.offer(queries.header(self.actor, self.job), samples, fields, str(kept.name) if kept else "")
        return form

    def context(self) -> dict[str, Any]:
        """How the file was read."""
        return super().context() | {"table": queries.table(self.actor, self.job)}

    def run(self, data: dict[str, Any]) -> Done:
        """Take them over."""
        commands.map_columns(
            self.actor,
            self.job.pk,
            data["columns"],
            DAY_ORDER[data["day_order"]],
            mode=data.get("mode") or "new",
            key=data.get("key", ""),
        )
        return self.onward()


class ValuesForm(Form):
    """For each text that is not simply a name: what it means."""

    def offer(self, found: list[FieldMeanings]) -> None:
        """Add a select for each text."""
        self.found = found
        self.meant: dict[str, dict[str, Any]] = {}
        for f, item in enumerate(found):
            for t, meaning in enumerate(item.texts):
                name = f"v{f}_{t}"
                self.fields[name] = forms.ChoiceField(
                    label=meaning.text, required=False, choices=self._choices(name, item, meaning)
                )
                self.initial.setdefault(name, self._chosen(name, meaning))

    def _choices(self, name: str, item: FieldMeanings, meaning: Meaning) -> list[tuple[str, str]]:
        near = nearest(meaning.text, item.candidates, MOST_OPTIONS)
        known = dict.fromkeys((value for value, _label in near))
        if meaning.how in {"guessed", "chosen"}:
            known = {meaning.value: None, **known}
        labels = dict(reversed(item.candidates))
        self.meant[name] = {str(value): value for value in known}
        named = [(f"={value}", labels.get(value, str(value))) for value in known]
        special = [(OPEN, _("按错误处理")), (EMPTY, _("留空"))]
        if item.may_make:
            special.append((MAKE, _("新建「%(text)s」") % {"text": meaning.text}))
        return [*special, *named]

    def _chosen(self, name: str, meaning: Meaning) -> str:
        if meaning.how in {"guessed", "chosen"}:
            return f"={meaning.value}"
        return {"made": MAKE, "empty": EMPTY}.get(meaning.how, OPEN)

    def groups(self) -> list[tuple[FieldMeanings, list[tuple[Meaning, BoundField]]]]:
        """The selects by field."""
        return [
            (item, [(meaning, self[f"v{f}_{t}"]) for t, meaning in enumerate(item.texts)])
            for f, item in enumerate(self.found)
        ]

    def clean(self) -> dict[str, Any]:
        """The meanings as the command takes them; what stays open is left out."""
        cleaned = super().clean() or {}
        values: dict[str, dict[str, Any]] = {item.field.key: {} for item in self.found}
        for f, item in enumerate(self.found):
            for t, meaning in enumerate(item.texts):
                said = cleaned.get(f"v{f}_{t}", OPEN)
                if said == EMPTY:
                    values[item.field.key][meaning.text] = None
                elif said == MAKE:
                    values[item.field.key][meaning.text] = {"make": meaning.text}
                elif said:
                    values[item.field.key][meaning.text] = self.meant[f"v{f}_{t}"][said.removeprefix("=")]
        return {"values": values}


@access(IMPORT)
class Values(StepScreen):
    """Confirm what texts mean."""

    step = "values"
    form_class = ValuesForm
    template = "imports/values.html"

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The texts of this table."""
        form: ValuesForm = super().make_form(data, files)  # type: ignore[assignment]
        form.offer(queries.meanings(self.actor, self.job))
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Take them over."""
        commands.map_values(self.actor, self.job.pk, data["values"])
        return self.onward()
