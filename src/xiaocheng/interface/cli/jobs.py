"""Jobs of the command line: the older history of the demo company."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import Progress, job
from xiaocheng.foundation.org.models import DemoCompany

from .demo.load import older_history

DEMO_HISTORY = "demo.history"


@job(DEMO_HISTORY)
def load_demo_history(actor: Actor, progress: Progress) -> dict[str, Any] | None:
    """Live the demo company's older months, from where an earlier run stopped."""
    demo = DemoCompany.objects.first()
    if demo is None:
        return None
    steps = older_history(demo)
    progress.begin(len(steps), demo.steps_done)
    for step in steps[demo.steps_done :]:
        with transaction.atomic():
            step()
            demo.steps_done += 1
            demo.save(update_fields=["steps_done"])
        progress.advance(1)
    return {"steps": len(steps)}
