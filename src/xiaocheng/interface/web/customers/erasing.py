"""Personal data is erased: of those who were kept too long, and of whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Tab
from xiaocheng.interface.web.shell.screens import Bulk, Column, FormScreen, ListScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ERASE
from xiaocheng.selling.customers.commands import Outcome
from xiaocheng.selling.customers.queries import Reception

from .chosen import picked_ids
from .forms import EraseForm
from .lists import holder

PERSONS: Sequence[Column] = [
    Column(gettext_lazy("客户名称"), "name"),
    Column(gettext_lazy("负责人"), holder, look="own nowrap"),
    Column(gettext_lazy("最近联系"), "last_contact_at", show=formats.relative_day),
    Column(gettext_lazy("登记时间"), "registered_at", show=formats.moment),
]
CONTACTS: Sequence[Column] = [
    Column(gettext_lazy("姓名"), "name"),
    Column(gettext_lazy("职务"), "position", phone="bare"),
    Column(gettext_lazy("客户"), "customer.name", phone="bare"),
    Column(gettext_lazy("负责人"), lambda row: holder(row.customer), look="own nowrap"),
    Column(gettext_lazy("最近联系"), "customer.last_contact_at", show=formats.relative_day),
    Column(gettext_lazy("登记时间"), "customer.registered_at", show=formats.moment),
]
GUESTS: Sequence[Column] = [
    Column(gettext_lazy("来客"), lambda row: row.name or row.company or row.phone or _("未留姓名")),
    Column(gettext_lazy("方式"), Reception.get_channel_display, phone="aside"),
    Column(gettext_lazy("接待时间"), "occurred_at", show=formats.moment),
    Column(gettext_lazy("接待人"), "credit_person.name", look="own nowrap"),
]
NEVER_BOUGHT = gettext_lazy("从未成交、长期没有联系的个人客户会列在这里;期限在「规则」里设定。")
NOTHING_HAPPENED = gettext_lazy("从未成交、长期没有任何记录的公司的联系人会列在这里;期限在「规则」里设定。")
CAME_ONCE = gettext_lazy("到店或来电登记了、没有成为客户的人会列在这里;期限在「规则」里设定。")


@dataclass(frozen=True)
class Kept:
    """One kind of people whose data may have been kept too long, how they are listed and erased."""

    name: Any
    rows: Callable[[Actor], QuerySet[Any]]
    columns: Sequence[Column]
    order: str
    page: str
    erase: str
    none: Any
    hint: Any


KINDS = {
    "persons": Kept(
        gettext_lazy("个人客户"),
        lambda actor: queries.kept_too_long(actor).select_related("owner", "pool"),
        PERSONS, "pk", "customers:page", "customers:erase", gettext_lazy("没有保存期满的个人客户"), NEVER_BOUGHT,
    ),
    "contacts": Kept(
        gettext_lazy("联系人"),
        lambda actor: queries.contacts_kept_too_long(actor).select_related("customer__owner", "customer__pool"),
        CONTACTS, "customer_id", "customers:contact", "customers:erase_contacts",
        gettext_lazy("没有保存期满的联系人"), NOTHING_HAPPENED,
    ),
    "guests": Kept(
        pgettext_lazy("several", "来客"),
        lambda actor: queries.guests_kept_too_long(actor).select_related("credit_person"),
        GUESTS, "occurred_at", "receptions:page", "customers:erase_guests",
        gettext_lazy("没有保存期满的来客"), CAME_ONCE,
    ),
}  # fmt: skip


@access(ERASE)
class KeptTooLong(ListScreen):
    """Whose personal data was kept for as long as the company keeps it: persons, contacts of companies, guests."""

    title = gettext_lazy("保存期满")
    export = "customers:export_kept"

    @property
    def takes_all(self) -> bool:  # type: ignore[override]
        """True where many are erased in one go; persons are each for himself, with all that they bought."""
        return self.tab != "persons"

    @cached_property
    def kind(self) -> Kept:
        """What the open tab lists."""
        return KINDS[self.tab]

    def tabs(self) -> Sequence[Tab]:
        """One for each kind of people."""
        return [Tab(key, kind.name) for key, kind in KINDS.items()]

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Who it is, whose, and since when nothing happened."""
        return self.kind.columns

    @property
    def order(self) -> str:  # type: ignore[override]
        """As an index gives them: the first sort of a million rows takes more than a second."""
        return self.kind.order

    @property
    def row_to(self) -> str:  # type: ignore[override]
        """Their page."""
        return self.kind.page

    @property
    def bulk(self) -> Sequence[Bulk]:  # type: ignore[override]
        """Erase the ticked ones, or all."""
        return [Bulk(_("清除个人信息"), self.kind.erase, icon="eraser", drawer=True)]

    def rows(self) -> QuerySet[Any, Any]:
        """They."""
        return self.kind.rows(self.actor)

    def empty(self) -> Empty:
        """Nobody, or no time limit."""
        return Empty(self.kind.none, self.kind.hint, icon="eraser")


