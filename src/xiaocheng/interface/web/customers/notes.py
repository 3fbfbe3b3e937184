"""Notes that colleagues write to each other about a customer; they stand in its story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import TimelineItem
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import LONGEST_WORDS, CustomerNote

WRITTEN = "customers.NoteWritten"
NOTE = "customers.customernote"


class WordsForm(Form):
    """What one has to say."""

    text = forms.CharField(
        label=gettext_lazy("留言"), widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST_WORDS
    )


class NoteForm(WordsForm):
    """What one has to say, and who is to be told of it."""

    tell = forms.TypedMultipleChoiceField(
        label=gettext_lazy("提醒谁"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾选的同事会收到通知。"),
    )  # fmt: skip


@access(SEE)
class WriteNote(FormScreen):
    """Write about a customer."""

    title = gettext_lazy("写留言")
    form_class = NoteForm
    submit = gettext_lazy("留言")
    hint = gettext_lazy("留言给一起跟进的同事看,不算联系客户,首问时限照常计算。")

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.customer(self.actor, self.kwargs["pk"])
        self.listeners = queries.listeners(self.actor, self.customer)

    def initial(self) -> dict[str, Any]:
        """Whom it concerns is told."""
        return {"tell": [one.person.pk for one in self.listeners if one.is_concerned]}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with those who may be told; without any it only asks for the words."""
        form = super().make_form(data, files)
        some = [one.person for one in self.listeners]
        form.fields["tell"].choices = [(one.pk, f"{one.name} · {one.department.name}") for one in some]  # type: ignore[attr-defined]
        if not some:
            del form.fields["tell"]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Write, and show the page behind again."""
        commands.write_note(self.actor, self.customer.pk, data["text"], data.get("tell", ()))
        return Done(toast=_("已留言"))


@access(SEE)
class EditNote(FormScreen):
    """Write one's own note otherwise."""

    title = gettext_lazy("修改留言")
    form_class = WordsForm

    def load(self) -> None:
        """The note that the address names."""
        self.note = queries.note(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """The words as they are."""
        return {"text": self.note.text}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.note.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save, and show the page behind again."""
        commands.edit_note(self.actor, self.note.pk, self.sent_version, data["text"])
        return Done(toast=_("已保存"))


@access(SEE)
class RemoveNote(ActionScreen):
    """Take a note away."""

    def run(self) -> Done:
        """Remove it, and show the page behind again."""
        commands.remove_note(self.actor, self.kwargs["pk"])
        return Done(toast=_("已删除留言"))


def note_words(actor: Actor, items: Sequence[TimelineItem]) -> dict[int, SafeString]:
    """By the entry of each note in a story: its words, or that they were taken away."""
    asked = {item.entry_id: item.about[NOTE] for item in items if item.kind == WRITTEN}
    found = {row.pk: row for row in queries.notes_among(actor, set(asked.values()))}
    gone = format_html('<p class="soft">{}</p>', _("留言已删除"))
    return {entry: _said(actor, found[note]) if note in found else gone for entry, note in asked.items()}


def _said(actor: Actor, row: CustomerNote) -> SafeString:
    changed = format_html(' <span class="soft">{}</span>', _("(已修改)")) if row.changed_at else ""
    return format_html('<p class="words">{}{}</p>{}', row.text, changed, _ways(actor, row))


def _ways(actor: Actor, row: CustomerNote) -> SafeString:
    """What the reader may do with a note."""
    edit, remove = reverse("customers:edit_note", args=[row.pk]), reverse("customers:remove_note", args=[row.pk])
    ways = SafeString("")
    if row.author_id == actor.person_id:
        ways += format_html(
            '<a class="more" href="{}" hx-get="{}" hx-target="#drawer-body">{}</a>', edit, edit, _("修改")
        )
    if actor.sight.sees_person(row.author_id):
        ways += format_html(
            '<button type="button" class="as-link more" hx-post="{}" hx-swap="none" hx-confirm="{}">{}</button>',
            remove, _("要删除这条留言吗?"), _("删除"),
        )  # fmt: skip
    return ways
