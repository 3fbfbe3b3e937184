"""Whatever bytes a program sends where a body or a parameter is expected: it is told what is wrong, we do not fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.schemas import APIOperation

from tests.interface.api.conftest import Program, profile

from .test_fuzz import CASES_IN_FULL, OPERATIONS

CASES = 200
WRITES = [operation for operation in OPERATIONS if operation.body]
ASKS = [operation for operation in OPERATIONS if operation.query or operation.path_parameters]
REFUSALS = {400, 403, 404, 409, 422}
HUGE = "a number of five thousand digits"  # which json refuses to write
# What stands in a value's place; RAW is sent as it is, for JSON that no library would write.
WRONG: list[Any] = [
    None, True, -1, 0, 2**63, -(2**63) - 1, HUGE, 1.5, 1e308, "", " ", "x" * 70_000, "\x00", "\ud800", "\U0010ffff",
    "９９", "2026-02-30", "0000-00-00", "9999-12-31T23:59:60+99:99", "NaN", "1e999", "-0.00000000000000000001",
    [], [None], {}, {"": None}, [[[[[]]]]],
]  # fmt: skip
RAW = [
    b"", b"null", b"[]", b"0", b'"', b"{", b'{"a":', b"{}}", b"[" * 50_000, b'{"a":' * 5_000, b"NaN", b"Infinity",
    b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b'{"name": "\xff\xff"}', b'{"name": "\xed\xa0\x80"}', b"\x00",
    b'{"name": 1, "name": 2}', b'{"__proto__": {}}', b"a=1&b=2", b"1e400", b"9" * 5_000, b"-",
]  # fmt: skip
VALUES = ["%20", "%00", "%ff", "-1", "9" * 400, "1e400", "NaN", "null", "%ED%A0%80", "a" * 300, "[]"]
TYPES = ["application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data", "", "\xff"]


def places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside a body."""
    yield path
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def bent(body: Any, path: tuple[Any, ...], wrong: Any, how: str) -> Any:
    """The body with one value replaced, left out or joined by an unknown one."""
    if not path:
        return wrong
    whole = copy.deepcopy(body)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    if how == "drop":
        del inner[path[-1]]
    elif how == "add" and isinstance(inner, dict):
        inner["nobody knows"] = wrong
    else:
        inner[path[-1]] = wrong
    return whole


@st.composite
def misshapen(draw: Any) -> tuple[str, str, bytes, str]:
    """An act and its address with a body that is not as it should be, and what it is said to be."""
    operation = draw(st.sampled_from(WRITES))
    case = draw(operation.as_strategy())
    kind = draw(st.sampled_from(TYPES)) if draw(st.integers(0, 9)) == 0 else TYPES[0]
    if draw(st.integers(0, 3)) == 0:
        return operation.method, case.formatted_path, draw(st.sampled_from(RAW) | st.binary(max_size=40)), kind
    body = case.body if isinstance(case.body, (dict, list)) else {}
    path = draw(st.sampled_from(list(places(body))))
    wrong = bent(body, path, draw(st.sampled_from(WRONG)), draw(st.sampled_from(["put", "put", "drop", "add"])))
    return operation.method, case.formatted_path, dumped(wrong), kind


def dumped(value: Any) -> bytes:
    """As JSON, numbers of any length included."""
    return json.dumps(value, default=str).replace(f'"{HUGE}"', "9" * 5_000).encode()


def survives(program: Program, method: str, path: str, body: bytes, kind: str) -> int:
    """Send it; the answer is JSON, and no fault of ours."""
    answer = Client(raise_request_exception=False).generic(
        method.upper(), path, body, kind, headers={"Authorization": f"Bearer {program.secret}"}
    )
    assert answer.status_code < 500, (method, path, body[:200], kind)
    assert answer.status_code in REFUSALS | {200, 401, 405, 415}
    if answer.content:
        assert "html" not in answer.headers["Content-Type"], (method, path)
    return answer.status_code


@profile(CASES)
@given(sent=misshapen())
def test_a_misshapen_body_is_refused(administrator: Program, sent: tuple[str, str, bytes, str]) -> None:
    survives(administrator, *sent)


@pytest.mark.full
@profile(CASES_IN_FULL)
@given(sent=misshapen())
def test_many_misshapen_bodies_are_refused(administrator: Program, sent: tuple[str, str, bytes, str]) -> None:
    survives(administrator, *sent)


def path_of(operation: APIOperation, value: str) -> str:
    path = operation.full_path
    for parameter in operation.path_parameters:
        path = path.replace(f"{{{parameter.name}}}", value)
    return path


def test_rubbish_is_refused_by_every_operation(administrator: Program) -> None:
    for at, operation in enumerate(WRITES):
        for body in RAW if at == 0 else RAW[at % 4 :: 4]:  # all of it by one, each by many
            status = survives(administrator, operation.method, path_of(operation, "1"), body, TYPES[0])
            assert status in REFUSALS or not operation.body[0].is_required, (operation.label, body[:40], status)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_misshapen_parameter_is_refused(administrator: Program, value: str) -> None:
    for operation in ASKS:
        query = "&".join(f"{parameter.name}={value}" for parameter in operation.query)
        path = f"{path_of(operation, value)}?{query}"
        survives(administrator, operation.method, path, b"", TYPES[0])


def test_a_fault_is_caught(administrator: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaocheng.interface.api.org.queries.person", lambda *_: 1 / 0)
    with pytest.raises(AssertionError):
        survives(administrator, "get", "/api/v1/people/1", b"", TYPES[0])
