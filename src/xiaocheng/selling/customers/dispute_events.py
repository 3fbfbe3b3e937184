"""What happened to disputes about whose a customer is; announced as part of `events`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about

from .models.disputes import GIVEN, SHARED, STAYS

SENTENCES = {
    STAYS: _("裁决了归属争议:维持现状(%(name)s 的申请不成立)"),
    GIVEN: _("裁决了归属争议:客户归 %(name)s"),
    SHARED: _("裁决了归属争议:由 %(name)s 共同负责,份额 %(share)s%%"),
}


class OwnershipDisputed(Event):
    """Somebody said that a customer is his."""

    customer_id: int = about("customers.customer")
    dispute_id: int = about("customers.dispute")
    person_id: int
    holder_id: int | None
    says = _("提出了归属争议")


class DisputeAnswered(Event):
    """A party, or somebody above them, wrote about a dispute."""

    customer_id: int = about("customers.customer")
    dispute_id: int = about("customers.dispute")
    person_id: int
    holder_id: int | None
    says = _("就归属争议作了说明")


class DisputeDecided(Event):
    """Somebody above both decided whose a customer is; the claimant's name is that of the day."""

    customer_id: int = about("customers.customer")
    dispute_id: int = about("customers.dispute")
    person_id: int
    holder_id: int | None
    verdict: str
    share: str
    name: str
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The verdict in words."""
        return {"sentence": SENTENCES[values["verdict"]] % values}


class DisputeWithdrawn(Event):
    """Whoever claimed a customer does so no longer."""

    customer_id: int = about("customers.customer")
    dispute_id: int = about("customers.dispute")
    person_id: int
    holder_id: int | None
    says = _("撤回了归属争议")


class DisputeMoot(Event):
    """There is nothing left to decide: the claimant has got the customer, or has left, or it was erased."""

    customer_id: int = about("customers.customer")
    dispute_id: int = about("customers.dispute")
    says = _("归属争议无须再裁决")
