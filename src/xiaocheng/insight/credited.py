"""Closings with what counts of them: the whole, or the shares of those whose figures are asked for."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Round

from xiaocheng.foundation.kernel.money import SCALE, unscaled
from xiaocheng.selling.pipeline.models import Closing, ClosingShare


def with_shares(own: QuerySet[Closing], shares: QuerySet[ClosingShare]) -> QuerySet[Closing]:
    """The closings of one person each, and those of several with what all given shares of them sum to."""
    parts = shares.filter(closing=OuterRef("pk")).order_by().values("closing")
    amount = Sum(Cast(Round(F("amount") * SCALE), BigIntegerField()))
    rows = Closing.objects.beyond_sight(because="of a deal of several people a part is seen by whose it is")
    found = own.filter(is_shared=False) | rows.filter(pk__in=shares.order_by().values("closing"))
    return found.annotate(
        part=Subquery(parts.annotate(total=Sum("share")).values("total")),
        part_amount=Subquery(parts.annotate(total=amount).values("total")),
    )


def counted(row: Closing) -> tuple[Decimal, Decimal | None]:
    """How much of a closing counts here, and its amount, both without its sign; the whole of what nobody shares."""
    part: int | None = getattr(row, "part", None)
    if not row.is_shared or part is None:
        return Decimal(1), row.amount
    return unscaled(part), None if row.amount is None else unscaled(getattr(row, "part_amount", 0))
