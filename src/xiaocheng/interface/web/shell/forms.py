"""Forms: how every field looks, and the few fields that Django lacks. A form checks shape only; commands decide."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence

from . import pickers

NOBODY = Actor(person_id=None)


@dataclass(frozen=True)
class Section:
    """Fields that belong together in a form; a folded one opens on tap."""

    title: Sentence
    fields: tuple[str, ...]
    folded: bool = False


class UiField(BoundField):
    """A field as the one field template shows it."""

    field: Any

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Add the look to what Django adds."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        look = _look(widget)
        if look:
            own = f"{widget.attrs.get('class', '')} {look}{' is-invalid' if self.errors else ''}"
            built["class"] = own.strip()
        return built

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> Any:
        """Render the widget; a picker first learns the names of what is chosen."""
        if isinstance(self.field, PickField):
            self.field.offer(getattr(self.form, "actor", NOBODY), self.value())
        return super().as_widget(widget, attrs, only_initial)

    @property
    def kind(self) -> str:
        """How the template lays it out: check, choices (radio buttons, check boxes) or input."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        return "choices" if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)) else "input"

    @property
    def unit(self) -> Sentence:
        """The word behind the input, as 元."""
        return getattr(self.field, "unit", "")

    @property
    def wide(self) -> bool:
        """True for what needs the whole width."""
        return isinstance(self.field.widget, forms.Textarea) or self.kind == "choices"


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "form-check-input"
    if isinstance(widget, (forms.HiddenInput, forms.MultiWidget)):
        return ""
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class Renderer(TemplatesSetting):
    """The form renderer of the product."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = UiField


TOO_MANY_LETTERS = _("太长了,最多 %(limit_value)s 个字。")


class Form(forms.Form):
    """Base of every form. `sections` groups the fields; fields that no section names come first."""

    sections: Sequence[Section] = ()

    def __init__(self, *args: Any, actor: Actor = NOBODY, **kwargs: Any) -> None:
        self.actor = actor
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.error_messages["max_length"] = TOO_MANY_LETTERS

    def texts_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the row, by field, as a person compares them with what he typed."""
        return dict(values)

    def layout(self) -> list[tuple[Section, list[BoundField]]]:
        """The visible fields by section; a section with an error is open."""
        named = {name for section in self.sections for name in section.fields}
        first = Section("", tuple(field.name for field in self.visible_fields() if field.name not in named))
        laid = []
        for section in (first, *self.sections):
            fields = [self[name] for name in section.fields]
            if section.folded and any(field.errors for field in fields):
                section = Section(section.title, section.fields)
            if fields:
                laid.append((section, fields))
        return laid


class DateInput(forms.DateInput):
    """The browser's own date field, which the calendar takes over on a computer."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-date": "day", **(attrs or {})}, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A company day."""

    widget = DateInput


class UsualDayInput(DateInput):
    """A date field with the days that people mostly say, one tap each."""

    template_name = "ui/usual_days.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the days, counted from today."""
        today = clock.today()
        days = [(words, today + dt.timedelta(days=after)) for after, words in USUAL_DAYS]
        return super().get_context(name, value, attrs) | {"usual_days": days}


USUAL_DAYS = (
    (1, _("明天")),
    (2, _("后天")),
    (3, _("三天后")),
    (7, _("一周后")),
    (14, _("两周后")),
    (30, _("一个月后")),
)


class UsualDayField(DateField):
    """A company day to come."""

    widget = UsualDayInput


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"


class MomentField(forms.DateTimeField):
    """An instant, typed and shown in the company's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "data-date": "moment"}, format="%Y-%m-%dT%H:%M")
    input_formats: Any = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]

    def clean(self, value: Any) -> dt.datetime | None:
        """The instant in UTC."""
        cleaned = super().clean(value)
        return cleaned.astimezone(dt.UTC) if cleaned else None


TOO_LONG = {
    "max_digits": _("金额太大。"),
    "max_whole_digits": _("金额太大。"),
    "max_decimal_places": _("金额最多四位小数。"),
}


class MoneyField(forms.DecimalField):
    """An amount as people type it: 12,500 or １２５００ or 1.25万."""

    unit = _("元")
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, error_messages=TOO_LONG, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The amount without the zeros that only the column needs: 52800, not 52800.0000."""
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """The amount in 元, as a Decimal."""
        if not isinstance(value, str):
            return super().to_python(value)
        plain = "".join(unicodedata.normalize("NFKC", value).split()).replace(",", "").strip("¥$").removesuffix("元")
        amount = super().to_python(plain.rstrip("万萬亿億"))
        if amount is None:
            return None
        scale = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}.get(plain[-1:], 1)
        return amount * scale


