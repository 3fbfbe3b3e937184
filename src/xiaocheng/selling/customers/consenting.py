"""Whether somebody agreed to be reached in one way, or refused it: of what was noted of him the last word counts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .models import Consent, Contact, Customer
from .models.consent import CHANNELS, EMAIL, GIVEN, PHONE, SMS, STATES, UNASKED, WECHAT

ASKED = "what the rows are narrowed by; which rows those are the caller has asked for himself"
CONSENT_NAMES = {PHONE: _("电话许可"), SMS: _("短信许可"), EMAIL: _("邮件许可"), WECHAT: _("微信许可")}
CONSENTS = {f"consent_{channel}": channel for channel in CHANNELS}  # as columns, filters and conditions are called


def has_said(model: type[Contact | Customer], channel: str, state: str) -> Q:
    """The contacts, or customers who are persons, whose last word on a way is this; also those who were not asked."""
    if state not in STATES:
        return Q(pk__in=[])
    whose, own = ("contact", Q(contact__isnull=False)) if model is Contact else ("customer", Q(contact=None))
    rows = Consent.objects.beyond_sight(because=ASKED).filter(own, channel=channel)
    if state == UNASKED:
        return ~Q(Exists(rows.filter(**{whose: OuterRef("pk")})))
    later = rows.filter(**{whose: OuterRef(whose)}, pk__gt=OuterRef("pk"))
    return Q(pk__in=rows.filter(~Exists(later), is_given=state == GIVEN).values(whose))


def last_words(said: Iterable[Consent]) -> dict[str, Consent]:
    """The last word on each way of being reached, of notes in their order."""
    return {row.channel: row for row in said}
