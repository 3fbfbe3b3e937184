"""By which number people quote an opportunity: that of the former system, else our own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.bulk import one_of

from .models import Opportunity
from .models.opportunities import own_number

OURS = re.compile(r"SJ(\d{6,12})")
BECAUSE = "a number that is quoted for one opportunity must not become that of another, whoever sees it"


def quoted_as(rows: QuerySet[Opportunity], numbers: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Which of the rows are quoted by which of the numbers."""
    found: dict[str, list[int]] = defaultdict(list)
    for pk, number in rows.filter(number__in=one_of(numbers)).exclude(number="").values_list("pk", "number"):
        found[number].append(pk)
    for number, pk in _by_own_number(rows, numbers).items():
        found[number].append(pk)
    return found


def taken_by_ours(numbers: Collection[str]) -> set[str]:
    """Those of the numbers by which opportunities are quoted that no former system numbered."""
    return set(_by_own_number(Opportunity.objects.beyond_sight(because=BECAUSE), numbers))


def _by_own_number(rows: QuerySet[Opportunity], numbers: Collection[str]) -> dict[str, int]:
    ids = {int(match[1]): number for number in numbers if (match := OURS.fullmatch(number))}
    ours = rows.filter(pk__in=ids, number="").values_list("pk", flat=True) if ids else ()
    return {ids[pk]: pk for pk in ours if ids[pk] == own_number(pk)}
