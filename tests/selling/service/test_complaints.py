"""A complaint is taken down, told up the line while nobody takes it up, handled, closed and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.files.queries import attachments
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org.commands import change_rule, disable_person, edit_role
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact
from xiaocheng.selling.service import commands, queries
from xiaocheng.selling.service.commands import ComplaintDraft, Settlement
from xiaocheng.selling.service.models import Complaint
from xiaocheng.selling.service.states import COMPLAINT
from xiaocheng.selling.tasks.models import Task

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=False) as found:
        yield found


def customer_of(world: World, key: str = "shanghai_rep", **more: Any) -> int:
    return register(world.actor(key), CustomerDraft(name="甲木业", despite_duplicates=True, **more)).pk


def draft(customer_id: int, **more: Any) -> ComplaintDraft:
    said = {"kind": "quality", "severity": "normal", "description": "封口开裂"} | more
    return ComplaintDraft(customer_id=customer_id, **said)


def text_of(row: Complaint, **more: Any) -> commands.ComplaintText:
    return commands.ComplaintText(**{name: getattr(row, name) for name in commands.TOLD} | more)


def told(world: World, key: str) -> list[str]:
    tell(SYSTEM)
    return [said(world.actor(key), note) for note in notes(world.actor(key)) if note.kind.startswith("service.")]


def open_tasks(row: Complaint) -> list[tuple[int, dt.date]]:
    rows = Task.objects.visible_to(SYSTEM).filter(kind=commands.KIND, about=f"service.complaint:{row.pk}", state="open")
    return list(rows.values_list("person_id", "due_on"))


def open_at(customer_id: int) -> int:
    return int(measures.read_gauges(customer_id).values.get("service.open", 0))


def test_a_complaint_gets_a_day_by_its_severity_and_a_task_for_whoever_is_responsible(world: World) -> None:
    rep, customer = world.actor("shanghai_rep"), customer_of(world)
    rows = {
        severity: commands.raise_complaint(rep, draft(customer, severity=severity)) for severity in queries.Severity
    }
    due = {severity: row.due_on.day for severity, row in rows.items()}
    assert due == {"serious": 3, "affects_sales": 4, "normal": 9, "minor": 16}, "working days after Monday"
    row = rows["normal"]
    assert (row.credit_person_id, row.responsible_id) == (world.id("shanghai_rep"), world.id("shanghai_rep"))
    assert open_tasks(row) == [(world.id("shanghai_rep"), dt.date(2026, 3, 9))]
    assert open_at(customer) == 4
    edited = commands.edit_complaint(rep, row.pk, row.edit_version, text_of(row, severity="minor", due_on=None))
    assert open_tasks(row) == [(world.id("shanghai_rep"), dt.date(2026, 3, 16))]
    with pytest.raises(EditConflict):
        commands.edit_complaint(rep, row.pk, row.edit_version - 1, text_of(edited))
    for wrong in ({"kind": "magic"}, {"severity": "huge"}, {"description": " "}, {"due_on": dt.date(2026, 3, 1)}):
        with pytest.raises(RuleBroken):
            commands.raise_complaint(rep, draft(customer, **wrong))
    assert [item.sentence for item in timeline("customers.customer", customer)][-1:] != []
    assert measures.differences() == []


def test_who_sees_a_complaint_and_who_handles_it(world: World) -> None:
    customer = customer_of(world, "east_rep")
    row = commands.raise_complaint(world.actor("east_manager"), draft(customer))
    assert row.responsible_id == world.id("east_rep"), "the customer's owner"
    assert queries.complaint(world.actor("east_rep"), row.pk).pk == row.pk
    for stranger in ("south_rep", "east_peer"):
        with pytest.raises(NotFound):
            queries.complaint(world.actor(stranger), row.pk)
        with pytest.raises(NotFound):
            commands.take_up(world.actor(stranger), row.pk)
        with pytest.raises(NotFound):
            commands.raise_complaint(world.actor(stranger), draft(customer))
    given_on = commands.hand_on(world.actor("east_manager"), row.pk, row.edit_version, world.id("east_peer"))
    assert open_tasks(row) == [(world.id("east_peer"), row.due_on)]
    assert queries.complaint(world.actor("east_peer"), row.pk).pk == row.pk
    with pytest.raises(RuleBroken):
        commands.take_up(world.actor("east_rep"), row.pk)
    with pytest.raises(RuleBroken):
        commands.hand_on(world.actor("east_peer"), row.pk, given_on.edit_version, world.id("south_rep"))
    assert told(world, "east_peer") == ["李华东 把客户「甲木业」的投诉交给您处理"]
    role = world.role("rep")
    left = [key for key in role.capabilities if key != "service.handle"]
    edit_role(SYSTEM, role.pk, role.edit_version, name=role.name, allowed=left)
    with pytest.raises(NotAllowed):
        commands.take_up(world.actor("east_peer"), row.pk)


def test_what_cannot_wait_climbs_the_line_step_by_step_until_somebody_takes_it_up(
    world: World, traveller: time_machine.Traveller
) -> None:
    rep, customer = world.actor("shanghai_rep"), customer_of(world)
    commands.raise_complaint(rep, draft(customer, severity="serious"))
    commands.raise_complaint(rep, draft(customer, severity="normal"))
    line = ("shanghai_lead", "east_manager", "director")
    assert [len(told(world, key)) for key in line] == [1, 0, 0], "the nearest, at once"
    traveller.move_to(FIRST + 3 * HOUR)
    assert commands.escalate_complaints(SYSTEM) == 0
    traveller.move_to(FIRST + 4 * HOUR)
    assert [commands.escalate_complaints(SYSTEM) for _twice in range(2)] == [1, 0]
    assert [len(told(world, key)) for key in line] == [1, 1, 0]
    traveller.move_to(FIRST + 8 * HOUR)
    assert commands.escalate_complaints(SYSTEM) == 1
    for hours in (12, 16):
        traveller.move_to(FIRST + hours * HOUR)
        assert commands.escalate_complaints(SYSTEM) == 0, "nobody stands higher"
    assert [len(told(world, key)) for key in line] == [1, 1, 1]
    assert "无人受理" in told(world, "director")[0]
    again = commands.raise_complaint(rep, draft(customer, severity="affects_sales"))
    commands.take_up(world.actor("shanghai_lead"), again.pk)
    traveller.move_to(FIRST + 30 * HOUR)
    assert commands.escalate_complaints(SYSTEM) == 0, "taken up"
    with pytest.raises(NotAllowed):
        commands.escalate_complaints(world.actor("director"))
    calm = commands.raise_complaint(rep, draft(customer, severity="minor"))
    calm = commands.edit_complaint(rep, calm.pk, calm.edit_version, text_of(calm, severity="serious", due_on=None))
    assert len(told(world, "shanghai_lead")) == 3, "it became serious"
    commands.edit_complaint(rep, calm.pk, calm.edit_version, text_of(calm, severity="minor", due_on=None))
    change_rule(SYSTEM, "ApprovalRules.alarm_after_hours", "1", since=clock.today())
    traveller.move_to(FIRST + 40 * HOUR)
    assert commands.escalate_complaints(SYSTEM) == 0, "it is minor after all"


def test_a_complaint_is_closed_with_measures_judged_and_reopened(
    world: World, traveller: time_machine.Traveller
) -> None:
    rep, customer = world.actor("shanghai_rep"), customer_of(world)
    row = commands.raise_complaint(rep, draft(customer))
    with pytest.raises(RuleBroken):
        commands.close_complaint(rep, row.pk, row.edit_version, Settlement(measures=" "))
    with pytest.raises(RuleBroken):
        commands.judge_complaint(rep, row.pk, row.edit_version, "good")
    row = commands.close_complaint(rep, row.pk, row.edit_version, Settlement(measures="换货", outcome="已恢复生产"))
    assert (open_tasks(row), open_at(customer)) == ([], 0)
    row = commands.judge_complaint(rep, row.pk, row.edit_version, "good")
    march = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert sum(item.sign for item in queries.counted_closings(rep, march)) == 1
    traveller.move_to(FIRST + 24 * HOUR)
    row = commands.reopen_complaint(world.actor("shanghai_lead"), row.pk, row.edit_version, "又裂了")
    assert (row.state, row.satisfaction, row.due_on, open_at(customer)) == ("in_work", "", dt.date(2026, 3, 10), 1)
    assert open_tasks(row) == [(world.id("shanghai_rep"), row.due_on)]
    assert sum(item.sign for item in queries.counted_closings(rep, march)) == 0
    assert [item.pk for item in queries.complaints_of_day(rep, world.id("shanghai_rep"), FIRST.date())] == [row.pk]
    assert measures.differences() == []


def act(rep: Actor, row: Complaint, verb: str) -> None:
    if verb == "take_up":
        commands.take_up(rep, row.pk)
    elif verb == "close":
        commands.close_complaint(rep, row.pk, row.edit_version, Settlement(measures="换货"))
    elif verb == "reopen":
        commands.reopen_complaint(rep, row.pk, row.edit_version, "没有好")
    else:
        commands.edit_complaint(rep, row.pk, row.edit_version, text_of(row, cause="受潮"))


VERBS = st.lists(st.sampled_from(["take_up", "close", "reopen", "edit"]), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VERBS)
def test_whatever_is_tried_the_state_is_that_of_the_table_and_the_counts_are_those_of_the_rows(
    world: World, verbs: list[str]
) -> None:
    rep, customer = world.actor("shanghai_rep"), customer_of(world)
    row, state = commands.raise_complaint(rep, draft(customer)), "open"
    for verb in verbs:
        row = queries.complaint(rep, row.pk)
        possible = verb in COMPLAINT.possible(state) or (verb == "edit" and state != "closed")
        if possible:
            state = COMPLAINT.after(state, verb) if verb != "edit" else state
            act(rep, row, verb)
        elif verb == "take_up" and state == "in_work":
            act(rep, row, verb)  # the second tap
        else:
            with pytest.raises(RuleBroken):
                act(rep, row, verb)
        row = queries.complaint(rep, row.pk)
        assert row.state == state
        assert (len(open_tasks(row)), open_at(customer)) == ((0, 0) if state == "closed" else (1, 1))
    assert measures.differences() == []


def test_open_complaints_follow_the_customer_the_successor_and_the_merge(world: World) -> None:
    manager, customer = world.actor("east_manager"), customer_of(world, "east_rep")
    row = commands.raise_complaint(world.actor("east_rep"), draft(customer))
    done = commands.raise_complaint(world.actor("east_rep"), draft(customer))
    commands.close_complaint(world.actor("east_rep"), done.pk, done.edit_version, Settlement(measures="换货"))
    customers.assign(manager, [customer], world.id("east_peer"))
    assert queries.complaint(SYSTEM, row.pk).responsible_id == world.id("east_peer")
    assert queries.complaint(SYSTEM, done.pk).responsible_id == world.id("east_rep"), "it is done"
    assert [person for person, _due in open_tasks(row)] == [world.id("east_peer")]
    disable_person(SYSTEM, world.id("east_peer"), world.id("shanghai_rep"))
    assert queries.complaint(SYSTEM, row.pk).responsible_id == world.id("shanghai_rep")
    other = customer_of(world, "east_rep")
    merged = customers.merge(manager, other, customer)
    assert {item.customer_id for item in queries.complaints(SYSTEM)} == {other}
    assert (open_at(other), open_at(customer)) == (1, 0)
    customers.undo_merge(manager, merged.merge_id or 0)
    assert (open_at(other), open_at(customer)) == (0, 1)
    assert measures.differences() == []


def test_what_a_person_complained_of_is_erased_with_him(world: World) -> None:
    rep, customer = world.actor("shanghai_rep"), customer_of(world, is_person=True)
    row = commands.raise_complaint(rep, draft(customer, severity="serious"))
    attach(rep, "service.complaint", row.pk, "照片.txt", b"x")
    customers.erase(world.actor("administrator"), [customer], "本人要求")
    row = queries.complaint(SYSTEM, row.pk)
    assert (row.description, row.measures, row.severity) == ("—", "", "serious")
    assert list(attachments(SYSTEM, "service.complaint", row.pk)) == []


def test_a_complaint_goes_its_way_on_pages_and_by_a_program(world: World) -> None:
    client, customer = world.client("shanghai_rep"), customer_of(world)
    rep = world.actor("shanghai_rep")
    visit = log_contact(rep, ContactDraft(customer_id=customer, kind="visit", result="nothing", problem="封口开裂"))
    assert "客户投诉" in client.get(f"/visits/{visit.pk}/").content.decode()
    form = client.get(f"/complaints/new/?visit={visit.pk}").content.decode()
    assert "甲木业" in form and "封口开裂" in form
    said = {"customer_id": customer, "kind": "quality", "severity": "serious", "description": "封口开裂"}
    assert client.post("/complaints/new/", said | {"description": ""}).status_code == 422
    assert client.post(f"/complaints/new/?visit={visit.pk}", said).status_code == 302
    [row] = queries.complaints(rep)
    assert row.visit_id == visit.pk
    page = client.get(f"/complaints/{row.pk}/").content.decode()
    assert "还没有人受理" in page and "产品质量" in page
    assert "产品质量" in client.get(f"/customers/{customer}/?tab=complaints").content.decode()
    assert "未结案的投诉" in client.get(f"/customers/{customer}/").content.decode()
    assert client.post(f"/complaints/{row.pk}/take-up/").status_code == 302
    assert "还没有人受理" not in client.get(f"/complaints/{row.pk}/").content.decode()
    assert "客户投诉处理" in client.get("/report/").content.decode()
    settled = {"measures": "换货", "_version": "2"}
    assert client.post(f"/complaints/{row.pk}/close/", settled | {"_version": "1"}).status_code == 409
    assert client.post(f"/complaints/{row.pk}/close/", settled).status_code == 302
    assert client.post(f"/complaints/{row.pk}/judge/", {"satisfaction": "good", "_version": "3"}).status_code == 302
    assert "换货" in client.get(f"/complaints/{row.pk}/").content.decode()
    for key, path in (("service.raised", "complaints"), ("service.closed", "settled")):
        counted = client.get(f"/numbers/{path}/?key={key}&first=2026-03-01&last=2026-03-31").content.decode()
        assert "甲木业" in counted
    ajax = {"content_type": "application/json"}
    answer = client.post("/api/v1/complaints", said | {"severity": "minor"}, **ajax).json()
    assert (answer["state"], answer["due_on"]) == ("open", "2026-03-16")
    url = f"/api/v1/complaints/{answer['id']}"
    edit = {"kind": "delivery", "severity": "minor", "description": "晚到", "version": answer["version"]}
    assert client.put(url, edit, **ajax).json()["kind"] == "delivery"
    assert client.put(url, edit, **ajax).status_code == 409
    done = client.post(f"{url}/close", {"measures": "致歉", "version": 2}, **ajax).json()
    assert done["state"] == "closed"
    again = client.post(f"{url}/reopen", {"reason": "又晚到", "version": done["version"]}, **ajax).json()
    assert again["state"] == "in_work"
    assert len(client.get("/api/v1/complaints?view=open").json()["items"]) == 1
    assert world.client("south_rep").get(f"/complaints/{row.pk}/").status_code == 404
