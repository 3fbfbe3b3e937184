"""Twice the same request, once the effect."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError

from tests.support.threads import at_once
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import RuleBroken, StillRunning
from xiaocheng.foundation.kernel.idempotency import fingerprint, once
from xiaocheng.foundation.kernel.jobs import forget_old
from xiaocheng.foundation.kernel.models import IdempotencyKey, RuleValue

ANN, BEN = Actor(person_id=1), Actor(person_id=2)


def buy() -> dict[str, Any]:
    """Leave one row behind and say which."""
    row = RuleValue.objects.create(key="bought", value=1, since=clock.today(), recorded_at=clock.now())
    return {"id": row.pk}


def bought() -> int:
    return RuleValue.objects.filter(key="bought").count()


def test_the_same_key_gives_the_first_answer_again(db: None) -> None:
    first = once(ANN, "k", "same", buy)
    assert once(ANN, "k", "same", buy) == first
    assert bought() == 1


def test_another_key_or_another_person_is_another_request(db: None) -> None:
    for actor, key in ((ANN, "k"), (ANN, "l"), (BEN, "k")):
        once(actor, key, "same", buy)
    assert bought() == 3


def test_without_a_key_or_a_person_each_request_counts(db: None) -> None:
    for actor, key in ((ANN, ""), (ANN, ""), (SYSTEM, "k"), (SYSTEM, "k")):
        once(actor, key, "same", buy)
    assert bought() == 4


def test_a_key_is_not_taken_for_another_content(db: None) -> None:
    once(ANN, "k", fingerprint("buy", 1), buy)
    with pytest.raises(RuleBroken):
        once(ANN, "k", fingerprint("buy", 2), buy)
    assert bought() == 1


def test_a_refused_request_may_be_sent_again_with_its_key(db: None) -> None:
    def refuse() -> dict[str, Any]:
        buy()
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        once(ANN, "k", "same", refuse)
    assert bought() == 0
    once(ANN, "k", "same", buy)
    assert bought() == 1


def test_a_request_that_is_still_worked_on_is_not_begun_again(db: None) -> None:
    IdempotencyKey.objects.create(person_id=1, key="k", fingerprint="same", at=clock.now())
    with pytest.raises(StillRunning):
        once(ANN, "k", "same", buy)
    assert bought() == 0


def test_an_integrity_error_of_the_work_itself_is_not_hidden(db: None) -> None:
    def fail() -> dict[str, Any]:
        raise IntegrityError("another constraint")

    with pytest.raises(IntegrityError, match="another constraint"):
        once(ANN, "k", "same", fail)


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_requests_one_has_the_effect_and_all_have_its_answer() -> None:
    for number in range(5):
        answers = at_once(lambda _, key=f"k{number}": once(ANN, key, "same", buy))
        assert answers == [answers[0]] * len(answers)
        assert isinstance(answers[0], dict)
        assert bought() == number + 1


@pytest.mark.django_db(transaction=True)
def test_a_request_sent_again_while_the_first_one_runs_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    started, told = threading.Event(), threading.Event()

    def buy_slowly() -> dict[str, Any]:
        started.set()
        told.wait(20)
        return buy()

    def send(number: int) -> dict[str, Any]:
        if number == 0:
            return once(ANN, "k", "same", buy_slowly)
        started.wait(20)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
        else:
            monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
        try:
            return once(ANN, "k", "same", buy)
        finally:
            told.set()

    first, second = at_once(send, people=2)
    assert isinstance(second, StillRunning), second
    assert isinstance(first, dict), first
    assert bought() == 1
    assert once(ANN, "k", "same", buy) == first


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_the_work_itself_waits_for_is_another_matter() -> None:
    def fail() -> dict[str, Any]:
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        once(ANN, "k", "same", fail)


def test_old_keys_are_forgotten_at_night(db: None) -> None:
    for key, days in (("old", 15), ("young", 13)):
        at = clock.now() - dt.timedelta(days=days)
        IdempotencyKey.objects.create(person_id=1, key=key, fingerprint="same", answer={}, at=at)
    forget_old(clock.now())
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.django_db(transaction=True)
def test_a_key_belongs_to_the_transaction_of_its_effect() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        once(ANN, "k", "same", buy)
        _ = 1 / 0
    assert bought() == 0
    assert not IdempotencyKey.objects.exists()
