"""Every refusal is one JSON object: the rule, a sentence for a person, the field at fault."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from xiaocheng.foundation.fields.queries import less_hidden
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, Refusal


class Fault(Schema):
    """One value that does not have the shape asked for."""

    field: str
    message: str


class Error(Schema):
    """Why something was refused. `current` holds the values that stand now, after an edit conflict."""

    rule: str
    sentence: str
    field: str | None = None
    current: dict[str, Any] | None = None
    faults: list[Fault] | None = None


STATUSES = {
    400: "No JSON",
    401: "No token",
    403: "Not allowed",
    404: "Not found",
    409: "Conflict",
    413: "Too large",
    422: "Refused",
}


def answer_refusals(api: NinjaAPI) -> None:
    """Have the API answer refusals, bad shapes and missing tokens as `Error`."""

    def reply(request: HttpRequest, status: int, error: Error) -> HttpResponse:
        return api.create_response(request, error.model_dump(exclude_none=True), status=status)

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        current = _current(request, refusal) if isinstance(refusal, EditConflict) else None
        error = Error(rule=refusal.rule(), sentence=str(refusal), field=refusal.field, current=current)
        return reply(request, refusal.status, error)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, _missing: Http404) -> HttpResponse:
        return refused(request, NotFound())

    @api.exception_handler(ValidationError)
    def misshapen(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
        faults = [Fault(field=_field(item["loc"]), message=str(item["msg"])) for item in wrong.errors]
        sentence = _("请求的内容不符合格式:%(fields)s。") % {"fields": ", ".join(fault.field for fault in faults)}
        return reply(request, 422, Error(rule="bad_shape", sentence=sentence, field=faults[0].field, faults=faults))

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _unknown: AuthenticationError) -> HttpResponse:
        answer = reply(request, 401, Error(rule="sign_in", sentence=_("请在请求头中提供有效的 API 令牌。")))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, fault: HttpError) -> HttpResponse:
        sentences = {
            400: _("请求的内容不是有效的 JSON,或含有无法保存的字符。"),
            403: _("请求缺少页面的安全校验码,请刷新页面后重试。"),
        }
        sentence = sentences.get(fault.status_code, fault.message)
        return reply(request, fault.status_code, Error(rule="bad_request", sentence=sentence))


def _current(request: Any, conflict: EditConflict) -> dict[str, Any]:
    """The values that stand now, own fields as far as the person may see them."""
    own = conflict.current.get("custom")
    return conflict.current | ({"custom": less_hidden(request.actor, own)} if own else {})


def _field(place: tuple[Any, ...]) -> str:
    """("body", "data", "name") -> "name"; the first two parts say only where in the request it stood."""
    parts = [str(part) for part in place]
    if parts[0] == "body" and len(parts) > 2:
        return ".".join(parts[2:])
    return ".".join(parts[1:]) or parts[0]
