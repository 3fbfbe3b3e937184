"""Upload, fetch and remove an attachment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.files import commands, queries
from xiaocheng.foundation.files.access import ATTACH
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen

MOST = 50


def attached(actor: Actor, kind: str, row_id: int) -> dict[str, Any]:
    """What templates/files/list.html needs to show the files of a record."""
    found = list(queries.attachments(actor, kind, row_id)[:MOST])
    return {
        "attachments": [(row, actor.sight.sees_person(row.added_by_id)) for row in found],
        "attach": Link(_("上传附件"), "files:attach", (kind, row_id), icon="paperclip", drawer=True),
        "may_attach": actor.can(ATTACH),
        "no_files": Empty(_("还没有附件"), _("合同、照片、名片都可以放在这里。"), icon="paperclip"),
    }


class FileForm(Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy("图片、PDF、Office 文档、压缩包或纯文本。")
    )


@access(ATTACH)
class Attach(FormScreen):
    """Attach a file to a record."""

    title = gettext_lazy("上传附件")
    form_class = FileForm
    submit = gettext_lazy("上传")

    def load(self) -> None:
        """The record must be one that the person sees."""
        queries.open_record(self.actor, self.kwargs["kind"], self.kwargs["row_id"])

    def run(self, data: dict[str, Any]) -> Done:
        """Keep it."""
        sent = data["file"]
        commands.attach(self.actor, self.kwargs["kind"], self.kwargs["row_id"], sent.name, sent.read())
        return Done(toast=_("已上传"))


@access(SIGNED_IN)
def fetch(request: Request, pk: int) -> FileResponse:
    """The file: pictures are shown, everything else is downloaded."""
    row = queries.attachment(request.actor, pk)
    return FileResponse(
        queries.content_of(row),
        as_attachment=row.content_type not in queries.SHOWN_IN_PAGE,
        filename=row.name,
        content_type=row.content_type,
    )


@access(ATTACH)
class Remove(ActionScreen):
    """Take a file away."""

    def run(self) -> Done:
        """Remove it."""
        commands.remove(self.actor, self.kwargs["pk"])
        return Done(toast=_("已删除附件"))
