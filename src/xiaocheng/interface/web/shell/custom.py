"""The fields that a company added, on pages: in forms, in the facts of a row, as columns and filters of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import FieldItem, condition, custom_fields, shown_fields
from xiaocheng.foundation.fields.tables import (
    DATE,
    DECIMAL,
    EMAIL,
    LONG_TEXT,
    MONEY,
    ONE,
    PERSONAL,
    PHONE,
    SEVERAL,
    TEXT,
    URL,
    WHOLE,
    YES_NO,
)
from xiaocheng.foundation.fields.values import typed
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import listed

from . import formats
from .forms import DateField, Filters, Form, MoneyField, Section
from .screens.list import Column

BLANK = "–"
NUMBER = {"inputmode": "decimal", "autocomplete": "off"}


class CustomForm(Form):
    """A form that also asks for the company's own fields of a table; their cleaned values come as data["custom"].

    A field stands in the section that its definition names; without one it comes first where it is required, else in a
    section of its own. `initial["custom"]` is what the row holds; a new row starts with the defaults.
    """

    table: ClassVar[str] = ""
    folds_own: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = custom_fields(self.actor, self.table) if self.table else []
        self.own = [item for item in known if item.is_changed_by(self.actor)]
        kept: Mapping[str, Any] | None = self.initial.get("custom")
        grouped: dict[str, list[FieldItem]] = {}
        for item in self.own:
            has = item.default if kept is None else kept.get(item.key)
            self.fields[item.key] = form_field(item, has)
            self.initial[item.key] = typed(item.kind, has)
            grouped.setdefault(item.section or ("" if item.is_required else _("其他资料")), []).append(item)
        grouped.pop("", None)
        self.sections = [*self.sections, *(self._section(title, items) for title, items in grouped.items())]

    def _section(self, title: str, items: Sequence[FieldItem]) -> Section:
        folded = self.folds_own and not any(item.is_required for item in items)
        return Section(title, tuple(item.key for item in items), folded=folded)

    def clean(self) -> dict[str, Any]:
        """The own fields together, under one name."""
        cleaned = super().clean() or self.cleaned_data
        if self.table:
            cleaned["custom"] = {item.key: cleaned.pop(item.key, None) for item in self.own}
        return cleaned

    def texts_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the row as a person compares them with what he typed: the own fields each by itself."""
        found = dict(values)
        for item in self.own if "custom" in found else ():
            found[item.key] = typed(item.kind, found["custom"].get(item.key))
        found.pop("custom", None)
        return found


def form_field(item: FieldItem, kept: Any) -> forms.Field:
    """The field that asks for it; a code that is out of use may stay."""
    words: dict[str, Any] = {"label": item.name, "required": item.is_required, "help_text": item.help}
    if item.kind in {ONE, SEVERAL}:
        had = kept if isinstance(kept, list) else [kept] if kept else []
        offered = item.options()
        known = {code for code, _name in offered}
        offered = [*offered, *((code, str(item.option_names().get(code, code))) for code in had if code not in known)]
        if item.kind == SEVERAL:
            return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **words)
        return forms.ChoiceField(choices=[("", BLANK), *offered], **words)
    return _FORM_FIELDS[item.kind](**words)


def _yes_no(**words: Any) -> forms.Field:
    answers = [("", BLANK), ("1", _("是")), ("0", _("否"))]
    return _YesNoField(choices=answers, coerce=lambda code: code == "1", empty_value=None, **words)


class _YesNoField(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def prepare_value(self, value: Any) -> Any:
        """The answer's code."""
        return {True: "1", False: "0"}.get(value, value)


class _DecimalField(forms.DecimalField):
    """A number without the zeros that nobody typed."""

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return MoneyField.prepare_value(self, value)  # type: ignore[arg-type]


_FORM_FIELDS: dict[str, Callable[..., forms.Field]] = {
    TEXT: partial(forms.CharField, max_length=200),
    LONG_TEXT: partial(forms.CharField, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})),
    WHOLE: partial(forms.IntegerField, widget=forms.TextInput(attrs=NUMBER)),
    DECIMAL: partial(_DecimalField, decimal_places=4, widget=forms.TextInput(attrs=NUMBER)),
    MONEY: MoneyField,
    DATE: DateField,
    YES_NO: _yes_no,
    PHONE: partial(forms.CharField, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})),
    EMAIL: forms.EmailField,
    URL: partial(forms.CharField, max_length=300, widget=forms.TextInput(attrs={"inputmode": "url"})),
}


def shown(item: FieldItem, kept: Any) -> object:
    """A kept value as pages show it; empty for none."""
    return shown_typed(item, typed(item.kind, kept))


def shown_typed(item: FieldItem, value: Any) -> object:
    """A value as pages show it; empty for none."""
    if value is None:
        return ""
    if item.kind in _SHOWN:
        return _SHOWN[item.kind](value)
    if item.kind in {ONE, SEVERAL}:
        codes = value if isinstance(value, (list, tuple)) else [value]
        return listed(str(item.option_names().get(code, code)) for code in codes)
    return value


