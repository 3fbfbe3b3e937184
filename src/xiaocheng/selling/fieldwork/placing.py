"""How far apart two places are, and what that says of a check-in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from .models import PlaceVerdict

EARTH = 6_371_009  # metres
EXACT = Decimal("0.000001")  # about 0.1 m
Degrees = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Position:
    """What a device says of where it is: degrees of WGS-84, and within how many metres that is right."""

    latitude: Decimal
    longitude: Decimal
    accuracy: int

    @property
    def is_possible(self) -> bool:
        """True of a place on the earth."""
        numbers = self.latitude.is_finite() and self.longitude.is_finite()
        return numbers and abs(self.latitude) <= 90 and abs(self.longitude) <= 180 and 0 <= self.accuracy < 2**31

    @property
    def exact(self) -> Degrees:
        """The place as it is kept."""
        return self.latitude.quantize(EXACT, ROUND_HALF_EVEN), self.longitude.quantize(EXACT, ROUND_HALF_EVEN)


def metres_between(one: Degrees, other: Degrees) -> int:
    """The distance along the surface of the earth (haversine)."""
    here, there, turn = (math.radians(float(it)) for it in (one[0], other[0], other[1] - one[1]))
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return round(2 * EARTH * math.asin(math.sqrt(min(1.0, half))))


def verdict_of(distance: int | None, accuracy: int, radius: int) -> str:
    """In range as far as the device can tell; nothing is said of a customer without a place or by a vague device."""
    if distance is None or accuracy > radius:
        return PlaceVerdict.UNVERIFIABLE
    return PlaceVerdict.IN_RANGE if distance <= radius + accuracy else PlaceVerdict.OUT_OF_RANGE
