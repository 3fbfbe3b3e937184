"""复盘: reviews of a process over a period, then and now side by side, with what is to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.commands import ActionDraft, ReviewText
from xiaocheng.insight.queries import FEWEST, PROCESS_REVIEW_VIEWS, REVIEW_STATES, Frozen, ProcessReview
from xiaocheng.interface.web.pipeline.forms import LOST_REASON
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.pipeline.queries import processes

from .asked import BASES, MEANING
from .funnel import EXIT_NAMES

TONES = {"draft": "amber", "finished": "green"}


def state_pill(row: ProcessReview) -> object:
    """Whether it is finished."""
    return pill(REVIEW_STATES[row.state], TONES[row.state])


def days_of(row: ProcessReview) -> str:
    """The period."""
    return f"{row.first:%Y-%m-%d} – {row.last:%Y-%m-%d}"


def page_url(pk: int) -> str:
    """The page of a review."""
    return reverse("insight:process_review", args=[pk])


@access(SEE)
class ProcessReviews(ListScreen):
    """The reviews in sight."""

    title = gettext_lazy("流程复盘")
    row_to = "insight:process_review"
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("流程"), "process.name"),
        Column(gettext_lazy("时间段"), lambda row: row, show=days_of, look="nowrap"),
        Column(gettext_lazy("复盘人"), "reviewer.name", look="nowrap"),
        Column(gettext_lazy("范围"), "basis", show=lambda basis: BASES.get(basis, basis), look="nowrap"),
        Column(gettext_lazy("状态"), lambda row: row, show=state_pill, phone="aside"),
        Column(gettext_lazy("下次复盘"), "next_on", show=formats.day, look="nowrap"),
    ]

    def rows(self) -> QuerySet[Any]:
        """Those of the open tab."""
        return queries.process_reviews(self.actor, self.tab)

    def tabs(self) -> list[Tab]:
        """All, finished ones, drafts."""
        return [Tab(key, label) for key, label in PROCESS_REVIEW_VIEWS.items()]

    def actions(self) -> list[Link | None]:
        """Begin one, for whoever may."""
        may = queries.may_review(self.actor)
        return [Link(_("开始复盘"), "insight:new_process_review", icon="plus", drawer=True)] if may else []

    def empty(self) -> Empty:
        """What it is for."""
        words = _("定期回头看:把那段时间的数字留下来,写下问题、有效的做法和要改变的,到下次再对照。")
        return Empty(_("还没有流程复盘"), words, icon="history")


class BeginForm(Form):
    """Which process over which days, and whose figures."""

    process = forms.TypedChoiceField(label=gettext_lazy("流程"), coerce=int)
    first = DateField(label=gettext_lazy("从"))
    last = DateField(label=gettext_lazy("到"))
    basis = forms.ChoiceField(label=gettext_lazy("范围"), widget=forms.RadioSelect)


@access(SEE)
class NewProcessReview(FormScreen):
    """Begin a review: the figures are frozen."""

    title, form_class, submit = gettext_lazy("开始复盘"), BeginForm, gettext_lazy("开始")
    hint = gettext_lazy("这段时间的数字按您现在看到的留下来,以后不再变;文字可以慢慢写,完成之后不能再改。")

    def crumbs(self) -> list[Crumb]:
        """Back to the list."""
        return [Crumb(_("流程复盘"), reverse("insight:process_reviews"))]

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The processes, and whose figures may be asked for."""
        form = super().make_form(data, files)
        form.fields["process"].choices = [(row.pk, row.name) for row in processes(self.actor)]  # type: ignore[attr-defined]
        form.fields["basis"].choices = [(key, BASES[key]) for key in queries.bases(self.actor)]  # type: ignore[attr-defined]
        return form

    def initial(self) -> dict[str, Any]:
        """The quarter before this one, the usual scope."""
        former = period("quarter", clock.today()).before()
        return {"first": former.first, "last": former.last, "basis": queries.bases(self.actor)[0]}

    def run(self, data: dict[str, Any]) -> Done:
        """Begin it, and show it."""
        row = commands.begin_review(self.actor, data["process"], data["first"], data["last"], data["basis"])
        return Done(url=page_url(row.pk), toast=_("数字已留下,请写复盘"))


