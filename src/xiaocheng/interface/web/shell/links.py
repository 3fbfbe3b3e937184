"""Links and buttons that hide themselves from whom they would refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence

from .access import may_open


@dataclass(frozen=True)
class Link:
    """A way to another page or an act: a link, a form in the drawer, or (with `post`) a button that does something.

    `to` is a view name, `args` its arguments; `look` is primary, danger, ghost or empty.
    """

    label: Sentence
    to: str
    args: tuple[object, ...] = ()
    icon: str = ""
    look: str = ""
    query: str = ""
    drawer: bool = False
    post: bool = False
    confirm: Sentence = ""
    url: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", reverse(self.to, args=self.args) + self.query)


@dataclass(frozen=True)
class Crumb:
    """One step of the way back, above the title."""

    label: Sentence
    url: str


@dataclass(frozen=True)
class Tab:
    """One of several views of the same page; `count` is shown beside the label."""

    key: str
    label: Sentence
    count: int | None = None


@dataclass(frozen=True)
class Empty:
    """What a page says when there is nothing to show, and what to do next."""

    title: Sentence
    hint: Sentence = ""
    icon: str = "inbox"
    action: Link | None = None


def allowed(actor: Actor, links: Iterable[Link | None]) -> list[Link]:
    """Those of the links that the actor may follow."""
    return [link for link in links if link is not None and may_open(actor, link.to)]
