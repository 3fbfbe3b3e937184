"""Merging two contacts of a customer: choose the other one, compare, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import EDIT

from .merging import Compare


class ChooseContactForm(Form):
    """The contact that is the same."""

    other = forms.TypedChoiceField(label=gettext_lazy("重复的联系人"), coerce=int, widget=forms.RadioSelect)


@access(EDIT)
class ChooseMergeContact(FormScreen):
    """Which other contact of the customer is the same person as this one."""

    title = gettext_lazy("合并联系人")
    form_class = ChooseContactForm
    submit = gettext_lazy("下一步:核对")

    def load(self) -> None:
        """The contact that the address names."""
        self.contact = queries.contact_to_change(self.actor, self.kwargs["pk"])

    @cached_property
    def others(self) -> list[tuple[int, str]]:
        """The customer's other contacts: name, position and phone tell them apart."""
        found = queries.contacts(self.actor, self.contact.customer_id)
        return [
            (row.pk, " · ".join(part for part in (row.name, row.position, row.phone) if part))
            for row in found
            if row.pk != self.contact.pk
        ]

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What one chooses, or that there is nobody to choose."""
        if not self.others:
            return _("这位客户没有别的联系人。")
        return _("选择与这位联系人是同一个人的另一条记录。下一步逐项核对,确认之前什么都不会改变。")

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The others to choose from."""
        form = super().make_form(data, files)
        form.fields["other"].choices = self.others  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Go on to compare the two."""
        return Done(url=reverse("customers:merge_contacts", args=[self.contact.pk, data["other"]]))


@access(EDIT)
class MergeContacts(Compare):
    """Two contacts beside each other: which values stand."""

    def load(self) -> None:
        """The two that the address names."""
        self.pair = queries.contact_pair(self.actor, self.kwargs["pk"], self.kwargs["other"])

    def page_title(self) -> str:
        """Who stays."""
        return _("合并联系人:保留「%(name)s」") % {"name": self.pair.kept.name}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the contact that stays."""
        page = reverse("customers:contact", args=[self.pair.kept.pk])
        return [
            Crumb(gettext_lazy("联系人"), reverse("customers:contacts")),
            Crumb(self.pair.kept.name, page),
        ]

    def actions(self) -> Sequence[Link | None]:
        """The other way round."""
        turned = (self.pair.gone.pk, self.pair.kept.pk)
        words = _("改为保留另一位")
        return [Link(words, "customers:merge_contacts", turned, icon="switch-horizontal", look="quiet")]

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What moves, and that it is for good."""
        return _(
            "「%(name)s」并入后不再单独存在;空缺的资料由它补上,拜访、接待和同意记录都归到保留的联系人。合并后不能撤销。"
        ) % {"name": self.pair.gone.name}

    def run(self, data: dict[str, Any]) -> Done:
        """Merge, unless somebody edited one of the two meanwhile."""
        row = commands.merge_contacts(
            self.actor,
            self.pair.kept.pk,
            self.pair.gone.pk,
            take=self.taken(data),
            versions=(self.sent_version, data["gone_version"]),
        )
        return Done(url=reverse("customers:contact", args=[row.pk]), toast=_("已合并"))
