"""Every way to change option lists, fields and saved views."""

from .fields import (
    FieldDraft,
    add_field,
    edit_field,
    index_found_words,
    mend_field_indexes,
    raise_field,
    remove_field,
)
from .merging import merge_late, merge_options
from .options import OptionDraft, add_option, edit_option, raise_option
from .views import ViewDraft, edit_view, open_with, remove_view, save_view

__all__ = [
    "FieldDraft",
    "OptionDraft",
    "ViewDraft",
    "add_field",
    "add_option",
    "edit_field",
    "edit_option",
    "edit_view",
    "index_found_words",
    "mend_field_indexes",
    "merge_late",
    "merge_options",
    "open_with",
    "raise_field",
    "raise_option",
    "remove_field",
    "remove_view",
    "save_view",
]
