"""Tables to which a company may add fields of its own: declared once, by the module that keeps the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import Sentence

TEXT, LONG_TEXT, WHOLE, DECIMAL, MONEY, DATE = "text", "long_text", "whole", "decimal", "money", "date"
YES_NO, ONE, SEVERAL, PHONE, EMAIL, URL = "yes_no", "one", "several", "phone", "email", "url"
PERSONAL = {PHONE, EMAIL}  # read by whoever reads such details, and no filter
LONGEST_CODE = 40  # of a value of an option list
SINGULAR = {TEXT, WHOLE, DECIMAL}  # may be kept free of repetition: numbers and codes by which a company knows a row
KINDS: dict[str, Sentence] = {
    TEXT: _("文字"),
    LONG_TEXT: _("多行文字"),
    WHOLE: _("整数"),
    DECIMAL: _("小数"),
    MONEY: _("金额"),
    DATE: _("日期"),
    YES_NO: _("是或否"),
    ONE: _("单选"),
    SEVERAL: _("多选"),
    PHONE: _("电话号码"),
    EMAIL: _("电子邮箱"),
    URL: _("网页地址"),
}


class OptionField(models.CharField):  # type: ignore[type-arg]
    """A column that holds a code of an option list, or nothing: saying so is what lets a merge of two values find it.

    `counted` is what people call the rows of its table.
    """

    def __init__(self, verbose_name: Any = None, list_key: str = "", counted: Sentence = "", **more: Any) -> None:
        self.list_key, self.counted = list_key, counted
        super().__init__(verbose_name, **{"max_length": LONGEST_CODE} | more)

    def deconstruct(self) -> Any:
        """To migrations it is a text like any other."""
        name, _path, values, keywords = super().deconstruct()
        return name, "django.db.models.CharField", values, keywords


class Customised(models.Model):
    """A table that carries a company's own fields: what they hold, by the field's key, in one column."""

    custom = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class BuiltIn:
    """A field that every company has: the path of its column, its kind, and of a coded one the values or their list."""

    key: str
    name: Sentence
    kind: str
    list_key: str = ""
    values: Mapping[str, Sentence] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table that carries fields: its key is the label of its model in small letters ("customers.customer")."""

    key: str
    name: Sentence
    fields: tuple[BuiltIn, ...]


_tables: dict[str, Table] = {}


def carries_fields(key: str, name: Sentence, *built_in: BuiltIn) -> str:
    """Declare a table in a module's options.py, with those of its own fields that conditions may ask for."""
    _tables[key] = Table(key, name, built_in)
    return key


def tables() -> list[Table]:
    """Every declared table, in the order in which the modules stand on one another."""
    return list(_tables.values())


def table(key: str) -> Table | None:
    """The declaration behind a key, if there is one."""
    return _tables.get(key)
