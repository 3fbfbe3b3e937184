"""Every way to look at option lists and fields."""

from .fields import (
    FieldItem,
    custom_fields,
    custom_table,
    custom_tables,
    field_names,
    fields_of,
    forget_cached,
)
from .options import OptionItem, choices, lists, names, one_list, options, usable, wording

__all__ = [
    "FieldItem",
    "OptionItem",
    "choices",
    "custom_fields",
    "custom_table",
    "custom_tables",
    "field_names",
    "fields_of",
    "forget_cached",
    "lists",
    "names",
    "one_list",
    "options",
    "usable",
    "wording",
]
