"""One's own keys to the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org import commands, queries
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.interface.web.shell.screens.base import Screen


class TokenForm(Form):
    """What a key is for."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("用在哪里,例如:报表脚本"))


@access(SIGNED_IN)
class Tokens(Screen):
    """One's keys; a new one's secret is shown this once."""

    template, title = "admin/tokens.html", _("API 令牌")

    def crumbs(self) -> Sequence[Crumb]:
        """My own page."""
        return [Crumb(_("我的"), reverse("me"))]

    def context(self) -> dict[str, Any]:
        """The live keys."""
        return {"tokens": queries.tokens(self.actor), "form": TokenForm(actor=self.actor)}

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a key and show its secret."""
        form = TokenForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.show(status=422, form=form)
        try:
            token, secret = commands.issue_token(self.actor, form.cleaned_data["name"])
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, str(broken))
            return self.show(status=422, form=form)
        return self.show(made=token, secret=secret)


@access(SIGNED_IN)
class Revoke(ActionScreen):
    """Take one's own key back."""

    def run(self) -> Done:
        """Revoke."""
        commands.revoke_token(self.actor, self.kwargs["pk"])
        return Done(url=reverse("admin:tokens"), toast=_("令牌已撤销"))
