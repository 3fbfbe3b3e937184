"""A device that was without connection for a day sends what it kept: in any order, some of it again and again."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.selling.fieldwork.conftest import DAY, at, customer_ids, lines_of, morning, plan
from tests.world import World
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.selling.fieldwork.commands import Queued, StillVisiting, check_in, check_out
from xiaocheng.selling.fieldwork.queries import Visit, VisitPlan

from .conftest import Answer, Program

__all__ = ["customer_ids", "morning", "plan"]
Programs = Callable[[str], Program]
NEXT = DAY + dt.timedelta(days=1)
WAITS = {"still_visiting", "still_running"}
ROUNDS = 3


@dataclass
class Device:
    """What a device kept, and what it was answered."""

    program: Program
    kept: list[dict[str, Any]] = field(default_factory=list)
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, set[str]] = field(default_factory=dict)

    def send(self, item: dict[str, Any]) -> bool:
        """Send one item if the one before it of the same visit was answered; True when the server has it."""
        path, body = item["path"], dict(item["body"])
        if item["after"]:
            visit = self.visits.get(item["after"])
            if visit is None:
                return False
            path = path.format(visit=visit["id"])
            if item["key"].startswith("result"):
                body["version"] = visit["version"]
        now = (clock.now() + dt.timedelta(seconds=random.randint(0, 60))).isoformat()
        sent = body if item["method"] == "PUT" else body | {"queued_at": item["at"], "device_now": now}
        answer = self.program.ask(item["method"], path, sent, Idempotency_Key=item["key"])
        if answer.status != 200:
            assert answer.json["rule"] in WAITS, (item, answer)
            return False
        self.answers.setdefault(item["key"], set()).add(repr(answer.json))
        if item["path"].startswith(("/visits/check-in", "/visits/{")):
            self.visits[item["key"]] = answer.json
        return True

    def flush(self, chance: random.Random) -> None:
        """Send all in any order, a third of it again, until nothing is left."""
        left = list(self.kept)
        for _ in range(60):
            chance.shuffle(left)
            left = [item for item in left if not self.send(item)]
            for item in chance.sample(self.kept, len(self.kept) // 3):
                self.send(item)
            if not left:
                return
        raise AssertionError(left)


def day_of_work(customers: list[int], planned: int) -> Iterator[dict[str, Any]]:
    """A hundred items: twenty visits with check-in, check-out and result, thirty-nine calls, a draft of the report."""
    at = clock.instant(DAY, dt.time(8))

    def item(key: str, path: str, body: dict[str, Any], after: str = "", method: str = "POST") -> dict[str, Any]:
        nonlocal at
        at += dt.timedelta(minutes=5)
        return {"key": key, "path": path, "body": body, "after": after, "method": method, "at": at.isoformat()}

    for n in range(20):
        where = {"line_id": planned} if n == 0 else {"customer_id": customers[n % 2]}
        yield item(f"in-{n}", "/visits/check-in", where)
        yield item(f"out-{n}", "/visits/{visit}/check-out", {}, f"in-{n}")
        told = {"outcome": "met_decider", "result": "order", "note": f"第 {n} 次"}
        yield item(f"result-{n}", "/visits/{visit}/result", told, f"out-{n}")
    for n in range(39):
        yield item(f"call-{n}", "/visits/contacts", {"customer_id": customers[2], "note": f"第 {n} 通"})
    yield item("draft", f"/reports/days/{DAY}", {"version": 0, "judgement": "判断"}, method="PUT")


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_hundred_items_in_any_order_and_repeatedly_come_in_once_each(
    world: World, plan: VisitPlan, customer_ids: dict[str, int], program: Programs, seed: int
) -> None:
    device = Device(program("east_rep"))
    ids = [customer_ids[name] for name in ("甲木业", "乙机械", "丙食品")]
    device.kept = list(day_of_work(ids, lines_of(plan)[0].pk))
    assert len(device.kept) == 100
    with at("09:00", NEXT):
        device.flush(random.Random(seed))
    assert sorted(device.answers) == sorted(item["key"] for item in device.kept)
    assert {len(answers) for answers in device.answers.values()} == {1}
    rows = Visit.objects.visible_to(world.actor("east_rep")).filter(queued_at__isnull=False)
    visits = [row for row in rows if row.kind == "visit"]
    assert sorted(row.note for row in visits) == sorted(f"第 {n} 次" for n in range(20))
    assert sorted(row.note for row in rows if row.kind == "call") == sorted(f"第 {n} 通" for n in range(39))
    assert {(row.booked_on, row.stay) for row in visits} == {(DAY, dt.timedelta(minutes=5))}
    assert sum(not row.is_off_plan for row in visits) == 2
    assert measures.differences() == []


def test_a_second_visit_to_a_customer_waits_for_the_first_to_end(world: World, customer_ids: dict[str, int]) -> None:
    rep, customer = world.actor("east_rep"), customer_ids["甲木业"]

    def recorded(time: str) -> Queued:
        return Queued(clock.instant(DAY, dt.time.fromisoformat(time)), clock.now())

    with at("09:00", NEXT):
        first = check_in(rep, customer_id=customer, queued=recorded("10:00"))
        assert check_in(rep, customer_id=customer, queued=recorded("10:01")).pk == first.pk, (
            "the tap whose answer was lost"
        )
        with pytest.raises(StillVisiting):
            check_in(rep, customer_id=customer, queued=recorded("15:00"))
        check_out(rep, first.pk, queued=recorded("10:30"))
        assert check_in(rep, customer_id=customer, queued=recorded("15:00")).pk != first.pk


def test_the_clock_of_a_device_does_not_make_another_request(
    world: World, customer_ids: dict[str, int], program: Programs
) -> None:
    rep = program("east_rep")

    def send(note: str, seconds: int) -> Answer:
        now = clock.now()
        times = {"queued_at": now.isoformat(), "device_now": (now + dt.timedelta(seconds=seconds)).isoformat()}
        body = {"customer_id": customer_ids["甲木业"], "note": note} | times
        return rep.ask("POST", "/visits/contacts", body, Idempotency_Key="k1")

    first = send("一通电话", 0)
    assert first.json == send("一通电话", 60).json
    assert send("另一通电话", 60).status == 422
