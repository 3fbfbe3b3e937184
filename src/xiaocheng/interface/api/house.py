"""The API as a whole: what is read of a body, the same request sent twice, what the schema says of every operation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.idempotency import fingerprint, once

from .auth import ApiRequest
from .errors import STATUSES, Error
from .schemas import plain

LONGEST_KEY = 64
REF = "#/components/schemas/{model}"


class TextParser(Parser):
    """Refuses text that no database keeps: NUL, and halves of a character pair."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The JSON body."""
        body = super().parse_body(request)
        _check_text(body)
        return body

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        """The query string."""
        found = super().parse_querydict(data, list_fields, request)
        _check_text(found)
        return found


def _check_text(value: Any) -> None:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for item in value:
            _check_text(item)
    elif isinstance(value, str) and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise RuleBroken(_("文字中含有无法保存的字符。"))


def once_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Give a write that carries an Idempotency-Key its first answer again, instead of doing it twice."""

    @wraps(view)
    def run(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        _check_text(list(kwargs.values()))  # the address's own parameters, which no parser sees
        key = request.headers.get("Idempotency-Key", "")
        if request.method == "GET" or not key:
            return view(request, *args, **kwargs)
        if len(key) > LONGEST_KEY:
            raise RuleBroken(_("Idempotency-Key 最长 %(count)s 个字符。") % {"count": LONGEST_KEY})
        said = fingerprint(request.method, request.get_full_path(), *_content(request))
        return once(request.actor, key, said, lambda: {"body": plain(view(request, *args, **kwargs))})["body"]

    return run


def _content(request: HttpRequest) -> list[str]:
    """What tells one body from another: of an upload, which is no longer there as a whole, a digest of each file."""
    if request.content_type != "multipart/form-data":
        return [_said(request.body)]
    found = []
    for name, file in sorted(request.FILES.items()):
        sent = cast(UploadedFile[bytes], file)
        found += [name, sent.name or "", hashlib.sha256(b"".join(sent.chunks())).hexdigest()]
        sent.seek(0)
    return found


def _said(body: bytes) -> str:
    """The content but for the device's clock, which shows another time whenever a device tries again."""
    try:
        content = json.loads(body)
    except ValueError:
        return body.hex()
    if isinstance(content, dict):
        content.pop("device_now", None)
    return json.dumps(content, sort_keys=True)


class Api(NinjaAPI):
    """The product's API: short operation ids, answers that no cache keeps, refusals written into the schema."""

    def create_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """An answer for the asking person alone."""
        answer = super().create_response(*args, **kwargs)
        answer["Cache-Control"] = "no-store, private"
        return answer

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The module's name and the function's: org_people."""
        function = operation.view_func
        return f"{function.__module__.rpartition('.')[2]}_{function.__name__}"

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The schema, in which every operation may also be refused, and every write may carry an idempotency key.

        Made once: it is the same for everybody, and making it takes a second.
        """
        kept: dict[str | None, OpenAPISchema] = vars(self).setdefault("kept_schemas", {})
        if path_prefix not in kept:
            kept[path_prefix] = self._schema(path_prefix, path_params)
        return kept[path_prefix]

    def _schema(self, path_prefix: str | None, path_params: dict[str, Any] | None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        error = Error.model_json_schema(ref_template=REF)
        parts = cast(dict[str, Any], schema["components"].setdefault("schemas", {}))
        parts |= error.pop("$defs", {}) | {"Error": error}
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _add_refusals(operation)
                if method != "get":
                    operation.setdefault("parameters", []).append(KEY_PARAMETER)
        return schema


KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "description": "The same key again gives the first answer again and does nothing twice.",
}


def _add_refusals(operation: dict[str, Any]) -> None:
    content = {"application/json": {"schema": {"$ref": REF.format(model="Error")}}}
    for status, words in STATUSES.items():
        operation["responses"].setdefault(status, {"description": words, "content": content})
