"""Whatever people do to an opportunity, its spans, state, closings and counts stay true to each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import Opportunity

from .deals import Deals

OPEN = ["identify", "contact", "needs", "introduce", "quote", "negotiate"]
ACTS = st.one_of(
    st.sampled_from([("move", code) for code in [*OPEN, "service"]]),
    st.sampled_from([("win", ""), ("lose", ""), ("reopen", ""), ("undo", "")]),
)


@dataclass
class Model:
    """The course as anybody would tell it: the stages in order, and how each was left; undo goes one step back."""

    way: list[tuple[str, str]] = field(default_factory=lambda: [("identify", "")])
    before: list[list[tuple[str, str]]] = field(default_factory=list)

    @property
    def here(self) -> str:
        return self.way[-1][0]

    @property
    def state(self) -> str:
        return {"won": "won", "service": "won", "lost": "lost"}.get(self.here, "open")

    def may(self, act: str, code: str) -> bool:
        if act == "move":
            return code != self.here and self.state == ("won" if code == "service" else "open")
        return {"win": self.state == "open", "lose": self.state == "open"}.get(act, self.state != "open")

    def do(self, act: str, code: str) -> None:
        self.before.append(list(self.way))
        to = {"move": code, "win": "won", "lose": "lost"}.get(act) or self._last_open()
        self.way[-1] = (self.here, self._exit(act, to))
        self.way.append((to, ""))

    def _last_open(self) -> str:
        return next(code for code, _exit in reversed(self.way) if code in OPEN)

    def _exit(self, act: str, to: str) -> str:
        if act == "reopen":
            return "back"
        if act in {"win", "lose"} or to == "service":
            return "lost" if act == "lose" else "advanced"
        first, last = OPEN.index(self.here), OPEN.index(to)
        if last < first:
            return "back"
        visited = set()
        for code, _exit in reversed(self.way):
            if code not in OPEN:
                break
            visited.add(code)
        between = set(OPEN[first + 1 : last])
        return "skipped" if between and not between & visited else "advanced"


def act_on(deals: Deals, row: Opportunity, act: str, code: str) -> None:
    rep = deals.world.actor("east_rep")
    with transaction.atomic():
        if act == "move":
            commands.move(rep, row.pk, deals.stages[code].pk)
        elif act == "win":
            commands.win(rep, row.pk, "理由")
        elif act == "lose":
            commands.lose(rep, row.pk, "price")
        elif act == "reopen":
            commands.reopen(rep, row.pk, "理由")
        else:
            commands.undo_move(rep, row.pk)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=1, max_size=9))
def test_any_course_is_told_the_same_by_all_tables(deals: Deals, acts: list[tuple[str, str]]) -> None:
    row, model = deals.opened(), Model()
    for act, code in acts:
        allowed = bool(model.before) if act == "undo" else model.may(act, code)
        try:
            act_on(deals, row, act, code)
            assert allowed
        except RuleBroken:
            assert not allowed
            continue
        if act == "undo":
            model.way = model.before.pop()
        else:
            model.do(act, code)
    check(deals, row, model)


def check(deals: Deals, row: Opportunity, model: Model) -> None:
    fresh = deals.fresh(row)
    spans = list(row.spans.order_by("seq"))
    assert deals.way(row) == model.way
    assert (fresh.state, fresh.span_seq, deals.stage(row)) == (model.state, len(spans), model.here)
    assert [span.seq for span in spans] == list(range(1, len(spans) + 1))
    assert all(a.left_at == b.occurred_at and a.next_stage_id == b.stage_id for a, b in pairwise(spans))
    assert fresh.entered_stage_at == spans[-1].occurred_at
    firsts = Counter(span.stage_id for span in spans if span.is_first)
    assert set(firsts.values()) == {1}
    assert set(firsts) == {span.stage_id for span in spans}
    balance = sum(row.closings.values_list("sign", flat=True))
    assert balance == (model.state != "open")
    assert Opportunity.objects.visible_to(SYSTEM).filter(pk=row.pk, closed_at__isnull=model.state == "open").exists()
    assert differences() == []
