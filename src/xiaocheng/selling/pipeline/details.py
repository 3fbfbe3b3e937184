"""The details of an opportunity that people change: what they may be, by the same rules for one and for many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.selling.catalogue.queries import names_of as product_names
from xiaocheng.selling.customers.queries import customers

from .events import OpportunityEdited
from .models import Opportunity
from .models.opportunities import FIELD_NAMES
from .options import SOURCE

RELATIONS = {"customer_id": "customer", "product_id": "product"}
COLUMNS = {name: name for name in FIELD_NAMES} | {name: column for column, name in RELATIONS.items()}


@dataclass(frozen=True)
class Known:
    """What new details may name, asked once for all of them: customers in sight, products, sources in use."""

    customers: Collection[int]
    products: Collection[int]
    sources: Collection[str]

    @classmethod
    def about(cls, actor: Actor, edits: Iterable[tuple[Opportunity, Mapping[str, Any]]]) -> Known:
        """As far as these edits name any."""
        pairs = list(edits)
        buyers = {
            pk for row, new in pairs if "customer_id" in new for pk in (row.customer_id, new["customer_id"]) if pk
        }
        sources = {new["source"] for _row, new in pairs if new.get("source")}
        return cls(
            set(customers(actor, "all").filter(pk__in=buyers).values_list("pk", flat=True)) if buyers else (),
            product_names(actor, [new.get("product_id") for _row, new in pairs]),
            usable(SOURCE, sources) if sources else (),
        )


def differing(row: Opportunity, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said otherwise than the row has it; a source that was merged into another means that one."""
    if said.get("source"):
        said = {**said, "source": resolved(SOURCE, said["source"])}
    return {column: value for column, value in said.items() if getattr(row, column) != value}


def check(row: Opportunity, changed: Mapping[str, Any], known: Known) -> None:
    """Refuse new details that an opportunity cannot have, or that name what the person does not see."""
    if unknown := {RELATIONS.get(name, name) for name in changed} - {*FIELD_NAMES, "custom"}:
        raise ValueError(f"not an editable field: {sorted(unknown)}")
    if "name" in changed and not changed["name"].strip():
        raise RuleBroken(_("商机名称不能为空。"), field="name")
    if changed.get("source") and changed["source"] not in known.sources:
        raise RuleBroken(_("请从列出的来源中选择。"), field="source")
    customer, product = changed.get("customer_id"), changed.get("product_id")
    if (customer and customer not in known.customers) or (product and product not in known.products):
        raise NotFound
    if "customer_id" in changed and row.customer_id is not None:
        _check_former_customer(row, known)


def _check_former_customer(row: Opportunity, known: Known) -> None:
    """A closed deal may only get the customer that it lacked; one whose customer is out of sight keeps him."""
    if not row.is_open:
        raise RuleBroken(_("已关闭的商机不能换客户。请先重新打开。"), field="customer_id")
    if row.customer_id not in known.customers:
        raise RuleBroken(_("您看不到这个商机现在的客户,不能换成别的客户。"), field="customer_id")


def edited(row: Opportunity, fields: Collection[str], former_customer: int | None) -> OpportunityEdited:
    """What the journal keeps of an edit."""
    former = (former_customer,) if former_customer and "customer" in fields else ()
    return OpportunityEdited(
        opportunity_id=row.pk,
        customer_id=row.customer_id,
        fields=tuple(fields),
        former_customers=former,
        is_open=row.is_open,
    )


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, dt.date) else value
