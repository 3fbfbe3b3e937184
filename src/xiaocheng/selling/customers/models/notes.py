"""What colleagues write to each other about a customer; no contact with it, so no time limit runs anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.kernel.versions import Versioned

from .contacts import of_readable_customer
from .customers import Customer

LONGEST_WORDS = 2_000


def _of_own_customer(actor: Actor) -> Q:
    """Like story and files not for those to whom the customer was only opened: notes tell of others' deals."""
    return of_readable_customer(actor.in_own_right())


class CustomerNote(ScopedModel, Versioned):
    """What somebody wrote about a customer for those who work on it."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(_("留言"), max_length=LONGEST_WORDS)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(also=_of_own_customer)
    stays: ClassVar[dict[str, str]] = {"author": "history: who wrote it"}

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["customer", "-id"], name="note_customer")]
