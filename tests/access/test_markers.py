"""What the outsider typed is shown to nobody who does not see him: on pages, in lists, pickers, exports and the API."""

from __future__ import annotations

import datetime as dt
import io
import logging
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import models
from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import ScopedManager
from xiaocheng.interface.api.api import api
from xiaocheng.interface.web.shell import exporting, pickers

from .addresses import Address, addresses
from .rows import MARKER, MONDAY, rows_of_the_outsider

pytestmark = pytest.mark.once

PART = MARKER[:4]
PHONE = "13912345678"  # the customer's, which the hint about duplicates looks for
# A rep, and a manager who may export.
OUT_OF_SIGHT = ("east_rep", "east_manager")
SEEN_BY_HIS_LINE = {
    "customers:list",
    "customers:page",
    "customers:export",
    "pipeline:list",
    "pipeline:opportunity",
    "pipeline:export",
    "insight:closings",
    "insight:closings_export",
    "insight:wins",
    "insight:wins_export",
    "numbers:lines_export",
    "numbers:visits_export",
    "numbers:customers_export",
    "numbers:opened_export",
    "numbers:closings_export",
    "numbers:sales_export",
    "numbers:lines",
    "numbers:visits",
    "numbers:customers",
    "numbers:opened",
    "numbers:closings",
    "numbers:sales",
    "trade:sales",
    "trade:export",
    "trade_sales",
    "find",
    "pick",
    "customers_customers customers_register",
    "pipeline_opportunities pipeline_open_opportunity",
    "results_closings",
    "results_wins",
    "reports_report",
    "fieldwork_visits",
}


@pytest.fixture
def rows(world: World) -> Iterator[dict[str, int]]:
    """The rows, on the evening of their day; thousands of refusals are not worth a log."""
    logging.disable(logging.WARNING)
    made = rows_of_the_outsider(world)
    with clock.as_of(clock.instant(MONDAY, dt.time(20))):
        yield made
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("person", OUT_OF_SIGHT)
def test_nothing_of_the_outsider_is_shown(world: World, rows: dict[str, int], person: str) -> None:
    assert shown_to(world.client(person), addresses(rows), rows) == []


def test_nothing_of_the_outsider_is_in_a_long_list_which_goes_out_as_csv(
    world: World, rows: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_XLSX", 0)
    exports = [address for address in addresses(rows) if address.path.endswith("/export/")]
    client = world.client("south_manager")
    assert any(shown_to(client, [export], rows) for export in exports)
    assert shown_to(world.client("east_manager"), exports, rows) == []


def test_the_crawler_finds_the_marker_where_it_may_be_seen(world: World, rows: dict[str, int]) -> None:
    seen = [address for address in addresses(rows) if address.name in SEEN_BY_HIS_LINE]
    found = shown_to(world.client("south_manager"), seen, rows)
    assert {address.name for address in seen} == SEEN_BY_HIS_LINE
    assert [address.name for address in seen if not any(url.startswith(address.path) for url in found)] == []


@pytest.mark.parametrize("name", ["customers:export", "pick", "find", "customers_customers customers_register"])
def test_what_ignores_sight_is_found(
    world: World, rows: dict[str, int], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = [address for address in addresses(rows) if address.name == name]

    def visible_to(manager: Any, actor: Actor, *, by: str = "") -> Any:
        return models.Manager.get_queryset(manager)

    monkeypatch.setattr(ScopedManager, "visible_to", visible_to)
    assert shown_to(world.client("east_manager"), one, rows) != []


def shown_to(client: Client, found: list[Address], rows: dict[str, int], marker: str = MARKER) -> list[str]:
    """The addresses at which a marker is shown."""
    client.raise_request_exception = False
    schema = api.get_openapi_schema()["paths"]
    return [url for address in found for url in _shown_at(client, address, schema, rows, marker)]


def _shown_at(client: Client, address: Address, schema: Any, rows: dict[str, int], marker: str) -> Iterator[str]:
    """What of one address shows a marker; an address that is refused as such is not asked for with every parameter."""
    for url in _asked(address, schema, rows):
        answer = client.get(url)
        if marker.encode() in _read(answer):
            yield url
        if answer.status_code in {403, 405}:
            return


def _read(response: Any) -> bytes:
    """The content; a workbook is unpacked, or no marker could be found in it."""
    body = b"".join(response)
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def _asked(address: Address, schema: Any, rows: dict[str, int]) -> Iterator[str]:
    """An address with everything that it may be asked for."""
    yield address.path
    if address.name == "pick":
        for name in pickers.names():
            yield from (f"/pick/{name}/?q={PART}", f"/pick/{name}/?ids={rows['customer']}")
    elif address.is_api:
        yield from (f"{address.path}{query}" for query in _queries(address, schema, rows))
    elif not address.has_parameters:
        named = {"customer": rows["customer"], "opportunity": rows["opportunity"], "line": rows["line"], "phone": PHONE}
        named |= {f"{kind}_id": rows[kind] for kind in ("customer", "opportunity")} | {"ids": rows["opportunity"]}
        for query in ({"q": PART}, {"q": PART, "tab": "all"}, {"tab": "pool"}, named):
            yield f"{address.path}{'&' if '?' in address.path else '?'}{urlencode(query)}"


def _queries(address: Address, schema: Any, rows: dict[str, int]) -> Iterator[str]:
    """What an operation that reads may be asked, one parameter at a time, beside those that it needs."""
    bare = address.path.partition("?")[0]
    joined = "&" if "?" in address.path else "?"
    for operations in (item for path, item in schema.items() if _fits(path, bare)):
        for part in operations.get("get", {}).get("parameters", ()):
            if part["in"] == "query":
                yield from (f"{joined}{urlencode({part['name']: value})}" for value in _values(part, rows))


def _fits(pattern: str, path: str) -> bool:
    """True when the path is the pattern with values in it."""
    parts, given = pattern.split("/"), path.split("/")
    return len(parts) == len(given) and all(a == b or a.startswith("{") for a, b in zip(parts, given, strict=True))


def _values(part: Any, rows: dict[str, int]) -> list[Any]:
    shapes = [part["schema"], *part["schema"].get("anyOf", ())]
    kind = part["name"].removesuffix("_id")
    values = [value for shape in shapes for value in shape.get("enum", ())]
    named = {"search": PART, "name": MARKER, "phone": PHONE}
    values += [named[part["name"]]] if part["name"] in named else []
    return values + ([rows[kind]] if kind in rows else [])
