"""A list: search as you type, filters, order, paging, bulk acts, export; on a phone every row becomes a card.

The rows are put together in Python, not by a template: a page of 80 rows must cost no more than reading them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import SavedView, may_change, views_of_list
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import may_open
from xiaocheng.interface.web.shell.formats import escaped
from xiaocheng.interface.web.shell.forms import Filters
from xiaocheng.interface.web.shell.http import Request, wants_part
from xiaocheng.interface.web.shell.links import Empty, Link, Tab
from xiaocheng.interface.web.shell.paging import COUNTED, LAST, Page, count_of, page_of
from xiaocheng.interface.web.shell.saved import NO_VIEW, VIEW, address_of, chooser, chosen, ordered

from .base import Screen

PICK_ALL = '<th class="pick"><input class="form-check-input" type="checkbox" data-pick-all aria-label="{}"></th>'
NOTHING = SafeString(formats.NOTHING)  # an empty cell; a card on a phone leaves it out
NOT_FILTERS = {"q", "order", "at", "tab", "part", "export", "filter", VIEW}


def _along(path: list[str]) -> Callable[[Any], Any]:
    """A function that follows attributes; nothing leads on from nothing."""
    if len(path) == 1:
        return attrgetter(path[0])
    first, then = attrgetter(path[0]), _along(path[1:])

    def read(row: Any) -> Any:
        found = first(row)
        return None if found is None else then(found)

    return read


@dataclass(frozen=True)
class Column:
    """One column. `value` is an attribute path ("owner.name") or a function of the row; `show` makes text or HTML.

    `order` names the field that sorts it. `look` is a CSS class: "num" for figures, "nowrap", "own" for whose
    a row is, which the view of one's own rows leaves out. `phone` says what becomes of it
    on a phone: "" a line with its label, "aside" the card's upper right corner, "bare" a line without label, "off".
    An export leaves out what is not `exported`, and writes what `written` gives where the page shows more than the
    value. `key` names it in saved views where no path does; `needs` names the fields that the rows are asked for if it
    is shown. What is `personal` makes an export one of personal details.
    """

    label: Sentence
    value: str | Callable[[Any], Any]
    show: Callable[[Any], object] | None = None
    order: str = ""
    look: str = ""
    phone: str = ""
    exported: bool = True
    key: str = ""
    needs: str = ""
    personal: bool = False
    written: Callable[[Any], Any] | None = None

    @property
    def name(self) -> str:
        """What a saved view calls it; empty for one that is always there."""
        return self.key or (self.value if isinstance(self.value, str) else "")

    def text(self, row: Any) -> SafeString:
        """The value as the page shows it, as HTML."""
        value = self.read(row)
        shown = self.show(value) if self.show else value
        return NOTHING if shown is None or shown == "" else escaped(shown)

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """Gives the value of the column in a row, as an export writes it."""
        return _along(self.value.split(".")) if isinstance(self.value, str) else self.value


def _cells(column: Column) -> Callable[[Any], str]:
    """A function that makes the column's cell of a row; what is shown of equal values is made once for the page."""
    read, show, label = column.read, column.show, escaped(column.label)
    look = f"{column.look} phone-{column.phone or 'line'}"
    made: dict[Any, str] = {}

    def cell(row: Any) -> str:
        value = read(row)
        if show is None or value is row:
            return tag(show(value) if show else value)
        found = made.get(value)
        if found is None:
            found = made[value] = tag(show(value))
        return found

    def tag(shown: object) -> str:
        if shown is None or shown == "" or shown == NOTHING:
            return f'<td class="{look} nil" data-label="{label}">{NOTHING}</td>'
        return f'<td class="{look}" data-label="{label}">{escaped(shown)}</td>'

    return cell


@dataclass(frozen=True)
class Bulk:
    """Something done to the ticked rows: their ids are posted to a view as `ids`; with `drawer` a form asks first.

    `query` is what the view needs besides ("?group=3").
    """

    label: Sentence
    to: str
    icon: str = ""
    confirm: Sentence = ""
    drawer: bool = False
    query: str = ""


