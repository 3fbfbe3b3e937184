"""The person's own pages around the login: language and look, the demo's one-click login."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.commands import set_preferences
from xiaocheng.foundation.org.queries import person_by_username

from .access import ANYONE, SIGNED_IN, access, may_open
from .demo import demo_logins
from .forms import Form
from .http import Done, Request
from .navigation import groups
from .screens import FormScreen

PLACE = "daily:place_consent"
THEMES = [("auto", _("跟随设备")), ("light", _("浅色")), ("dark", _("深色"))]


class PreferencesForm(Form):
    """How the product speaks and looks to one person."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("外观"), choices=THEMES, widget=forms.RadioSelect)


@access(SIGNED_IN)
class Me(FormScreen):
    """我的: who I am here, language and look, login security."""

    template = "shell/me.html"
    title = _("我的")
    form_class = PreferencesForm

    def initial(self) -> dict[str, Any]:
        """What is chosen now."""
        user = self.request.user
        return {"language": user.language, "theme": user.theme} if user.is_authenticated else {}

    def context(self) -> dict[str, Any]:
        """The form, and on a phone the pages that a computer has in its left bar."""
        return {**super().context(), "groups": groups(self.actor, "me"), "keeps_places": may_open(self.actor, PLACE)}

    def run(self, data: dict[str, Any]) -> Done:
        """Save the choice, and say so in the language just chosen."""
        set_preferences(self.actor, language=data["language"], theme=data["theme"])
        with translation.override(data["language"]):
            return Done(url=reverse("me"), toast=str(_("已保存")))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save; the login page will speak the same language in this browser."""
        answer = super().post(request, *args, **kwargs)
        if answer.status_code < 400:
            _remember_language(answer, request.POST.get("language", ""))
        return answer


@access(ANYONE)
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Before the login: the language of this browser."""
    after = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = "/"
    answer = HttpResponseRedirect(after)
    _remember_language(answer, request.POST.get("language", ""))
    return answer


@access(ANYONE)
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo company's people; while no demo is loaded this page does not exist."""
    asked = request.POST.get("username", "")
    if asked not in {offered.username for offered in demo_logins()}:
        raise NotFound
    person = person_by_username(asked)
    if person is None:
        raise NotFound
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return HttpResponseRedirect("/")


def _remember_language(answer: HttpResponse, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.HTTPS
        )