class OnReview:
    """What is about one review."""

    actor: Any
    kwargs: dict[str, Any]

    def load(self) -> None:
        """The review that the address names."""
        self.row = queries.process_review(self.actor, self.kwargs["pk"])

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("流程复盘"), reverse("insight:process_reviews"))]


@dataclass(frozen=True)
class Three:
    """One figure: then, the same period as it is today, and the time since."""

    name: object
    then: str
    now: str
    since: str


@access(SEE)
class ProcessReviewPage(OnReview, DetailScreen):
    """One review, fit to be printed."""

    template = "insight/process_review.html"

    def page_title(self) -> str:
        """Which process."""
        return _("复盘:%(process)s") % {"process": self.row.process.name}

    def actions(self) -> list[Link | None]:
        """Write and finish one's own; add something to it once it is finished."""
        row, pk = self.row, (self.row.pk,)
        if row.reviewer_id != self.actor.person_id:
            return []
        if row.state == "finished":
            return [Link(_("写补充"), "insight:amend_process_review", pk, icon="plus", drawer=True)]
        sure = _("完成之后不能再改,行动会成为各人的待办。确定完成?")
        drop = _("这份草稿和留下的数字会被删除。确定删除?")
        finish = Link(
            _("完成"), "insight:finish_process_review", pk, icon="check", post=True, confirm=sure,
            query=f"?version={row.edit_version}",
        )  # fmt: skip
        return [
            Link(_("写复盘"), "insight:edit_process_review", pk, icon="pencil", drawer=True),
            finish,
            Link(_("删除"), "insight:drop_process_review", pk, icon="trash", look="danger", post=True, confirm=drop),
        ]

    def context(self) -> dict[str, Any]:
        """The texts, the actions, and the figures side by side."""
        row = self.row
        found = queries.then_and_now(self.actor, row)
        sides = (found.then, found.now, found.since)
        since = found.since_period
        return {
            "row": row,
            "pill": state_pill(row),
            "facts": [
                (_("时间段"), days_of(row)),
                (_("复盘人"), row.reviewer.name),
                (_("范围"), BASES.get(row.basis, row.basis)),  # type: ignore[call-overload]
                (_("数字留于"), formats.moment(row.taken_at)),
                (_("下次复盘"), formats.day(row.next_on) if row.next_on else ""),
                (_("完成于"), formats.moment(row.finished_at) if row.finished_at else ""),
            ],
            "meaning": MEANING.get(row.basis, ""),  # type: ignore[call-overload]
            "texts": [
                (_("发现的问题"), row.findings), (_("有效的做法"), row.works), (_("要改变的"), row.changes),
            ],
            "actions_agreed": list(row.actions.select_related("person").order_by("due_on", "pk")),
            "addenda": list(row.addenda.select_related("author").order_by("pk")),
            "totals": totals(*sides),
            "stages": stages(*sides),
            "reasons": reasons(*sides),
            "since_words": f"{since.first:%Y-%m-%d} – {since.last:%Y-%m-%d}" if since else "",
        }  # fmt: skip


def share(part: float, whole: float) -> str:
    """A share of cases: of very few, k of n."""
    said = f"{formats.count(part)} / {formats.count(whole)}"
    if whole < FEWEST or not 0 <= part <= whole:
        return said if whole else formats.NOTHING
    return f"{formats.percent(Decimal(part) / Decimal(whole))} ({said})"


def in_days(value: str | None, n: int) -> str:
    """A mean in days with the cases behind it."""
    return formats.NOTHING if value is None else _("%(days)s 天(n=%(n)s)") % {"days": value, "n": n}


def three(name: object, sides: Sequence[Frozen | None], show: Any) -> Three:
    """One line: what is shown of each side."""
    then, now, since = (formats.NOTHING if side is None else str(show(side)) for side in sides)
    return Three(name, then, now, since)


def exits(stage: Frozen) -> str:
    """The five exits of a stage in one line."""
    found = stage["exits"]
    return " · ".join(f"{name} {formats.number(found[key])}" for key, name in EXIT_NAMES.items())


def totals(*sides: Frozen | None) -> list[Three]:
    """Win rate, wins, losses, revenue, cycle."""
    return [
        three(_("赢单率(成交率)"), sides, lambda it: share(it["won"], it["won"] + it["lost"])),
        three(_("赢单"), sides, lambda it: formats.count(it["won"])),
        three(_("输单"), sides, lambda it: formats.count(it["lost"])),
        three(_("签单额"), sides, lambda it: formats.money(Decimal(it["revenue"]))),
        three(_("平均成交周期"), sides, lambda it: in_days(it["mean_days"], it["timed"])),
        three(_("成交周期中位数"), sides, lambda it: in_days(it["median_days"], it["timed"])),
    ]


