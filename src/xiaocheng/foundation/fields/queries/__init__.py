"""Every way to look at option lists and fields."""

from xiaocheng.foundation.fields.models import CustomField

from .coded import OptionItem, choices, names, options, usable, wording
from .fields import (
    FieldItem,
    changed_keys,
    condition,
    custom_field,
    custom_fields,
    custom_table,
    custom_tables,
    custom_values,
    field_names,
    fields_of,
    forget_cached,
    lists,
    narrowed,
    one_list,
    shown_fields,
    typed_values,
)

__all__ = [
    "CustomField",
    "FieldItem",
    "OptionItem",
    "changed_keys",
    "choices",
    "condition",
    "custom_field",
    "custom_fields",
    "custom_table",
    "custom_tables",
    "custom_values",
    "field_names",
    "fields_of",
    "forget_cached",
    "lists",
    "names",
    "narrowed",
    "one_list",
    "options",
    "shown_fields",
    "typed_values",
    "usable",
    "wording",
]