@access(ERASE, EXPORT)
class ExportKept(ExportScreen):
    """The list as a file."""

    screen_class = KeptTooLong


class _Erasing(FormScreen):
    """Asks why, and whether it is meant."""

    title = gettext_lazy("清除个人信息")
    form_class = EraseForm
    submit = pgettext_lazy("personal data", "清除")
    ids: Sequence[int] = ()

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many, what goes and what stays."""
        what = _(
            "姓名、电话、地址、各种记录的文字和附件会从所有模块和日志中清除;日期、金额和业绩保留。清除后不能恢复。"
        )
        if len(self.ids) < 2:
            return what
        many = _("一次最多这么多。") if len(self.ids) == commands.MOST else ""
        return _("已选 %(count)s 位。") % {"count": len(self.ids)} + many + what

    def initial(self) -> dict[str, Any]:
        """The ids go along."""
        return {"ids": ",".join(map(str, self.ids))}


class _ErasingMany(_Erasing):
    """Erases the ticked rows, or one, and says how many were left and why."""

    act: ClassVar[Callable[[Actor, Sequence[int], str], list[Outcome]]]
    tab: ClassVar[str]

    def load(self) -> None:
        """The ids that were ticked, or all of the list."""
        self.ids = picked_ids(self.request, KeptTooLong)

    def run(self, data: dict[str, Any]) -> Done:
        """Erase, and go back to the list."""
        outcomes = type(self).act(self.actor, self.ids, data["reason"])
        refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
        if refused and len(outcomes) == 1:
            raise refused[0]
        said = self.said(len(outcomes) - len(refused))
        if refused:
            said += _("%(left)s 位未清除:%(why)s") % {"left": len(refused), "why": refused[0]}
        return Done(toast=said, url=self.back(len(outcomes)))

    def said(self, count: int) -> str:
        """Of how many."""
        return ngettext("已清除 %(count)s 人的个人信息。", "已清除 %(count)s 人的个人信息。", count) % {"count": count}

    def back(self, count: int) -> str:
        """The list that they were on."""
        return f"{reverse('customers:kept')}?tab={self.tab}"


@access(ERASE)
class Erase(_ErasingMany):
    """Erase the ticked customers, or one."""

    act, tab = commands.erase, "persons"

    def said(self, count: int) -> str:
        """Of how many customers."""
        said = ngettext("已清除 %(count)s 位客户的个人信息。", "已清除 %(count)s 位客户的个人信息。", count)
        return said % {"count": count}

    def back(self, count: int) -> str:
        """The list of those that were kept too long; from the page of one, the list of customers."""
        return super().back(count) if count > 1 else reverse("customers:list")


@access(ERASE)
class EraseContacts(_ErasingMany):
    """Erase the ticked contacts."""

    act, tab = commands.erase_contacts, "contacts"


@access(ERASE)
class EraseGuests(_ErasingMany):
    """Erase the ticked guests, or one."""

    act, tab = commands.erase_guests, "guests"


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
