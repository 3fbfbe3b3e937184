"""Generic screens: a list, one thing, a form, an act. A family declares what is particular and writes nothing else."""

from .base import Screen
from .detail import DetailScreen
from .form import ActionScreen, FormScreen
from .list import Bulk, Column, ListScreen

__all__ = ["ActionScreen", "Bulk", "Column", "DetailScreen", "FormScreen", "ListScreen", "Screen"]
