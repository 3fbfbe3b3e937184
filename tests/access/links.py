"""Where the links of a page lead."""

from __future__ import annotations

import re
from functools import cache

from django.urls import Resolver404, resolve

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.access import may_open

LINK = re.compile(r'\shref="(/[^"#?]*)')
FILES = ("/static/", "/api/")


def closed_links(page: str, reader: Actor) -> tuple[str, ...]:
    """The links of a page that lead nowhere, or to what its reader may not open."""
    links = {link for link in LINK.findall(page) if not link.startswith(FILES)}
    return tuple(link for link in sorted(links) if not (_view_name(link) and may_open(reader, _view_name(link))))


@cache
def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