def stages(*sides: Frozen | None) -> list[tuple[str, list[Three]]]:
    """Each stage, of the newest edition first, with entries, conversion, days and five exits."""
    by_code = [{item["code"]: item for item in side["stages"]} if side else None for side in sides]
    known = {code: item["name"] for side in reversed(by_code) if side for code, item in side.items()}
    order = [item["code"] for item in (sides[1] or {"stages": ()})["stages"]]
    shown = []
    for code in sorted(known, key=lambda code: order.index(code) if code in order else len(order)):
        at = [None if side is None else side.get(code) for side in by_code]
        lines = [
            three(_("进入次数"), at, lambda it: formats.number(it["entries"])),
            three(_("转化率"), at, lambda it: share(it["forward"], it["entries"])),
            three(_("推进用时"), at, lambda it: in_days(it["days"], it["timed"])),
            three(_("去向"), at, exits),
        ]
        shown.append((known[code], lines))
    return shown


def reasons(*sides: Frozen | None) -> list[Three]:
    """Losses by reason, what was most frequent then first."""
    words = names(LOST_REASON)
    found = list(dict.fromkeys(code for side in sides if side for code in side["reasons"]))
    return [
        three(words.get(code, code), sides, lambda it, code=code: formats.count(it["reasons"].get(code, 0)))
        for code in found
    ]


class ReviewForm(Form):
    """What was found, what works, what is to change, when to look again."""

    findings = forms.CharField(
        label=gettext_lazy("发现的问题"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    works = forms.CharField(
        label=gettext_lazy("有效的做法"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    changes = forms.CharField(
        label=gettext_lazy("要改变的"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_on = DateField(label=gettext_lazy("下次复盘"), required=False, help_text=gettext_lazy("到那天早上提醒您"))


class ActionForm(Form):
    """Who does what by when."""

    text = forms.CharField(label=gettext_lazy("要做什么"), max_length=200)
    person_id = PickField("customer-owners", label=gettext_lazy("由谁做"))
    due_on = DateField(label=gettext_lazy("截止日"))


@access(SEE)
class EditProcessReview(OnReview, FormScreen):
    """Write a review."""

    title, form_class, line_class = gettext_lazy("写复盘"), ReviewForm, ActionForm
    lines_title = gettext_lazy("行动")

    def version(self) -> int:
        """The version that the form starts from."""
        return self.row.edit_version

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {name: getattr(self.row, name) for name in ReviewForm.base_fields}

    def initial_lines(self) -> list[dict[str, Any]]:
        """The actions so far."""
        return [{"text": row.text, "person_id": row.person_id, "due_on": row.due_on} for row in self.row.actions.all()]

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        lines = data.pop("lines")
        text = ReviewText(**data, actions=[ActionDraft(**line) for line in lines])
        commands.edit_review(self.actor, self.row.pk, self.sent_version, text)
        return Done(url=page_url(self.row.pk), toast=_("已保存"))


@access(SEE)
class FinishProcessReview(ActionScreen):
    """Finish it as it was seen."""

    def run(self) -> Done:
        """Finish, and show it."""
        seen = self.request.GET.get("version", "")
        commands.finish_review(self.actor, self.kwargs["pk"], int(seen) if seen.isdigit() and len(seen) < 10 else 0)
        return Done(url=page_url(self.kwargs["pk"]), toast=_("复盘已完成"))


@access(SEE)
class DropProcessReview(ActionScreen):
    """Throw a draft away."""

    def run(self) -> Done:
        """Drop it, and show the list."""
        commands.drop_review(self.actor, self.kwargs["pk"])
        return Done(url=reverse("insight:process_reviews"), toast=_("草稿已删除"))


class AmendForm(Form):
    """What is to be added."""

    text = forms.CharField(label=gettext_lazy("补充"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


@access(SEE)
class AmendProcessReview(OnReview, FormScreen):
    """Add something to a finished review."""

    title, form_class = gettext_lazy("写补充"), AmendForm

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        commands.amend_review(self.actor, self.row.pk, data["text"])
        return Done(url=page_url(self.row.pk), toast=_("已补充"))
