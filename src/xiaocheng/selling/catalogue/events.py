"""What happened in the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class ProductAdded(Event):
    """A product was added."""

    product_id: int = about("catalogue.product")
    code: str
    name: str
    says = _("新增了产品「%(name)s」")


class ProductUndone(Event):
    """A product that was added by mistake is gone again."""

    product_id: int = about("catalogue.product")
    code: str
    name: str
    says = _("撤销了产品「%(name)s」")


class ProductEdited(Event):
    """A product's wording, price or availability changed."""

    product_id: int = about("catalogue.product")
    name: str
    before: dict[str, str]
    after: dict[str, str]
    says = _("修改了产品「%(name)s」")
