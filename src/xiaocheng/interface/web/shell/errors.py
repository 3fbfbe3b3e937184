"""What a page says when there is no page: not found, not allowed, a stale form, a fault of ours."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.errors import NotFound, Refusal

from .access import ANYONE, access
from .http import API, refuse, refuse_anywhere

log = logging.getLogger(__name__)


class BadRequest(Refusal):
    """The address or the form was not one of ours."""


class StaleForm(Refusal):
    """The form is too old, or came from elsewhere."""

    status = 403


@access(ANYONE)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for an address that is unknown and for a hidden row."""
    return refuse_anywhere(request, NotFound())


@access(ANYONE)
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 from Django itself."""
    return refuse(request, StaleForm(_("您无权打开这个页面。")))


@access(ANYONE)
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 from Django itself."""
    return refuse_anywhere(request, BadRequest(_("请求不完整或格式不对。请返回后重试。")))


@access(ANYONE)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: most often the person signed in or out in another window."""
    log.warning("form refused: %s: %s", request.path, reason)
    return refuse(request, StaleForm(_("页面已过期,可能是在别的窗口重新登录过。请刷新页面后再提交。")))


class Fault(Refusal):
    """Something went wrong on our side; nothing was saved."""

    status = 500


@access(ANYONE)
def fault(request: HttpRequest, *_args: Any) -> HttpResponse:
    """500: a page, or for programs an answer, that needs neither database nor login."""
    if request.path.startswith(API):
        return refuse_anywhere(request, Fault(_("系统出错了,没有保存任何内容。错误已记入日志,请联系管理员。")))
    return HttpResponse(render_to_string("shell/fault.html"), status=500)
