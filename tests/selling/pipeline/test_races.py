"""Several people move one opportunity at the same moment: one of them wins, the others get a sentence."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.support.threads import at_once, rounds
from tests.world import World
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import Opportunity

from .deals import Deals

PEOPLE = 4


@rounds(8)
@pytest.mark.django_db(transaction=True)
def test_one_of_several_movers_wins(world: World, rounds: int) -> None:
    deals = Deals(world)
    actors = [world.actor("east_rep"), world.actor("east_manager")] * (PEOPLE // 2)
    for targets in (["contact"], ["contact", "quote"]):
        for _ in range(rounds):
            row = deals.opened(customer_id=None)
            stages = [deals.stages[code].pk for code, _n in zip(cycle(targets), range(PEOPLE), strict=False)]

            def move(n: int, row: Opportunity = row, stages: list[int] = stages) -> Opportunity:
                return commands.move(actors[n], row.pk, stages[n], seen=1, bypass=n % 2 == 1, reason="赶时间")

            answers = at_once(move, PEOPLE)
            refusals = [answer for answer in answers if isinstance(answer, Exception)]
            assert len(refusals) == PEOPLE - 1
            assert all(isinstance(refusal, RuleBroken) and "刷新" in str(refusal) for refusal in refusals)
            assert row.spans.count() == 2


@rounds(8)
@pytest.mark.django_db(transaction=True)
def test_won_and_lost_at_once_is_one_of_them(world: World, rounds: int) -> None:
    deals = Deals(world)
    actor = world.actor("east_rep")
    for _ in range(rounds):
        row = deals.opened()

        def close(n: int, pk: int = row.pk) -> Opportunity:
            return commands.win(actor, pk, "签了") if n % 2 else commands.lose(actor, pk, "price")

        answers = at_once(close, PEOPLE)
        assert sum(isinstance(answer, Opportunity) for answer in answers) == 1
        assert all(isinstance(answer, (Opportunity, RuleBroken)) for answer in answers)
        assert row.closings.count() == 1
    assert differences() == []


@rounds(3)
@pytest.mark.django_db(transaction=True)
def test_of_those_who_tick_a_step_at_once_one_does(rounds: int, world: World) -> None:
    deals = Deals(world)
    actors = [deals.world.actor("east_rep"), deals.world.actor("east_manager")]
    for _round in range(rounds):
        row = deals.opened()
        answers = at_once(lambda n, row=row: commands.tick(actors[n % 2], row.pk, "identify-1", f"{n}"))  # type: ignore[misc]
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert row.evidence.count() == 1
        assert sum("查重" in item.sentence for item in timeline("pipeline.opportunity", row.pk)) == 1
