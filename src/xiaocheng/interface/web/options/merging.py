"""One value of an option list goes into another one: which, and what that means, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import FormScreen


class ChooseForm(Form):
    """The value that stays."""

    into = forms.ChoiceField(label=gettext_lazy("保留的值"))


class MergeForm(Form):
    """Nothing to fill in: only which state of the value that stays the person saw."""

    into_version = forms.IntegerField(widget=forms.HiddenInput)


class _Merging(FormScreen):
    def crumbs(self) -> Sequence[Crumb]:
        """Back to the lists."""
        return [Crumb(_("选项列表"), f"{reverse('options:list')}#{self.kwargs['key']}")]


@access(MANAGE)
class ChooseMerge(_Merging):
    """Which value takes the place of this one."""

    form_class = ChooseForm
    submit = gettext_lazy("下一步:核对")
    hint = gettext_lazy("选择意思相同、要保留的那个值。下一步先看会改变什么,确认之前什么都不会改变。")

    def load(self) -> None:
        """The value that the address names, and those that may take its place."""
        self.value, self.targets = queries.mergeable(self.actor, self.kwargs["key"], self.kwargs["code"])

    def page_title(self) -> str:
        """Which value goes."""
        return _("把「%(name)s」并入另一个值") % {"name": self.value.name}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The values that may stay."""
        form = super().make_form(data, files)
        form.fields["into"].choices = [("", "—"), *((item.code, item.name) for item in self.targets)]  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Go on to what it means."""
        return Done(url=reverse("options:merge", args=[self.kwargs["key"], self.value.code, data["into"]]))


@access(MANAGE)
class Merge(_Merging):
    """What changes if the one goes into the other, and that there is no way back."""

    form_class = MergeForm
    template = "options/merge.html"
    submit = gettext_lazy("合并")

    def load(self) -> None:
        """What the address names, counted."""
        key, code, into = (self.kwargs[name] for name in ("key", "code", "into"))
        self.preview = queries.merge_preview(self.actor, key, code, into)

    def page_title(self) -> str:
        """Which value goes into which."""
        return _("把「%(name)s」并入「%(into)s」") % {
            "name": self.preview.source.name,
            "into": self.preview.target.name,
        }

    def version(self) -> int:
        """The version of the value that goes."""
        return self.preview.source.version

    def initial(self) -> dict[str, Any]:
        """The version of the value that stays."""
        return {"into_version": self.preview.target.version}

    def context(self) -> dict[str, Any]:
        """The numbers, by what people call the rows."""
        return {"preview": self.preview}

    def _again(self, form: Form, lines: Any, status: int, **extra: Any) -> HttpResponse:
        """After a conflict the form begins from what stands now."""
        return super()._again(self.make_form() if "conflict" in extra else form, lines, status, **extra)

    def run(self, data: dict[str, Any]) -> Done:
        """Merge, unless somebody changed one of the two meanwhile."""
        found = self.preview
        versions = (self.sent_version, data["into_version"])
        commands.merge_options(self.actor, found.list.key, found.source.code, found.target.code, versions=versions)
        return Done(url=f"{reverse('options:list')}#{found.list.key}", toast=_("已合并"))
