"""Roles: capabilities, duties, skills, signing limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.actor import Capability, capabilities
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import Role
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, MoneyField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen

from .names import module_name, module_order
from .people import words

MAY = "may_"


def by_module() -> list[tuple[str, list[Capability]]]:
    """The capabilities of each module, lower modules first."""
    found: dict[str, list[Capability]] = {}
    for item in capabilities():
        found.setdefault(item.key.partition(".")[0], []).append(item)
    return sorted(found.items(), key=lambda pair: module_order(pair[0]))


@access(MANAGE_PEOPLE)
class Roles(Screen):
    """Every role with what it may do."""

    template, title = "admin/roles.html", pgettext_lazy("several", "角色")

    def actions(self) -> Sequence[Link]:
        """Add one."""
        return [Link(_("新建角色"), "admin:role-new", icon="plus")]

    def context(self) -> dict[str, Any]:
        """The roles, each with the names of its capabilities by module."""
        held = queries.role_holders(self.actor)
        shown = []
        for role in queries.roles(self.actor):
            allowed = set(role.capabilities)
            groups = [
                (module_name(module), [item.name for item in items if item.key in allowed])
                for module, items in by_module()
            ]
            shown.append((role, held[role.pk], [(name, items) for name, items in groups if items]))
        return {"roles": shown}


class RoleForm(Form):
    """A role; the capabilities of each module are a field of their own."""

    name = forms.CharField(label=_("名称"), max_length=40)
    signing_limit = MoneyField(label=_("签批额度"), required=False, help_text=_("留空则不限额度。"))
    duties = forms.CharField(label=_("岗位职责"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    skills = forms.CharField(label=_("所需技能"), required=False, help_text=_("用顿号或逗号分隔"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = set(self.initial.get("allowed", ()))
        for module, items in by_module():
            self.fields[MAY + module] = forms.MultipleChoiceField(
                label=_("权限:%(module)s") % {"module": module_name(module)},
                choices=[(item.key, item.name) for item in items],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[item.key for item in items if item.key in chosen],
            )

    def clean_skills(self) -> list[str]:
        """The skills one by one."""
        return words(self.cleaned_data["skills"])


def cleaned_role(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the commands take them."""
    allowed = [key for name, keys in data.items() if name.startswith(MAY) for key in keys]
    kept = {name: value for name, value in data.items() if not name.startswith(MAY)}
    return {**kept, "allowed": allowed}


@access(MANAGE_PEOPLE)
class NewRole(FormScreen):
    """Add a role."""

    title, form_class, submit = _("新建角色"), RoleForm, _("新建")

    def crumbs(self) -> Sequence[Crumb]:
        """The list."""
        return [Crumb(pgettext_lazy("several", "角色"), reverse("admin:roles"))]

    def run(self, data: dict[str, Any]) -> Done:
        """Add."""
        commands.add_role(self.actor, **cleaned_role(data))
        return Done(url=reverse("admin:roles"), toast=_("角色已新建"))


@access(MANAGE_PEOPLE)
class EditRole(FormScreen):
    """Change a role."""

    form_class = RoleForm
    hint = _("改动对所有担任此角色的人立即生效。")
    role: Role

    def load(self) -> None:
        """Read the role."""
        self.role = queries.role(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """The role's name."""
        return self.role.name

    def crumbs(self) -> Sequence[Crumb]:
        """The list."""
        return [Crumb(pgettext_lazy("several", "角色"), reverse("admin:roles"))]

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        row = self.role
        limit = row.signing_limit.normalize() if row.signing_limit is not None else None
        return {
            "name": row.name, "signing_limit": f"{limit:f}" if limit is not None else "", "duties": row.duties,
            "skills": listed(row.skills), "allowed": row.capabilities,
        }  # fmt: skip

    def version(self) -> int:
        """The version that the edit starts from."""
        return self.role.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save."""
        commands.edit_role(self.actor, self.role.pk, self.sent_version, **cleaned_role(data))
        return Done(url=reverse("admin:roles"), toast=_("已保存"))
