"""The page of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.interface.web.expenses.lists import expenses_tab
from xiaocheng.interface.web.files.views import attached
from xiaocheng.interface.web.service.complaints import complaints_tab
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.custom import facts_in_place
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import DetailScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.interface.web.trade.orders import orders_tab
from xiaocheng.interface.web.trade.receipts import money_tab
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import EDIT, GROUP, SEE
from xiaocheng.selling.customers.events import PROFILE_EVENTS, NoteWritten
from xiaocheng.selling.customers.queries import (
    CAUSES,
    KINDS,
    LISTS,
    POTENTIALS,
    RELEASE_REASON,
    STAGES,
    VIEWS,
    Contact,
    Customer,
    FirstContactRules,
    Reading,
)
from xiaocheng.selling.expenses.access import SPEND
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.pipeline.access import SEE as SEE_DEALS
from xiaocheng.selling.service.access import HANDLE
from xiaocheng.selling.tasks import queries as tasks
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .bought import bought_tab
from .consents import agreed, refused
from .contact_words import contact_words
from .disputes import state_pill as dispute_pill
from .group_figures import treatment
from .kept import kept_of
from .lists import holder, level_pill, limit_pill, potential_pill, stage_pill
from .more_time import state_pill
from .notes import note_words
from .questions import state_pill as question_pill
from .team import owner_words, team_words

KIND = "customers.customer"
Fact = tuple[str, object, str]  # its name, its value, and the field that may be changed where it stands
MOST = 50  # rows of a tab; the lists have the rest
ICONS = {
    "customers": "user-check", "pipeline": "target", "fieldwork": "map-pin", "tasks": "checkbox", "files": "paperclip",
    "trade": "receipt", "service": "message-exclamation", "customers.NoteWritten": "message",
}  # fmt: skip


@access(SEE)
class CustomerPage(DetailScreen):
    """Who it is, whom to call, who is responsible, what happened."""

    template = "customers/page.html"

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.present_customer(self.actor, self.kwargs["pk"])
        self.masked = self.customer.is_masked_for(self.actor)
        self.decides = self.customer.is_decided_by(self.actor)
        self.reading = queries.details_of(self.actor, self.customer)
        self.reads = self.reading is Reading.FREE
        self.consents = queries.consents_at(self.actor, self.customer.pk)

    def page_title(self) -> str:
        """Its name."""
        return self.customer.name

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(pgettext_lazy("several", "客户"), reverse("customers:list"))]

    def actions(self) -> Sequence[Link | None]:
        """What may be done with it now."""
        pk = (self.customer.pk,)
        assign = claim = receive = release = edit = visit = follow = details = erase = team = None
        came: Link | None = Link(
            _("接待"), "receptions:new", icon="building-store", query=f"?customer={pk[0]}", drawer=True
        )
        if self.customer.is_awaiting:
            receive, came = came, None
        if self.decides and self.customer.pool and self.customer.pool.is_claimable:
            claim = Link(_("领取"), "customers:claim", pk, icon="hand-grab", post=True)
        if self.customer.owner_id and self.actor.sight.sees_person(self.customer.owner_id):
            release = Link(_("退回公海"), "customers:release", pk, icon="ripple", drawer=True)
            team = Link(_("协作"), "customers:team", pk, icon="users-group", drawer=True) if self.decides else None
        if self.reading is Reading.NOTED:
            details = Link(_("显示联系方式"), "customers:read_details", pk, icon="eye", post=True)
        if self.decides and self.reads:
            edit = Link(_("修改"), "customers:edit", pk, icon="pencil", drawer=True)
        here, deal, plan, task = f"?customer={pk[0]}", None, None, None
        if not self.masked:
            deal = Link(_("建商机"), "pipeline:new", icon="target", query=here, drawer=True)
            plan = Link(_("加入计划"), "daily:add_line", icon="calendar-plus", query=here, drawer=True)
            task = Link(_("记待办"), "tasks:new", icon="checkbox", query=here, drawer=True)
            follow = Link(_("跟进"), "daily:follow_up", icon="phone-plus", query=f"?customer={pk[0]}", drawer=True)
            visit = Link(_("签到"), "daily:off_plan", icon="map-pin", query=f"?customer={pk[0]}", drawer=True)
        if self.decides and self.customer.erased_at is None:
            assign = Link(_("分配"), "customers:assign", icon="user-share", query=f"?ids={pk[0]}", drawer=True)
        if self.customer.is_person and self.customer.erased_at is None:
            erase = Link(
                _("清除个人信息"), "customers:erase", icon="eraser", query=f"?ids={pk[0]}", drawer=True, look="danger"
            )
        decide = None
        if self.may_change and self.customer.owner_id:
            decide = Link(_("取舍"), "insight:decide", icon="scale", query=f"?ids={pk[0]}", drawer=True)
        place = Link(_("标注位置"), "customers:place", pk, icon="map-pin-plus", drawer=True) if edit else None
        merge = Link(_("合并"), "customers:choose_merge", pk, icon="git-merge", drawer=True) if edit else None
        return [
            receive,
            claim,
            details,
            follow,
            visit,
            edit,
            deal,
            plan,
            task,
            came if self.decides else None,
            assign,
            self._more_time(),
            self._dispute(),
            team,
            decide,
            release,
            place,
            merge,
            self._mistake() if release else None,
            Link(_("查阅记录"), "customers:access_log", icon="eye-check", query=f"?customer={pk[0]}"),
            erase,
        ]

    def _mistake(self) -> Link | None:
        """One that nobody was in touch with may have been registered by mistake."""
        if self.customer.last_contact_at is not None or self.customer.became_customer_on is not None:
            return None
        sure = _("确定删除吗?只有误登记、还没有任何业务记录的客户可以删除。")
        pk = (self.customer.pk,)
        return Link(_("删除误登记"), "customers:take_back", pk, icon="trash", post=True, confirm=sure, look="danger")

    def _more_time(self) -> Link | None:
        """Its owner asks for more time where some is left and the company gives any."""
        row = self.customer
        limit = queries.limit_for(row)
        may = limit is not None and limit.days and rules(FirstContactRules, clock.today()).extension_days
        if not may or row.owner_id != self.actor.person_id:
            return None
        return Link(_("申请延期"), "customers:extend", (row.pk,), icon="clock-plus", drawer=True)

    def _dispute(self) -> Link | None:
        """Whoever is not responsible for it may say that he should be; while that waits, it stands among the owners."""
        row = self.customer
        if row.in_dispute or row.erased_at is not None or row.owner_id == self.actor.person_id:
            return None
        return Link(_("归属争议"), "customers:open_dispute", (row.pk,), icon="gavel", drawer=True)

    def tabs(self) -> Sequence[Tab]:
        """What is to be read about it; in a pool neither its story nor its profile, which name people and phones."""
        deals = [Tab("deals", pgettext_lazy("several", "商机"))] if self.actor.can(SEE_DEALS) else []
        sold = [Tab("sales", _("销售")), Tab("orders", _("订单")), Tab("money", _("回款"))]
        bought = sold if self.actor.can(SEE_SALES) else []
        complaints = [Tab("complaints", _("投诉"))] if self.actor.can(HANDLE) else []
        expenses = [Tab("expenses", _("费用"))] if self.actor.can(SPEND) else []
        owners, visits = Tab("owners", _("归属记录")), Tab("visits", _("拜访记录"))
        if self.masked:
            return [owners, *deals, visits]
        plans = Tab("plans", _("拜访计划"))
        if not self.decides:  # the story tells of the others' deals
            return [Tab("profile", _("资料")), *deals, *complaints, plans, visits, owners]
        story, profile, files = Tab("story", _("动态")), Tab("profile", _("资料")), Tab("files", _("附件"))
        return [story, profile, *deals, *bought, *complaints, plans, visits, *expenses, owners, files]

    def context(self) -> dict[str, Any]:
        """The head, and what the open tab shows."""
        return {
            "customer": self.customer,
            "masked": self.masked,
            "pills": [level_pill(self.customer.level), stage_pill(self.customer.stage)],
            "facts": self.facts(),
            "reads": self.reads,
            "may_edit": self.actor.can(EDIT) and self.reads,
            "may_change": self.may_change,
            "new_contact": Link(_("添加"), "customers:new_contact", (self.customer.pk,), icon="plus", drawer=True),
            "decision_maker": _("决策人"),
            "contacts": [
                (person, self._phone_of(person), refused(self.consents.get(person.pk, {})))
                for person in queries.contacts(self.actor, self.customer.pk)
            ],
            "refused": refused(self.consents.get(None, {})),
            **self.treated(),
            "tasks": tasks.of_customer(self.actor, self.customer.pk)[:MOST],
            **getattr(self, f"tab_{self.tab}")(),
        }

    def treated(self) -> dict[str, Any]:
        """Its groups with their strategies and what it took of the planned time; nothing while it is masked."""
        if self.masked:
            return {}
        row = self.customer
        found = treatment(self.actor, row.pk, queries.groups_with(self.actor, row))
        join = Link(_("加入分组"), "customers:add_to_group", icon="plus", query=f"?ids={row.pk}", drawer=True)
        may = self.decides and self.actor.can(GROUP)
        return {"treated": found, "may_group": may, "join": join}

    @property
    def may_change(self) -> bool:
        """True when the person may change what he reads here."""
        return self.actor.can(EDIT) and self.decides and self.reads

    def facts(self) -> list[Fact]:
        """The head data."""
        row = self.customer
        gauges = kept_of(row.pk) if self.decides and not self.masked else []
        return [
            *self._responsible(),
            (_("潜力"), potential_words(row), "potential"),
            *gauges,
            (_("电话"), row.phone if self.reads else queries.masked(row.phone), ""),
            (_("地区"), named("region", row.region), "region"),
            (_("行业"), named("industry", row.industry), "industry"),
            (_("来源"), named("source", row.source), "source"),
            (_("首问时限"), limit_pill(queries.limit_for(row)), ""),
            (_("最近联系"), row.last_contact_at and formats.relative_day(row.last_contact_at), ""),
            (_("下次联系"), row.next_contact_on and formats.relative_day(row.next_contact_on), "next_contact_on"),
        ]

    def _responsible(self) -> list[Fact]:
        """The owner, and who works on it with him."""
        row = self.customer
        if not row.is_shared:
            return [(_("负责人"), holder(row), "")]
        team = queries.team(self.actor, row)
        return [(_("负责人"), owner_words(row, team), ""), (_("协作"), team_words(team), "")]

    def tab_story(self) -> dict[str, Any]:
        """What happened, the newest first."""
        before = self.request.GET.get("before", "")
        end = int(before) if before.isdigit() and len(before) < 19 else None
        notes = self.request.GET.get("only") == "notes"
        of, open_to = [NoteWritten] if notes else [], PROFILE_EVENTS if self.reads else ()
        items = timeline(KIND, self.customer.pk, before=end, open_to=open_to, of=of)
        words = contact_words(self.actor, items) | note_words(self.actor, items)
        return {
            "story": story(items, ICONS, words),
            "older": items[-1].entry_id if len(items) == 30 else None,
            "only_notes": notes,
            "write": Link(_("写留言"), "customers:write_note", (self.customer.pk,), icon="message", drawer=True),
        }

    def tab_profile(self) -> dict[str, Any]:
        """Everything that is known."""
        asked = agreed(self.consents.get(None, {}), self.customer.pk) if self.customer.is_person else {}
        own = [] if self.masked else facts_in_place(self.actor, KIND, self.customer.custom, reads=self.reads)
        profile = [*profile_of(self.customer, reads=self.reads), *own]
        return {"profile": profile, "texts": self._texts(), **asked}

    def _phone_of(self, person: Contact) -> str:
        return person.phone if self.reads else queries.masked(person.phone)

    def _texts(self) -> list[Fact]:
        fields = ("characteristics", "needs", "habits", "purchasing_power", "background")
        label = {name: str(getattr(Customer._meta.get_field(name), "verbose_name", "")) for name in fields}
        return [(label[name], getattr(self.customer, name), name) for name in fields]

    def tab_deals(self) -> dict[str, Any]:
        """Its opportunities, as far as the person sees them."""
        chosen = pipeline.Filters(customer_id=self.customer.pk)
        return {
            "deals": list(pipeline.opportunities(self.actor, "all", filters=chosen)[:MOST]),
            "no_deals": Empty(_("还没有商机"), icon="target"),
        }

    def tab_plans(self) -> dict[str, Any]:
        """Visits that were planned, coming and past, as far as the person sees those who planned them."""
        return {
            "lines": list(fieldwork.lines_of_customer(self.actor, self.customer.pk)[:MOST]),
            "no_lines": Empty(_("还没有计划过拜访"), icon="map-pin"),
        }

    def tab_visits(self) -> dict[str, Any]:
        """Visits, calls and messages, as far as the person sees them."""
        return {
            "receptions": list(
                queries.receptions_of(self.actor, self.customer.pk).select_related("credit_person")[:MOST]
            ),
            "visits": list(fieldwork.visits(self.actor, customer_id=self.customer.pk)[:MOST]),
            "no_visits": Empty(_("还没有拜访或联系记录"), icon="map-pin"),
        }

    def tab_sales(self) -> dict[str, Any]:
        """What it bought, as far as the person sees it."""
        return bought_tab(self.actor, self.customer.pk)

    def tab_orders(self) -> dict[str, Any]:
        """What it ordered."""
        return orders_tab(self.actor, self.customer.pk)

    def tab_money(self) -> dict[str, Any]:
        """What it paid and still owes."""
        return money_tab(self.actor, self.customer.pk)

    def tab_complaints(self) -> dict[str, Any]:
        """What it complained of."""
        return complaints_tab(self.actor, self.customer.pk)

    def tab_expenses(self) -> dict[str, Any]:
        """What was spent for it."""
        return expenses_tab(self.actor, self.customer.pk)

    def tab_owners(self) -> dict[str, Any]:
        """Who was responsible and why it changed."""
        found = list(queries.episodes(self.actor, self.customer.pk)[:MOST])
        asked = queries.extensions_of(self.actor, self.customer.pk)
        mine = queries.decidable(self.actor, asked)
        return {
            "episodes": found,
            "causes": CAUSES,
            "reasons": names(RELEASE_REASON),
            "awaiting": VIEWS["awaiting"],
            "now_words": _("至今"),
            "disputes": [(row, dispute_pill(row)) for row in queries.disputes_of(self.actor, self.customer.pk)],
            "questions": [(row, question_pill(row)) for row in queries.questions_of(self.actor, self.customer.pk)],
            "extensions": [(row, state_pill(row), row.pk in mine) for row in asked],
        }

    def tab_files(self) -> dict[str, Any]:
        """Its attachments."""
        return attached(self.actor, KIND, self.customer.pk)


def named(column: str, code: str) -> str:
    """A coded value by its name."""
    return names(LISTS[column]).get(code, code)


def potential_words(row: Customer) -> object:
    """How much it could buy, with the estimate for a year."""
    said = [potential_pill(row.potential)] if row.potential else []
    if row.yearly_demand:
        said.append(_("%(amount)s/年") % {"amount": formats.money(row.yearly_demand)})
    return format_html_join(" ", "{}", ((part,) for part in said))


def profile_of(row: Customer, *, reads: bool) -> list[Fact]:
    """The fields that are not in the head; e-mail and address for those alone who read the details."""
    hidden = pill(_("显示联系方式后可见"), "grey")
    return [
        (_("级别"), named("level", row.level), "level"),
        (_("阶段"), STAGES[row.stage], "stage"),
        (_("类型"), KINDS[row.kind], "kind"),
        (_("潜力"), POTENTIALS.get(row.potential), "potential"),
        (_("年采购额估计"), row.yearly_demand and formats.money(row.yearly_demand), "yearly_demand"),
        (_("个人客户"), _("是") if row.is_person else _("否"), ""),
        (_("联系渠道"), named("channel", row.channel), "channel"),
        (_("邮箱"), row.email if reads else row.email and hidden, "email"),
        *(_of_person(row, reads=reads, hidden=hidden)),
        (_("网址"), row.website, "website"),
        (_("地址"), row.address if reads else row.address and hidden, "address"),
        (_("位置"), row.latitude is not None and (f"{row.latitude}, {row.longitude}" if reads else hidden), ""),
        (_("登记时间"), formats.moment(row.registered_at), ""),
        (_("成交日期"), row.became_customer_on and formats.day(row.became_customer_on), ""),
    ]


def _of_person(row: Customer, *, reads: bool, hidden: object) -> list[Fact]:
    """What is known of a customer who is a person; of a company only what somebody filled in."""
    said: list[Fact] = [
        (_("微信"), row.wechat, "wechat"),
        (_("生日"), row.birthday and formats.day(row.birthday), "birthday"),
        (_("农历生日"), row.lunar_birthday and formats.lunar_birthday(row.lunar_birthday), "lunar_birthday"),
    ]
    return [
        (name, value if reads else value and hidden, field) for name, value, field in said if value or row.is_person
    ]
