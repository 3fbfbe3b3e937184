"""Saved views of lists: which columns in which order, with the search, filters and order that the list has now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.commands import ViewDraft
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.interface.web.shell.access import SIGNED_IN, access, may_open
from xiaocheng.interface.web.shell.forms import Form, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.saved import address_of, kept_query
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, FormScreen, ListScreen

MOST = 60


class ViewForm(Form):
    """The name of a view, whom it is for, and its columns: a number is the place, none leaves the column out."""

    name = forms.CharField(label=gettext_lazy("视图名称"), max_length=60)
    audience = forms.ChoiceField(label=gettext_lazy("谁能用"), widget=forms.RadioSelect)
    opens = forms.BooleanField(label=gettext_lazy("我打开列表时先用它"), required=False)

    def ask_for(self, columns: Sequence[Column], places: dict[str, int], audiences: dict[str, Any]) -> None:
        """Add a field for the place of each column, and the people it may be for."""
        self.fields["audience"].choices = list(audiences.items())  # type: ignore[attr-defined]
        self.places = {f"place_{number}": column.name for number, column in enumerate(columns)}
        for number, column in enumerate(columns):
            box = forms.NumberInput(attrs={"min": 1, "max": MOST, "inputmode": "numeric", "data-place": ""})
            place = forms.IntegerField(
                label=str(column.label), required=False, min_value=1, max_value=MOST, widget=box,
                initial=places.get(column.name),
            )  # fmt: skip
            self.fields[f"place_{number}"] = place
        self.sections = [Section(_("列的顺序(数字小的在前,空着的不显示)"), tuple(self.places))]

    def picked(self, data: dict[str, Any]) -> list[str]:
        """The keys of the chosen columns in their order."""
        placed = [(data.pop(name), number, key) for number, (name, key) in enumerate(self.places.items())]
        return [key for place, _number, key in sorted(item for item in placed if item[0] is not None)]


class _ViewScreen(FormScreen):
    """A form about a view of the list that the address names (?list=customers:list&…)."""

    form_class = ViewForm

    def load(self) -> None:
        """The list, as it stands behind the form."""
        self.list_key = self.request.GET.get("list", "")
        self.list = self._list()
        said = self.request.GET.copy()
        said.pop("list", None)
        self.query = kept_query(said)

    def _list(self) -> ListScreen:
        known = {screen.saved_as: screen for screen in lists_with_views()}
        if self.list_key not in known or not may_open(self.actor, self.list_key):
            raise NotFound
        found = known[self.list_key]()
        found.setup(self.request)
        return found

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with a place for every column that the list can show."""
        form = ViewForm(data, files, initial=self.initial(), actor=self.actor)
        columns = [column for column in [*self.list.columns[1:], *self.list.more_columns()] if column.name]
        shown = [column.name for column in self.list.shown_columns[1:]]
        form.ask_for(columns, {key: place for place, key in enumerate(shown, 1)}, queries.audiences(self.actor))
        self.form = form
        return form

    def draft(self, data: dict[str, Any]) -> ViewDraft:
        """What the form says."""
        return ViewDraft(
            name=data["name"], audience=data["audience"], query=self.query, columns=self.form.picked(dict(data))
        )


def lists_with_views() -> list[type[ListScreen]]:
    """The lists that people may save views of."""
    found, waiting = [], [ListScreen]
    while waiting:
        screen = waiting.pop()
        waiting += screen.__subclasses__()
        found += [screen] if screen.saved_as else []
    return found


@access(SIGNED_IN)
class NewView(_ViewScreen):
    """Keep the list as it stands, under a name."""

    title = gettext_lazy("列与视图")
    hint = gettext_lazy("选择要显示的列,连同现在的筛选、搜索和排序一起存成视图。")
    submit = gettext_lazy("存为视图")

    def initial(self) -> dict[str, Any]:
        """For oneself."""
        return {"audience": "me"}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it and open it."""
        row = commands.save_view(self.actor, self.list_key, self.draft(data))
        if data["opens"]:
            commands.open_with(self.actor, self.list_key, row.pk)
        return Done(url=address_of(row), toast=_("已保存视图「%(name)s」") % {"name": row.name})


@access(SIGNED_IN)
class EditView(_ViewScreen):
    """Change a view: its name, its columns, and its filters to those that the list has now."""

    template = "ui/form_with_acts.html"
    title = gettext_lazy("修改视图")
    hint = gettext_lazy("保存时一并记下列表现在的筛选、搜索和排序。")

    def load(self) -> None:
        """The view that the address names."""
        self.row = queries.saved_view(self.actor, self.kwargs["pk"])
        if not queries.may_change(self.actor, self.row):
            raise NotFound
        super().load()
        if self.row.list_key != self.list_key:
            raise NotFound

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        return {"name": self.row.name, "audience": self.row.audience, "opens": self.row.is_default}

    def actions(self) -> list[Link | None]:
        """Delete it."""
        ask = _("删除视图「%(name)s」?") % {"name": self.row.name}
        pk = (self.row.pk,)
        return [Link(_("删除"), "options:remove_view", pk, icon="trash", look="danger", post=True, confirm=ask)]

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        row = commands.edit_view(self.actor, self.row.pk, self.sent_version, self.draft(data))
        if data["opens"] != self.row.is_default:
            commands.open_with(self.actor, self.list_key, row.pk if data["opens"] else None)
        return Done(url=address_of(row), toast=_("已保存"))


@access(SIGNED_IN)
class OpenWith(ActionScreen):
    """Let the list open with a view, or again without."""

    def run(self) -> Done:
        """Change the default."""
        row = queries.saved_view(self.actor, self.kwargs["pk"])
        commands.open_with(self.actor, row.list_key, None if row.is_default else row.pk)
        return Done(url=address_of(row), toast=_("已保存"))


@access(SIGNED_IN)
class RemoveView(ActionScreen):
    """Delete a view."""

    def run(self) -> Done:
        """Delete it and go back to the list."""
        row = queries.saved_view(self.actor, self.kwargs["pk"])
        commands.remove_view(self.actor, row.pk)
        return Done(url=reverse(row.list_key) + "?view=0", toast=_("已删除"))
