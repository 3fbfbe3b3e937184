"""By when nine of ten have left a stage: from which stays it is learned, at night, for the list of the stuck."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.insight.commands import learn_stays
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.models import Opportunity, Stage

from .conftest import Sales, day

pytestmark = pytest.mark.django_db
LATER = 100


def learned(sales: Sales) -> dict[str, int]:
    found = Stage.objects.filter(version__process=sales.process, stale_days__isnull=False).order_by("version__number")
    return dict(found.values_list("code", "stale_days"))


def learn(at: float = LATER) -> int:
    with clock.as_of(day(at)):
        return learn_stays(SYSTEM)


def stays(sales: Sales, number: int, days: float | None, at: float = 0) -> list[Opportunity]:
    """So many in the first stage that go on to the third after some days, or stay."""
    deals = [sales.open("east_rep" if n % 2 else "south_rep", at=at) for n in range(number)]
    for deal in deals if days is not None else ():
        sales.move(deal, "talk", at + days)  # type: ignore[operator]
    return deals


def test_it_is_the_day_by_which_nine_of_ten_have_left_those_who_stay_counted_for_what_they_are(sales: Sales):
    stays(sales, 26, 10)
    stays(sales, 1, 20)
    stays(sales, 3, None)
    learn()
    assert learned(sales) == {"meet": 20}  # 26 of 30 by the 10th day, 27 by the 20th; nobody entered the quote


def test_who_came_late_counts_only_for_as_long_as_he_was_seen(sales: Sales):
    stays(sales, 20, 10)
    stays(sales, 8, 40)
    stays(sales, 2, None)
    stays(sales, 30, None, at=LATER - 5)  # of whom nobody can tell yet
    learn()
    assert learned(sales) == {"meet": 40}  # of 30 who were seen for 10 days, 10 stayed; 8 of them left by the 40th


@pytest.mark.parametrize(("left", "staying"), [(29, 0), (26, 4)])
def test_of_few_stays_and_where_most_never_leave_nothing_is_learned(sales: Sales, left: int, staying: int):
    stays(sales, left, 10)
    stays(sales, staying, None)
    learn()
    assert learned(sales) == {}


def test_the_same_stage_of_two_editions_is_one_and_both_keep_it(sales: Sales):
    stays(sales, 15, 10)
    with clock.as_of(day(11)):
        draft = commands.draft_version(SYSTEM, sales.process.pk)
        commands.publish(SYSTEM, draft.pk)
    sales.stages = {stage.code: stage.pk for stage in draft.stages.all()}
    stays(sales, 15, 19, at=12)
    assert learn() == 2
    assert list(Stage.objects.filter(code="meet").values_list("stale_days", flat=True)) == [19, 19]


def test_it_is_learned_from_two_years_and_forgotten_when_they_tell_it_no_longer(sales: Sales):
    stays(sales, 30, 10)
    assert (learn(), learned(sales)) == (1, {"meet": 10})
    told = JournalEntry.objects.count()
    assert learn() == 0
    assert JournalEntry.objects.count() == told
    assert (learn(740), learned(sales)) == (0, {"meet": 10})  # in March two years later
    assert (learn(770), learned(sales)) == (1, {})


def test_of_what_was_invalid_or_has_no_recorded_time_nothing_is_learned(sales: Sales):
    for deal in stays(sales, 30, None):
        sales.lose(deal, 10, "invalid")
    learn()
    assert learned(sales) == {}


def test_the_command_of_the_night_learns_it_and_the_list_of_the_stagnant_goes_by_it(sales: Sales, capsys):
    stays(sales, 30, 75)
    waiting = stays(sales, 2, None, at=10)[0]
    with clock.as_of(day(80)):
        call_command("rebuild", "stays")
        assert "stays: 1" in capsys.readouterr().out
        assert not queries.pace_of(SYSTEM, [Opportunity.objects.one(SYSTEM, waiting.pk)])[waiting.pk].is_stale
    for at, number in ((85, 0), (86, 2)):
        with clock.as_of(day(at)):
            asked = queries.opportunities(SYSTEM, "all").filter(queries.of_pace(SYSTEM, "stale"))
            assert asked.filter(version__process=sales.process, stage__code="meet").count() == number


def test_only_whoever_keeps_the_derived_data_has_it_learned(sales: Sales):
    with pytest.raises(NotAllowed):
        learn_stays(sales.actor("director"))
