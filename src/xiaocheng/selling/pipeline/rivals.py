"""Which competitors of the register a deal names: by their name or another one, in whatever width and case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.text import normal

from .models import Competitor, Opportunity, Rival

DIVIDED = re.compile(r"[、,,;;\n]")
MARK = "、"
SET = 2_000
BECAUSE = "a deal was written; which competitors it names is what follows"


def names_in(text: str) -> list[str]:
    """The names of a text, each once, in their order."""
    found: dict[str, str] = {}
    for part in DIVIDED.split(text):
        if name := " ".join(part.split()):
            found.setdefault(normal(name), name)
    return list(found.values())


def known() -> dict[str, int]:
    """By every name, as it is compared, which competitor it means."""
    found: dict[str, int] = {}
    for pk, name, aliases in Competitor.objects.order_by("-pk").values_list("pk", "name", "aliases"):
        found |= dict.fromkeys(map(normal, names_in(aliases)), pk)
        found[normal(name)] = pk
    return found


def link(opportunity_ids: Collection[int], *, are_new: bool = False) -> None:
    """Point deals at the competitors that their texts name, and at no others; what was noted about those stays."""
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).filter(pk__in=opportunity_ids).exclude(competitor="")
    texts = dict(rows.values_list("pk", "competitor"))
    there = Rival.objects.filter(opportunity__in=opportunity_ids)
    have = (
        {} if are_new else {(deal, who): pk for pk, deal, who in there.values_list("pk", "opportunity", "competitor")}
    )
    wanted = _named(texts, known() if texts else {})
    gone = [pk for at, pk in have.items() if at not in wanted]
    if gone:
        Rival.objects.filter(pk__in=gone).delete()
    Rival.objects.bulk_create(
        [Rival(opportunity_id=deal, competitor_id=who) for deal, who in sorted(wanted - have.keys())]
    )


def link_again() -> int:
    """Point all deals that name anybody at the register as it now is; gives how many there are."""
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).exclude(competitor="")
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for some in in_sets(ids, SET):
        link(some)
    return len(ids)


def unknown_names() -> list[str]:
    """The names in deals that the register does not know, each once, as it was first written."""
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).exclude(competitor="").order_by("pk")
    register, found = known(), dict[str, str]()
    for text in rows.values_list("competitor", flat=True).iterator(SET):
        for name in names_in(text):
            if normal(name) not in register:
                found.setdefault(normal(name), name)
    return list(found.values())


def _named(texts: Mapping[int, str], register: Mapping[str, int]) -> set[tuple[int, int]]:
    pairs: Iterable[tuple[int, int | None]] = (
        (deal, register.get(normal(name))) for deal, text in texts.items() for name in names_in(text)
    )
    return {(deal, who) for deal, who in pairs if who is not None}
