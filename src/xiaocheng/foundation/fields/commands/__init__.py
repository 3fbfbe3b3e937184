"""Every way to change option lists and fields."""

from .fields import (
    FieldDraft,
    add_field,
    edit_field,
    mend_field_indexes,
    raise_field,
    remove_field,
)
from .options import add_option, edit_option

__all__ = [
    "FieldDraft",
    "add_field",
    "add_option",
    "edit_field",
    "edit_option",
    "mend_field_indexes",
    "raise_field",
    "remove_field",
]
