"""The page of to-dos."""

from __future__ import annotations

import datetime as dt

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.tasks import commands, queries


def test_a_task_is_noted_ticked_off_and_found_among_the_done(world: World) -> None:
    client = world.client("east_rep")
    assert client.post("/tasks/new/", {"title": "寄样品", "due_on": clock.today().isoformat()}).status_code == 302
    [task] = queries.due(world.actor("east_rep"))
    assert "寄样品" in client.get("/tasks/").content.decode()
    assert client.post("/tasks/finish/", {"ids": [task.pk, "nonsense", 999_999]}).status_code == 302
    assert "寄样品" not in client.get("/tasks/").content.decode()
    assert "寄样品" in client.get("/tasks/?tab=done").content.decode()


def test_what_is_overdue_stands_out_and_nobody_elses_is_shown(world: World) -> None:
    commands.note(world.actor("east_rep"), "迟了", clock.today() - dt.timedelta(days=1))
    assert "is-late" in world.client("east_rep").get("/tasks/").content.decode()
    assert "迟了" not in world.client("east_manager").get("/tasks/").content.decode()
    assert "迟了" in world.client("east_manager").get("/tasks/?tab=team").content.decode()
    assert "迟了" not in world.client("south_manager").get("/tasks/?tab=team").content.decode()
