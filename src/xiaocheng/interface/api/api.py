"""The API, version 1, under /api/v1/. A module adds its router to the list."""

from __future__ import annotations

from importlib import import_module

from ninja import Swagger

from .auth import SessionAuth, TokenAuth
from .errors import answer_refusals
from .house import Api, TextParser, once_only

DESCRIPTION = """
Everything the pages do, with the same permissions: `Authorization: Bearer <token>`; make a token on the account page.
Lists come in parts: `limit` rows after the id `after`; `next` of the answer is the following `after`.
Every write may carry an `Idempotency-Key`. Every refusal is an `Error`: rule, sentence for people, field at fault.
Amounts are decimal strings in the company's currency; days are dates, instants are ISO 8601 with offset.
"""

api = Api(
    title="Xiaocheng API",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=[TokenAuth(), SessionAuth()],
    parser=TextParser(),
    docs=Swagger(settings={"persistAuthorization": False, "filter": True}),
)
api.add_decorator(once_only, mode="operation")
answer_refusals(api)

# One file each beside this one: `router = Router(tags=["…"])`.
MODULES = (
    "org", "arrangements", "duty", "company", "options", "fields", "views", "journal", "files", "imports", "catalogue",
    "sleeping", "access_log", "personal_data", "customers", "contacts", "ownership", "groups", "pools", "receptions",
    "handovers", "merges", "duplicates", "questions", "disputes", "notes", "processes", "editions", "pipeline",
    "opportunity_shares", "competitors", "tactics", "remarks", "tasks", "fieldwork", "tours", "attendance",
    "attendance_requests", "market", "trade", "expenses", "complaints", "insight", "conformance", "movement",
    "results", "deal_cohorts", "sources", "worth", "forecast", "forecast_calls", "expected_changes", "skipping",
    "chances", "people", "decisions", "process_reviews", "targets", "reports", "search", "notifications",
)  # fmt: skip

for name in MODULES:
    api.add_router("", import_module(f"{__package__}.{name}").router)
