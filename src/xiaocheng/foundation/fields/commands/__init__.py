"""Every way to change option lists."""

from .options import add_option, edit_option

__all__ = ["add_option", "edit_option"]
