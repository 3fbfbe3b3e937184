"""The daily report: one's own to write and hand in, somebody else's to read, sign and comment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.control.reports import commands, queries
from xiaocheng.control.reports.access import WRITE
from xiaocheng.control.reports.commands import ReportText
from xiaocheng.control.reports.rules import ReportRules
from xiaocheng.foundation.approvals.queries import Paper, waiting_for
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.interface.web.market import reports as market
from xiaocheng.interface.web.numbers.behind import rows_behind
from xiaocheng.interface.web.service.complaints import kind_of, severity_pill, state_pill
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen, Screen
from xiaocheng.selling.fieldwork.queries import Attended

from .attendance import finding_pills, hours_words, since_words
from .days import Days, asked_day, asked_number
from .plan import LINE_TONES, ReturnForm
from .visits import marks, place, result_pill

TONES = {"draft": "grey", "submitted": "blue", "signed": "green", "returned": "amber"}
TEXTS = ("judgement", "learnt", "tomorrow")
ALWAYS = ("fieldwork.planned", "fieldwork.plan_done", "fieldwork.visited", "fieldwork.effective")


def tiles(figures: Sequence[queries.Figure], person_id: int, day: dt.date, *, frozen: bool) -> list[Figure]:
    """The figures of a report, zeros left out but for the plan's; what changed since it was handed in stands beside.

    Each opens to its rows as they are now.
    """
    shown = []
    for figure in figures:
        if not (figure.value or figure.now or figure.measure.key in ALWAYS):
            continue
        show = formats.money if figure.measure.unit == "money" else formats.count
        since = _("提交后变为 %(now)s") % {"now": show(figure.now)} if frozen and figure.since_then else ""
        tone = "warn" if since else ""
        item, rows = figure.measure, rows_behind(figure.measure.key, period("day", day), person_id)
        shown.append(Figure(item.name, show(figure.value), item.formula, rows_url=rows, beside=since, tone=tone))
    return shown


def attained_tiles(attained: Sequence[queries.Attained], *, frozen: bool) -> list[Figure]:
    """Orders and money received in the month so far, each against the person's target."""
    shown = []
    for item in attained:
        show = formats.money if item.measure.unit == "money" else formats.count
        beside = f"{show(item.actual)} / {show(item.target)}"
        if frozen and item.since_then:
            beside += " · " + _("提交后变为 %(now)s") % {"now": show(item.now)}
        said = _("本月到这一天的合计 ÷ 本人本月的目标。%(formula)s") % {"formula": item.measure.formula}
        label = _("本月%(measure)s") % {"measure": item.measure.name}
        shown.append(Figure(label, formats.percent(item.ratio, 0), said, beside=beside, share=float(item.ratio)))
    return shown


def work_words(work: queries.DayOfWork, attended: Attended | None) -> dict[str, Any]:
    """A day's work as the template shows it, with the attendance as it is reported."""
    return {
        "work": work,
        "attendance": attended and (hours_words(attended), finding_pills(attended)),
        "attendance_since": since_words(attended, work.attended),
        "line_tones": LINE_TONES,
        "unplanned": [(visit, place(visit), result_pill(visit), marks(visit)) for visit in work.off_plan],
        "contacts": [(visit, place(visit), result_pill(visit), marks(visit)) for visit in work.contacts],
        "told": [(visit, place(visit)) for visit in work.told],
        "market": [(row, market.severity_pill(row), market.state_pill(row)) for row in work.market],
        "complaints": [(row, kind_of(row), severity_pill(row), state_pill(row)) for row in work.complaints],
    }


