"""The people one talks to: the list of all of them, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.tables import PERSONAL
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.custom import columns as own_columns
from xiaocheng.interface.web.shell.custom import facts
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.http import Request
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab, allowed
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import EDIT, SEE
from xiaocheng.selling.customers.events import PROFILE_EVENTS
from xiaocheng.selling.customers.queries import VIEWS, Contact, Reading

from .consents import agreed, consent_columns, refused, with_warning
from .filters import ContactFilters
from .lists import detail_column, views
from .page import ICONS

KIND = "customers.contact"
DETAILS = ("wechat", "email", "birthday", "lunar_birthday", "home_address", "note")


def decides(is_decision_maker: bool) -> SafeString | str:
    """The mark of whoever decides."""
    return pill(_("决策人"), "amber") if is_decision_maker else ""


def phone_of(row: Contact, *, reads: bool) -> SafeString | str:
    """The phone, which a tap calls; its ends alone for those who do not read it."""
    shown = _number_of(row, reads=reads)
    return format_html('<a href="tel:{}">{}</a>', row.phone_key, shown) if reads and row.phone_key else shown


def _number_of(row: Contact, *, reads: bool) -> str:
    return row.phone if reads else queries.masked(row.phone)


@access(SEE)
class Contacts(ListScreen):
    """Contacts of one's own customers, of the team's, or of everybody's."""

    title = gettext_lazy("联系人")
    search_hint = gettext_lazy("姓名、拼音、首字母、电话")
    row_to = "customers:contact"
    export = "customers:export_contacts"
    saved_as = "customers:contacts"
    filters = ContactFilters

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The columns; whose phones are read is known once for the page."""
        reads = queries.reads_freely(self.actor)
        return [
            Column(gettext_lazy("姓名"), "name"),
            Column(gettext_lazy("决策人"), "is_decision_maker", show=decides, phone="aside"),
            Column(gettext_lazy("客户"), "customer.name", phone="bare"),
            Column(gettext_lazy("职务"), "position", phone="bare"),
            Column(
                gettext_lazy("电话"),
                lambda row: row,
                show=lambda row: with_warning(phone_of(row, reads=reads(row.customer.owner_id)), row.said),
                written=lambda row: _number_of(row, reads=reads(row.customer.owner_id)),
                look="nowrap",
                key="phone",
                personal=True,
            ),
            Column(gettext_lazy("负责人"), "customer.owner.name", look="own nowrap"),
        ]

    def rows(self) -> QuerySet[Any, Any]:
        """The contacts of the chosen view, with what they agreed to and refused."""
        columns = self.needed - queries.CONSENTS.keys()
        return queries.with_consents(self.actor, queries.all_contacts(self.actor, self.tab, self.text, columns))

    def more_columns(self) -> Sequence[Column]:
        """Further details and the company's own fields; a personal one for whoever reads the details."""
        reads = queries.reads_freely(self.actor)
        own = own_columns(self.actor, KIND, lambda row, item: item.kind not in PERSONAL or reads(row.customer.owner_id))
        number = Column(gettext_lazy("系统编号"), "pk", key="number", look="num")
        consents = consent_columns(lambda row: True)
        details = [detail_column(Contact, name, lambda row: reads(row.customer.owner_id)) for name in DETAILS]
        return [number, *details, *consents, *own]

    def tabs(self) -> Sequence[Tab]:
        """Those of the list of customers; all for those alone who see everybody, as a pool's contacts are hidden."""
        keys = ("all", "mine") if self.actor.sight.everyone else ("team", "mine")
        return [Tab(key, VIEWS[key]) for key in views(self.actor) if key in keys]

    def actions(self) -> Sequence[Link | None]:
        """Note one."""
        return [Link(_("添加联系人"), "customers:new_contact_of", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What to do first."""
        add = next(iter(allowed(self.actor, self.actions())), None)
        hint = _("把客户那边的人记下来,以后按姓名或电话都能找到。")
        return Empty(_("这里还没有联系人"), hint, icon="address-book", action=add)


@access(SEE, EXPORT)
class ExportContacts(ExportScreen):
    """The list as a file."""

    screen_class = Contacts


@access(SEE)
class ContactPage(DetailScreen):
    """Who it is, at which customer, how to reach him or her, what happened."""

    template = "customers/contact.html"

    def load(self) -> None:
        """The contact that the address names."""
        self.contact = queries.contact(self.actor, self.kwargs["pk"])
        self.reading = queries.details_of(self.actor, self.contact.customer)
        self.consents = queries.consents(self.actor, self.contact.customer_id, self.contact.pk)

    def page_title(self) -> str:
        """The name."""
        return self.contact.name

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the customer."""
        customer = self.contact.customer
        page = reverse("customers:page", args=[customer.pk])
        return [Crumb(pgettext_lazy("several", "客户"), reverse("customers:list")), Crumb(customer.name, page)]

    def actions(self) -> Sequence[Link | None]:
        """Change the details; note a call."""
        row = self.contact
        details = edit = merge = follow = erase = None
        if self.reading is Reading.NOTED:
            details = Link(_("显示联系方式"), "customers:read_details", (row.customer_id,), icon="eye", post=True)
        known = row.erased_at is None
        if self.reading is Reading.FREE and known:
            edit = Link(_("修改"), "customers:edit_contact", (row.pk,), icon="pencil", drawer=True)
            merge = Link(_("合并"), "customers:choose_merge_contact", (row.pk,), icon="git-merge", drawer=True)
        if known:
            here = f"?customer={row.customer_id}"
            follow = Link(_("跟进"), "daily:follow_up", icon="phone-plus", query=here, drawer=True)
            erase = Link(
                _("清除个人信息"), "customers:erase_contact", (row.pk,), icon="eraser", drawer=True, look="danger"
            )
        sure = _("确定删除吗?只有误记、还没有任何记录的联系人可以删除。")
        mistake = None
        if edit:
            mistake = Link(
                _("删除误记"),
                "customers:take_back_contact",
                (row.pk,),
                icon="trash",
                post=True,
                confirm=sure,
                look="danger",
            )
        return [details, follow, edit, merge, mistake, erase]

    def context(self) -> dict[str, Any]:
        """The details and the story, the newest first."""
        before = self.request.GET.get("before", "")
        end = int(before) if before.isdigit() and len(before) < 19 else None
        reads = self.reading is Reading.FREE
        items = timeline(KIND, self.contact.pk, before=end, open_to=PROFILE_EVENTS if reads else ())
        return {
            "contact": self.contact,
            "decision_maker": _("决策人"),
            "reads": reads,
            "refused": refused(self.consents),
            **agreed(self.consents, self.contact.customer_id, self.contact.pk),
            "facts": self.facts(),
            "story": story(items, ICONS),
            "older": items[-1].entry_id if len(items) == 30 else None,
        }

    def facts(self) -> list[tuple[str, object]]:
        """What is known."""
        row = self.contact
        customer = format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.customer_id]), row.customer)
        return [
            (_("客户"), customer),
            (_("职务"), row.position),
            (_("电话"), phone_of(row, reads=self.reading is Reading.FREE)),
            *(self._details() if self.reading is Reading.FREE else []),
            (_("客户负责人"), row.customer.owner.name if row.customer.owner else ""),
            *facts(self.actor, KIND, row.custom, reads=self.reading is Reading.FREE),
        ]

    def _details(self) -> list[tuple[str, object]]:
        row = self.contact
        return [
            (_("微信"), row.wechat),
            (_("邮箱"), format_html('<a href="mailto:{}">{}</a>', row.email, row.email) if row.email else ""),
            (_("生日"), row.birthday and formats.day(row.birthday)),
            (_("农历生日"), row.lunar_birthday and formats.lunar_birthday(row.lunar_birthday)),
            (_("家庭地址"), row.home_address),
        ]


@access(EDIT)
def alike(request: Request) -> HttpResponse:
    """Who has the phone already that is being typed."""
    known = {
        name: int(pk) for name in ("customer", "but") if (pk := request.GET.get(name, "")).isdigit() and len(pk) < 19
    }
    found = commands.hint_contact(request.actor, request.GET.get("phone", "")[:40], **known)
    return render(request, "customers/alike.html", {"likely": found})
