"""The people one talks to at a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.tables import Customised
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel, granted_ids
from xiaocheng.foundation.kernel.search import SearchIndex
from xiaocheng.foundation.kernel.versions import Versioned

from .customers import Customer

if TYPE_CHECKING:
    from .consent import Consent

contact_index = SearchIndex("customers_contact_search")
PERSONAL = (  # the texts that erasure empties; of the name the number stays
    "position", "phone", "phone_key", "email", "wechat", "lunar_birthday", "home_address", "note",
)  # fmt: skip


def of_readable_customer(actor: Actor) -> Q:
    """Whose customer the actor sees unmasked. Not by a join: SQLite would look up each customer's contacts in turn."""
    opened = Customer.objects.visible_to(actor).filter(pk__in=granted_ids(actor, Customer), owner__isnull=False)
    return Q(Exists(Customer.objects.visible_to(actor, by="owner").filter(pk=OuterRef("customer_id")))) | Q(
        Exists(opened.filter(pk=OuterRef("customer_id")))
    )


class Contact(ScopedModel, Versioned, Customised):
    """Somebody to talk to; seen by whoever sees the customer unmasked."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts", db_index=False)
    name = models.CharField(_("姓名"), max_length=60)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    phone_key = models.CharField(max_length=40, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    wechat = models.CharField(_("微信"), max_length=60, blank=True)
    birthday = models.DateField(_("生日"), null=True, blank=True)
    lunar_birthday = models.CharField(_("农历生日"), max_length=5, blank=True)  # month and day, "08-15"
    home_address = models.CharField(_("家庭地址"), max_length=200, blank=True)
    is_decision_maker = models.BooleanField(_("决策人"), default=False)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # who it was is not known any more

    said: list[Consent]  # what was noted of him, where a query was asked to bring it along

    scope: ClassVar[Scope] = Scope(also=of_readable_customer)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["customer", "id"], name="contact_customer"),
            models.Index(fields=["phone_key"], name="contact_phone_key", condition=~Q(phone_key="")),
        ]

    def __str__(self) -> str:
        return self.name
