"""Who else sells what we sell, and against whom a deal is fought."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rows import Row
from xiaocheng.foundation.kernel.versions import Versioned

LONGEST_ALIASES, LONGEST_TEXT, LONGEST_NOTE = 400, 2_000, 300


class Competitor(Versioned):
    """A competitor of the company; one out of use keeps its history. `aliases` are other names, divided by 、."""

    name = models.CharField(_("竞争对手"), max_length=60, unique=True)
    sort_key = models.CharField(max_length=60)
    aliases = models.CharField(_("别名"), max_length=LONGEST_ALIASES, blank=True)
    strengths = models.CharField(_("强项"), max_length=LONGEST_TEXT, blank=True)
    weaknesses = models.CharField(_("弱项"), max_length=LONGEST_TEXT, blank=True)
    answer = models.CharField(_("怎么赢他"), max_length=LONGEST_TEXT, blank=True)
    is_active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"], name="competitor_sort")]

    def __str__(self) -> str:
        return self.name


class Rival(Row):
    """A competitor in a deal, and how they stand there; which ones these are follows the text of the deal."""

    opportunity = models.ForeignKey("pipeline.Opportunity", models.CASCADE, related_name="rivals", db_index=False)
    competitor = models.ForeignKey(Competitor, models.CASCADE, related_name="rivals")
    note = models.CharField(_("情况"), max_length=LONGEST_NOTE, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "competitor"], name="rival_once")]
