"""Ways to change the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.search import keeps, name_tokens
from xiaocheng.foundation.kernel.text import normal, sort_key
from xiaocheng.foundation.kernel.versions import save_edit

from .access import MANAGE
from .events import ProductAdded, ProductEdited, ProductUndone
from .models import Product, search_index

EDITABLE = ("code", "name", "series", "list_price", "unit", "is_active")


@dataclass(frozen=True, kw_only=True)
class ProductDraft:
    """A product to add; without a code the name serves as code."""

    name: str
    code: str = ""
    series: str = ""
    list_price: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one draft: the product, or the refusal; a product that exists under its code is refused."""

    product_id: int | None = None
    refusal: RuleBroken | None = None


def add_product(actor: Actor, draft: ProductDraft) -> Product:
    """Add one product."""
    outcome = add_products(actor, [draft])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    return Product.objects.get(pk=outcome.product_id or 0)


def add_products(actor: Actor, drafts: Sequence[ProductDraft]) -> list[Outcome]:
    """Add many products, with an outcome for each draft."""
    with transaction.atomic():
        taken = {normal(code) for code in Product.objects.values_list("code", flat=True)}
        actor.require(MANAGE)
        rows = [_decide(draft, taken) for draft in drafts]
        added = [row for row in rows if isinstance(row, Product)]
        Product.objects.bulk_create(added)
        search_index.put((row.pk, tokens_of(row)) for row in added)
        record(actor, *(ProductAdded(product_id=row.pk, code=row.code, name=row.name) for row in added))
    return [Outcome(product_id=row.pk) if isinstance(row, Product) else Outcome(refusal=row) for row in rows]


def edit_product(actor: Actor, product_id: int, version: int, **values: Any) -> Product:
    """Change a product's code, name, series, price, unit or availability."""
    with transaction.atomic():
        row = Product.objects.select_for_update().filter(pk=product_id).first()
        if row is None:
            raise NotFound
        actor.require(MANAGE)
        before = {name: getattr(row, name) for name in EDITABLE}
        after = before | {name: values[name] for name in EDITABLE if name in values}
        changed = [name for name in EDITABLE if after[name] != before[name]]
        _check(Product(pk=row.pk, sort_key="x", **after))
        if Product.objects.filter(code=after["code"]).exclude(pk=row.pk).exists():
            raise RuleBroken(_("这个产品编码已经有了。"), field="code")
        save_edit(row, version, sort_key=sort_key(after["name"]), **after)
        search_index.put([(row.pk, tokens_of(row))])
        if changed:
            record(
                actor,
                ProductEdited(
                    product_id=row.pk,
                    name=row.name,
                    before={name: str(before[name]) for name in changed},
                    after={name: str(after[name]) for name in changed},
                ),
            )
    return row


def undo_products(actor: Actor, product_ids: Sequence[int]) -> None:
    """Remove products that were added by mistake; the caller has made sure that nothing uses them."""
    with transaction.atomic():
        rows = list(Product.objects.select_for_update().filter(pk__in=product_ids))
        actor.require(MANAGE)
        if len(rows) < len(product_ids):
            raise NotFound
        Product.objects.filter(pk__in=product_ids).delete()
        search_index.remove(product_ids)
        record(actor, *(ProductUndone(product_id=row.pk, code=row.code, name=row.name) for row in rows))


def tokens_of(row: Product) -> set[str]:
    """What a product is found by."""
    return name_tokens(f"{row.name} {row.code} {row.series}")


@keeps(search_index, Product)
def _index_again(ids: Collection[int]) -> None:
    search_index.put((row.pk, tokens_of(row)) for row in Product.objects.filter(pk__in=ids))


def _decide(draft: ProductDraft, taken: set[str]) -> Product | RuleBroken:
    name = " ".join(draft.name.split())
    row = Product(
        code=draft.code.strip() or name[:60],
        name=name,
        sort_key=sort_key(name),
        series=draft.series.strip(),
        list_price=draft.list_price,
        unit=draft.unit.strip(),
    )
    try:
        _check(row)
    except RuleBroken as refusal:
        return refusal
    if normal(row.code) in taken:
        return RuleBroken(_("这个产品编码已经有了。"), field="code")
    taken.add(normal(row.code))
    return row


def _check(row: Product) -> None:
    if not row.name:
        raise RuleBroken(_("请填写产品名称。"), field="name")
    check_columns(row)
    if row.list_price is not None and row.list_price < 0:
        raise RuleBroken(_("价格不能小于零。"), field="list_price")
