"""Tags and filters of our templates; every template has them without loading."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import may_open
from xiaocheng.interface.web.shell.demo import DemoLogin, demo_logins
from xiaocheng.interface.web.shell.figures import Chart, Figure
from xiaocheng.interface.web.shell.links import Link
from xiaocheng.interface.web.shell.navigation import (
    PLUS,
    corner,
    groups,
    marked,
    phone_bar,
    quick_actions,
    relatives,
    waiting,
)

register = template.Library()
CSRF_MARK = "csrf-goes-here"  # stands in what is kept of a page; the token is every answer's own

for _name in ("money", "exact_money", "number", "quantity", "percent", "day", "weekday", "moment", "relative_day"):
    register.filter(_name, getattr(formats, _name))


register.filter("listed", listed)


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of our static files: {% asset "dist/app.js" %}."""
    return static(name) if settings.DEBUG else _kept_asset(name)


@lru_cache(maxsize=64)
def _kept_asset(name: str) -> str:
    return static(name)


@register.simple_tag
def icon(name: str, look: str = "") -> SafeString:
    """A Tabler icon: {% icon "users" %}. It is decoration; the words beside it speak."""
    return _icon(name, look, asset("dist/icons.svg"))


@lru_cache(maxsize=1024)
def _icon(name: str, look: str, sprite: str) -> SafeString:
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', look, sprite, name)


@register.simple_tag(takes_context=True)
def side_bar(context: template.Context) -> SafeString:
    """The left bar: the pages that the person may open, by what people do."""
    actor, request = _anybody_who_may(context["request"].actor), context["request"]
    return _side_bar(actor, marked(actor, _view_name(request))[0], get_language())


@lru_cache(maxsize=1024)
def _side_bar(actor: Actor, current: str, language: str | None) -> SafeString:
    return render_to_string("shell/side.html", {"groups": groups(actor, current)})


@register.simple_tag(takes_context=True)
def family_bar(context: template.Context) -> SafeString:
    """The pages of the same family, above the title of each of them."""
    actor, request = _anybody_who_may(context["request"].actor), context["request"]
    return _family_bar(actor, _view_name(request), get_language())


@lru_cache(maxsize=1024)
def _family_bar(actor: Actor, view_name: str, language: str | None) -> SafeString:
    return render_to_string("shell/family.html", {"places": relatives(actor, view_name)})


@register.simple_tag(takes_context=True)
def bottom_bar(context: template.Context) -> SafeString:
    """The phone's bar and the ＋ sheet, which a computer opens from the upper right corner."""
    actor, request = _anybody_who_may(context["request"].actor), context["request"]
    return _bottom_bar(actor, marked(actor, _view_name(request))[1], get_language())


@lru_cache(maxsize=1024)
def _bottom_bar(actor: Actor, current: str, language: str | None) -> SafeString:
    bar = phone_bar(actor, current)
    start, end = [place for place in bar if place.phone < PLUS], [place for place in bar if place.phone > PLUS]
    return render_to_string("shell/bottom.html", {"start": start, "end": end, "quick": quick_actions(actor)})


def _anybody_who_may(actor: Actor) -> Actor:
    """Somebody with the same capabilities: the bars depend on nothing else, so all reps share theirs."""
    return Actor(None if actor.person_id is None else 0, capabilities=actor.capabilities)


def _view_name(request: Any) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


@register.simple_tag(takes_context=True)
def top_bar(context: template.Context) -> SafeString:
    """The upper bar: the mark, the search box, the corner buttons with the number of what waits, the account."""
    request = context["request"]
    bar = _top_bar(request.user.name, waiting(request.actor), _view_name(request) == "find", get_language())
    return SafeString(bar.replace(CSRF_MARK, str(context["csrf_token"])))


@lru_cache(maxsize=1024)
def _top_bar(name: str, waiting: tuple[tuple[str, int], ...], is_search_page: bool, language: str | None) -> SafeString:
    shown = {"name": name, "corner": corner(waiting), "is_search_page": is_search_page, "csrf_token": CSRF_MARK}
    return render_to_string("shell/top.html", shown)


@register.inclusion_tag("offline/unsent.html", takes_context=True)
def unsent(context: template.Context) -> dict[str, Any]:
    """The sign of what a phone recorded and has not sent yet, for whoever may record visits."""
    actor = context["request"].actor
    return {"person": actor.person_id, "records": may_open(actor, "offline:page")}


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The look that the person chose: light, dark or auto."""
    user = getattr(context.get("request"), "user", None)
    return str(getattr(user, "theme", "auto"))


@register.simple_tag
def demo_people() -> list[DemoLogin]:
    """Whom the login page offers to sign in as: the demo company's people, while that company is loaded."""
    return demo_logins()


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """The languages of the product, each by its own name."""
    return list(settings.LANGUAGES)


@register.simple_tag
def fresh_key() -> str:
    """A new idempotency key, for a form of one button."""
    return secrets.token_urlsafe(12)


@register.inclusion_tag("ui/link.html")
def link_button(link: Link, look: str = "") -> dict[str, Any]:
    """A Link as a button: {% link_button link %}; `look` overrides its own."""
    return {"link": link, "look": look or link.look}


@register.inclusion_tag("ui/figure.html")
def figure(item: Figure) -> dict[str, Any]:
    """A tile with one number: {% figure item %}; tiles stand in <div class="tiles">."""
    share = None if item.share is None else f"{min(max(item.share, 0), 1):.4f}"
    return {"figure": item, "share": share, "id": f"def-{secrets.token_hex(4)}"}


@register.inclusion_tag("ui/chart.html")
def chart(item: Chart) -> dict[str, Any]:
    """A chart with its sentence above and its table behind: {% chart item %}."""
    return {"chart": item, "id": f"chart-{secrets.token_hex(4)}"}


@register.simple_tag
def badge(text: object, tone: str = "") -> SafeString:
    """A small label of a state: {% badge "已签" "green" %}; tones green, red, amber, blue, grey."""
    return pill(text, tone)


def pill(text: object, tone: str = "grey", why: str = "") -> SafeString:
    """The same for columns of lists: a state in words, with a tone; `why` is shown to whoever points at it."""
    return _pill(str(text), tone or "grey", why)


@lru_cache(maxsize=1024)
def _pill(text: str, tone: str, why: str) -> SafeString:
    title = format_html(' title="{}"', why) if why else ""
    return format_html('<span class="pill pill-{}"{}>{}</span>', tone, title, text)


@register.simple_tag
def avatar(name: object, look: str = "") -> SafeString:
    """A person's or company's initials on a colour of its own."""
    words = str(name or "?").strip() or "?"
    short = words[-2:] if ord(words[0]) > 0x2E80 else "".join(word[0] for word in words.split()[:2]).upper()
    return format_html(
        '<span class="avatar avatar-own tint-{} {}" aria-hidden="true">{}</span>', sum(map(ord, words)) % 8, look, short
    )


@register.filter
def dig(mapping: Any, key: Any) -> Any:
    """One entry of a mapping: {{ names|dig:key }}."""
    return mapping.get(key, "") if mapping else ""