def _link(value: str) -> SafeString:
    return format_html('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>', value, value.split("://")[-1])


def _lines(value: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in value.splitlines()))


_SHOWN: dict[str, Callable[[Any], object]] = {
    LONG_TEXT: _lines,
    WHOLE: formats.number,
    DECIMAL: lambda value: f"{value.normalize():,f}",
    MONEY: formats.exact_money,
    DATE: formats.day,
    YES_NO: lambda value: _("是") if value else _("否"),
    PHONE: lambda value: format_html('<a href="tel:{}">{}</a>', value, value),
    EMAIL: lambda value: format_html('<a href="mailto:{}">{}</a>', value, value),
    URL: _link,
}


def facts(actor: Actor, table: str, kept: Mapping[str, Any], *, reads: bool = True) -> list[tuple[str, object]]:
    """The filled-in own fields of a row, named; phones and e-mail addresses for whoever reads the details."""
    return [(item.name, shown(item, kept[item.key])) for item in shown_fields(actor, table, kept, reads=reads)]


LINKED = {PHONE, EMAIL, URL}  # what one taps to call, write or open


def facts_in_place(
    actor: Actor, table: str, kept: Mapping[str, Any], *, reads: bool = True
) -> list[tuple[str, object, str]]:
    """All own fields of a row, empty ones too, with the key of each that the actor may change where it stands."""
    items = [item for item in custom_fields(actor, table) if reads or item.kind not in PERSONAL]
    return [
        (
            item.name,
            shown(item, kept.get(item.key)),
            item.key if item.is_changed_by(actor) and not (item.kind in LINKED and item.key in kept) else "",
        )
        for item in items
    ]


def columns(actor: Actor, table: str, may_read: Callable[[Any, FieldItem], bool]) -> list[Column]:
    """A column for each own field, for saved views; `may_read` decides about a row and a field without a query."""
    return [
        Column(
            item.name,
            partial(_value, item, may_read),
            show=partial(shown_typed, item),
            key=item.key,
            needs="custom",
            personal=item.kind in PERSONAL,
            look="num" if item.kind in {WHOLE, DECIMAL, MONEY} else "",
            written=partial(_value, item, may_read) if item.kind in {LONG_TEXT, URL} else None,  # what a page cuts up
        )
        for item in custom_fields(actor, table)
    ]


def _value(item: FieldItem, may_read: Callable[[Any, FieldItem], bool], row: Any) -> Any:
    value = typed(item.kind, row.custom.get(item.key)) if may_read(row, item) else None
    return tuple(value) if isinstance(value, list) else value


class OwnFilter(django_filters.Filter):  # type: ignore[misc]
    """A filter by one of the company's own fields: equal, from or to."""

    def __init__(self, item: FieldItem, sign: str, label: str) -> None:
        self.item, self.sign = item, sign
        super().__init__(label=label)

    @property
    def field(self) -> forms.Field:
        """The field that asks for the value; a text is looked for in part."""
        if not hasattr(self, "_own_field"):
            self._own_field = self._make()
        return self._own_field

    def _make(self) -> forms.Field:
        words: dict[str, Any] = {"label": self.label, "required": False}
        if self.item.kind in {ONE, SEVERAL}:
            return forms.ChoiceField(choices=[("", _("全部")), *self.item.options()], **words)
        kind = TEXT if self.item.kind in {EMAIL, URL, PHONE, LONG_TEXT} else self.item.kind
        return _FORM_FIELDS[kind](**words)

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Those of the rows that fit."""
        if value in (None, ""):
            return rows
        found: CustomFilters = self.parent
        return found.readable(rows).filter(condition(found.actor, found.table, self.item.key, self.sign, value))


class CustomFilters(Filters):
    """A list's filters with those of the company's own fields that lists may be filtered by."""

    table: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in custom_fields(self.actor, self.table):
            for name, sign, label in _filters_of(item) if item.is_filter else ():
                own = OwnFilter(item, sign, label)
                own.parent = self
                self.filters[name] = own

    @property
    def actor(self) -> Actor:
        """Who is asking."""
        actor: Actor = self.request.actor
        return actor

    def readable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows whose own fields the person may read: else a hidden value could be found by filtering."""
        return rows


def _filters_of(item: FieldItem) -> list[tuple[str, str, str]]:
    """(parameter, sign, label): from and to for what has an order, else one that is equal."""
    if item.kind in {WHOLE, DECIMAL, MONEY, DATE}:
        return [
            (f"{item.key}_from", ">=", _("%(name)s从") % {"name": item.name}),
            (f"{item.key}_to", "<=", _("%(name)s到") % {"name": item.name}),
        ]
    return [(item.key, "=", item.name)]
