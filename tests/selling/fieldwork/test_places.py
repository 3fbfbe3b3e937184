"""Places of check-ins: kept by consent, judged against the customer, forgotten after their term."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers.commands import BY_HAND, erase, place_customer
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.fieldwork.commands import (
    Position,
    VisitResult,
    check_in,
    check_out,
    forget_places,
    note_place_consent,
    place_by_visit,
    record_result,
)
from xiaocheng.selling.fieldwork.placing import metres_between, verdict_of
from xiaocheng.selling.fieldwork.queries import Visit, VisitPlace, judgement, place_consents, places_of_visit

from .conftest import DAY, at
from .test_visits import GOOD

OFFICE = (Decimal("31.230416"), Decimal("121.473701"))  # Shanghai
NEAR = Position(Decimal("31.2310"), Decimal("121.4737"), 20)  # 65 m
FAR = Position(Decimal("31.3310"), Decimal("121.4737"), 20)  # 11 km


@pytest.fixture
def customer_id(world: World, customer_ids: dict[str, int]) -> int:
    return customer_ids["甲木业"]


@pytest.fixture
def agreed(world: World) -> None:
    with at("07:00"):
        note_place_consent(world.actor("east_rep"), is_given=True)


@pytest.fixture
def placed(world: World, customer_id: int) -> None:
    place_customer(world.actor("east_rep"), customer_id, *OFFICE, BY_HAND)


def arrived(world: World, customer_id: int, position: Position | None = NEAR) -> Visit:
    with at("10:00"):
        return check_in(world.actor("east_rep"), customer_id=customer_id, position=position)


def kept(world: World, row: Visit) -> list[VisitPlace]:
    return places_of_visit(world.actor("east_rep"), row.pk)


def told(world: World, row: Visit, result: VisitResult = GOOD) -> Visit:
    with at("10:40"):
        return record_result(world.actor("east_rep"), row.pk, row.edit_version, result)


def test_the_distance_is_that_on_the_earth() -> None:
    beijing = (Decimal("39.904200"), Decimal("116.407400"))
    assert abs(metres_between(OFFICE, beijing) - 1_067_000) < 3_000
    assert metres_between(OFFICE, OFFICE) == 0
    assert metres_between((Decimal(0), Decimal("179.9995")), (Decimal(0), Decimal("-179.9995"))) == 111


@pytest.mark.parametrize(
    ("distance", "accuracy", "verdict"),
    [
        (500, 0, "in_range"),
        (501, 0, "out_of_range"),
        (520, 20, "in_range"),
        (521, 20, "out_of_range"),
        (9_000, 500, "out_of_range"),
        (0, 501, "unverifiable"),
        (None, 5, "unverifiable"),
    ],
)
def test_a_place_is_judged_with_the_error_of_the_device(distance: int | None, accuracy: int, verdict: str) -> None:
    assert verdict_of(distance, accuracy, 500) == verdict


def test_who_has_not_agreed_leaves_no_place(world: World, customer_id: int, placed: None) -> None:
    assert kept(world, arrived(world, customer_id)) == []


def test_both_taps_keep_their_place_with_its_verdict(
    world: World, customer_id: int, agreed: None, placed: None
) -> None:
    row = arrived(world, customer_id)
    with at("10:30"):
        check_out(world.actor("east_rep"), row.pk, FAR)
    found = kept(world, row)
    assert [(it.moment, it.verdict, it.accuracy) for it in found] == [
        ("in", "in_range", 20),
        ("out", "out_of_range", 20),
    ]
    assert found[0].latitude == NEAR.latitude and found[0].distance == 65


def test_consent_is_withdrawn_dated_and_said_once(world: World, customer_id: int, agreed: None) -> None:
    rep = world.actor("east_rep")
    with at("07:30"):
        note_place_consent(rep, is_given=True)
        note_place_consent(rep, is_given=False)
    assert [word.is_given for word in place_consents(rep)] == [False, True]
    assert kept(world, arrived(world, customer_id)) == []


def test_nobody_reads_or_says_the_word_of_another(world: World, agreed: None) -> None:
    assert not place_consents(world.actor("east_manager")).exists()
    with pytest.raises(NotAllowed):
        note_place_consent(world.actor("administrator"), is_given=True)


@pytest.mark.parametrize("wrong", [Position(Decimal(91), Decimal(0), 5), Position(Decimal("NaN"), Decimal(0), 5)])
def test_nonsense_of_a_device_stops_nobody(world: World, customer_id: int, agreed: None, wrong: Position) -> None:
    row = arrived(world, customer_id, wrong)
    assert row.pk and kept(world, row) == []


@pytest.mark.parametrize(("position", "effective"), [(NEAR, True), (FAR, False), (None, True)])
def test_only_a_place_elsewhere_costs_the_effective_visit(
    world: World, customer_id: int, agreed: None, placed: None, position: Position | None, effective: bool
) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.effective_needs_place", "1", DAY)
    done = told(world, arrived(world, customer_id, position))
    assert done.is_effective is effective
    lacking = [item.code for item in judgement(world.actor("east_rep"), done.pk)]
    assert lacking == ([] if effective else ["place"])


def test_a_customer_without_a_place_cannot_cost_it_either(world: World, customer_id: int, agreed: None) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.effective_needs_place", "1", DAY)
    assert told(world, arrived(world, customer_id, FAR)).is_effective


def test_the_first_check_in_gives_the_customer_its_place_once(world: World, customer_id: int, agreed: None) -> None:
    rep, row = world.actor("east_rep"), arrived(world, customer_id)
    place_by_visit(rep, row.pk)
    found = customer(rep, customer_id)
    assert (found.latitude, found.longitude) == (NEAR.latitude, NEAR.longitude)
    with pytest.raises(RuleBroken, match="已经有位置"):
        place_by_visit(rep, row.pk)


def test_only_the_visitor_places_the_customer_and_only_with_a_place(
    world: World, customer_id: int, agreed: None
) -> None:
    row = arrived(world, customer_id, None)
    with pytest.raises(NotFound):
        place_by_visit(world.actor("east_rep"), row.pk)
    with pytest.raises(RuleBroken, match="本人"):
        place_by_visit(world.actor("east_manager"), row.pk)
    with pytest.raises(NotFound):
        place_by_visit(world.actor("south_rep"), row.pk)


def test_positions_go_after_their_term_and_verdicts_stay(
    world: World, customer_id: int, agreed: None, placed: None
) -> None:
    row = arrived(world, customer_id)
    with at("09:59", DAY + dt.timedelta(days=90)):
        assert forget_places(SYSTEM) == 0
    with at("10:01", DAY + dt.timedelta(days=90)):
        assert forget_places(SYSTEM) == 1
    (found,) = kept(world, row)
    assert (found.latitude, found.longitude, found.accuracy, found.distance) == (None, None, None, None)
    assert found.verdict == "in_range"


def test_the_company_may_keep_positions(world: World, customer_id: int, agreed: None) -> None:
    change_rule(world.actor("administrator"), "FieldworkRules.position_days", "0", DAY)
    arrived(world, customer_id)
    with at("10:01", DAY + dt.timedelta(days=900)):
        assert forget_places(SYSTEM) == 0


def test_the_place_of_an_erased_person_goes(world: World, customer_id: int, agreed: None) -> None:
    row = told(world, arrived(world, customer_id))
    Customer.objects.visible_to(world.actor("director")).filter(pk=customer_id).update(is_person=True)
    outcomes = erase(world.actor("administrator"), [customer_id], "本人要求")
    assert [item.refusal for item in outcomes] == [None]
    assert [it.latitude for it in kept(world, row)] == [None]