class PickSelect(forms.Select):
    """A select whose options come from a picker source while one types."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Mark the select for the script."""
        return super().get_context(name, value, {**(attrs or {}), **self.attrs})


class PickManySelect(forms.SelectMultiple):
    """As PickSelect, for several rows."""


class PickField(forms.Field):
    """One row of another table, by id. `all_shown` lists all rows of a short table at once, also without script."""

    widget: Any = PickSelect
    many: ClassVar[bool] = False

    def __init__(self, source: str, *, all_shown: bool = False, placeholder: Sentence = "", **kwargs: Any) -> None:
        self.source, self.all_shown = source, all_shown
        self.placeholder = placeholder or (_("请选择") if all_shown else _("输入名称或拼音"))
        super().__init__(**kwargs)

    def offer(self, actor: Actor, value: Any) -> None:
        """Give the widget its options: what is chosen, and all rows of a short table."""
        chosen = [int(item) for item in (value if self.many else [value]) or [] if str(item or "").isdigit()]
        offered = pickers.choices(self.source, actor, ids=chosen) if chosen else []
        if self.all_shown:
            offered += [item for item in pickers.choices(self.source, actor) if item.id not in chosen]
        blank = [] if self.many else [("", str(self.placeholder))]
        self.widget.choices = [*blank, *((item.id, item.label) for item in offered)]
        self.widget.attrs |= {"data-pick": reverse("pick", args=[self.source]), "placeholder": str(self.placeholder)}

    def to_python(self, value: Any) -> Any:
        """The id, or None."""
        return _row_id(value) if value not in self.empty_values else None


class PickManyField(PickField):
    """Several rows of another table, as a list of ids."""

    widget = PickManySelect
    many = True

    def to_python(self, value: Any) -> Any:
        """The ids."""
        return [_row_id(item) for item in value or []]


def _row_id(value: Any) -> int:
    if not str(value).isdigit() or int(value) >= 2**63:
        raise ValidationError(_("请从列表中选择。"), code="invalid")
    return int(value)


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Base of a list's filters; never a filter over model choices, whose dropdown would list hidden rows.

    What `further` names opens on tap.
    """

    further: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        form = Form

    def first_fields(self) -> list[BoundField]:
        """What people narrow lists by most."""
        return [field for field in self.form if field.name not in self.further]

    def further_fields(self) -> list[BoundField]:
        """What opens on tap."""
        return [field for field in self.form if field.name in self.further]

    def is_further_set(self) -> bool:
        """True when one of those narrows the list now."""
        return any(any(self.data.get(key) for key in _keys_of(field)) for field in self.further_fields())


def _keys_of(field: BoundField) -> list[str]:
    widget = field.field.widget
    suffixes = getattr(widget, "suffixes", None) or [""]
    return [f"{field.html_name}_{suffix}" if suffix else field.html_name for suffix in suffixes]


class DayRange(django_filters.widgets.SuffixedMultiWidget):  # type: ignore[misc]
    """The first and the last day, either of which may be left open."""

    template_name = "ui/day_range.html"
    suffixes: ClassVar[list[str]] = ["after", "before"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__((DateInput({"class": "form-control"}), DateInput({"class": "form-control"})), attrs)

    def decompress(self, value: slice | None) -> list[Any]:
        """Both days."""
        return [value.start, value.stop] if value else [None, None]


class DayRangeFilter(django_filters.DateFromToRangeFilter):  # type: ignore[misc]
    """From a day to a day, both included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=DayRange, **kwargs)


class PickFilter(django_filters.Filter):  # type: ignore[misc]
    """Filter by a row of another table."""

    field_class = PickField
