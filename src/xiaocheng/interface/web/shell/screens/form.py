"""A form that runs a command, and an act without a form."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import EditConflict, RuleBroken, Sentence
from xiaocheng.foundation.kernel.idempotency import fingerprint, once
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request, finish, is_htmx

from .base import Screen

OWN_FIELDS = {"csrfmiddlewaretoken", "_key"}


def do_once(request: Request, work: Callable[[], Done]) -> Done:
    """Do the work once for the idempotency key of the request; the same key again gets the same answer."""
    said = sorted((k, v) for k, values in request.POST.lists() if k not in OWN_FIELDS for v in values)
    files = sorted((f.name, f.size) for _name, sent in request.FILES.lists() for f in sent)
    answer = once(
        request.actor, request.POST.get("_key", ""), fingerprint(request.path, said, files), lambda: work().answer()
    )
    return Done(**answer)


class FormScreen(Screen):
    """A page, or the drawer, with one form. `run` calls the command and says what was done.

    With `line_class` the form has lines below (a formset); their cleaned values come as data["lines"].
    """

    template = "ui/form_page.html"
    parts: ClassVar[dict[str, str]] = {"drawer-body": "drawer"}
    form_class: type[Form]
    line_class: ClassVar[type[Form] | None] = None
    most_lines: ClassVar[int] = 100
    submit: Sentence = _("保存")
    extra: str = ""  # a template within the form, behind its fields
    hint: Sentence = ""
    lines_title: Sentence = ""
    lines_template: ClassVar[str] = "ui/lines.html"

    def initial(self) -> dict[str, Any]:
        """Values that the form starts with."""
        return {}

    def initial_lines(self) -> list[dict[str, Any]]:
        """Values that the lines start with."""
        return []

    def version(self) -> int | None:
        """The edit version of the row that is edited; None when something new is made."""
        return None

    def run(self, data: dict[str, Any]) -> Done:
        """Call the command with the cleaned values; `self.sent_version` is the version that the form started from."""
        raise NotImplementedError

    @property
    def sent_version(self) -> int:
        """The edit version that came back with the form."""
        sent = self.request.POST.get("_version", "")
        return int(sent) if sent.isdigit() else 0

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """Build the form; override to set choices that depend on the row or the person."""
        return self.form_class(data, files, initial=self.initial(), actor=self.actor)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the empty form."""
        return self.show(form=self.make_form(), lines=self._lines(), key=secrets.token_urlsafe(16))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the shape, run the command, say what was done; or show the form again with what is wrong."""
        form, lines = self.make_form(request.POST, request.FILES), self._lines(request.POST)
        if not (form.is_valid() & (lines is None or lines.is_valid())):
            return self._again(form, lines, 422)
        data = dict(form.cleaned_data)
        if lines is not None:
            data["lines"] = [line.cleaned_data for line in lines.forms if line.cleaned_data]
        try:
            done = do_once(request, lambda: self.run(data))
        except EditConflict as conflict:
            self.load()
            return self._again(form, lines, conflict.status, conflict=self._both_texts(form, conflict), stale=conflict)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, str(broken))
            return self._again(form, lines, broken.status)
        return finish(request, done)

    def _again(self, form: Form, lines: BaseFormSet[Any] | None, status: int, **extra: Any) -> HttpResponse:
        part = "form" if is_htmx(self.request) else ""
        key = self.request.POST.get("_key") or secrets.token_urlsafe(16)
        return self.show(status=status, part=part, form=form, lines=lines, key=key, **extra)

    def _lines(self, data: Any = None) -> BaseFormSet[Any] | None:
        if self.line_class is None:
            return None
        initial = None if data else self.initial_lines()
        make = formset_factory(self.line_class, extra=0 if initial else 1, max_num=self.most_lines, validate_max=True)
        return make(data, prefix="lines", initial=initial, form_kwargs={"actor": self.actor})

    def _both_texts(self, form: Form, conflict: EditConflict) -> list[tuple[Any, Any, Any]]:
        differing = []
        mine = form.cleaned_data | form.cleaned_data.get("custom", {})
        for name, current in form.texts_of(conflict.current).items():
            if name in form.fields and mine.get(name) != current:
                differing.append((form[name].label, current, mine.get(name)))
        return differing


class ActionScreen(Screen):
    """Something that one button does: POST only. A refusal is shown as a toast or, without script, as a page."""

    http_method_names = ["post", "options"]

    def run(self) -> Done:
        """Call the command and say what was done."""
        raise NotImplementedError

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, once for the idempotency key."""
        return finish(request, do_once(request, self.run))
