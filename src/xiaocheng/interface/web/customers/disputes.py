"""Whose a customer is, when two say that it is theirs: the cases, the evidence, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.journal import TimelineItem
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import (
    CAUSES,
    DISPUTE_STATES,
    DISPUTE_VIEWS,
    JUDGEMENTS,
    VERDICTS,
    VIEWS,
    ClockThen,
    Dispute,
    OwnershipEpisode,
)
from xiaocheng.selling.fieldwork import queries as fieldwork

TONES = {"open": "amber", "given": "green", "shared": "green", "stays": "blue"}
LINES = {"rows": 6, "maxlength": 2000}


def state_pill(row: Dispute) -> object:
    """Where it stands."""
    return pill(DISPUTE_STATES[row.state], TONES.get(row.state, "grey"))


def whose(row: OwnershipEpisode) -> str:
    """A person, a pool, or nobody yet."""
    if row.person:
        return row.person.name
    return row.pool.name if row.pool else str(VIEWS["awaiting"])


def holder(row: Dispute) -> str:
    """The other party; without one nobody is responsible."""
    return row.holder.name if row.holder else _("无负责人")


@access(SEE)
class Disputes(ListScreen):
    """The disputes in sight: one's own, those to decide, all open ones, those that have ended."""

    title = gettext_lazy("归属争议")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("客户"), "customer.name"),
        Column(gettext_lazy("申请人"), "claimant.name"),
        Column(gettext_lazy("另一方"), lambda row: row, show=holder),
        Column(gettext_lazy("提出时间"), "opened_at", show=formats.moment, look="nowrap"),
        Column(gettext_lazy("状态"), lambda row: row, show=state_pill, phone="aside"),
    ]
    order, row_to = "-pk", "customers:dispute"

    def rows(self) -> QuerySet[Any, Any]:
        """Those of the open tab."""
        return queries.disputes(self.actor, self.tab)

    def tabs(self) -> Sequence[Tab]:
        """The views that there are."""
        return [Tab(key, label) for key, label in DISPUTE_VIEWS.items()]

    def actions(self) -> Sequence[Link | None]:
        """Say that a customer is one's own, though one sees it no longer."""
        return [Link(_("提出争议"), "customers:new_dispute", icon="gavel", drawer=True)]

    def empty(self) -> Empty:
        """What it is for."""
        words = _(
            "认为客户应归自己、被错误地失效、领走或转走时,可以提出争议:系统汇集证据,由双方共同的上级裁决并留下记录。"
        )
        return Empty(_("没有归属争议"), words, icon="gavel")


class ChooseForm(Form):
    """Which customer."""

    customer = PickField("disputable-customers", label=gettext_lazy("客户"))


class OpenForm(Form):
    """Which stretch is wrong, and why."""

    episode_id = forms.TypedChoiceField(label=gettext_lazy("有争议的归属"), coerce=int)
    reasons = forms.CharField(label=gettext_lazy("理由"), widget=forms.Textarea(attrs=LINES))


class AnswerForm(Form):
    """What a party has to say."""

    text = forms.CharField(label=gettext_lazy("说明"), widget=forms.Textarea(attrs=LINES))


class VerdictForm(Form):
    """Whose it is from now on, and why."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("裁决"), choices=[(key, DISPUTE_STATES[key]) for key in VERDICTS], widget=forms.RadioSelect
    )
    share = forms.DecimalField(
        label=gettext_lazy("申请人的份额(%)"), required=False, min_value=0, max_digits=5, decimal_places=2,
        help_text=gettext_lazy("共同负责时填写,其余份额是现负责人的。"),
    )  # fmt: skip
    reasons = forms.CharField(label=gettext_lazy("裁决理由"), widget=forms.Textarea(attrs=LINES))


@access(SEE)
class NewDispute(FormScreen):
    """Choose the customer, also one that was one's own and is out of sight now."""

    title = gettext_lazy("提出归属争议")
    form_class = ChooseForm
    submit = gettext_lazy("下一步")
    hint = gettext_lazy("可以选择您看得到的客户,以及曾由您负责的客户。")

    def run(self, data: dict[str, Any]) -> Done:
        """Go on to say why."""
        return Done(url=reverse("customers:open_dispute", args=[data["customer"]]))


