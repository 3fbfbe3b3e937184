"""Finding anything by one box: what can be found is declared by the families, as far as the person may see it.

Nothing is asked of the database until somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.search import name_tokens, words_of

from .access import SIGNED_IN, access
from .navigation import places
from .screens import Screen

SHOWN = 5
ASKED = SHOWN + 1  # one more tells that there are more


@dataclass(frozen=True)
class Hit:
    """Something that was found: where it leads, its name, and a word that tells it from others of that name."""

    url: str
    label: Sentence
    note: Sentence = ""
    icon: str = ""


@dataclass(frozen=True)
class Found:
    """The hits of one kind, and the address of the list of all of them where there are more."""

    label: Sentence
    icon: str
    hits: list[Hit]
    more: str = ""


Source = Callable[[Actor, str], Iterable[Hit]]


@dataclass(frozen=True)
class Finder:
    """One kind of things that can be found."""

    label: Sentence
    source: Source
    capabilities: tuple[str, ...]
    icon: str
    order: int
    more: str


_finders: list[Finder] = []


def finder(label: Sentence, *capabilities: str, icon: str, order: int, more: str = "") -> Callable[[Source], Source]:
    """Declare a source: called with (actor, what was typed), it names the best ones; `more` is the list of all."""

    def declare(source: Source) -> Source:
        _finders.append(Finder(label, source, capabilities, icon, order, more))
        return source

    return declare


def find(actor: Actor, text: str) -> Iterator[Found]:
    """What fits, kind by kind; kinds of which nothing fits are left out."""
    for kind in sorted(_finders, key=lambda kind: kind.order):
        hits = list(kind.source(actor, text)) if words_of(text) and actor.can(*kind.capabilities) else []
        if hits:
            more = f"{reverse(kind.more)}?{urlencode({'tab': 'all', 'q': text})}" if kind.more else ""
            yield Found(kind.label, kind.icon, hits[:SHOWN], more if len(hits) > SHOWN else "")


@finder(_("页面"), icon="layout-list", order=90)
def pages(actor: Actor, text: str) -> list[Hit]:
    """The pages of the person's navigation, by name, pinyin and initials."""
    words = words_of(text)
    fit = [place for place in places(actor) if _names(str(place.label), words)]
    return [Hit(place.url, place.label, icon=place.icon) for place in fit[:SHOWN]]


def _names(label: str, words: list[str]) -> bool:
    tokens = name_tokens(label)
    return all(any(token.startswith(word) for token in tokens) for word in words)


@access(SIGNED_IN)
class Find(Screen):
    """What was found; the box in the header asks for the list alone while one types."""

    template = "shell/find.html"
    title = _("搜索")
    parts = {"found": "shell/find.html#found"}

    def context(self) -> dict[str, Any]:
        """The text and what fits it."""
        text = self.request.GET.get("q", "").strip()[:100]
        return {"text": text, "found": list(find(self.actor, text))}
