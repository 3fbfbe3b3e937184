"""The demo company is marked in its own database."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.models import DemoCompany


@transaction.atomic
def mark_demo(actor: Actor) -> DemoCompany:
    """Mark the company that is about to be made in this database as the demo."""
    actor.require(MANAGE_PEOPLE)
    return DemoCompany.objects.create(loaded_on=clock.today())


@transaction.atomic
def offer_demo_logins(actor: Actor, usernames: Sequence[str]) -> None:
    """Let the login page offer these people with one click; only where the company is the demo."""
    actor.require(MANAGE_PEOPLE)
    DemoCompany.objects.update(logins=list(usernames))


def note_demo_step(actor: Actor, steps_done: int) -> None:
    """Note how far the demo's older history has been loaded."""
    actor.require(MANAGE_PEOPLE)
    DemoCompany.objects.update(steps_done=steps_done)