@access(SEE)
class OpenDispute(FormScreen):
    """Say which stretch of responsibility is wrong, and why."""

    title = gettext_lazy("提出归属争议")
    form_class = OpenForm
    submit = gettext_lazy("提出")
    hint = gettext_lazy(
        "归属记录、联系、接待、商机和时限的计算由系统汇集,不必重复。写明您认为哪里不对;另一方可以书面答复,由双方共同的上级裁决。"
    )

    def load(self) -> None:
        """The stretches that may be wrong."""
        self.stretches = queries.disputed_stretches(self.actor, self.kwargs["pk"])
        if not self.stretches:
            queries.customer(self.actor, self.kwargs["pk"])  # out of sight: not found

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The stretches, the present one first."""
        form = super().make_form(data, files)
        form.fields["episode_id"].choices = [(row.pk, stretch_words(row)) for row in self.stretches]  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Open it, and show it."""
        row = commands.open_dispute(self.actor, self.kwargs["pk"], data["reasons"], data["episode_id"])
        return Done(url=reverse("customers:dispute", args=[row.pk]), toast=_("已提出,等待裁决"))


def stretch_words(row: OwnershipEpisode) -> str:
    """Since when, whose, and how it began."""
    return f"{formats.moment(row.started_at)} · {CAUSES[row.started_cause]} → {whose(row)}"


@access(SEE)
class DisputePage(DetailScreen):
    """One dispute: what both say, and what the product knows; fit to be printed."""

    template = "customers/dispute.html"

    def load(self) -> None:
        """The dispute that the address names."""
        self.row = queries.dispute(self.actor, self.kwargs["pk"])
        self.decides = queries.decides_dispute(self.actor, self.row)

    def page_title(self) -> str:
        """Which customer."""
        return _("归属争议:%(name)s") % {"name": self.row.customer.name}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("归属争议"), reverse("customers:disputes"))]

    def actions(self) -> Sequence[Link | None]:
        """Decide, say something, or give it up."""
        if not self.row.is_open:
            return []
        pk, me = (self.row.pk,), self.actor.person_id
        sure = _("撤回之后,客户按现状继续,这个争议结束。")
        party = me in {self.row.claimant_id, self.row.holder_id}
        return [
            Link(_("裁决"), "customers:decide_dispute", pk, icon="gavel", drawer=True) if self.decides else None,
            Link(_("书面说明"), "customers:answer_dispute", pk, icon="message", drawer=True)
            if party or self.decides
            else None,
            Link(_("撤回"), "customers:withdraw_dispute", pk, icon="arrow-back-up", post=True, confirm=sure)
            if me == self.row.claimant_id
            else None,
        ]

    def context(self) -> dict[str, Any]:
        """The parties, what they wrote, the evidence."""
        found = fieldwork.evidence(self.actor, self.row)
        words = amended_words([*(it.amended for it in found.contacts), *(it.amended for it in found.receptions)])
        return {
            "row": self.row,
            "facts": self._facts(),
            "found": found,
            "causes": CAUSES,
            "whose": [(it, whose(it), it.pk == self.row.episode_id) for it in found.episodes],
            "contacts": [(it.visit, judged(it.judgement), words(it.amended)) for it in found.contacts],
            "receptions": [(it.reception, words(it.amended)) for it in found.receptions],
            "clock": clock_facts(found.clock) if found.clock else [],
            "now_words": _("至今"),
            "disputed_words": _("争议的一段"),
            "late_words": _("补录"),
            "device_words": _("离线记录"),
        }

    def _facts(self) -> list[tuple[object, object]]:
        row = self.row
        facts: list[tuple[object, object]] = [
            (_("状态"), state_pill(row)),
            (_("客户"), self._customer()),
            (_("申请人"), row.claimant.name),
            (_("另一方"), holder(row)),
            (_("争议的归属"), stretch_words(row.episode)),
            (_("提出时间"), formats.moment(row.opened_at)),
        ]
        if row.is_open:
            names = names_of(queries.dispute_deciders(self.actor, row))
            return [*facts, (_("裁决人"), listed(names.values()))]
        by = row.decided_by.name if row.decided_by else ""
        if row.on_behalf_of:
            by = _("%(who)s(代 %(absent)s)") % {"who": by, "absent": row.on_behalf_of.name}
        share = f"{row.share.normalize():f}%" if row.share else ""
        return [*facts, (_("裁决人"), by), (_("申请人的份额"), share), (_("结束时间"), formats.moment(row.ended_at))]

    def _customer(self) -> object:
        """The way to the customer, for those who see it for sure: whoever has it, whoever decides about it."""
        row = self.row
        sees = self.decides or (row.holder_id is not None and row.holder_id == self.actor.person_id)
        url = reverse("customers:page", args=[row.customer_id])
        return format_html('<a href="{}">{}</a>', url, row.customer.name) if sees else row.customer.name


