"""How likely open deals are won: when it is told, to whom, and in which words."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from django.urls import reverse

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.fields.commands import ViewDraft, save_view
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.insight import jobs
from xiaocheng.insight.commands import tell_chances
from xiaocheng.insight.forecasting import odds, open_deals
from xiaocheng.insight.models import ChanceTest, WinChance
from xiaocheng.insight.queries import chances, telling, win_chances
from xiaocheng.selling.pipeline.models import Opportunity

from .conftest import Sales, day

pytestmark = pytest.mark.django_db
LATER, EACH, APART = 250, 30, 7


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    """A company so small that a test can live its year."""
    monkeypatch.setattr(odds, "FEWEST_CLOSED", 4)
    monkeypatch.setattr(win_chances, "FEWEST_CLOSED", 4)
    monkeypatch.setattr(open_deals, "FEWEST_ALIKE", 5)


def sell(sales: Sales, wins: str, loses: str) -> dict[str, Opportunity]:
    """Every week one deal of each source; one source wins, the other loses; two are open at the end."""
    for number in range(EACH):
        at = number * APART
        sales.win(sales.open(at=at, source=wins), at + 30)
        sales.lose(sales.open(at=at + 1, source=loses), at + 31)
    return {source: sales.open(at=LATER - 10, source=source) for source in ("referral", "website")}


@pytest.fixture
def sold(sales: Sales) -> dict[str, Opportunity]:
    made = made_once(
        "sold by source", lambda: {code: row.pk for code, row in sell(sales, "referral", "website").items()}
    )
    return {code: Opportunity.objects.one(SYSTEM, pk) for code, pk in made.items()}


def told(at: float = LATER) -> int:
    with clock.as_of(day(at)):
        return tell_chances(SYSTEM)


def test_a_deal_of_a_better_source_has_the_better_chance_and_the_source_is_the_reason(sold: dict[str, Opportunity]):
    assert told() == 2
    found = chances(SYSTEM, [deal.pk for deal in sold.values()])
    better, worse = (found[sold[source].pk] for source in ("referral", "website"))
    assert better.value > 0.7 > 0.3 > worse.value
    assert better.raised_by[0].what == worse.lowered_by[0].what == "source"
    assert better.within_days == 90
    test = ChanceTest.objects.get()
    assert test.tells
    assert (test.auc or 0) > 0.9


def test_chances_are_told_once_a_day_and_anew_every_night(sold: dict[str, Opportunity], sales: Sales):
    told()
    assert told() == 0
    sales.win(sold["referral"], LATER + 0.5)
    assert told(LATER + 1) == 1
    assert [row.opportunity_id for row in WinChance.objects.all()] == [sold["website"].pk]
    assert ChanceTest.objects.count() == 2


def test_what_could_not_be_tried_for_want_of_deals_is_tried_again_the_same_day(sales: Sales):
    """As when former deals are taken in after the night."""
    with clock.as_of(day(LATER)):
        assert tell_chances(SYSTEM) == 0
    assert ChanceTest.objects.get().auc is None
    sell(sales, "referral", "website")
    assert told() == 2
    assert ChanceTest.objects.get().tells


def test_where_deals_cannot_be_told_apart_no_chance_is_shown_and_one_sentence_says_why(sales: Sales, world: World):
    """What the test of a night found is kept in a row of its own; the test itself is tried in test_odds."""
    deal = sales.open(at=LATER - 10)
    ChanceTest.objects.create(
        as_of=clock.day_of(day(LATER)),
        within_days=90,
        tells=False,
        won=60,
        lost=60,
        auc=0.51,
        brier=0.26,
        base_brier=0.25,
    )
    WinChance.objects.create(
        opportunity_id=deal.pk, span_seq=1, chance=0.9, is_slow=False, reasons={"up": [], "down": []}
    )
    with clock.as_of(day(LATER)):
        page = world.client("east_rep").get(reverse("pipeline:opportunity", args=[deal.pk])).content.decode()
    assert "现有字段不足以区分商机" in page
    assert "90%" not in page
    assert chances(SYSTEM, [deal.pk]) == {}


def test_with_too_few_deals_the_page_says_that(sales: Sales, world: World):
    deal = sales.open(at=0)
    page_at = reverse("pipeline:opportunity", args=[deal.pk])
    with clock.as_of(day(20)):
        assert "赢单概率" not in world.client("east_rep").get(page_at).content.decode()  # no night has passed
        tell_chances(SYSTEM)
        assert "还不够检验" in world.client("east_rep").get(page_at).content.decode()
    assert telling(SYSTEM) is not None


def test_page_list_and_api_show_it_to_whoever_sees_the_deal_and_to_nobody_else(sold, sales: Sales, world: World):
    told()
    deal = sold["referral"]
    with clock.as_of(day(LATER)):
        rep, other = world.client("east_rep"), world.client("south_rep")
        page = normalize("NFKC", rep.get(reverse("pipeline:opportunity", args=[deal.pk])).content.decode())
        assert "赢单概率" in page
        assert "来源:" in page
        view = save_view(sales.actor("east_rep"), "pipeline:list", ViewDraft(name="概率", columns=["name", "chance"]))
        listed = rep.get(reverse("pipeline:list"), {"view": view.pk}).content.decode()
        assert "赢单概率" in listed
        answer = rep.get(f"/api/v1/opportunities/{deal.pk}/chance").json()
        assert answer["value"] > 0.7
        assert answer["raised_by"][0]["what"] == "source"
        assert other.get(f"/api/v1/opportunities/{deal.pk}/chance").status_code == 404
        assert chances(sales.actor("south_rep"), [deal.pk]) == {}
        sales.move(deal, "quote", LATER)
        assert "明天更新" in rep.get(reverse("pipeline:opportunity", args=[deal.pk])).content.decode()
        assert rep.get(f"/api/v1/opportunities/{deal.pk}/chance").status_code == 404


def test_only_whoever_keeps_the_derived_data_may_have_chances_told(sales: Sales):
    with pytest.raises(NotAllowed):
        tell_chances(sales.actor("director"))


def test_the_night_learns_apart_from_the_worker(monkeypatch):
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs, "apart", lambda *command: asked.append(command))
    for work in (
        jobs.foretell_what_will_come_in,
        jobs.estimate_what_leaving_out_stages_changes,
        jobs.tell_how_likely_deals_are_won,
        jobs.learn_how_long_deals_stay,
    ):
        work(day(0))
    assert asked == [("rebuild", "forecasts"), ("rebuild", "skipping"), ("rebuild", "chances"), ("rebuild", "stays")]
