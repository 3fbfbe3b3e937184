"""Questions to the owner of a customer that somebody was about to register and does not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import REGISTER, SEE
from xiaocheng.selling.customers.queries import QUESTION_STATES, QUESTION_VIEWS, OwnerQuestion

TONES = {"open": "amber", "assist": "green", "shared": "green", "given": "green", "own": "blue", "other": "blue"}


def state_pill(row: OwnerQuestion) -> object:
    """Where it stands."""
    return pill(QUESTION_STATES[row.state], TONES.get(row.state, "grey"))


@require_POST
@access(REGISTER)
def ask(request: Request) -> HttpResponse:
    """Ask the owners of the customers out of sight that the hint told of; what is being registered stays as it is."""
    sent = request.POST
    name, phone = sent.get("asked_name", "")[:200], sent.get("asked_phone", "")[:40]
    asked = commands.ask_owners(request.actor, name, phone, sent.get("asked_text", ""))
    return render(request, "customers/asked.html", {"asked": asked})


@access(SEE)
class Questions(ListScreen):
    """The questions in sight: those to answer, one's own, all."""

    title = gettext_lazy("询问负责人")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("输入的名称、电话"), "typed"),
        Column(gettext_lazy("询问人"), "asker.name"),
        Column(gettext_lazy("负责人"), "owner.name"),
        Column(gettext_lazy("询问时间"), "asked_at", show=formats.moment, look="nowrap"),
        Column(gettext_lazy("状态"), lambda row: row, show=state_pill, phone="aside"),
    ]
    order, row_to = "-pk", "customers:question"

    def rows(self) -> QuerySet[Any, Any]:
        """Those of the open tab."""
        return queries.questions(self.actor, self.tab)

    def tabs(self) -> Sequence[Tab]:
        """The views that there are."""
        return [Tab(key, label) for key, label in QUESTION_VIEWS.items()]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("登记客户时,如果提示已由您看不到的同事负责,点「询问负责人」:对方答复后您会收到通知,都记在这里。")
        return Empty(_("没有询问"), words, icon="message-question")


@access(SEE)
class QuestionPage(DetailScreen):
    """One question: what was typed, what was asked, what was answered."""

    template = "customers/merged.html"

    def load(self) -> None:
        """The question that the address names."""
        self.row = queries.question(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """What the asker typed, which is all that he may know."""
        return _("询问负责人:%(typed)s") % {"typed": self.row.typed}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to all questions."""
        return [Crumb(_("询问负责人"), reverse("customers:questions"))]

    def actions(self) -> Sequence[Link | None]:
        """Answer, or want no answer any more."""
        row, pk = self.row, (self.row.pk,)
        asks = row.is_open and row.asker_id == self.actor.person_id
        return [
            Link(_("答复"), "customers:answer_question", pk, icon="message", drawer=True)
            if queries.answers_question(self.actor, row)
            else None,
            Link(_("撤回"), "customers:withdraw_question", pk, icon="arrow-back-up", post=True) if asks else None,
        ]

    def context(self) -> dict[str, Any]:
        """Who asked whom, and the answer."""
        row = self.row
        return {
            "facts": [
                (_("状态"), state_pill(row)),
                (_("客户"), self._customer()),
                (_("输入的名称、电话"), row.typed),
                (_("询问人"), row.asker.name),
                (_("询问时间"), formats.moment(row.asked_at)),
                (_("说明"), row.text),
                (_("负责人"), row.owner.name),
                (_("答复"), row.answer),
                (_("答复人"), row.answered_by.name if row.answered_by else ""),
                (_("结束时间"), formats.moment(row.ended_at) if row.ended_at else ""),
            ]
        }

    def _customer(self) -> object:
        """The way to the customer, for those who see it."""
        name = queries.customers_in_sight(self.actor, [self.row]).get(self.row.customer_id)
        url = reverse("customers:page", args=[self.row.customer_id])
        return format_html('<a href="{}">{}</a>', url, name) if name else ""


class AnswerForm(Form):
    """What becomes of it."""

    outcome = forms.ChoiceField(label=gettext_lazy("怎么处理"), widget=forms.RadioSelect)
    share = forms.DecimalField(
        label=gettext_lazy("对方的份额(%)"), required=False, min_value=0, max_digits=5, decimal_places=2,
        help_text=gettext_lazy("共同负责时填写,其余份额是现负责人的。"),
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("答复"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = queries.open_answers(self.actor)
        self.fields["outcome"].choices = [(code, QUESTION_STATES[code]) for code in may]  # type: ignore[attr-defined]
        if "shared" not in may:
            del self.fields["share"]


@access(SEE)
class AnswerQuestion(FormScreen):
    """The owner's answer."""

    title = gettext_lazy("答复询问")
    form_class = AnswerForm
    submit = gettext_lazy("答复")

    def load(self) -> None:
        """The question that the address names."""
        self.row = queries.question(self.actor, self.kwargs["pk"])

    @property
    def hint(self) -> str:  # type: ignore[override]
        """Who asks about what, and in which words."""
        row = self.row
        asked = _("%(asker)s 询问「%(typed)s」") % {"asker": row.asker.name, "typed": row.typed}
        return f"{asked} {row.text}"

    def initial(self) -> dict[str, Any]:
        """Nothing changes unless somebody says so."""
        return {"outcome": queries.open_answers(self.actor)[0]}

    def run(self, data: dict[str, Any]) -> Done:
        """Answer, and show the page behind again."""
        commands.answer_question(self.actor, self.row.pk, data["outcome"], data["answer"], data.get("share"))
        return Done(toast=_("已答复"))


@access(SEE)
class WithdrawQuestion(ActionScreen):
    """Want no answer any more."""

    def run(self) -> Done:
        """Withdraw, and show the page behind again."""
        commands.withdraw_question(self.actor, self.kwargs["pk"])
        return Done(toast=_("已撤回"))
