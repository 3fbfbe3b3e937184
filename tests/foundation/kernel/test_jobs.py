"""Jobs: asked for by a person or due by the clock, run once in effect whatever dies."""

import datetime as dt
import os
import subprocess
import sys
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from xiaocheng.foundation.kernel import clock, jobs
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor, Sight
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.models import JobProgress, JobSlot, WorkerBeat

pytestmark = pytest.mark.django_db
CLERK = Actor(person_id=7, capabilities=frozenset({"test.count"}), sight=Sight(people=frozenset({7})))


@pytest.fixture(autouse=True)
def _own_declarations(monkeypatch):
    """Each test declares its own jobs; the product's are put back."""
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(jobs, "_scheduled", {})
    monkeypatch.setattr(jobs._Process, "actor_of", staticmethod(lambda _id: CLERK))
    monkeypatch.setattr(jobs._Process, "stopping", False)


def work_off(worker_id="elsewhere:1:a"):
    jobs.beat(worker_id)
    ran = 0
    while (row := jobs.take(worker_id)) is not None:
        jobs.run(row)
        ran += 1
    return ran


def test_a_job_runs_as_the_person_who_asked_and_leaves_its_result():
    @jobs.job("test.count", "test.count")
    def count(actor, progress, *, upto):
        progress.begin(upto)
        progress.advance(upto)
        return {"who": actor.person_id, "counted": upto}

    row_id = jobs.enqueue(CLERK, "test.count", title="count", upto=3)
    assert jobs.progress_of(CLERK, row_id).state == "waiting"
    assert work_off() == 1
    row = jobs.progress_of(CLERK, row_id)
    assert (row.state, row.done, row.total, row.result) == ("done", 3, 3, {"who": 7, "counted": 3})
    assert jobs.progress_of(Actor(person_id=8), row_id) is None


def test_a_job_cannot_be_asked_for_without_the_capability():
    jobs.job("test.count", "test.count")(lambda actor, progress: None)
    with pytest.raises(NotAllowed):
        jobs.enqueue(Actor(person_id=7), "test.count", title="count")
    assert not DBTaskResult.objects.exists()


def test_a_right_that_was_lost_meanwhile_ends_the_job_before_it_begins(monkeypatch):
    begun = []
    jobs.job("test.count", "test.count")(lambda actor, progress: begun.append(1))
    row_id = jobs.enqueue(CLERK, "test.count", title="count")
    monkeypatch.setattr(jobs._Process, "actor_of", staticmethod(lambda _id: Actor(person_id=None)))
    work_off()
    assert not begun
    row = JobProgress.objects.get(pk=row_id)
    assert row.state == "failed"
    assert "权限" in row.result["sentence"]


def test_a_refusal_ends_the_job_with_its_sentence_and_is_not_tried_again():
    @jobs.job("test.refused")
    def refused(actor, progress):
        raise RuleBroken("第 3 行缺少名称")

    row_id = jobs.enqueue(CLERK, "test.refused", title="refused")
    work_off()
    assert JobProgress.objects.get(pk=row_id).result == {"sentence": "第 3 行缺少名称"}
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_fault_is_tried_again_later_and_noted_after_the_last_try(caplog):
    tries = []

    @jobs.job("test.faulty")
    def faulty(actor, progress):
        tries.append(1)
        raise ZeroDivisionError

    row_id = jobs.enqueue(CLERK, "test.faulty", title="faulty")
    for expected in (1, 2, 3):
        assert work_off() == 1
        assert len(tries) == expected
        if expected < 3:
            assert DBTaskResult.objects.get().run_after > clock.now()
            assert work_off() == 0
            DBTaskResult.objects.update(run_after=clock.now())
    assert DBTaskResult.objects.get().status == "FAILED"
    assert JobProgress.objects.get(pk=row_id).state == "failed"
    assert caplog.text.count("failed\n") == 3


def test_a_worker_that_is_asked_to_end_puts_its_job_back():
    steps = []

    @jobs.job("test.long")
    def long(actor, progress):
        progress.begin(10, done=len(steps))
        while len(steps) < 10:
            steps.append(1)
            if len(steps) == 4:
                jobs.stop()
            progress.advance(1)

    row_id = jobs.enqueue(CLERK, "test.long", title="long")
    jobs.beat("w:1:a")
    jobs.run(jobs.take("w:1:a"))
    assert (len(steps), DBTaskResult.objects.get().status) == (4, "READY")
    jobs._Process.stopping = False
    work_off()
    row = JobProgress.objects.get(pk=row_id)
    assert (len(steps), row.done, row.state) == (10, 10, "done")


def test_a_job_that_nobody_waits_for_lets_the_others_go_first():
    course = []

    @jobs.job("test.patient")
    def patient(actor, progress):
        progress.begin(3, done=course.count("patient"))
        while course.count("patient") < 3:
            course.append("patient")
            if len(course) == 1:
                jobs.enqueue(CLERK, "test.quick", title="quick")
            progress.advance(1)
            progress.give_way()

    jobs.job("test.quick")(lambda actor, progress: course.append("quick"))
    row_id = jobs.enqueue(SYSTEM, "test.patient", title="patient")
    assert work_off() == 3
    assert course == ["patient", "quick", "patient", "patient"]
    row = JobProgress.objects.get(pk=row_id)
    assert (row.done, row.state) == (3, "done")
    assert {len(result.worker_ids) for result in DBTaskResult.objects.all()} == {1}


