"""People: the list, one person's page, joining, changing, moving, leaving and coming back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import Person
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Filters, Form, PickField, PickFilter, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill

SYLLABLES = [consonant + vowel for consonant in "bdfghjkmnprstvz" for vowel in "aeiou"]


def spoken_password() -> str:
    """A password that can be read out and typed: four runs of syllables and four digits, about 50 bits."""
    words = ["".join(secrets.choice(SYLLABLES) for _ in range(2)) for _ in range(3)]
    return "-".join([*words, str(secrets.randbelow(9000) + 1000)])


def state_pill(active: bool) -> SafeString:
    """Whether somebody still works here."""
    return pill(_("在职"), "green") if active else pill(_("已停用"), "grey")


class PeopleFilters(Filters):
    """Which people."""

    department = PickFilter(source="departments", field_name="department", label=_("部门"))
    role = PickFilter(source="roles", field_name="role", label=_("角色"))
    manager = PickFilter(source="people", field_name="manager", label=_("直属上级"))


@access(MANAGE_PEOPLE)
class People(ListScreen):
    """Everybody, those who left on a tab of their own."""

    title = pgettext_lazy("several", "人员")
    search_hint = _("姓名、拼音、首字母、登录名、手机")
    columns = [
        Column(_("姓名"), "name", order="sort_key"),
        Column(_("部门"), "department.name"),
        Column(_("角色"), "role.name"),
        Column(_("直属上级"), "manager.name"),
        Column(_("登录名"), "username", order="username", phone="off"),
        Column(_("手机"), "phone"),
        Column(_("状态"), "is_active", show=state_pill, phone="aside"),
    ]
    row_to, order, filters = "admin:person", "sort_key", PeopleFilters

    def rows(self) -> QuerySet[Person]:
        """The people of the open tab."""
        return queries.people(self.actor, self.text, active=self.tab == "here")

    def tabs(self) -> Sequence[Tab]:
        """Those who work here, and those who left."""
        return [Tab("here", _("在职")), Tab("gone", _("已停用"))]

    def actions(self) -> Sequence[Link]:
        """Add somebody."""
        return [Link(_("添加人员"), "admin:person-new", icon="user-plus", drawer=True)]

    def empty(self) -> Empty:
        """Nobody here."""
        return Empty(_("这里还没有人"), _("添加人员后,他们就能登录并开始工作。"), icon="users")


class PersonForm(Form):
    """A person's own data."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    username = forms.CharField(label=_("登录名"), max_length=60, help_text=_("字母、数字、汉字或 . @ + - _"))
    role = PickField("roles", label=_("角色"), all_shown=True)
    phone = forms.CharField(label=_("手机"), max_length=30, required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)
    joined_on = DateField(label=_("入职日期"), required=False)
    skills = forms.CharField(label=_("技能"), required=False, help_text=_("用顿号或逗号分隔,用于分派任务"))
    sections = [Section(_("更多"), ("phone", "email", "joined_on", "skills"))]

    def clean_skills(self) -> list[str]:
        """The skills one by one."""
        return words(self.cleaned_data["skills"])


