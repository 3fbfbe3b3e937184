"""What makes the product an app on a phone: its manifest, and the script that serves what was kept."""

from __future__ import annotations

import json
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xiaocheng.interface.web.shell.access import ANYONE, access

KEPT = ("dist/app.css", "dist/app.js", "dist/offline.js", "dist/icons.svg", "icon.svg")
ACCENT, PAPER = "#2556c4", "#ffffff"


@access(ANYONE)
def manifest(request: HttpRequest) -> HttpResponse:
    """How the app is called and looks when it is installed."""
    icon = {"src": static("icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any maskable"}
    said = {
        "name": _("销程"),
        "short_name": _("销程"),
        "description": pgettext("app", "计划、拜访、日报,没有网络也能记录"),
        "lang": request.LANGUAGE_CODE,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": ACCENT,
        "background_color": PAPER,
        "icons": [icon],
    }
    return _fresh(JsonResponse(said, content_type="application/manifest+json"))


@access(ANYONE)
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; it changes with the files that it keeps, so that a browser takes the new ones."""
    kept = {"page": reverse("offline:page"), "files": [static(name) for name in KEPT]}
    found = finders.find("dist/worker.js")
    script = f"self.KEPT = {json.dumps(kept)};\n{Path(str(found)).read_text(encoding='utf-8')}"
    return _fresh(HttpResponse(script, content_type="text/javascript"))


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-cache"
    return answer
