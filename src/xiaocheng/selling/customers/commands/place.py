"""A customer gets its place on the earth: by hand, or where somebody first checked in."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.customers.access import EDIT, SEE
from xiaocheng.selling.customers.events import CustomerPlaced
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.queries import require_details

BY_HAND, BY_CHECK_IN = "hand", "check_in"
EXACT = Decimal("0.000001")  # about 0.1 m


def place_customer(
    actor: Actor, customer_id: int, latitude: Decimal | None, longitude: Decimal | None, source: str = BY_HAND
) -> bool:
    """Note where a customer is, in degrees of WGS-84; True when that changed it.

    By hand it is set, changed or (with neither number) taken away; a check-in only gives a place to one that has none.
    """
    if source not in (BY_HAND, BY_CHECK_IN):
        raise ValueError(source)
    with transaction.atomic():
        who = actor.in_own_right() if source == BY_HAND else actor  # whoever works on it with the owner goes there too
        row: Customer = Customer.objects.locked(who, customer_id)
        actor.require(EDIT if source == BY_HAND else SEE)
        if source == BY_HAND:
            require_details(actor, row)
        place = _checked(latitude, longitude)
        if place == (row.latitude, row.longitude) or (source == BY_CHECK_IN and row.latitude is not None):
            return False
        row.latitude, row.longitude = place
        row.save(update_fields=["latitude", "longitude"])
        record(actor, CustomerPlaced(customer_id=row.pk, source=source, is_known=row.latitude is not None))
    return True


def _checked(latitude: Decimal | None, longitude: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    if latitude is None and longitude is None:
        return None, None
    return _degrees("latitude", latitude, 90), _degrees("longitude", longitude, 180)


def _degrees(field: str, value: Decimal | None, most: int) -> Decimal:
    if value is None:
        raise RuleBroken(_("纬度和经度要一起填写。"), field=field)
    if not value.is_finite() or abs(value) > most:
        raise RuleBroken(_("请填写 -%(most)s 到 %(most)s 之间的度数。") % {"most": most}, field=field)
    return value.quantize(EXACT, ROUND_HALF_EVEN)