def test_the_job_of_a_dead_worker_runs_again_and_that_of_a_living_one_does_not():
    jobs.job("test.once")(lambda actor, progress: None)
    jobs.enqueue(SYSTEM, "test.once", title="once")
    living = jobs.new_worker_id()
    jobs.beat(living)
    assert jobs.take(living) is not None
    jobs.reap()
    assert DBTaskResult.objects.get().status == "RUNNING"
    WorkerBeat.objects.update(seen_at=clock.now() - dt.timedelta(seconds=jobs.DEAD_SECONDS + 1))
    jobs.reap()
    assert DBTaskResult.objects.get().status == "READY"


def test_a_process_of_this_machine_that_is_gone_counts_as_dead_at_once():
    jobs.job("test.once")(lambda actor, progress: None)
    jobs.enqueue(SYSTEM, "test.once", title="once")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = jobs.new_worker_id().replace(f":{os.getpid()}:", f":{ended.pid}:")
    jobs.beat(dead)
    jobs.take(dead)
    assert jobs.workers_alive() == 0
    jobs.reap()
    assert work_off() == 1


def test_a_job_that_kills_three_workers_is_given_up():
    jobs.job("test.deadly")(lambda actor, progress: None)
    row_id = jobs.enqueue(SYSTEM, "test.deadly", title="deadly")
    for name in ("a:1:x", "b:1:y", "c:1:z"):
        assert jobs.take(name) is not None
        jobs.reap()
    assert jobs.take("d:1:w") is None
    assert JobProgress.objects.get(pk=row_id).state == "failed"


def test_what_is_due_every_minute_is_queued_once_per_minute(time_machine_at):
    ran = []
    jobs.every(seconds=60)(lambda slot: ran.append(slot))
    for second in (0, 20, 59, 60, 61):
        time_machine_at(dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=second))
        jobs.schedule()
        work_off()
    assert [slot.minute for slot in ran] == [0, 1]


def test_nothing_is_queued_when_there_is_nothing_to_do():
    jobs.every(seconds=60, when=lambda: False)(lambda slot: None)
    jobs.schedule()
    assert not JobSlot.objects.exists()


def test_work_that_takes_much_memory_runs_in_a_process_of_its_own_and_its_fault_is_the_jobs():
    jobs.apart("help")
    with pytest.raises(RuntimeError, match="no-such-command ended with"):
        jobs.apart("no-such-command")


def test_a_worker_that_is_to_end_takes_what_it_runs_apart_with_it(monkeypatch):
    script = "import time; time.sleep(60)"
    started = jobs.subprocess.Popen
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda line, **more: started([line[0], "-c", script], **more))
    monkeypatch.setattr(jobs._Process, "stopping", True)
    with pytest.raises(jobs.Stopped):
        jobs.apart("rebuild")


def test_what_is_due_does_not_wait_for_what_people_asked_for():
    jobs.job("test.count", "test.count")(lambda actor, progress: None)
    jobs.every(seconds=60, when=lambda: True)(lambda slot: None)
    jobs.enqueue(CLERK, "test.count", title="count")
    jobs.schedule()
    jobs.beat("w:1:a")
    first = jobs.take("w:1:a", due=True)
    assert first.task_path == jobs.run_scheduled.module_path
    assert jobs.take("w:1:a", due=True) is None
    assert jobs.take("w:1:a", due=False).task_path == jobs.run_job.module_path


def test_a_daily_job_is_due_at_the_local_time_and_made_good_when_missed(time_machine_at):
    ran = []
    jobs.daily(dt.time(20, 0))(lambda slot: ran.append(slot))
    for local in ("2026-11-02 19:59", "2026-11-02 20:00", "2026-11-02 23:59", "2026-11-05 09:00"):
        time_machine_at(dt.datetime.fromisoformat(local).replace(tzinfo=clock.zone()))
        jobs.schedule()
        work_off()
    assert [clock.day_of(slot).day for slot in ran] == [1, 2, 4]


@pytest.fixture
def time_machine_at():
    import time_machine

    travellers = []

    def go(instant):
        if travellers:
            travellers.pop().stop()
        traveller = time_machine.travel(instant, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield go
    for traveller in travellers:
        traveller.stop()


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_look_at_once_one_queues_a_slot_and_one_takes_each_job():
    jobs.every(seconds=3600)(lambda slot: None)
    jobs.job("test.once")(lambda actor, progress: None)
    for number in range(10):
        jobs.enqueue(SYSTEM, "test.once", title=str(number))
    taken: list[object] = []
    start = threading.Barrier(4)

    def worker(name):
        try:
            start.wait()
            jobs.schedule()
            idle = 0
            while idle < 3:
                row = jobs.take(f"{name}:1:x")
                idle = idle + 1 if row is None else 0
                if row is not None:
                    taken.append(row.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 11


def test_work_once_runs_what_is_ready_and_leaves_no_beat():
    done = []
    jobs.job("test.once")(lambda actor, progress: done.append(1))
    jobs.enqueue(SYSTEM, "test.once", title="once")
    call_command("work", once=True)
    assert done == [1]
    assert not WorkerBeat.objects.exists()
