"""What the databases compute by themselves is what Python would have computed."""

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.expressions import EpochSeconds
from xiaocheng.foundation.kernel.models import JournalEntry

INSTANTS = (
    dt.datetime(1999, 12, 31, 16, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 1, 31, 16, 30, 0, 250_000, tzinfo=dt.UTC),
    dt.datetime(2028, 2, 29, 23, 59, 59, 999_000, tzinfo=dt.UTC),
)


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
def test_an_instant_is_read_as_seconds_to_the_millisecond(world: World, instant: dt.datetime) -> None:
    JournalEntry.objects.update(at=instant)
    read = JournalEntry.objects.values_list(EpochSeconds("at"), flat=True)[0]
    assert read == pytest.approx(instant.timestamp(), abs=0.001)
