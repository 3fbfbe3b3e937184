"""Where a process loses more than elsewhere, in money."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .estimating import Outlook
from .figures import Figure, plain
from .measures import EXCESS_LOSS, ONE_POINT

ENOUGH = 20  # stays of a stage below which its loss is not compared
STAGES = 3  # compared stages below which there is nothing typical
POINT = Decimal("0.01")


@dataclass(frozen=True)
class Step:
    """A stage as it is compared: what entered it in money, and how that ends."""

    code: str
    name: str
    amount: Decimal
    outlook: Outlook


@dataclass(frozen=True)
class Bottleneck:
    """The stage that loses most beyond what is typical of the process."""

    code: str
    name: str
    loss: Figure
    typical: Decimal  # the median loss of the compared stages
    excess: Figure  # in money
    one_point: Figure  # what one more point of conversion would bring in the end; money


def bottleneck(steps: Sequence[Step]) -> Bottleneck | None:
    """The stage with the largest excess loss in money; none where it may be chance, or where too little is known."""
    compared = [step for step in steps if step.outlook.loss.n >= ENOUGH]
    if len(compared) < STAGES:
        return None
    typical = statistics.median(_loss(step) for step in compared)
    found = [step for step in compared if step.amount > 0 and _sure_loss(step) > typical]
    worst = max(found, key=lambda step: (_loss(step) - typical) * step.amount, default=None)
    if worst is None:
        return None
    later = steps[steps.index(worst) + 1 :]
    through = [step.outlook.expected.value for step in later if step.outlook.expected.n]
    known = [share for share in through if share is not None]
    n = worst.outlook.loss.n
    one_point = worst.amount * POINT * math.prod(known, start=Decimal(1)) if len(known) == len(through) else None
    return Bottleneck(
        worst.code,
        worst.name,
        worst.outlook.loss,
        typical,
        plain(EXCESS_LOSS, (_loss(worst) - typical) * worst.amount, n),
        plain(ONE_POINT, one_point, n),
    )


def _loss(step: Step) -> Decimal:
    return step.outlook.loss.value or Decimal(0)


def _sure_loss(step: Step) -> Decimal:
    """The lower end of the interval."""
    return step.outlook.loss.interval[0] if step.outlook.loss.interval else Decimal(0)
