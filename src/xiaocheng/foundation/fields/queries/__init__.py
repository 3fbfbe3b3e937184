"""Every way to look at option lists, fields and saved views."""

from xiaocheng.foundation.fields.models import TONES, CustomField, SavedView

from .coded import OptionItem, choices, default_of, names, options, tone_of, usable, wording
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
from .views import audiences, may_change, saved_view, saved_views, views_of_list

__all__ = [
    "TONES",
    "CustomField",
    "FieldItem",
    "OptionItem",
    "SavedView",
    "audiences",
    "changed_keys",
    "choices",
    "condition",
    "custom_field",
    "custom_fields",
    "custom_table",
    "custom_tables",
    "custom_values",
    "default_of",
    "field_names",
    "fields_of",
    "forget_cached",
    "lists",
    "may_change",
    "names",
    "narrowed",
    "one_list",
    "options",
    "saved_view",
    "saved_views",
    "shown_fields",
    "tone_of",
    "typed_values",
    "usable",
    "views_of_list",
    "wording",
]
