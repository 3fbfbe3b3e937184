"""Saved views of a list: which columns it shows, and the way to each view. A view is an address of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.urls import reverse

from xiaocheng.foundation.fields.queries import SavedView

if TYPE_CHECKING:
    from xiaocheng.interface.web.shell.screens.list import Column

VIEW, NO_VIEW = "view", "0"
NOT_KEPT = ("at", "part", "filter", VIEW)  # of an address: where one is in the list, not what it shows


def address_of(view: SavedView) -> str:
    """Where a list stands as the view has it."""
    said = QueryDict(view.query, mutable=True)
    said[VIEW] = str(view.pk)
    return f"{reverse(view.list_key)}?{said.urlencode()}"


def kept_query(asked: QueryDict) -> str:
    """What of an address a view keeps: tab, search, filters and order."""
    said = asked.copy()
    for name in NOT_KEPT:
        said.pop(name, None)
    for name in [name for name, values in said.lists() if not any(values)]:
        del said[name]
    return said.urlencode()


def chosen(views: Iterable[SavedView], asked: str) -> SavedView | None:
    """The view that an address names."""
    return next((view for view in views if str(view.pk) == asked), None)


def ordered(columns: Sequence[Column], more: Sequence[Column], keys: Sequence[str]) -> list[Column]:
    """The columns that a view shows, in its order; without a choice those of the list. The first one always leads."""
    known = {column.name: column for column in (*columns[1:], *more) if column.name}
    picked = [known[key] for key in keys if key in known]
    return [columns[0], *picked] if picked else list(columns)


def chooser(views: Sequence[SavedView], current: SavedView | None) -> list[dict[str, Any]]:
    """What the choice of views shows."""
    return [{"name": view.name, "url": address_of(view), "is_open": view is current} for view in views]
