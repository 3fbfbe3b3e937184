"""What can be taken in for the catalogue: products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.import_export.kinds import Number, Text
from xiaocheng.foundation.import_export.targets import Done, Field, Row, Target, Undo, declare
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import normal

from .access import MANAGE
from .commands import ProductDraft, add_products, undo_products
from .queries import ids_by_name


def write_products(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Add the products whose code (or name, where they have no code) is not there yet."""
    there = ids_by_name(actor, [_code(row) for row in rows])
    new = [row for row in rows if _code(row) not in there]
    outcomes = add_products(
        actor, [ProductDraft(**{key: value or _EMPTY[key] for key, value in row.items()}) for row in new]
    )
    added = {
        _code(row): Done(outcome.product_id, outcome.refusal is None, outcome.refusal)
        for row, outcome in zip(new, outcomes, strict=True)
    }
    return [added.get(_code(row)) or Done(there[_code(row)]) for row in rows]


def _code(row: Row) -> str:
    return str(row.get("code") or row["name"])


_EMPTY: dict[str, Any] = {"code": "", "name": "", "series": "", "list_price": None, "unit": ""}

PRODUCTS = declare(
    Target(
        key="products",
        name=pgettext_lazy("several", "产品"),
        subject="catalogue.product",
        capability=MANAGE,
        fields=(
            Field("name", _("产品名称"), Text(120), required=True,
                  synonyms=("产品", "品名", "商品名称", "商品", "名称", "product", "product name", "item",
                            "item name")),
            Field("code", _("产品编码"), Text(60),
                  synonyms=("编码", "产品编号", "货号", "型号", "product code", "sku", "item code", "model")),
            Field("series", _("系列"), Text(60),
                  synonyms=("产品系列", "类别", "分类", "品类", "category", "product line")),
            Field("list_price", _("标准价"), Number(),
                  synonyms=("价格", "单价", "售价", "标价", "sales price", "price", "list price", "unit price")),
            Field("unit", _("单位"), Text(20),
                  synonyms=("计量单位", "unit of measure", "uom")),
        ),
        identity=lambda row: normal(_code(row)),
        write=write_products,
        undo=Undo(model="catalogue.product", told=("catalogue.ProductAdded",), take_back=undo_products),
    )
)  # fmt: skip
