"""The register of competitors, and which of them a deal is fought against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.text import normal, sort_key
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.pipeline.access import MANAGE_COMPETITORS, WORK
from xiaocheng.selling.pipeline.events import CompetitorAdded, CompetitorEdited, CompetitorsMerged, RivalsNoted
from xiaocheng.selling.pipeline.models import Competitor, Opportunity, Rival
from xiaocheng.selling.pipeline.models.competitors import LONGEST_ALIASES
from xiaocheng.selling.pipeline.rivals import MARK, known, link, link_again, names_in, unknown_names

from .editing import fill_in


@dataclass(frozen=True, kw_only=True)
class CompetitorDraft:
    """What is known of a competitor; `aliases` divided by commas or 、."""

    name: str
    aliases: str = ""
    strengths: str = ""
    weaknesses: str = ""
    answer: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class RivalDraft:
    """A competitor of the register in a deal, and how they stand there."""

    competitor_id: int
    note: str = ""


@transaction.atomic
def add_competitor(actor: Actor, draft: CompetitorDraft) -> Competitor:
    """Put a competitor into the register; deals that name it already are found under it from now on."""
    actor.require(MANAGE_COMPETITORS)
    row = Competitor(**_values(draft))
    _check(row)
    row.save(force_insert=True)
    link_again()
    record(actor, CompetitorAdded(competitor_id=row.pk, name=row.name))
    return row


@transaction.atomic
def edit_competitor(actor: Actor, competitor_id: int, version: int, draft: CompetitorDraft) -> Competitor:
    """Change what is known of a competitor; a former name stays one of its names, as deals may say it."""
    row = _locked(competitor_id)
    actor.require(MANAGE_COMPETITORS)
    values = _values(draft)
    if normal(values["name"]) != normal(row.name):
        values["aliases"] = _joined(values["name"], [*names_in(values["aliases"]), row.name])
    _check(Competitor(pk=row.pk, **values))
    save_edit(row, version, **values)
    link_again()
    record(actor, CompetitorEdited(competitor_id=row.pk, name=row.name))
    return row


@transaction.atomic
def merge_competitors(actor: Actor, competitor_id: int, into_id: int) -> Competitor:
    """Two entries are one competitor: its deals and names are the other's, whose texts stay as they are."""
    gone, row = _locked(competitor_id), _locked(into_id)
    actor.require(MANAGE_COMPETITORS)
    if gone.pk == row.pk:
        raise RuleBroken(_("请选择另一个竞争对手。"), field="into")
    aliases = _joined(row.name, [*names_in(row.aliases), gone.name, *names_in(gone.aliases)])
    there = set(Rival.objects.filter(competitor=row).values_list("opportunity", flat=True))
    Rival.objects.filter(competitor=gone).exclude(opportunity__in=there).update(competitor=row)
    name = gone.name
    gone.delete()
    save_edit(row, row.edit_version, aliases=aliases)
    record(actor, CompetitorsMerged(competitor_id=row.pk, name=row.name, merged=name, merged_id=competitor_id))
    return row


@transaction.atomic
def collect_competitors(actor: Actor) -> list[Competitor]:
    """Put every competitor that deals name and the register does not know into it, each name once."""
    actor.require(MANAGE_COMPETITORS)
    rows = [Competitor(**_values(CompetitorDraft(name=name[:60]))) for name in unknown_names()]
    for row in rows:
        row.save(force_insert=True)
    if rows:
        link_again()
    record(actor, *(CompetitorAdded(competitor_id=row.pk, name=row.name) for row in rows))
    return rows


@transaction.atomic
def set_rivals(actor: Actor, opportunity_id: int, rivals: Sequence[RivalDraft]) -> Opportunity:
    """Say against which competitors of the register a deal is fought, and how they stand.

    Other ones are not named any more; what its text names beyond the register stays.
    """
    row: Opportunity = Opportunity.objects.locked(actor, opportunity_id)
    actor.require(WORK)
    ids = [it.competitor_id for it in rivals]
    names = dict(Competitor.objects.filter(pk__in=ids).values_list("pk", "name"))
    if len(names) < len(set(ids)):
        raise NotFound
    if len(set(ids)) < len(ids):
        raise RuleBroken(_("同一个竞争对手只能写一次。"), field="competitor_id")
    register = known()
    others = [name for name in names_in(row.competitor) if normal(name) not in register]
    text = MARK.join([*(names[pk] for pk in ids), *others])
    if len(text) > 80:
        raise RuleBroken(_("竞争对手的名称合起来最多 80 个字。"), field="competitor_id")
    if text != row.competitor:
        fill_in(actor, opportunity_id, {"competitor": text})
    link([opportunity_id])
    changed = _note(opportunity_id, {it.competitor_id: it.note.strip() for it in rivals})
    if changed:
        record(actor, RivalsNoted(opportunity_id=row.pk, names=tuple(names[pk] for pk in changed)))
    row.competitor = text
    return row


def _note(opportunity_id: int, notes: dict[int, str]) -> list[int]:
    """Save what is new about competitors in a deal; gives of which."""
    changed = []
    for rival in Rival.objects.filter(opportunity=opportunity_id, competitor__in=notes):
        if rival.note != notes[rival.competitor_id]:
            rival.note = notes[rival.competitor_id]
            check_columns(rival)
            rival.save(update_fields=["note"])
            changed.append(rival.competitor_id)
    return changed


def _locked(competitor_id: int) -> Competitor:
    row = Competitor.objects.select_for_update().filter(pk=competitor_id).first()
    if row is None:
        raise NotFound
    return row


def _values(draft: CompetitorDraft) -> dict[str, Any]:
    name = " ".join(draft.name.split())
    return {
        "name": name,
        "sort_key": sort_key(name)[:60],
        "aliases": _joined(name, names_in(draft.aliases)),
        "strengths": draft.strengths.strip(),
        "weaknesses": draft.weaknesses.strip(),
        "answer": draft.answer.strip(),
        "is_active": draft.is_active,
    }


def _joined(name: str, aliases: Sequence[str]) -> str:
    """Other names in one text, without the name itself."""
    found = {normal(alias): alias for alias in aliases if normal(alias) != normal(name)}
    text = MARK.join(found.values())
    if len(text) > LONGEST_ALIASES:
        raise RuleBroken(_("别名太多了,请删去不用的。"), field="aliases")
    return text


def _check(row: Competitor) -> None:
    """Each name means one competitor."""
    if not row.name:
        raise RuleBroken(_("请填写竞争对手的名称。"), field="name")
    if len(names_in(row.name)) > 1:
        raise RuleBroken(_("名称里不能有顿号、逗号或分号:它们用来分开几个名称。"), field="name")
    check_columns(row)
    register = known()
    for field, names in (("name", [row.name]), ("aliases", names_in(row.aliases))):
        taken = next((name for name in names if register.get(normal(name), row.pk) != row.pk), None)
        if taken is not None:
            raise RuleBroken(_("「%(name)s」已经登记了。是同一家的话,请合并。") % {"name": taken}, field=field)