class ReportForm(Form):
    """What the rep adds to the figures."""

    judgement = forms.CharField(
        label=gettext_lazy("今日判断"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("对客户和市场的判断,不用重复数据。"),
    )
    learnt = forms.CharField(
        label=gettext_lazy("今日心得"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )
    tomorrow = forms.CharField(
        label=gettext_lazy("明日打算"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )


@access(WRITE)
class MyReport(FormScreen):
    """One's own report of a day: assembled; judgement and lessons to add; hand in."""

    template = "daily/report.html"
    form_class = ReportForm

    def load(self) -> None:
        """The day, and the report if it was begun."""
        today = clock.today()
        self.days = Days(min(asked_day(self.request), today), latest=today)
        self.report = queries.report_of(self.actor, self.actor.person_id or 0, self.days.day)

    def page_title(self) -> str:
        """The day and its weekday."""
        day = self.days.day
        return _("%(day)s的日报") % {"day": formats.weekday(day)}

    def actions(self) -> Sequence[Link | None]:
        """Former ones."""
        return (Link(_("历史日报"), "daily:reports", icon="files", look="quiet", query="?tab=mine"),)

    def initial(self) -> dict[str, Any]:
        """What was written so far."""
        return {name: getattr(self.report, name) for name in TEXTS} if self.report else {}

    def version(self) -> int:
        """Of the report that is written on."""
        return self.report.edit_version if self.report else commands.NOT_BEGUN

    def context(self) -> dict[str, Any]:
        """The day's work and where the report stands."""
        page = queries.report(self.actor, self.report.pk) if self.report else None
        work = page.work if page else queries.day_of_work(self.actor, self.actor.person_id or 0, self.days.day)
        frozen = bool(page and page.edition and page.report.state != "draft")
        if page and frozen:
            figures, attained = page.figures, page.attained
        else:
            figures = queries.figures_of(self.actor, work.person_id, self.days.day)
            attained = queries.attained_of(self.actor, work.person_id, self.days.day)
        return {
            "days": self.days,
            "report": self.report,
            "page": page,
            "mine": True,
            "tiles": tiles(figures, work.person_id, self.days.day, frozen=frozen),
            "attained": attained_tiles(attained, frozen=frozen),
            "tone": TONES[self.report.state] if self.report else "grey",
            "due_at": rules(ReportRules, self.days.day).due_at,
            "ready": not work.unsettled and not work.without_result,
            **work_words(work, page.attended if page and frozen else work.attended),
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Keep it as a draft, or hand it in."""
        here = f"{reverse('daily:report')}?day={self.days.day}"
        if "draft" in self.request.POST:
            commands.save_draft(self.actor, self.days.day, ReportText(**data), self.sent_version)
            return Done(url=here, toast=_("草稿已保存"))
        commands.submit(self.actor, self.days.day, ReportText(**data), self.sent_version)
        return Done(url=here, toast=_("日报已提交"))


@access(SIGNED_IN)
class ReportPage(Screen):
    """A report as it was handed in."""

    template = "daily/report_page.html"

    def load(self) -> None:
        """The report that the address names."""
        self.page = queries.report(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Whose, and of which day."""
        row = self.page.report
        return _("%(name)s · %(day)s的日报") % {"name": row.person.name, "day": formats.day(row.day)}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("日报列表"), reverse("daily:reports"))]

    def actions(self) -> Sequence[Link | None]:
        """Comment; one's own signed one may be revised."""
        row = self.page.report
        if row.person_id == self.actor.person_id:
            revise = Link(_("修订"), "daily:revise_report", (row.pk,), icon="history", drawer=True)
            return (revise if row.is_locked else None,)
        return (Link(_("批示"), "daily:comment_report", (row.pk,), icon="message", look="quiet", drawer=True),)

    def context(self) -> dict[str, Any]:
        """Texts and figures as handed in, what changed since, and the signature if it is the actor's to give."""
        row, page = self.page.report, self.page
        waits = row.state == "submitted" and waiting_for(self.actor, [Paper(row.pk, row.person_id, row.sent_at)])
        return {
            "page": page,
            "report": row,
            "mine": row.person_id == self.actor.person_id,
            "tone": TONES[row.state],
            "tiles": tiles(page.figures, row.person_id, row.day, frozen=page.edition is not None),
            "attained": attained_tiles(page.attained, frozen=page.edition is not None),
            "may_sign": bool(waits),
            "sign_url": reverse("daily:sign_report", args=[row.pk]),
            "return_url": reverse("daily:return_report", args=[row.pk]) + f"?version={row.edition}",
            "version": row.edition,
            "late": _("迟交 %(minutes)s 分钟") % {"minutes": row.late_minutes},
            **work_words(page.work, page.attended),
        }


@access(SEE_TEAM)
class Sign(ActionScreen):
    """Sign the edition that one has read."""

    def run(self) -> Done:
        """Sign."""
        edition = asked_number(self.request, "version") or 0
        commands.sign(self.actor, self.kwargs["pk"], edition, self.request.POST.get("comment", ""))
        return Done(url=reverse("daily:inbox"), toast=_("已批阅"))


class OnReport(FormScreen):
    """Base of the forms about one report: nobody is asked about one that he does not see."""

    def load(self) -> None:
        """The report that the address names."""
        queries.report(self.actor, self.kwargs["pk"])


@access(SEE_TEAM)
class Return(OnReport):
    """Send a report back with an instruction."""

    title = gettext_lazy("退回日报")
    form_class = ReturnForm
    submit = gettext_lazy("退回")

    def run(self, data: dict[str, Any]) -> Done:
        """Return it."""
        edition = asked_number(self.request, "version") or 0
        commands.return_(self.actor, self.kwargs["pk"], edition, data["comment"])
        return Done(url=reverse("daily:inbox"), toast=_("已退回"))


class CommentForm(Form):
    """An instruction."""

    comment = forms.CharField(
        label=gettext_lazy("批示"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )


@access(SIGNED_IN)
class Comment(OnReport):
    """Write an instruction without deciding."""

    title = gettext_lazy("写批示")
    form_class = CommentForm

    def run(self, data: dict[str, Any]) -> Done:
        """Write it."""
        commands.comment(self.actor, self.kwargs["pk"], data["comment"])
        return Done(toast=_("批示已发出"))


class ReviseForm(Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("为什么修订"), max_length=200)


@access(WRITE)
class Revise(OnReport):
    """Open one's own signed report again."""

    title = gettext_lazy("修订日报")
    hint = gettext_lazy("已批阅的一版会保留,修订后重新提交批阅。")
    form_class = ReviseForm
    submit = gettext_lazy("开始修订")

    def run(self, data: dict[str, Any]) -> Done:
        """Open it."""
        row = commands.revise(self.actor, self.kwargs["pk"], data["reason"])
        return Done(url=f"{reverse('daily:report')}?day={row.day}")
