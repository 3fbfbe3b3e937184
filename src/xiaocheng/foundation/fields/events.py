"""What happened to the option lists."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about
from xiaocheng.foundation.kernel.text import listed

from .holders import rows_in_words
from .lists import declared
from .models import AUDIENCES
from .tables import table


def _with_table(_cls: type[Event], values: dict[str, Any]) -> dict[str, Any]:
    """The table by its name."""
    found = table(values["table"])
    return values | {"table": str(found.name) if found else values["table"]}


class OptionAdded(Event):
    """A company added a value of its own."""

    list_key: str
    code: str
    name: str
    says = _("在选项列表 %(list_key)s 中新增了「%(name)s」")


class OptionEdited(Event):
    """A value was renamed, moved, or taken out of use."""

    list_key: str
    code: str
    name: str
    is_active: bool
    says = _("修改了选项列表 %(list_key)s 中的「%(name)s」")


class OptionsMerged(Event):
    """A value went into another one for good, with so many rows of each table."""

    list_key: str
    code: str
    name: str
    into: str
    into_name: str
    rows: dict[str, int]
    says = _("在选项列表「%(list_key)s」中把「%(name)s」(%(code)s)并入了「%(into_name)s」:%(rows)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The list and what went along, by their names."""
        found, rows = declared(values["list_key"]), rows_in_words(values["rows"])
        said = listed(f"{name} {number}" for name, number in rows.items()) or _("没有记录用到它")
        return values | {"list_key": str(found.name) if found else values["list_key"], "rows": str(said)}


class CustomFieldAdded(Event):
    """A company added a field to a table."""

    field_id: int = about("fields.customfield")
    table: str
    name: str
    says = _("为%(table)s新增了自定义字段「%(name)s」")
    worded = classmethod(_with_table)


class CustomFieldEdited(Event):
    """A field of a company's own was changed, moved, or taken out of use."""

    field_id: int = about("fields.customfield")
    table: str
    name: str
    is_active: bool
    says = _("修改了%(table)s的自定义字段「%(name)s」")
    worded = classmethod(_with_table)


class CustomFieldRemoved(Event):
    """A field in which no row had a value is gone."""

    field_id: int = about("fields.customfield")
    table: str
    name: str
    says = _("删除了%(table)s的自定义字段「%(name)s」")
    worded = classmethod(_with_table)


class ViewSaved(Event):
    """Somebody saved a list with its filters and columns, for himself or for others."""

    view_id: int = about("fields.savedview")
    name: str
    audience: str
    says = _("保存了列表视图「%(name)s」(%(audience)s)")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Whom it is for, in words."""
        return values | {"audience": str(AUDIENCES.get(values["audience"], values["audience"]))}


class ViewRemoved(Event):
    """A saved view of a list is gone."""

    view_id: int = about("fields.savedview")
    name: str
    says = _("删除了列表视图「%(name)s」")
