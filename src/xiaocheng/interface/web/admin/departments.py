"""The department tree, its heads and planned posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import Department
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen


@access(MANAGE_PEOPLE)
class Departments(Screen):
    """The tree with heads, people and planned posts."""

    template, title = "admin/departments.html", pgettext_lazy("several", "部门")

    def actions(self) -> Sequence[Link]:
        """Add one."""
        return [Link(_("新建部门"), "admin:department-new", icon="plus", drawer=True)]

    def context(self) -> dict[str, Any]:
        """The tree; closed departments at its places."""
        nodes = queries.department_tree(self.actor, active=None)
        return {
            "nodes": nodes,
            "headless": [node for node in nodes if node.is_active and node.people and node.depth and not node.head],
        }


class DepartmentForm(Form):
    """A department."""

    name = forms.CharField(label=_("名称"), max_length=80)
    parent = PickField("departments", label=_("上级部门"), all_shown=True, required=False)
    head = PickField("people", label=_("负责人"), required=False, placeholder=_("暂无"))
    is_region = forms.BooleanField(label=_("区域市场(负责人提交区域周报)"), required=False)


class DepartmentEditForm(DepartmentForm):
    """A department that exists."""

    is_active = forms.BooleanField(label=_("在用"), required=False)


@access(MANAGE_PEOPLE)
class NewDepartment(FormScreen):
    """Add a department."""

    title, form_class, submit = _("新建部门"), DepartmentForm, _("新建")

    def initial(self) -> dict[str, Any]:
        """Below the department that was clicked, else below the company."""
        asked = self.request.GET.get("parent", "")
        return {"parent": asked if asked.isdigit() else queries.department_tree(self.actor)[0].id}

    def run(self, data: dict[str, Any]) -> Done:
        """Add."""
        commands.add_department(
            self.actor, data["name"], data["parent"], is_region=data["is_region"], head_id=data["head"]
        )
        return Done(url=reverse("admin:departments"), toast=_("已新建「%(name)s」") % {"name": data["name"]})


class OfDepartment:
    """What the screens about one department share."""

    department: Department

    def load(self) -> None:
        """Read the department."""
        self.department = queries.department(self.actor, self.kwargs["pk"])  # type: ignore[attr-defined]


@access(MANAGE_PEOPLE)
class EditDepartment(OfDepartment, FormScreen):
    """Change, move or close a department."""

    title, form_class = _("编辑部门"), DepartmentEditForm

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        row = self.department
        return {
            "name": row.name, "parent": row.parent_id, "head": row.head_id, "is_region": row.is_region,
            "is_active": row.is_active,
        }  # fmt: skip

    def version(self) -> int:
        """The version that the edit starts from."""
        return self.department.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save."""
        data |= {"parent_id": data.pop("parent"), "head_id": data.pop("head")}
        commands.edit_department(self.actor, self.department.pk, self.sent_version, **data)
        return Done(url=reverse("admin:departments"), toast=_("已保存"))


@access(MANAGE_PEOPLE)
class Headcount(OfDepartment, FormScreen):
    """How many posts of each role a department is allowed."""

    form_class, title = Form, _("编制")
    hint = _("只填本部门的编制;下级部门的编制会汇总到上级。0 表示没有编制。")

    def page_title(self) -> str:
        """The department's name beside."""
        return str(_("编制:%(name)s") % {"name": self.department.name})

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """One number for each role, with the people who are there."""
        form = Form(data, files, actor=self.actor)
        filled = {line.role_id: line for line in queries.headcount(self.actor, self.department.pk)}
        for role in queries.roles(self.actor):
            line = filled.get(role.pk)
            form.fields[f"role{role.pk}"] = forms.IntegerField(
                label=role.name,
                min_value=0,
                max_value=10_000,
                required=False,
                initial=line.planned if line else 0,
                help_text=_("现有 %(count)s 人") % {"count": line.actual if line else 0},
            )
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Save what changed."""
        before = {line.role_id: line.planned for line in queries.headcount(self.actor, self.department.pk)}
        for name, planned in data.items():
            role = int(name.removeprefix("role"))
            if (planned or 0) != before.get(role, 0):
                commands.set_headcount(self.actor, self.department.pk, role, planned or 0)
        return Done(url=reverse("admin:departments"), toast=_("编制已保存"))
