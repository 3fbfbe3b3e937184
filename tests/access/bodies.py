"""A body of the right shape for every operation of the API, made from its schema, with the outsider's rows in it.

An operation looks at the shape before it looks at the person: only a fitting body shows whether it refuses.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

# Texts that must be of a certain kind, by name of the field; other texts are arbitrary.
TEXTS = {
    "value": "Asia/Shanghai",
    "reason": "price",
    "kind": "",
    "code": "abc",
    "phone": "13512345678",
}
# Names of fields whose numbers are a row of that kind, where the name does not say it.
NAMED_OTHERWISE = {
    "ids": "customer",
    "merged_id": "other",
    "merged_contact_id": "other_contact",
    "receiver_id": "person",
    "helper_ids": "person",
    "owner_id": "person",
    "successor_id": "person",
    "to_ids": "person",
    "manager_id": "person",
    "deputy_id": "person",
    "mentor_id": "person",
    "mentee_id": "person",
    "person_ids": "person",
    "parent_id": "department",
    "head_id": "person",
}
# Fields that are filled in even where they are not needed, because the row that they name may be out of sight.
MAY_BE_HIS = {"customer", "contact", "opportunity", "line"}


def fitting_body(schema: Any, operation: Any, rows: dict[str, int]) -> Any:
    """The body that an operation takes: every field that is needed, and whatever may name a row of the outsider."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return Form(_value(schema, content["multipart/form-data"]["schema"], "", rows))
    return _value(schema, content["application/json"]["schema"], "", rows) if content else {}


def fitting_query(schema: Any, operations: dict[str, Any], rows: dict[str, int]) -> str:
    """The parameters that an address needs behind the question mark."""
    needed = {
        part["name"]: _value(schema, part["schema"], part["name"], rows)
        for operation in operations.values()
        for part in operation.get("parameters", ())
        if part["in"] == "query" and part.get("required")
    }
    return f"?{urlencode(needed)}" if needed else ""


class Form(dict[str, Any]):
    """A body that is sent as a form with files."""


def mentions(body: Any, kinds: Collection[str]) -> tuple[str, ...]:
    """The kinds of the outsider's rows that a body names."""
    if isinstance(body, list):
        return tuple({kind for item in body for kind in mentions(item, kinds)})
    if not isinstance(body, dict):
        return ()
    inner = {kind for value in body.values() for kind in mentions(value, kinds)}
    named = {_kind(name) for name, value in body.items() if _kind(name) in kinds and _is_id(value)}
    return tuple(inner | named)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, list) and all(isinstance(item, int) for item in value))


def _kind(name: str) -> str:
    return NAMED_OTHERWISE.get(name, name.removesuffix("s").removesuffix("_id"))


def _value(schema: Any, shape: Any, name: str, rows: dict[str, int]) -> Any:
    """A value of a shape."""
    shape = _resolved(schema, shape)
    if "enum" in shape or "const" in shape:
        return shape.get("const", shape.get("enum", [None])[0])
    if "properties" in shape:
        return {
            key: _value(schema, part, key, rows)
            for key, part in shape["properties"].items()
            if key in shape.get("required", ()) or _kind(key) in MAY_BE_HIS
        }
    if shape.get("type") == "array":
        return [_value(schema, shape["items"], name, rows)]
    return _plain(shape, name, rows)


def _resolved(schema: Any, shape: Any) -> Any:
    """The shape itself, where it is only pointed at, or the first of several that is something."""
    if "$ref" in shape:
        return _resolved(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    for several in ("anyOf", "allOf", "oneOf"):
        if several in shape:
            return _resolved(schema, next(item for item in shape[several] if item.get("type") != "null"))
    return shape


def _plain(shape: Any, name: str, rows: dict[str, int]) -> Any:
    kind = _kind(name)
    match shape.get("type"), shape.get("format"):
        case "integer", _:
            return rows.get(kind, 1)
        case "number", _:
            return 1
        case "boolean", _:
            return True
        case "object", _:
            return {}
        case _, "date":
            return "2026-03-03"
        case _, "date-time":
            return "2026-03-02T09:00:00+08:00"
        case _, "time":
            return "09:00:00"
        case _, "binary":
            return SimpleUploadedFile("a.txt", b"a")
        case _:
            return TEXTS.get(name, "甲")