class ListScreen(Screen):
    """A list of what `rows()` gives. The first column leads to `row_to` (a view name that takes the row's pk)."""

    template = "ui/list.html"
    parts: ClassVar[dict[str, str]] = {"rows": "rows", "filters": "filters"}
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[type[Filters] | None] = None
    order: ClassVar[str] = "-pk"
    per_page: ClassVar[int] = 80
    row_to: ClassVar[str] = ""
    search_hint: Sentence = ""
    bulk: ClassVar[Sequence[Bulk]] = ()
    takes_all: ClassVar[bool] = False  # its bulk acts understand `all`: the list as the address behind ? narrows it
    saved_as: ClassVar[str] = ""  # view name of the list, if people may save views of it
    export: ClassVar[str] = ""  # the view that writes the file; it gets this list's own arguments and query string

    def rows(self) -> QuerySet[Any, Any]:
        """The rows that the person may see; `self.text` is what he searches."""
        raise NotImplementedError

    def empty(self) -> Empty:
        """What to say and to do when nothing is there yet."""
        return Empty(_("这里还没有内容"))

    def nothing_found(self) -> Empty:
        """What to say when the search or the filters leave nothing."""
        return Empty(_("没有符合条件的记录"), icon="search-off")

    def tabs(self) -> Sequence[Tab]:
        """Ready-made views of the list, above it; `self.tab` is the chosen one's key."""
        return ()

    def more_columns(self) -> Sequence[Column]:
        """Columns that the list itself does not show, but a saved view may."""
        return ()

    @cached_property
    def views(self) -> list[SavedView]:
        """The saved views of the list that the person may use."""
        return views_of_list(self.actor, self.saved_as) if self.saved_as else []

    @cached_property
    def view(self) -> SavedView | None:
        """The saved view that the address names."""
        asked = self.request.GET.get(VIEW, NO_VIEW)
        return chosen(self.views, asked) if asked != NO_VIEW else None

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns of the open view, else of the list."""
        return ordered(self.columns, self.more_columns(), self.view.columns) if self.view else list(self.columns)

    @property
    def needed(self) -> set[str]:
        """The fields that the shown columns need beyond those that the list always reads."""
        return {name for column in self.shown_columns for name in column.needs.split()}

    def row_look(self, row: Any) -> str:
        """A CSS class for a row, for example "is-late"."""
        return ""

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.request.GET.get("q", "").strip()[:100]

    @cached_property
    def tab(self) -> str:
        """Key of the chosen ready-made view."""
        keys = [tab.key for tab in self.tabs()]
        asked = self.request.GET.get("tab", "")
        return asked if asked in keys else next(iter(keys), "")

    @cached_property
    def chosen_order(self) -> str:
        """The order that the person chose, else the list's own."""
        asked = self.request.GET.get("order", "")
        known = {column.order.removeprefix("-") for column in self.shown_columns if column.order}
        return asked if asked.removeprefix("-") in known else self.order

    @cached_property
    def filterset(self) -> Filters | None:
        """The filters with what was asked, while they are open: making the form costs as much as reading the rows."""
        if self.filters is None or not (self.filtered or self.request.GET.get("filter") == "open"):
            return None
        filterset = self.filters(self.request.GET, queryset=self.rows(), request=self.request)
        filterset.form.actor = self.actor
        return filterset

    @cached_property
    def found(self) -> QuerySet[Any, Any]:
        """The rows after search and filters; those an export or a bulk act means by "all"."""
        filterset = self.filterset
        if filterset is None:
            return self.rows()
        return filterset.qs if filterset.is_valid() else self.rows().none()

    @cached_property
    def page(self) -> Page[Any]:
        """The page that was asked for."""
        return page_of(self.found, [self.chosen_order], self.per_page, self.request.GET.get("at", ""))

    @cached_property
    def filter_address(self) -> str:
        """The address that opens the filters."""
        return self.address(filter="open")

    @property
    def filtered(self) -> int:
        """How many filters are set; a page without filters may have other things in its address."""
        if self.filters is None:
            return 0
        return len({key for key, value in self.request.GET.items() if value and key not in NOT_FILTERS})

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, its rows alone, or only their number."""
        if wants_part(request, "count"):
            return HttpResponse(self.count_text(count_of(self.found)))
        opens_with = next((view for view in self.views if view.is_default), None) if not request.GET else None
        return HttpResponseRedirect(address_of(opens_with)) if opens_with else self.show()

    def context(self) -> dict[str, Any]:
        """What the list's template shows."""
        return {
            "page": self.page,
            "filterable": self.filters is not None,
            "filterset": self.filterset,
            "tabs": self.tabs(),
            "tab": self.tab,
            "count": self.count_text(len(self.page.rows)) if self.page.is_whole else "",
            "bulk": [action for action in self.bulk if may_open(self.actor, action.to)],
            "every": f"?{self.request.GET.urlencode()}" if self.takes_all and not self.page.is_whole else "",
            "export_url": self._export_url(),
            **self._saved(),
        }

    def _saved(self) -> dict[str, Any]:
        """The saved views to choose from, and the ways to keep one."""
        if not self.saved_as:
            return {}
        query = f"?{urlencode({'list': self.saved_as})}&{self.request.GET.urlencode()}"
        edit = None
        if self.view is not None and may_change(self.actor, self.view):
            edit = Link(_("修改视图"), "options:edit_view", (self.view.pk,), icon="columns-3", query=query, drawer=True)
        new = Link(_("列与视图"), "options:new_view", icon="columns-3", query=query, drawer=True)
        opens = None
        if self.view is not None:
            label = _("打开列表时不再先用它") if self.view.is_default else _("打开列表时先用它")
            opens = Link(label, "options:open_with", (self.view.pk,), icon="pin", post=True)
        return {
            "saved_views": chooser(self.views, self.view),
            "no_view_url": f"{self.request.path}?{VIEW}={NO_VIEW}",
            "view_links": [link for link in (edit, opens) if link],
            "new_view": new,
            "open_view": self.view,
        }

    def count_text(self, count: int) -> str:
        """How many rows were found, in words."""
        if count > COUNTED:
            return _("%(count)s 条以上") % {"count": f"{COUNTED:,}"}
        return _("共 %(count)s 条") % {"count": f"{count:,}"}

    def address(self, **changes: str) -> str:
        """This list's address with some parameters changed; an empty one is left out."""
        left_out = {"at", *changes}
        query = [(key, value) for key, values in self.request.GET.lists() if key not in left_out for value in values]
        kept = [(key, value) for key, value in [*query, *changes.items()] if value]
        return f"{self.request.path}?{urlencode(kept)}"

    def neighbours(self) -> dict[str, str]:
        """Addresses of the first, previous, next and last page; empty where there is none."""
        page = self.page
        return {
            "first": self.address() if page.before else "",
            "before": self.address(at=page.before) if page.before else "",
            "after": self.address(at=page.after) if page.after else "",
            "last": self.address(at=LAST) if page.after else "",
        }

    def head(self) -> SafeString:
        """The head of the table; what can be sorted is a link."""
        cells = [format_html(PICK_ALL, _("全选"))] if self.can_pick else []
        return mark_safe("".join([*cells, *map(self._head_cell, self.shown_columns)]))  # noqa: S308  # parts are escaped

    def body(self) -> SafeString:
        """The rows of the table."""
        first, *others = self.shown_columns
        cells = [_cells(column) for column in others]
        before, after = self._row_address()
        parts: list[str] = []
        for row in self.page.rows:
            self._begin_row(parts, row, first, f"{before}{row.pk}{after}" if before else "")
            parts += [cell(row) for cell in cells]
            parts.append("</tr>")
        return mark_safe("".join(parts))  # noqa: S308  # every part is escaped where it is added

    @cached_property
    def can_pick(self) -> bool:
        """True when rows can be ticked."""
        return any(may_open(self.actor, action.to) for action in self.bulk)

    def _head_cell(self, column: Column) -> str:
        look = column.look
        if not column.order:
            return f'<th class="{look}">{escaped(column.label)}</th>'
        plain = column.order.removeprefix("-")
        chosen = self.chosen_order.removeprefix("-") == plain
        descending = self.chosen_order.startswith("-")
        if chosen:
            to, state = (plain if descending else f"-{plain}"), ("descending" if descending else "ascending")
        else:
            to, state = column.order, "none"
        href = escaped(self.address(order=to))
        label = escaped(column.label)
        return f'<th class="{look}" aria-sort="{state}"><a class="sort" href="{href}">{label}</a></th>'

    def _begin_row(self, parts: list[str], row: Any, column: Column, url: str) -> None:
        """The row's tag, the box to tick, and the first cell, which leads to the row's own page."""
        look, text = self.row_look(row), column.text(row)
        parts.append(f'<tr class="{look}" data-href="{url}">' if url else f'<tr class="{look}">')
        if self.can_pick:
            parts.append(
                '<td class="pick"><input class="form-check-input" type="checkbox" name="ids" '
                f'value="{row.pk}" aria-label="{text if "<" not in text else row.pk}"></td>'
            )
        inner = f'<a href="{url}">{text}</a>' if url and "<a" not in text else text
        parts.append(f'<td class="{column.look} phone-{column.phone or "line"} phone-title">{inner}</td>')

    def _row_address(self) -> tuple[str, str]:
        if not self.row_to or not may_open(self.actor, self.row_to):
            return "", ""
        before, _mark, after = reverse(self.row_to, args=[987654321]).partition("987654321")
        return before, after

    def _export_url(self) -> str:
        if not self.export or not may_open(self.actor, self.export):
            return ""
        return f"{reverse(self.export, kwargs=self.kwargs)}?{self.request.GET.urlencode()}"
