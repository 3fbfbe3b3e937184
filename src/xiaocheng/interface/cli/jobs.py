"""Jobs of the command line: the older history of the demo company."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import Progress, job
from xiaocheng.foundation.org.commands import note_demo_step
from xiaocheng.foundation.org.queries import demo_company

from .demo.load import older_history

DEMO_HISTORY = "demo.history"
LEAST_PAUSE = 0.02  # seconds after each step


@job(DEMO_HISTORY)
def load_demo_history(actor: Actor, progress: Progress) -> dict[str, Any] | None:
    """Live the demo company's older months, from where an earlier run stopped."""
    demo = demo_company()
    if demo is None:
        return None
    steps = older_history(demo)
    progress.begin(len(steps), demo.steps_done)
    for number, step in enumerate(steps[demo.steps_done :], demo.steps_done + 1):
        began = time.monotonic()
        with transaction.atomic():
            step()
            note_demo_step(actor, number)
        progress.advance(1)
        # SQLite gives its lock to whoever asks at the right moment: without pauses the pages' writes would starve.
        progress.give_way()
        time.sleep(max(LEAST_PAUSE, (time.monotonic() - began) / 2))
    return {"steps": len(steps)}
