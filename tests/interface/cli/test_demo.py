"""The demo company: its older months are loaded beside people who are looking around already."""

import datetime as dt

import pytest
from django.core.management import call_command

from xiaocheng.foundation.files.queries import attachments
from xiaocheng.foundation.kernel import clock, jobs
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import mark_demo
from xiaocheng.foundation.org.queries import (
    actor_for,
    delegations,
    demo_company,
    duty_sites,
    lendings,
    mentorships,
    on_duty,
    people,
    person_by_username,
)
from xiaocheng.interface.cli import jobs as history
from xiaocheng.interface.cli.demo.load import make_company, older_history
from xiaocheng.selling.customers.queries import customers, notes_of
from xiaocheng.selling.fieldwork.queries import plan_of
from xiaocheng.selling.tasks.queries import tasks

pytestmark = pytest.mark.django_db


def test_the_older_months_leave_the_database_to_others_after_every_step(monkeypatch):
    said = []
    monkeypatch.setattr(history, "older_history", lambda demo: [lambda: said.append("step")] * 2)
    monkeypatch.setattr(history.time, "sleep", lambda seconds: said.append("pause" if seconds > 0 else "none"))
    mark_demo(SYSTEM)
    jobs.enqueue(SYSTEM, history.DEMO_HISTORY, title="demo")
    call_command("work", once=True)
    assert said == ["step", "pause"] * 2
    assert demo_company().steps_done == 2


@pytest.mark.full
def test_on_a_sunday_the_demo_has_a_plan_for_the_day_and_things_to_do():
    with clock.as_of(clock.instant(dt.date(2026, 11, 22), dt.time(15))):
        make_company()
        rep = actor_for(person_by_username("rep1"))
        assert plan_of(rep, rep.person_id, dt.date(2026, 11, 22)).lines
        assert tasks(rep).count() == 2
        manager = person_by_username("manager2")
        assert delegations(SYSTEM, manager.pk).count() == 1
        borrowed = [person for person in people(SYSTEM) if lendings(SYSTEM, person.pk)]
        guided = [person for person in people(SYSTEM) if mentorships(SYSTEM, person.pk)]
        assert (len(borrowed), len(guided)) == (1, 2)
        today = dt.date(2026, 11, 22)
        sites = {site.name: [len(on_duty(site.pk, today + dt.timedelta(days=n))) for n in (0, 27, 28)]
                 for site in duty_sites(SYSTEM)}  # fmt: skip
        assert sites == {"上海展厅": [3, 3, 0], "400 热线": [2, 2, 0]}
        with_papers = [row for row in customers(rep, "mine") if attachments(rep, "customers.customer", row.pk).exists()]
        assert len(with_papers) == 3
        newest = customers(rep, "mine").order_by("-pk").first()
        assert [note.author.username for note in notes_of(rep, newest.pk)] == ["rep1", "lead1"]
        assert len(older_history(demo_company())) > 2000  # a rep's day each: none of them holds the lock for long
