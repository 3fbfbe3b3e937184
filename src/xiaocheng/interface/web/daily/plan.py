"""The plan of a day: one's own to make, somebody else's to read and sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.approvals.queries import Paper, waiting_for
from xiaocheng.foundation.fields.changes import changes_of
from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.interface.web.customers.consents import Warnings, warnings_among
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen, Screen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.rules import FieldworkRules

from .days import Days, asked_day, asked_number

TONES = {"draft": "grey", "submitted": "blue", "signed": "green", "returned": "amber"}
LINE_TONES = {"planned": "grey", "done": "green", "moved": "amber", "not_done": "amber"}
FURTHEST = dt.timedelta(days=60)


def plan_words(plan: queries.VisitPlan | None) -> dict[str, Any]:
    """What the templates of plans say in pills."""
    return {
        "tone": TONES[plan.state] if plan else "grey",
        "line_tones": LINE_TONES,
        "words": {
            "late": _("迟交 %(minutes)s 分钟") % {"minutes": plan.late_minutes} if plan else "",
            "changed": _("签核后有改动"),
            "unsigned": _("未签核已出发"),
            "added_later": _("签核后加"),
            "changed_later": _("签核后改"),
            "no_signature": _("无需签核"),
        },
    }


def overlaps_of(found: queries.DayPlan | None) -> dict[int, str]:
    """With whom the window of a line overlaps, in words, by line."""
    others: dict[int, list[str]] = {}
    for one, other in found.overlaps if found else ():
        others.setdefault(one.pk, []).append(_goes_to(other))
        others.setdefault(other.pk, []).append(_goes_to(one))
    return {pk: _("时间与%(others)s重叠") % {"others": listed(names)} for pk, names in others.items()}


def formers_of(found: queries.DayPlan | None) -> dict[int, str]:
    """How the lines stood when they were signed that were changed since, in words, by line."""
    changed = [line for line in found.lines if line.former] if found else []
    return {line.pk: _("签核时:%(what)s") % {"what": listed(_stood(line))} for line in changed}


def _stood(line: queries.PlanLine) -> list[str]:
    changes = changes_of("fieldwork.PlanLine", {"before": line.former, "after": {}})
    return [f"{change.name} {change.before or _('无')}" for change in changes]


def _goes_to(line: queries.PlanLine) -> str:
    return line.customer.name if line.customer else line.area


@access(VISIT)
class MyPlan(Screen):
    """One's own plan of a day: suggested lines, lines to add, order, settle; submit."""

    template = "daily/plan.html"
    parts: ClassVar[dict[str, str]] = {"stops": "daily/plan.html#stops"}

    def load(self) -> None:
        """The day and, if it was begun, its plan."""
        today = clock.today()
        self.days = Days(min(asked_day(self.request), today + FURTHEST), latest=today + FURTHEST)
        self.found = queries.plan_of(self.actor, self.actor.person_id or 0, self.days.day)

    def page_title(self) -> str:
        """The day and its weekday."""
        day = self.days.day
        return _("%(day)s的计划") % {"day": formats.weekday(day)}

    def actions(self) -> Sequence[Link | None]:
        """Add a line."""
        if self.days.is_over:
            return ()
        query = f"?day={self.days.day}"
        return (Link(_("添加"), "daily:add_line", icon="plus", query=query, drawer=True),)

    def context(self) -> dict[str, Any]:
        """Lines, suggestions, what may be done now."""
        plan = self.found.plan if self.found else None
        is_open = not self.days.is_over
        under_way = queries.visit_under_way(self.actor) if self.days.is_today else None
        suggested = queries.suggest_lines(self.actor, self.days.day) if is_open else []
        return {
            "mine": True,
            "overlaps": overlaps_of(self.found),
            "formers": formers_of(self.found),
            "regions": names(customers.LISTS["region"]),
            "days": self.days,
            "plan": plan,
            "day_plan": self.found,
            "is_open": is_open,
            "may_submit": is_open and self.may_submit(),
            "cut_off": rules(FieldworkRules, self.days.day).plan_cut_off,
            "under_way": under_way,
            "takes_place": self.days.is_today and queries.takes_place(self.actor),
            "to_note": self.to_note(),
            "warned": self.warned([item.customer_id for item in suggested]),
            "suggested": suggested,
            "may_propose": bool(suggested) and self.has_room(),
            "copy_from": queries.latest_plan_day(self.actor, self.days.day) if is_open else None,
            "empty": Empty(_("这一天没有计划"), icon="map-2"),
            **plan_words(plan),
        }

    def to_note(self) -> dict[int, str]:
        """What is to be noted in the service of those whom one means to visit."""
        lines = self.found.lines if self.found else []
        return customers.to_note(self.actor, [line.customer_id for line in lines if line.customer_id])

    def warned(self, suggested: Sequence[int | None]) -> dict[int, Warnings]:
        """Who refused to be called or written to at those whom one means, or might mean, to visit."""
        planned = [line.customer_id for line in self.found.lines] if self.found else []
        return warnings_among(self.actor, [pk for pk in (*planned, *suggested) if pk])

    def has_room(self) -> bool:
        """True while the plan has fewer lines than one tap fills it to."""
        planned = len(self.found.lines) if self.found else 0
        return planned < rules(FieldworkRules, self.days.day).lines_a_day

    def may_submit(self) -> bool:
        """True when there is something to lay before the supervisor."""
        return bool(self.found and self.found.lines and self.found.plan.state in ("draft", "returned"))


