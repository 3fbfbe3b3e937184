"""Products."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.catalogue import commands, queries
from xiaocheng.selling.catalogue.commands import ProductDraft
from xiaocheng.selling.catalogue.queries import Product

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["catalogue"])
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]


class ProductOut(Answer):
    """Something the company sells."""

    id: int
    code: str
    name: str
    series: str
    list_price: Decimal | None
    unit: str
    is_active: bool
    version: int


class NewProduct(Body):
    """A product; without a code the name serves as code."""

    name: str
    code: str = ""
    series: str = ""
    list_price: Price | None = None
    unit: str = ""


class ProductEdit(NewProduct):
    """The whole product; `version` is the one that the edit started from."""

    code: str
    is_active: bool
    version: Id


@router.get("/products", response=Page[ProductOut])
def products(
    request: ApiRequest, paging: Query[Paging], search: str = "", active_only: bool = False
) -> Page[ProductOut]:
    """Products, found by part of the name, pinyin, initials or code."""
    return page_of(queries.products(request.actor, search, active_only=active_only), paging, _product)


@router.get("/products/{product_id}", response=ProductOut)
def product(request: ApiRequest, product_id: Id) -> ProductOut:
    """One product."""
    return _product(queries.product(request.actor, product_id))


@router.post("/products", response=ProductOut)
def add_product(request: ApiRequest, body: NewProduct) -> ProductOut:
    """Add a product."""
    return _product(commands.add_product(request.actor, ProductDraft(**body.model_dump())))


@router.put("/products/{product_id}", response=ProductOut)
def edit_product(request: ApiRequest, product_id: Id, body: ProductEdit) -> ProductOut:
    """Change a product or take it off sale."""
    return _product(commands.edit_product(request.actor, product_id, **body.model_dump()))


def _product(row: Product) -> ProductOut:
    return shaped(ProductOut, row, version=row.edit_version)