class NewPersonForm(PersonForm):
    """A person's own data and place."""

    department = PickField("departments", label=_("部门"), all_shown=True)
    manager = PickField("people", label=_("直属上级"), required=False, placeholder=_("没有上级"))
    password = forms.CharField(
        label=_("初始密码"),
        required=False,
        help_text=_("请转告本人并请他修改;留空则只能用公司统一登录。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def words(text: str) -> list[str]:
    """Words that are separated by commas of any kind, each once."""
    return list(dict.fromkeys(word for word in re.split(r"[,,、;;\n]\s*", text.strip()) if word))


@access(MANAGE_PEOPLE)
class NewPerson(FormScreen):
    """Add somebody who joins."""

    title, form_class, submit = _("添加人员"), NewPersonForm, _("添加")

    def initial(self) -> dict[str, Any]:
        """Today, and a password to tell."""
        return {"joined_on": clock.today(), "password": spoken_password()}

    def run(self, data: dict[str, Any]) -> Done:
        """Add the person."""
        draft = commands.PersonDraft(
            username=data["username"],
            name=data["name"],
            department_id=data["department"],
            role_id=data["role"],
            manager_id=data["manager"],
            email=data["email"],
            phone=data["phone"],
            joined_on=data["joined_on"],
            skills=tuple(data["skills"]),
            password=data["password"] or None,
        )
        person = commands.add_person(self.actor, draft)
        return Done(url=reverse("admin:person", args=[person.pk]), toast=_("已添加 %(name)s") % {"name": person.name})


class OfPerson:
    """What the screens about one person share."""

    person: Person

    def load(self) -> None:
        """Read the person."""
        self.person = queries.person(self.actor, self.kwargs["pk"])  # type: ignore[attr-defined]

    def done(self, toast: Sentence) -> Done:
        """Back to the person's page."""
        return Done(url=reverse("admin:person", args=[self.person.pk]), toast=toast)


@access(MANAGE_PEOPLE)
class PersonPage(OfPerson, DetailScreen):
    """One person: place, arrangements, keys, what happened."""

    template = "admin/person.html"

    def page_title(self) -> Sentence:
        """The person's name."""
        return self.person.name

    def crumbs(self) -> Sequence[Crumb]:
        """The list."""
        return [Crumb(pgettext_lazy("several", "人员"), reverse("admin:people"))]

    def actions(self) -> Sequence[Link | None]:
        """What may be done with the person now."""
        pk, here = (self.person.pk,), self.person.is_active
        return [
            Link(_("编辑"), "admin:person-edit", pk, icon="pencil", drawer=True),
            Link(_("调动"), "admin:person-move", pk, icon="arrows-exchange", drawer=True) if here else None,
            Link(_("交接"), "handovers:new", icon="transfer", query=f"?person={self.person.pk}"),
            Link(_("重设密码"), "admin:person-password", pk, icon="key", drawer=True) if here else None,
            Link(_("停用"), "admin:person-disable", pk, icon="user-off", look="danger", drawer=True) if here else None,
            None if here else Link(_("重新启用"), "admin:person-enable", pk, icon="user-check", drawer=True),
        ]

    def tabs(self) -> Sequence[Tab]:
        """Arrangements first: they are what one comes to change."""
        return [
            Tab("arrangements", _("代理、借调与带教")),
            Tab("tokens", _("API 令牌")),
            Tab("story", _("动态")),
        ]

    def context(self) -> dict[str, Any]:
        """The person, and what the open tab shows."""
        pk = self.person.pk
        shown: dict[str, Any] = {"person": self.person, "state": state_pill(self.person.is_active)}
        if self.tab == "arrangements":
            shown |= {
                "today": clock.today(),
                "delegations": queries.delegations(self.actor, pk),
                "lendings": queries.lendings(self.actor, pk),
                "mentorships": queries.mentorships(self.actor, pk),
                "add_links": [
                    Link(_("安排代理"), "admin:delegate", (pk,), icon="user-share", drawer=True),
                    Link(_("借调"), "admin:lend", (pk,), icon="transfer", drawer=True),
                    Link(_("指定导师"), "admin:mentor", (pk,), icon="school", drawer=True),
                ]
                if self.person.is_active
                else [],
            }
        elif self.tab == "tokens":
            shown["tokens"] = queries.tokens(self.actor, pk)
        else:
            shown["story"] = story(timeline("org.person", pk), {"": "history"})
        return shown


@access(MANAGE_PEOPLE)
class EditPerson(OfPerson, FormScreen):
    """Change a person's own data and role."""

    title, form_class = _("编辑人员"), PersonForm

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        row = self.person
        return {
            "name": row.name, "username": row.username, "role": row.role_id, "phone": row.phone, "email": row.email,
            "joined_on": row.joined_on, "skills": listed(row.skills),
        }  # fmt: skip

    def version(self) -> int:
        """The version that the edit starts from."""
        return self.person.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save."""
        data["role_id"] = data.pop("role")
        commands.edit_person(self.actor, self.person.pk, self.sent_version, **data)
        return self.done(_("已保存"))


class MoveForm(Form):
    """Where a person works from now on."""

    department = PickField("departments", label=_("部门"), all_shown=True)
    manager = PickField("people", label=_("直属上级"), required=False, placeholder=_("没有上级"))


@access(MANAGE_PEOPLE)
class MovePerson(OfPerson, FormScreen):
    """Move a person, with the team."""

    title, form_class, submit = _("调动"), MoveForm, _("调动")
    hint = _("他的下级随他一起调动;谁能看到他的数据随即改变。已发生的业绩仍归原部门。")

    def initial(self) -> dict[str, Any]:
        """Where the person is now."""
        return {"department": self.person.department_id, "manager": self.person.manager_id}

    def run(self, data: dict[str, Any]) -> Done:
        """Move."""
        commands.move_person(self.actor, self.person.pk, department_id=data["department"], manager_id=data["manager"])
        return self.done(_("已调动"))


class PasswordForm(Form):
    """A new password."""

    password = forms.CharField(label=_("新密码"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


@access(MANAGE_PEOPLE)
class ResetPassword(OfPerson, FormScreen):
    """Give a person a new password."""

    title, form_class, submit = _("重设密码"), PasswordForm, _("重设")
    hint = _("重设后,他在所有设备上的登录立即失效。请把新密码转告本人。")

    def initial(self) -> dict[str, Any]:
        """A password to tell."""
        return {"password": spoken_password()}

    def run(self, data: dict[str, Any]) -> Done:
        """Reset."""
        commands.reset_password(self.actor, self.person.pk, data["password"])
        return self.done(_("密码已重设"))


class LeavingForm(Form):
    """Who takes over."""

    successor = PickField("people", label=_("接手人"), required=False, placeholder=_("不指定"))


@access(MANAGE_PEOPLE)
class DisablePerson(OfPerson, FormScreen):
    """Close an account."""

    title, form_class, submit = _("停用账号"), LeavingForm, _("停用")
    hint = _(
        "登录与 API 令牌立即失效;下级转给接手人,未指定时转给上一级;客户与商机随接手人。历史业绩不变。"
        "要把客户分给几个人,请改用「交接」。"
    )

    def run(self, data: dict[str, Any]) -> Done:
        """Disable, and say how much was handed on."""
        moved = commands.disable_person(self.actor, self.person.pk, data["successor"])
        count = sum(len(item.ids) for item in moved)
        return self.done(_("已停用,转交 %(count)s 条记录") % {"count": formats.number(count)})


class ReturnForm(Form):
    """How somebody who comes back signs in."""

    password = forms.CharField(
        label=_("新密码"),
        required=False,
        help_text=_("留空则只能用公司统一登录。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@access(MANAGE_PEOPLE)
class EnablePerson(OfPerson, FormScreen):
    """Open a closed account again."""

    title, form_class, submit = _("重新启用"), ReturnForm, _("启用")

    def initial(self) -> dict[str, Any]:
        """A password to tell."""
        return {"password": spoken_password()}

    def run(self, data: dict[str, Any]) -> Done:
        """Enable."""
        commands.enable_person(self.actor, self.person.pk, data["password"] or None)
        return self.done(_("已重新启用"))


@access(MANAGE_PEOPLE)
class RevokeToken(OfPerson, ActionScreen):
    """Take a person's key to the API back."""

    def run(self) -> Done:
        """Revoke."""
        commands.revoke_token(self.actor, self.kwargs["token"])
        return Done(toast=_("令牌已撤销"))
