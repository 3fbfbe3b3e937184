"""The chances of the open deals are told in the night, where past deals could be told apart."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from django.db import transaction

from xiaocheng.foundation.kernel.periods import PeriodRules
from xiaocheng.foundation.kernel.rules import rules

from .models import ChanceTest, WinChance
from .rules import SkippingRules

if TYPE_CHECKING:
    from .forecasting.odds import Model
    from .forecasting.open_deals import Known

MOST_REASONS = 3
LEAST = 0.1  # of the log-odds: about 2.5 points
SET = 1_000


def tell(today: dt.date) -> int:
    """Test on past deals whether chances tell them apart, once a day; if so, store that of each open deal; how many.

    While there were too few to try, it may be asked again on the same day: past deals may be taken in meanwhile.
    """
    if ChanceTest.objects.filter(as_of=today, auc__isnull=False).exists():
        return 0
    from .forecasting import odds, open_deals  # numpy is loaded by whoever foretells
    from .forecasting.hazards import phases

    within = rules(SkippingRules, today).within_days
    known = open_deals.read()
    test, model = None, None
    if known is not None:
        moment = float((today - known.first).days)
        phase = phases(known.first, int(moment) + 2, rules(PeriodRules, today).fiscal_start_month)
        test = odds.tried(known.deals, moment, within, phase)
        model = odds.learnt(known.deals, moment, within, phase)
    tells = test is not None and test.tells and model is not None
    rows = _chances(known, model, moment) if tells and known is not None and model is not None else []
    with transaction.atomic():
        ChanceTest.objects.filter(as_of=today).delete()
        ChanceTest.objects.create(
            as_of=today,
            within_days=within,
            tells=tells,
            base=model.base if model is not None else None,
            **({} if test is None else vars(test)),
        )
        WinChance.objects.all().delete()
        WinChance.objects.bulk_create(rows, batch_size=SET)
    return len(rows)


def _chances(known: Known, model: Model, moment: float) -> list[WinChance]:
    """The chance of every open deal, with what raises and what lowers it."""
    from .fitting import chance

    deals = known.deals
    rows = deals.open_at(moment)
    told = chance(model.score(deals, rows, moment)).tolist()
    parts = {name: values.tolist() for name, values in model.parts(deals, rows, moment).items()}
    late = (moment - deals.stays.entered[rows] > known.slow[deals.stays.stage[rows]]).tolist()
    return [
        WinChance(
            opportunity_id=int(known.opportunity[row]),
            span_seq=int(known.seq[row]),
            chance=round(told[at], 4),
            is_slow=late[at],
            reasons=_reasons(known, row, {name: values[at] for name, values in parts.items()}),
        )
        for at, row in enumerate(rows.tolist())
    ]


def _reasons(known: Known, row: int, parts: dict[str, float]) -> dict[str, list[list[str]]]:
    """At most three of what raises it and of what lowers it, the strongest first."""
    ranked = sorted(parts.items(), key=lambda part: -abs(part[1]))
    told = [(name, how, value) for name, value in ranked if (how := _how(known, row, name)) is not None]
    up = [[name, how] for name, how, value in told if value >= LEAST]
    down = [[name, how] for name, how, value in told if value <= -LEAST]
    return {"up": up[:MOST_REASONS], "down": down[:MOST_REASONS]}


def _how(known: Known, row: int, name: str) -> str | None:
    """How a deal is in a thing, where that is not one of its own fields; None: there is nothing to be said."""
    from .forecasting.open_deals import AMOUNT, CUSTOMER, LEFT_OUT, WENT_BACK

    if name == AMOUNT:
        size = float(known.size[row])
        return None if math.isnan(size) else "large" if size > 0 else "small"
    if name in {CUSTOMER, WENT_BACK, LEFT_OUT}:
        columns: Any = known.deals.known[row, known.deals.groups[name]]
        return "yes" if columns[0] else "no"
    return ""
