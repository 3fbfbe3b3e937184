"""Personal data is erased: of those who were kept too long, and of whoever asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty
from xiaocheng.interface.web.shell.screens import Bulk, Column, FormScreen, ListScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ERASE

from .forms import EraseForm
from .groups import ticked
from .lists import holder


@access(ERASE)
class KeptTooLong(ListScreen):
    """Persons who never bought and were not in touch for as long as the company keeps them."""

    title = gettext_lazy("保存期满")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("客户名称"), "name"),
        Column(gettext_lazy("负责人"), holder, look="own nowrap"),
        Column(gettext_lazy("最近联系"), "last_contact_at", show=formats.relative_day),
        Column(gettext_lazy("登记时间"), "registered_at", show=formats.moment),
    ]
    order, row_to, export = "pk", "customers:page", "customers:export_kept"
    bulk: ClassVar[Sequence[Bulk]] = [Bulk(gettext_lazy("清除个人信息"), "customers:erase", icon="eraser", drawer=True)]

    def rows(self) -> QuerySet[Any, Any]:
        """They."""
        return queries.kept_too_long(self.actor).select_related("owner", "pool")

    def empty(self) -> Empty:
        """Nobody, or no time limit."""
        hint = _("从未成交、长期没有联系的个人客户会列在这里;期限在「规则」里设定。")
        return Empty(_("没有保存期满的个人客户"), hint, icon="eraser")


@access(ERASE, EXPORT)
class ExportKept(ExportScreen):
    """The list as a file."""

    screen_class = KeptTooLong


class _Erasing(FormScreen):
    """Asks why, and whether it is meant."""

    title = gettext_lazy("清除个人信息")
    form_class = EraseForm
    submit = gettext_lazy("清除")
    ids: Sequence[int] = ()

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What goes and what stays."""
        return _(
            "姓名、电话、地址、各种记录的文字和附件会从所有模块和日志中清除;日期、金额和业绩保留。清除后不能恢复。"
        )

    def initial(self) -> dict[str, Any]:
        """The ids go along."""
        return {"ids": ",".join(map(str, self.ids))}


@access(ERASE)
class Erase(_Erasing):
    """Erase the ticked customers, or one."""

    def load(self) -> None:
        """The ids that were ticked."""
        self.ids = ticked(self.request)

    def run(self, data: dict[str, Any]) -> Done:
        """Erase, and say how many were left and why."""
        outcomes = commands.erase(self.actor, self.ids, data["reason"])
        refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
        if refused and len(outcomes) == 1:
            raise refused[0]
        count = len(outcomes) - len(refused)
        said = ngettext("已清除 %(count)s 位客户的个人信息。", "已清除 %(count)s 位客户的个人信息。", count)
        said %= {"count": count}
        if refused:
            said += _("%(left)s 位未清除:%(why)s") % {"left": len(refused), "why": refused[0]}
        return Done(toast=said, url=reverse("customers:kept") if len(outcomes) > 1 else reverse("customers:list"))


@access(ERASE)
class EraseContact(_Erasing):
    """Erase one contact."""

    def load(self) -> None:
        """The contact that the address names."""
        self.contact = queries.contact(self.actor, self.kwargs["pk"])
        self.ids = [self.contact.pk]

    def run(self, data: dict[str, Any]) -> Done:
        """Erase, and go back to the customer."""
        commands.erase_contact(self.actor, self.contact.pk, data["reason"])
        return Done(url=reverse("customers:page", args=[self.contact.customer_id]), toast=_("已清除联系人的个人信息"))
