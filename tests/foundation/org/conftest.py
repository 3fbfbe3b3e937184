"""The day on which the organisation is tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine


@pytest.fixture
def today() -> Iterator[dt.date]:
    """Tuesday, 10 March 2026, noon in Shanghai."""
    with time_machine.travel(dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC), tick=False):
        yield dt.date(2026, 3, 10)
