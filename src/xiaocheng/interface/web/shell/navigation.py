"""Navigation: families declare their pages and quick actions here; a person sees only what he may open.

The left bar groups pages by what people do; the bottom bar of a phone shows the items that ask for a place there.
Pages of one family stand in the left bar as one place; each of them shows the others above its title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence

from .access import may_open

GROUPS: dict[str, Sentence] = {
    "day": "",
    "selling": _("客户与商机"),
    "work": _("日常工作"),
    "team": _("团队"),
    "insight": _("分析"),
    "company": _("公司设置"),
}
FAMILIES: dict[str, Sentence] = {
    "process": _("流程分析"),
    "results": _("业绩分析"),
    "customers": _("客户分析"),
}


@dataclass(frozen=True)
class Item:
    """One page in the navigation; without a group it stands only in the phone's bottom bar.

    `phone` is its place there: 1, 2 and 4; 3 is ＋ and 5 is 我的.
    """

    label: Sentence
    url_name: str
    icon: str
    group: str
    order: int = 50
    phone: int = 0
    family: str = ""  # of its group: the first of a family, as a person sees it, stands for all of it in the left bar
    beneath: tuple[str, ...] = ()  # prefixes of other view names during which it is shown as current


@dataclass(frozen=True)
class Quick:
    """One entry of the ＋ sheet: something that a person enters in a hurry; opens in the drawer."""

    label: Sentence
    url_name: str
    icon: str
    order: int = 50


@dataclass(frozen=True)
class Corner:
    """A round button in the upper right corner, with the number of what waits: the bell."""

    label: Sentence
    url_name: str
    icon: str
    count: Callable[[Actor], int]


@dataclass(frozen=True)
class Place:
    """An item as one person sees it on one page."""

    label: Sentence
    url: str
    icon: str
    phone: int = 0
    current: bool = False
    count: int = 0


E = TypeVar("E", Item, Quick)
_items: dict[str, Item] = {}
_quick: dict[str, Quick] = {}
_corner: dict[str, Corner] = {}
PLUS = 3


def navigate(*entries: Item | Quick | Corner) -> None:
    """Declare pages of the left bar, entries of the ＋ sheet, corner buttons; called by a family's navigation.py."""
    for entry in entries:
        if isinstance(entry, Quick):
            _quick[entry.url_name] = entry
        elif isinstance(entry, Corner):
            _corner[entry.url_name] = entry
        else:
            if entry.group and entry.group not in GROUPS:
                raise ValueError(f"{entry.url_name}: no group {entry.group!r}")
            if entry.family and entry.family not in FAMILIES:
                raise ValueError(f"{entry.url_name}: no family {entry.family!r}")
            _items[entry.url_name] = entry


def quick_actions(actor: Actor) -> list[Place]:
    """The ＋ sheet of a person."""
    return [_place(entry, "") for entry in _allowed(actor, _quick.values())]


def waiting(actor: Actor) -> tuple[tuple[str, int], ...]:
    """The corner buttons of a person by the name of their page, each with the number of what waits."""
    return tuple((name, entry.count(actor)) for name, entry in _corner.items() if may_open(actor, name))


def corner(waiting: Iterable[tuple[str, int]]) -> list[Place]:
    """The corner buttons with their numbers."""
    return [Place(_corner[name].label, reverse(name), _corner[name].icon, count=count) for name, count in waiting]


@lru_cache(maxsize=4096)
def marked(actor: Actor, view_name: str) -> tuple[str, str]:
    """The items that the left bar and the phone's mark on the page of that view: most pages share theirs."""
    shown = _allowed(actor, _items.values())
    return _current(shown, view_name), _current([item for item in shown if item.phone], view_name)


def phone_bar(actor: Actor, view_name: str) -> list[Place]:
    """The bottom bar of a person's phone, without ＋."""
    shown = [item for item in _allowed(actor, _items.values()) if item.phone]
    current = _current(shown, view_name)
    return sorted((_place(item, current) for item in shown), key=lambda place: place.phone)


def places(actor: Actor) -> list[Place]:
    """All pages that a person reaches by the navigation, each once."""
    return [_place(item, "") for item in _allowed(actor, _items.values())]


def groups(actor: Actor, view_name: str) -> list[tuple[Sentence, list[Place]]]:
    """The left bar of a person, on the page of that view: (heading, places), empty groups left out."""
    shown = _allowed(actor, _items.values())
    current = _current(shown, view_name)
    bar = []
    for key, heading in GROUPS.items():
        places = [_together(kin, current) for kin in _kin([item for item in shown if item.group == key])]
        if places:
            bar.append((heading, places))
    return bar


def relatives(actor: Actor, view_name: str) -> list[Place]:
    """The pages of the same family as the one of that view, itself among them; none where it stands alone."""
    family = _items[view_name].family if view_name in _items else ""
    if not family:
        return []
    kin = [_place(item, view_name) for item in _allowed(actor, _items.values()) if item.family == family]
    return kin if len(kin) > 1 else []


def _kin(items: list[Item]) -> list[list[Item]]:
    """The items by family, in the order of the first of each; who has none stands alone."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.family or item.url_name, []).append(item)
    return list(found.values())


def _together(kin: list[Item], current: str) -> Place:
    """A family as one place that leads to its first page."""
    first = kin[0]
    label = FAMILIES[first.family] if len(kin) > 1 else first.label
    is_current = any(item.url_name == current for item in kin)
    return Place(label, reverse(first.url_name), first.icon, first.phone, is_current)


def _allowed(actor: Actor, entries: Iterable[E]) -> list[E]:
    may = [entry for entry in entries if may_open(actor, entry.url_name)]
    return sorted(may, key=lambda entry: entry.order)


def _current(items: list[Item], view_name: str) -> str:
    """The item to mark: the very page, else the first of the same family."""
    names = [item.url_name for item in items]
    if view_name in names:
        return view_name
    if view_name in _items:  # a page that he may not open has no place in his bar
        return ""
    for item in items:
        if any(view_name.startswith(prefix) for prefix in item.beneath):
            return item.url_name
    family = view_name.partition(":")[0] + ":"
    return next((name for name in names if name.startswith(family)), "")


def _place(entry: Item | Quick, current: str) -> Place:
    phone = entry.phone if isinstance(entry, Item) else 0
    return Place(entry.label, reverse(entry.url_name), entry.icon, phone, entry.url_name == current)


OWN_PAGES = ("admin:tokens", "admin:token-revoke", "admin:deputy", "daily:place_consent", "account", "mfa")
navigate(Item(_("我的"), url_name="me", icon="user-circle", group="", phone=5, beneath=OWN_PAGES))
