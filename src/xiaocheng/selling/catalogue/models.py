"""Tables of the catalogue."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.search import SearchIndex
from xiaocheng.foundation.kernel.versions import Versioned

search_index = SearchIndex("catalogue_product_search")


class Product(Versioned):
    """Something the company sells; everybody who works here may know it. One out of use keeps its history."""

    code = models.CharField(_("产品编码"), max_length=60, unique=True)
    name = models.CharField(_("产品名称"), max_length=120)
    sort_key = models.CharField(max_length=120)
    series = models.CharField(_("系列"), max_length=60, blank=True)
    list_price = money_field(verbose_name=_("标准价"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    is_active = models.BooleanField(_("在售"), default=True)

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"], name="product_sort")]
        constraints = [
            models.CheckConstraint(condition=models.Q(list_price__gte=0), name="product_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name
