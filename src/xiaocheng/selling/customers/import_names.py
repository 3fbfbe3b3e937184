"""What a file calls a customer or a pool, as the product knows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from xiaocheng.foundation.import_export.kinds import Found, Named, key_of
from xiaocheng.foundation.kernel.actor import Actor

from .queries import customers, ids_by_name, pool_choices

MOST_CANDIDATES = 2000


def _find_customers(actor: Actor, texts: Sequence[str]) -> Found:
    return {text: [(pk, text)] for text, pk in ids_by_name(actor, texts).items()}


def _candidates(actor: Actor) -> list[tuple[Any, str]]:
    """The customers, where they are few enough to guess among."""
    found = list(customers(actor).order_by().values_list("pk", "name")[: MOST_CANDIDATES + 1])
    return found if len(found) <= MOST_CANDIDATES else []


def _pools(actor: Actor) -> list[tuple[Any, str]]:
    """The pools into which one may put customers."""
    return list(pool_choices(actor))


def _find_pools(actor: Actor, texts: Sequence[str]) -> Found:
    found: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    for pk, name in _pools(actor):
        found[key_of(name)].append((pk, name))
    return {text: found[key_of(text)] for text in texts if key_of(text) in found}


POOL = Named(_find_pools, _pools)
CUSTOMER = Named(
    _find_customers,
    _candidates,
    missing=lambda: gettext("没有名为「%(cell)s」的客户。请先导入客户,或在「对应取值」中选择一位。"),
)
