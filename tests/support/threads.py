"""Several people doing something at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection

T = TypeVar("T")
MOST = 6  # the pool of the tests has eight connections


def rounds(few: int) -> pytest.MarkDecorator:
    """Run a test of a race over so many rounds, and over a thousand in the slow tier."""
    return pytest.mark.parametrize("rounds", [few, pytest.param(1000, marks=pytest.mark.full)])


def at_once(work: Callable[[int], T], people: int = MOST) -> list[T | Exception]:
    """Run work(0), work(1), ... in threads that start together; each gives its answer or its exception.

    The test needs real transactions: `@pytest.mark.django_db(transaction=True)`.
    """
    ready = threading.Barrier(people, timeout=20)
    answers: list[T | Exception] = [RuntimeError("never ran")] * people

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            answers[number] = work(number)
        except Exception as refused:
            answers[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
