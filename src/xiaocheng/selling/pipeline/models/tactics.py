"""What won deals: tactics that are offered at the same stage of later ones, and where they were used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.rows import Row
from xiaocheng.foundation.kernel.search import SearchIndex
from xiaocheng.foundation.kernel.versions import Versioned

LONGEST_TITLE, LONGEST_TEXT = 80, 2_000
CUSTOMER_KINDS = {"end": _("终端客户"), "dealer": _("经销商")}
tactic_index = SearchIndex("pipeline_tactic_search")


class Tactic(Versioned):
    """What won a deal, at which stage of its process; product, source and kind of customer are those of the win.

    The library is the company's; the deal behind a tactic is shown to whoever sees that deal.
    """

    opportunity = models.ForeignKey("pipeline.Opportunity", models.CASCADE, related_name="tactics", db_index=False)
    stage = models.ForeignKey("pipeline.Stage", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(_("打法"), max_length=LONGEST_TITLE)
    text = models.CharField(_("怎么做"), max_length=LONGEST_TEXT, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = OptionField(list_key="customers.source", counted=pgettext_lazy("several", "赢单打法"), blank=True)
    industry = OptionField(list_key="customers.industry", counted=pgettext_lazy("several", "赢单打法"), blank=True)
    customer_kind = models.CharField(max_length=10, choices=list(CUSTOMER_KINDS.items()), blank=True)
    author = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    stays: ClassVar[dict[str, str]] = {"author": "history: who wrote it"}

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-id"], name="tactic_stage"),
            models.Index(fields=["opportunity"], name="tactic_opportunity"),
        ]

    def __str__(self) -> str:
        return self.title


class TacticUse(Row):
    """A tactic was used in a deal; once is enough, and it can be taken back."""

    tactic = models.ForeignKey(Tactic, models.CASCADE, related_name="uses", db_index=False)
    opportunity = models.ForeignKey("pipeline.Opportunity", models.CASCADE, related_name="used", db_index=False)
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    used_at = models.DateTimeField()

    stays: ClassVar[dict[str, str]] = {"person": "history: who used it"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tactic", "opportunity"], name="tactic_used_once")]
        indexes = [models.Index(fields=["opportunity"], name="tactic_use_opportunity")]
