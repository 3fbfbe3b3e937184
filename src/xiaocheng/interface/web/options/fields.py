"""The company's own fields, as the administrator keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.commands import FieldDraft
from xiaocheng.foundation.fields.queries import FieldItem
from xiaocheng.foundation.fields.tables import KINDS, LONG_TEXT, ONE, SEVERAL, SINGULAR, TEXT
from xiaocheng.foundation.fields.values import typed
from xiaocheng.foundation.org.queries import roles
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.custom import form_field
from xiaocheng.interface.web.shell.forms import Form, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen

ROLES = Section(gettext_lazy("按角色"), ("readers", "writers"), folded=True)
OTHERS = Section(gettext_lazy("其他语言的名称"), ("name_hant", "name_en"), folded=True)


class FieldForm(Form):
    """What is said about a field."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    section = forms.CharField(
        label=gettext_lazy("分组"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("同一分组的字段在表单里排在一起,不填则在「其他资料」。"),
    )
    help = forms.CharField(label=gettext_lazy("填写说明"), max_length=200, required=False)
    is_required = forms.BooleanField(
        label=gettext_lazy("必填"),
        required=False,
        help_text=gettext_lazy("只对新登记的和修改时生效,已有的记录和导入不受影响。"),
    )
    is_filter = forms.BooleanField(label=gettext_lazy("可用来筛选列表"), required=False)
    is_unique = forms.BooleanField(
        label=gettext_lazy("不能重复"),
        required=False,
        help_text=gettext_lazy("用于文字、整数和小数,例如设备编号:两条记录不能填同样的值,不分大小写;不填不算重复。"),
    )
    is_searched = forms.BooleanField(
        label=gettext_lazy("可用来搜索"),
        required=False,
        help_text=gettext_lazy(
            "用于文字:在搜索框里输入它的内容也能找到记录。改动后要在后台整理一遍,记录多时需要几分钟。"
        ),
    )
    name_hant = forms.CharField(label=gettext_lazy("繁体名称"), max_length=60, required=False)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=60, required=False)
    readers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("能看到的角色"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不勾选时,看得到这条记录的人都看得到。其他角色在任何地方都看不到这个字段。"),
    )
    writers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("能修改的角色"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不勾选时,看得到这个字段的人都能修改。"),
    )
    sections = [ROLES, OTHERS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(role.pk, role.name) for role in roles(self.actor)]
        for name in ROLES.fields:
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class NewFieldForm(FieldForm):
    """A new field: also its kind, which stays, and the options to begin with."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), choices=list(KINDS.items()), help_text=gettext_lazy("保存后不能更改。")
    )
    options = forms.CharField(
        label=gettext_lazy("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("单选和多选用:每行一个。以后在「选项列表」里维护。"),
    )
    field_order = ["name", "kind", "options"]


class EditFieldForm(FieldForm):
    """A field that is there: also its default, and whether it is still in use."""

    is_active = forms.BooleanField(
        label=gettext_lazy("使用中"), required=False, help_text=gettext_lazy("停用后不再显示,已填的内容保留。")
    )

    def fit(self, item: FieldItem) -> None:
        """Ask for the default, of the kind that the values are; leave out what such a field cannot be."""
        for name, kinds in {"is_unique": SINGULAR, "is_searched": {TEXT}}.items():
            if item.kind not in kinds:
                del self.fields[name]
        if item.kind not in {ONE, SEVERAL, LONG_TEXT}:
            self.fields["default"] = form_field(item, item.default)
            self.fields["default"].label, self.fields["default"].help_text = _("新记录的默认值"), ""
            self.fields["default"].required = False


@access(MANAGE)
class Fields(Screen):
    """Every table with the fields that the company added."""

    template = "options/fields.html"
    title = gettext_lazy("自定义字段")

    def context(self) -> dict[str, Any]:
        """The tables, each with its fields and the way to add one."""
        shown = []
        for table in queries.custom_tables(self.actor):
            add = Link(_("新增"), "options:new_field", (table.key,), icon="plus", drawer=True)
            items = queries.kept_fields(self.actor, table.key)
            shown.append((table, [(item, item.key[1:], self._note(item)) for item in items], add))
        return {"tables": shown, "off": _("已停用"), "kinds": KINDS, "must": _("必填")}

    def _note(self, item: FieldItem) -> str:
        parts = [str(KINDS[item.kind]), item.section, _("可筛选") if item.is_filter else ""]
        parts.append(_("可搜索") if item.is_searched else "")
        parts += [_("不能重复") if item.is_unique else "", _("限定角色") if item.readers or item.writers else ""]
        return " · ".join(part for part in parts if part)


class _FieldScreen(FormScreen):
    """A form about a field."""

    def crumbs(self) -> list[Crumb]:
        """Back to the fields."""
        return [Crumb(_("自定义字段"), reverse("options:fields"))]


@access(MANAGE)
class NewField(_FieldScreen):
    """Add a field to a table."""

    form_class = NewFieldForm

    def load(self) -> None:
        """The table that the address names."""
        self.table = queries.custom_table(self.actor, self.kwargs["table"])

    def page_title(self) -> str:
        """To which table."""
        return _("新增自定义字段:%(table)s") % {"table": self.table.name}

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        kind, options = data.pop("kind"), data.pop("options").splitlines()
        row = commands.add_field(self.actor, self.table.key, kind, FieldDraft(**data), options=options)
        return Done(url=reverse("options:fields"), toast=_("已新增「%(name)s」") % {"name": row.name})


class _OfField(_FieldScreen):
    """A form about one field that is there."""

    def load(self) -> None:
        """The field that the address names."""
        self.row = queries.custom_field(self.actor, self.kwargs["pk"])


@access(MANAGE)
class EditField(_OfField):
    """Change what is said about a field."""

    form_class = EditFieldForm
    template = "ui/form_with_acts.html"

    def page_title(self) -> str:
        """Which field."""
        return _("修改自定义字段:%(name)s") % {"name": self.row.name}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        default = typed(self.row.kind, self.row.default)
        return {name: getattr(self.row, name) for name in EditFieldForm.base_fields} | {"default": default}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form, with a field for the default."""
        form = EditFieldForm(data, files, initial=self.initial(), actor=self.actor)
        own = queries.kept_fields(self.actor, self.row.table)
        form.fit(next(item for item in own if item.key == self.row.key))
        return form

    def actions(self) -> list[Link | None]:
        """Delete it, as long as nothing is filled in; see its options."""
        pk = (self.row.pk,)
        ask = _("删除「%(name)s」?") % {"name": self.row.name}
        return [Link(_("删除"), "options:remove_field", pk, icon="trash", look="danger", post=True, confirm=ask)]

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        said: Mapping[str, Any] = {"default": None} | data
        commands.edit_field(self.actor, self.row.pk, self.sent_version, FieldDraft(**said))
        return Done(url=reverse("options:fields"), toast=_("已保存"))


@access(MANAGE)
class RaiseField(ActionScreen):
    """Move a field one place up."""

    def run(self) -> Done:
        """Move it."""
        commands.raise_field(self.actor, self.kwargs["pk"])
        return Done(url=reverse("options:fields"))


@access(MANAGE)
class RemoveField(ActionScreen):
    """Delete a field that nobody filled in."""

    def run(self) -> Done:
        """Delete it."""
        commands.remove_field(self.actor, self.kwargs["pk"])
        return Done(url=reverse("options:fields"), toast=_("已删除"))
