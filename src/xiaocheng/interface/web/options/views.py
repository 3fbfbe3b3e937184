"""The option lists, as the administrator keeps them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.commands import OptionDraft
from xiaocheng.foundation.fields.queries import TONES
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen


class OptionForm(Form):
    """A value's names."""

    name = forms.CharField(label=gettext_lazy("名称"))
    name_hant = forms.CharField(label=gettext_lazy("繁体名称"), required=False)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), required=False)


class EditOptionForm(OptionForm):
    """A value that is known already may go out of use."""

    tone = forms.ChoiceField(label=gettext_lazy("颜色"), choices=list(TONES.items()), widget=forms.RadioSelect)
    is_default = forms.BooleanField(
        label=gettext_lazy("新记录的默认值"), required=False, help_text=gettext_lazy("登记时先选好它,可以改。")
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("可以选用"), required=False, help_text=gettext_lazy("停用后不能再选择,已有的记录不变。")
    )


@access(MANAGE)
class Lists(Screen):
    """Every list with its values."""

    template = "options/lists.html"
    title = gettext_lazy("选项列表")

    def context(self) -> dict[str, Any]:
        """The lists, each with its values and the way to add one."""
        shown = []
        for item in queries.lists(self.actor):
            add = Link(_("新增"), "options:new", (item.key,), icon="plus", drawer=True)
            shown.append((item, queries.standing(item.key), add, merged_words(item.key)))
        return {"lists": shown, "off": _("已停用"), "begins": _("默认")}


def merged_words(list_key: str) -> str:
    """Which values of a list went into which."""
    known = queries.names(list_key)
    gone = [item for item in queries.options(list_key) if item.merged_into]
    return listed(f"{item.name} → {known.get(item.merged_into, item.merged_into)}" for item in gone)


@access(MANAGE)
class NewOption(FormScreen):
    """Add a value to a list."""

    form_class = OptionForm

    def load(self) -> None:
        """The list that the address names."""
        self.list = queries.one_list(self.actor, self.kwargs["key"])

    def page_title(self) -> str:
        """Which list."""
        return _("新增选项:%(list)s") % {"list": self.list.name}

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        commands.add_option(self.actor, self.list.key, **data)
        return Done(url=reverse("options:list"), toast=_("已保存"))


@access(MANAGE)
class EditOption(FormScreen):
    """Reword a value or take it out of use."""

    form_class = EditOptionForm
    template = "ui/form_with_acts.html"

    def load(self) -> None:
        """The value that the address names."""
        self.list = queries.one_list(self.actor, self.kwargs["key"])
        values = {item.code: item for item in queries.standing(self.list.key)}
        if self.kwargs["code"] not in values:
            raise NotFound
        self.value = values[self.kwargs["code"]]

    def page_title(self) -> str:
        """Which list."""
        return _("修改选项:%(list)s") % {"list": self.list.name}

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        return queries.wording(self.list.key, self.value.code)

    def version(self) -> int:
        """The version that the form starts from; 0 for a standard value that nobody changed."""
        return self.value.version

    def actions(self) -> list[Link | None]:
        """Let it go into another value, unless the product itself acts by it."""
        if self.value.code in self.list.fixed:
            return []
        return [Link(_("并入另一个值"), "options:choose_merge", (self.list.key, self.value.code), icon="git-merge")]

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_option(self.actor, self.list.key, self.value.code, self.sent_version, OptionDraft(**data))
        return Done(url=reverse("options:list"), toast=_("已保存"))


@access(MANAGE)
class RaiseOption(ActionScreen):
    """Move a value one place up."""

    def run(self) -> Done:
        """Move it."""
        key = queries.one_list(self.actor, self.kwargs["key"]).key
        commands.raise_option(self.actor, key, self.kwargs["code"])
        return Done(url=f"{reverse('options:list')}#{key}")
