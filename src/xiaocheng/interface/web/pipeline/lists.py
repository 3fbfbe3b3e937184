"""The list of opportunities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.queries import Chance
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.custom import columns as own_columns
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.formats import escaped
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Bulk, Column, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE, WORK
from xiaocheng.selling.pipeline.queries import VIEWS, Pace

from .chances import chance_pill, of_page
from .forms import OPPORTUNITY, SOURCE, HandOverForm, OpportunityFilters

TONES = {"open": "blue", "won": "green", "lost": "grey"}
SHOWN = (
    *("name", "state", "amount", "expected_close_on", "next_step", "next_step_on"),
    *("entered_stage_at", "last_activity_at", "span_seq", "is_shared"),
    *(
        "customer__name",
        "owner__name",
        "stage__name",
        "stage__code",
        "stage__expected_days",
        "stage__idle_days",
        "stage__stale_days",
        "stage__steps",
    ),
)


def briefly(rows: QuerySet[Any], *more: str) -> QuerySet[Any]:
    """The rows with only those columns that the list and the board show, and what a saved view needs."""
    return rows.select_related(None).select_related("customer", "owner", "stage").only(*SHOWN, *more)


def stage_pill(row: Any) -> SafeString:
    """The stage, in the tone of the state."""
    return pill(row.stage.name, TONES[row.state])


def pace_pills(pace: Pace) -> SafeString:
    """What is late about an opportunity, named; nothing when all is well."""
    overdue = pill(_("超期"), "red") if pace.is_overdue else ""
    idle = pill(_("闲置"), "amber") if pace.is_idle else ""
    stale = pill(_("停滞"), "red", why_stale(pace)) if pace.is_stale else ""
    quote = pill(_("漏报价"), "red") if pace.is_quote_missed else ""
    return SafeString(" ".join(mark for mark in (quote, stale, overdue, idle) if mark))


def why_stale(pace: Pace) -> str:
    """Why an opportunity is called stagnant, in words; nothing of one that is not."""
    if not pace.is_stale:
        return ""
    said = _("已 %(days)s 天没有活动,界限 %(limit)s 天")
    return said % {"days": pace.days_without_activity, "limit": pace.stale_days}


def progress(pace: Pace) -> str:
    """How many of the steps that its stage requires were done; nothing where it requires none."""
    if not pace.required_steps:
        return ""
    return _("必做 %(done)s/%(all)s") % {"done": pace.done_steps, "all": pace.required_steps}


def next_step(row: Any) -> object:
    """What is done next, with its day; red when that has gone by."""
    if not row.next_step and row.next_step_on is None:
        return pill(_("缺下一步"), "amber") if row.is_open else ""
    day = formats.relative_day(row.next_step_on)
    late = row.is_open and row.next_step_on is not None and row.next_step_on < clock.today()
    return SafeString(f"{escaped(row.next_step)} {pill(day, 'red') if late else _small(day)}")


@lru_cache(maxsize=256)
def _small(day: str) -> SafeString:
    return format_html("<small>{}</small>", day)


def views(actor: Actor, *, but: str = "") -> list[Tab]:
    """The ready-made views: who has a team begins with it, who has none is not asked about it."""
    alone = not actor.sight.everyone and actor.sight.people <= {actor.person_id}
    keys = ("mine", "all", "no_customer") if alone else ("team", "mine", "all", "no_customer")
    return [Tab(key, VIEWS[key]) for key in keys if key != but]


@access(SEE)
class Opportunities(ListScreen):
    """Opportunities of one's own, of the team, all, and those that lack a customer."""

    title, search_hint = pgettext_lazy("several", "商机"), gettext_lazy("商机、客户、拼音、首字母、编号")
    row_to = "pipeline:opportunity"
    export = "pipeline:export"
    saved_as = "pipeline:list"
    filters = OpportunityFilters
    bulk = [Bulk(gettext_lazy("转交"), "pipeline:hand_over", icon="user-share", drawer=True)]

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The columns; what is late is known once for the page."""
        return [
            Column(gettext_lazy("商机"), "name"),
            Column(gettext_lazy("客户"), "customer.name", phone="bare"),
            Column(gettext_lazy("阶段"), lambda row: row, show=stage_pill, phone="aside", key="stage"),
            Column(gettext_lazy("金额"), "amount", show=formats.money, look="num"),
            Column(gettext_lazy("负责人"), "owner.name", look="own nowrap"),
            Column(gettext_lazy("预计成交"), "expected_close_on", show=formats.day, look="nowrap", phone="off"),
            Column(
                gettext_lazy("下一步"),
                lambda row: row,
                show=next_step,
                key="next_step",
                written=attrgetter("next_step"),  # its day is a column of its own
            ),
            Column(gettext_lazy("提醒"), self._pace, phone="bare", exported=False, key="pace"),
        ]

    def rows(self) -> QuerySet[Any]:
        """Those of the chosen view that fit what is searched; the open ones unless something else is asked for."""
        rows = briefly(queries.opportunities(self.actor, self.tab, self.text), *self.needed)
        chosen = self.text or self.request.GET.get("state")
        return rows if chosen else rows.filter(state="open")

    def more_columns(self) -> Sequence[Column]:
        """What not everybody wants to see, and the company's own fields."""
        source = Column(gettext_lazy("来源"), "source", show=lambda code: names(SOURCE).get(code, code), needs="source")
        competitor = Column(gettext_lazy("竞争对手"), "competitor", needs="competitor")
        number = Column(gettext_lazy("商机编号"), "label_number", key="number", needs="number", look="nowrap")
        day = Column(gettext_lazy("下一步日期"), "next_step_on", show=formats.day, look="nowrap")
        chance = Column(
            gettext_lazy("赢单概率"),
            lambda row: self._chances.get(row.pk),
            show=chance_pill,
            key="chance",
            look="num nowrap",
            exported=False,
        )
        return [
            number,
            day,
            source,
            competitor,
            chance,
            *own_columns(self.actor, OPPORTUNITY, lambda _row, _item: True),
        ]

    def tabs(self) -> list[Tab]:
        """The views."""
        return views(self.actor)

    def actions(self) -> list[Link]:
        """Open a new one; the same as a board."""
        return [
            Link(pgettext_lazy("one", "新建商机"), "pipeline:new", icon="plus", drawer=True),
            Link(_("看板"), "pipeline:board", icon="layout-kanban"),
        ]

    def empty(self) -> Empty:
        """What to do first; all is well on the work list."""
        if self.tab == "no_customer":
            return Empty(_("每个商机都有客户"), _("没有缺客户的商机。"), icon="circle-check")
        new = Link(pgettext_lazy("one", "新建商机"), "pipeline:new", icon="plus", drawer=True)
        return Empty(_("还没有商机"), _("客户有了购买的可能,就在这里建一个商机。"), icon="target", action=new)

    def row_look(self, row: Any) -> str:
        """Late ones stand out."""
        return "is-late" if self._paces[row.pk].is_overdue else ""

    def _pace(self, row: Any) -> SafeString:
        pace = self._paces[row.pk]
        return SafeString(
            f"{pace_pills(pace)} {_small(progress(pace))}".strip() if pace.required_steps else pace_pills(pace)
        )

    @cached_property
    def _chances(self) -> dict[int, Chance]:
        return of_page(self.actor, self.page.rows)

    @cached_property
    def _paces(self) -> dict[int, Pace]:
        return queries.pace_of(self.actor, self.page.rows)


@access(SEE, EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Opportunities


@access(WORK)
class HandOver(FormScreen):
    """Give one or several opportunities to somebody else."""

    title, form_class, submit = gettext_lazy("转交商机"), HandOverForm, gettext_lazy("转交")

    @property
    def ids(self) -> list[int]:
        """The opportunities that were ticked."""
        sent = self.request.GET.getlist("ids")
        return [int(pk) for pk in sent if pk.isdigit() and int(pk) < 2**63]

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many, and what stays as it is."""
        return _("共 %(count)s 个商机。过去的阶段、赢单和输单仍记在原负责人名下。") % {"count": len(self.ids)}

    def crumbs(self) -> list[Crumb]:
        """Back to the list."""
        return [Crumb(pgettext_lazy("several", "商机"), reverse("pipeline:list"))]

    def run(self, data: dict[str, Any]) -> Done:
        """Hand them over."""
        moved = commands.hand_over(self.actor, self.ids, data["owner"])
        return Done(url=reverse("pipeline:list"), toast=_("已转交 %(count)s 个商机") % {"count": len(moved)})