def amended_words(entries: Iterable[TimelineItem | None]) -> Callable[[TimelineItem | None], str]:
    """How a record says when and by whom it was changed after the fact."""
    names = names_of(pk for it in entries if it is not None for pk in (it.person_id, it.on_behalf_of_id))

    def words(entry: TimelineItem | None) -> str:
        if entry is None:
            return ""
        return _("%(who)s 更正于 %(at)s") % {"who": formats.doer(entry, names), "at": formats.moment(entry.at)}

    return words


def judged(judgement: str) -> object:
    """Whether a contact kept the time limit, or why it did not."""
    return pill(JUDGEMENTS[judgement], "green" if judgement == "counts" else "grey")


def clock_facts(then: ClockThen) -> list[tuple[object, object]]:
    """How the time limit ran before the disputed moment."""
    skipped = listed(formats.day(day) for day in then.not_counted)
    return [
        (_("当时的负责人"), whose(then.episode)),
        (_("负责开始"), formats.moment(then.episode.started_at)),
        (_("最后一次有效联系"), formats.moment(then.last_contact_at) if then.last_contact_at else _("没有")),
        (_("时限"), _("%(days)s 天") % {"days": then.days}),
        (_("不计入的日子"), skipped or _("没有")),
        (_("批准延期至"), formats.day(then.extended_to) if then.extended_to else ""),
        (_("按规则应于"), _("%(day)s 零点失效") % {"day": formats.day(then.lapses_on)}),
        (_("实际结束"), formats.moment(then.episode.ended_at) if then.episode.ended_at else _("至今")),
        (_("结束原因"), CAUSES.get(then.episode.ended_cause, "")),
    ]


@access(SEE)
class AnswerDispute(FormScreen):
    """Say something about a dispute."""

    title = gettext_lazy("书面说明")
    form_class = AnswerForm
    submit = gettext_lazy("提交")
    hint = gettext_lazy("双方和裁决人都会看到,提交后不能修改。")

    def load(self) -> None:
        """The dispute that the address names."""
        self.row = queries.dispute(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Keep it, and show the page behind again."""
        commands.answer_dispute(self.actor, self.row.pk, data["text"])
        return Done(toast=_("已提交"))


@access(SEE)
class DecideDispute(FormScreen):
    """The verdict."""

    title = gettext_lazy("裁决归属争议")
    form_class = VerdictForm
    submit = gettext_lazy("裁决")
    hint = gettext_lazy("裁决立即生效,不能撤销,双方都会收到通知。判归申请人时,原负责人进行中的商机一并转给他。")

    def load(self) -> None:
        """The dispute that the address names."""
        self.row = queries.dispute(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """Nothing changes unless somebody says so."""
        return {"verdict": VERDICTS[0]}

    def run(self, data: dict[str, Any]) -> Done:
        """Decide, and show the page behind again."""
        commands.decide_dispute(self.actor, self.row.pk, data["verdict"], data["reasons"], data["share"])
        return Done(toast=_("已裁决"))


@access(SEE)
class WithdrawDispute(ActionScreen):
    """Say no longer that the customer is one's own."""

    def run(self) -> Done:
        """Withdraw, and show the page behind again."""
        commands.withdraw_dispute(self.actor, self.kwargs["pk"])
        return Done(toast=_("已撤回"))
