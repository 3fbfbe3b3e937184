"""Whether a person agreed to be called or written to. What was noted stays; the last note counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .contacts import Contact, of_readable_customer
from .customers import Customer

PHONE, SMS, EMAIL, WECHAT = "phone", "sms", "email", "wechat"
GIVEN, REFUSED, UNASKED = "given", "refused", "unasked"
STATES = {GIVEN: _("同意"), REFUSED: _("不同意"), UNASKED: _("未询问")}
CHANNELS = {PHONE: _("电话"), SMS: _("短信"), EMAIL: _("邮件"), WECHAT: _("微信")}


class Consent(ScopedModel):
    """A contact, or a customer who is a person, agreed to one way of being reached, or refused it."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="consents", db_index=False)
    channel = models.CharField(max_length=10, choices=list(CHANNELS.items()))
    is_given = models.BooleanField()
    note = models.CharField(_("依据"), max_length=200, blank=True)
    noted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    noted_at = models.DateTimeField()
    is_imported = models.BooleanField(default=False)  # a file told it: it goes when the import is taken back

    scope: ClassVar[Scope] = Scope(also=of_readable_customer)
    stays: ClassVar[dict[str, str]] = {"noted_by": "who noted it does not change"}

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["customer", "-id"], name="consent_customer"),
            models.Index(fields=["contact", "-id"], name="consent_contact", condition=Q(contact__isnull=False)),
            models.Index(fields=["channel", "is_given", "contact"], name="consent_said"),
        ]

    @property
    def state(self) -> str:
        """Agreed or refused, as a code."""
        return GIVEN if self.is_given else REFUSED
