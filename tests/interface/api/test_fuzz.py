"""Whatever a program sends, the API answers as its own description says, and never with a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import given
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.interface.api.conftest import Program, profile
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.interface.api.api import api
from xiaocheng.interface.api.errors import Error

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CASES, CASES_IN_FULL = 500, 10_000


def with_small_ids(part: Any) -> Any:
    """The schema with ids so small that many of them exist; the largest ones are tried in test_house."""
    if isinstance(part, list):
        return [with_small_ids(item) for item in part]
    if isinstance(part, dict):
        small = {name: with_small_ids(item) for name, item in part.items()}
        return small | {"maximum": 15} if part.get("maximum") == 2**63 - 1 else small
    return part


schema = schemathesis.openapi.from_dict(with_small_ids(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = [found.ok() for found in schema.get_all_operations()]
PARTS = 6  # of one company each: to make one for every operation takes longer than to ask


@pytest.mark.parametrize("part", range(PARTS))
def test_nonsense_is_answered_as_described(administrator: Program, part: int) -> None:
    for operation in OPERATIONS[part::PARTS]:
        is_answered_as_described(administrator, operation, CASES)


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
def test_much_nonsense_is_answered_as_described(administrator: Program, part: int) -> None:
    for operation in OPERATIONS[part::PARTS]:
        is_answered_as_described(administrator, operation, CASES_IN_FULL)


def is_answered_as_described(program: Program, operation: APIOperation, cases: int) -> None:
    """Ask one operation its share of the cases; a failure names the operation and the smallest such case."""

    @profile(-(-cases // len(OPERATIONS)))
    @given(case=operation.as_strategy())
    def ask_it(case: schemathesis.Case) -> None:
        answer_is_as_described(program, case)

    ask_it()


def answer_is_as_described(program: Program, case: schemathesis.Case) -> None:
    case.validate_response(ask(program, case), checks=CHECKS)


def ask(program: Program, case: schemathesis.Case) -> Response:
    """Send the case through Django's test client, which shares the transaction of the test."""
    wanted = case.as_transport_kwargs(
        base_url="http://testserver", headers={"Authorization": f"Bearer {program.secret}"}
    )
    sent = requests.Request(**{k: v for k, v in wanted.items() if k in REQUEST}).prepare()
    headers = {k: v for k, v in sent.headers.items() if k.lower() not in {"content-length", "content-type"}}
    answer = Client(raise_request_exception=False).generic(
        sent.method or "", sent.path_url, sent.body or b"", sent.headers.get("Content-Type", "application/json"),
        headers=headers,
    )  # fmt: skip
    headers = {name: [value] for name, value in answer.headers.items()}
    return Response(answer.status_code, headers, answer.content, sent, elapsed=0, verify=True)


REQUEST = {"method", "url", "headers", "params", "json", "data", "cookies"}


@pytest.mark.parametrize("fault", ["raises", "status", "body"])
def test_a_planted_fault_is_caught(administrator: Program, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    [operation] = [found for found in OPERATIONS if found.label == "GET /api/v1/people/{person_id}"]
    case = operation.Case(path_parameters={"person_id": 99_999})
    answer_is_as_described(administrator, case)
    if fault == "raises":
        monkeypatch.setattr("xiaocheng.interface.api.org.queries.person", lambda *_: 1 / 0)
    elif fault == "status":
        monkeypatch.setattr(NotFound, "status", 418)
    else:
        monkeypatch.setattr(Error, "model_dump", lambda *_, **__: {"rule": 5})
    with pytest.raises(FailureGroup):
        answer_is_as_described(administrator, case)
