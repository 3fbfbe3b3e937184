"""Two devices of one person at the same moment."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.threads import at_once, rounds
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.selling.fieldwork.commands import RequestDraft, ask_attendance, clock_in, clock_out
from xiaocheng.selling.fieldwork.models import AttendanceRequest, Clocking

pytestmark = pytest.mark.django_db(transaction=True)


@rounds(5)
def test_of_requests_for_the_same_time_sent_at_once_one_is_taken(world: World, rounds: int) -> None:
    rep = world.actor("east_rep")
    for number in range(rounds):
        day = clock.today() + dt.timedelta(days=number)
        draft = RequestDraft(kind="trip", reason="去苏州", first_on=day)
        answers = at_once(lambda n, draft=draft: ask_attendance(rep, draft))  # type: ignore[misc]
        assert sum(isinstance(answer, AttendanceRequest) for answer in answers) == 1
        assert all(isinstance(answer, (AttendanceRequest, RuleBroken)) for answer in answers), answers
    assert AttendanceRequest.objects.visible_to(rep).count() == rounds


@rounds(1)
def test_taps_of_several_devices_at_once_are_one_tap(world: World, rounds: int) -> None:
    rep = world.actor("east_rep")
    answers = at_once(lambda n: clock_out(rep) if n % 2 else clock_in(rep))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(Clocking.objects.visible_to(rep).values_list("tap", flat=True)) == ["in", "out"]
