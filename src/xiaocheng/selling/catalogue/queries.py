"""Ways to look at the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.text import normal

from .models import Product as Product
from .models import search_index


def products(actor: Actor, search: str = "", *, active_only: bool = False) -> QuerySet[Product]:
    """The products by name, perhaps only those on sale or found by part of a name, pinyin or code."""
    rows = Product.objects.filter(is_active=True) if active_only else Product.objects.all()
    if search.strip():
        rows = search_index.matching(rows, search)
    return rows.order_by("sort_key", "id")


def product(actor: Actor, product_id: int) -> Product:
    """One product."""
    row = Product.objects.filter(pk=product_id).first()
    if row is None:
        raise NotFound
    return row


def choices(actor: Actor, text: str = "", limit: int = 20) -> list[tuple[int, str]]:
    """Products on sale for a picker: (id, name), found by part of the name."""
    return list(products(actor, text, active_only=True).values_list("pk", "name")[:limit])


def names_of(actor: Actor, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of products by id."""
    wanted = {pk for pk in ids if pk is not None}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def ids_by_name(actor: Actor, texts: Iterable[str]) -> dict[str, int]:
    """Which of the codes or names (whatever width and case) is which product; for imports."""
    known: dict[str, int] = {}
    for pk, code, name in Product.objects.order_by("-pk").values_list("pk", "code", "name"):
        known[normal(name)] = pk
        known[normal(code)] = pk
    return {text: known[normal(text)] for text in texts if normal(text) in known}