@access(VISIT)
class Propose(ActionScreen):
    """Let the day make itself."""

    def run(self) -> Done:
        """Propose; what is not wanted is struck out."""
        added = len(commands.propose_day(self.actor, asked_day(self.request)))
        return Done(toast=ngettext("已安排 %(count)s 家", "已安排 %(count)s 家", added) % {"count": added})


@access(VISIT)
class Copy(ActionScreen):
    """Take over the lines of the latest plan."""

    def run(self) -> Done:
        """Copy."""
        commands.copy_plan(self.actor, asked_day(self.request))
        return Done(toast=_("已复制"))


@access(VISIT)
class Submit(ActionScreen):
    """Lay the plan before the supervisor."""

    def run(self) -> Done:
        """Submit."""
        plan = commands.submit_day(self.actor, asked_day(self.request))
        return Done(toast=_("已提交,等待签核") if plan.state == "submitted" else _("已提交"))


@access(SIGNED_IN)
class PlanPage(Screen):
    """A plan as the supervisor reads it."""

    template = "daily/plan.html"

    def load(self) -> None:
        """The plan that the address names."""
        self.found = queries.plan(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Whose, and of which day."""
        plan = self.found.plan
        return _("%(name)s · %(day)s的拜访计划") % {"name": plan.person.name, "day": formats.day(plan.day)}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to what waits."""
        return [Crumb(_("待签"), reverse("daily:inbox"))] if self.actor.can(SEE_TEAM) else []

    def context(self) -> dict[str, Any]:
        """Lines, and the signature if it is the actor's to give."""
        plan = self.found.plan
        waits = plan.state == "submitted" and waiting_for(self.actor, [Paper(plan.pk, plan.person_id, plan.sent_at)])
        return {
            "mine": False,
            "overlaps": overlaps_of(self.found),
            "formers": formers_of(self.found),
            "regions": names(customers.LISTS["region"]),
            "days": Days(plan.day),
            "plan": plan,
            "day_plan": self.found,
            "may_sign": bool(waits),
            "sign_url": reverse("daily:sign_plan", args=[plan.pk]),
            "return_url": reverse("daily:return_plan", args=[plan.pk]) + f"?version={plan.version}",
            "version": plan.version,
            **plan_words(plan),
        }


@access(SEE_TEAM)
class Sign(ActionScreen):
    """Agree to the version that one has read."""

    def run(self) -> Done:
        """Sign."""
        version = asked_number(self.request, "version") or 0
        commands.sign_plan(self.actor, self.kwargs["pk"], version, self.request.POST.get("comment", ""))
        return Done(url=reverse("daily:inbox"), toast=_("已签核"))


class ReturnForm(Form):
    """What is to be changed."""

    comment = forms.CharField(
        label=gettext_lazy("要改什么"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )


@access(SEE_TEAM)
class Return(FormScreen):
    """Send a plan back with an instruction."""

    title = gettext_lazy("退回计划")
    form_class = ReturnForm
    submit = gettext_lazy("退回")

    def load(self) -> None:
        """The plan that the address names: nobody is asked about one that he does not see."""
        queries.plan(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Return it."""
        commands.return_plan(self.actor, self.kwargs["pk"], asked_number(self.request, "version") or 0, data["comment"])
        return Done(url=reverse("daily:inbox"), toast=_("已退回"))
