"""Where codes of option lists stand in this module: see foundation/fields/holders.py."""

from __future__ import annotations

from dataclasses import dataclass

from xiaocheng.foundation.fields.holders import Holder, InRule, Merge, holds_codes
from xiaocheng.foundation.kernel.measures import add_rows
from xiaocheng.selling.customers.queries import LISTS

from .counting import COLUMNS, TABLES
from .models import OfferStageMonth
from .scoring import BETWEEN_INDUSTRIES

KEY = dict(TABLES)[OfferStageMonth]


@dataclass(frozen=True)
class InRollups(Holder):
    """What is counted by source, closed months included: added to what is counted by the other one."""

    def count(self, merge: Merge) -> int:
        """How many cells there are."""
        rows = OfferStageMonth.objects.filter(source=merge.source)
        return rows.count() if merge.list_key == LISTS["source"] else 0

    def put(self, merge: Merge) -> int:
        """The sums stay what they are, to the last digit."""
        if merge.list_key != LISTS["source"]:
            return 0
        rows = OfferStageMonth.objects.filter(source=merge.source).order_by("pk")
        found = list(rows.select_for_update().values_list("pk", *KEY, *COLUMNS))
        place = KEY.index("source")
        moved = [(*row[:place], merge.target, *row[place + 1 :]) for _pk, *row in found]
        OfferStageMonth.objects.filter(pk__in=[pk for pk, *_row in found]).delete()
        add_rows(OfferStageMonth, (*KEY, *COLUMNS), KEY, moved)
        return len(found)


holds_codes(
    InRollups("insight.OfferStageMonth", ("source",), ""),
    InRule.of("ValueRules.score_by_industry", LISTS["industry"], between=BETWEEN_INDUSTRIES, sign=": ", joined="; "),
)
