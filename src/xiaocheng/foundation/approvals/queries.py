"""Who may decide, and what was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import supervisors_of

from .models import Alarm, SignOff, Verdict
from .rules import ApprovalRules

Signers = dict[int, int | None]  # who signs, with whom he stands in for


@dataclass(frozen=True)
class Paper:
    """Something that waits for a verdict: which row, whose, submitted when (None: not yet).

    What is also against somebody is decided by whoever is above both of them.
    """

    row_id: int
    person_id: int
    submitted_at: dt.datetime | None = None
    against_id: int | None = None


def who_may_decide(actor: Actor, paper: Paper) -> Signers:
    """Who may sign a paper today, with whom a deputy stands in for; nobody above the person: no signature is needed."""
    return who_may_decide_each(actor, [paper])[paper.row_id]


def waiting_for(actor: Actor, papers: Collection[Paper]) -> set[int]:
    """The row ids of those of the papers that the actor may decide now."""
    return {row_id for row_id, signers in who_may_decide_each(actor, papers).items() if actor.person_id in signers}


def who_may_decide_each(actor: Actor, papers: Collection[Paper]) -> dict[int, Signers]:
    """By row id: who is above the person, or above both of the two whom the paper is about."""
    return _of_one([p for p in papers if p.against_id is None]) | _of_two([p for p in papers if p.against_id])


def _of_one(papers: Collection[Paper]) -> dict[int, Signers]:
    """The supervisor and his deputies; once it waited too long, also those of the supervisor."""
    today = clock.today()
    nearest = supervisors_of({paper.person_id for paper in papers}, today) if papers else {}
    overdue = {paper.person_id for paper in papers if _waited_too_long(paper)}
    above = supervisors_of({signer for person in overdue for signer in nearest[person]}, today) if overdue else {}
    found: dict[int, Signers] = {}
    for paper in papers:
        signers = dict(nearest[paper.person_id])
        if _waited_too_long(paper):
            for signer in nearest[paper.person_id]:
                signers = above[signer] | signers
        found[paper.row_id] = {signer: absent for signer, absent in signers.items() if signer != paper.person_id}
    return found


def _of_two(papers: Collection[Paper]) -> dict[int, Signers]:
    """The nearest who stand above both, and their deputies; once it waited too long, also those one step up."""
    pairs = {paper.row_id: (paper.person_id, paper.against_id or 0) for paper in papers}
    direct = _all_above({person for pair in pairs.values() for person in pair}, clock.today())
    found: dict[int, Signers] = {}
    for paper in papers:
        one, other = pairs[paper.row_id]
        above_other = {signer for level in _levels(direct, other) for signer in level}
        lines = _levels(direct, one)
        common = [level for level in lines if any(level[signer] is None for signer in above_other & {*level})]
        levels = reversed(common[: 2 if _waited_too_long(paper) else 1])
        found[paper.row_id] = {
            signer: absent for level in levels for signer, absent in level.items() if signer not in {one, other}
        }
    return found


def _all_above(people: Collection[int], day: dt.date) -> dict[int, Signers]:
    """Who signs for people, who for those, and so on up the line: a round of statements for each step of all lines."""
    direct: dict[int, Signers] = {}
    asked = set(people)
    while asked:
        direct |= supervisors_of(asked, day)
        asked = {who for person in asked for who, absent in direct[person].items() if absent is None} - direct.keys()
    return direct


def _levels(direct: Mapping[int, Signers], person_id: int) -> Iterator[Signers]:
    """The steps of one line, the nearest first."""
    people, seen = {person_id}, {person_id}
    while people:
        level = {signer: absent for person in people for signer, absent in direct[person].items()}
        people = {signer for signer, absent in level.items() if absent is None} - seen
        seen |= people
        if level:
            yield level


def line_above(actor: Actor, person_id: int) -> list[list[int]]:
    """Who stands above a person today, step by step up the line, the nearest first, each with his deputies."""
    levels = [list(level) for level in _levels(_all_above({person_id}, clock.today()), person_id)]
    told: set[int] = {person_id}
    found = []
    for level in levels:
        if fresh := [pk for pk in level if pk not in told]:
            found.append(fresh)
            told |= {*fresh}
    return found


def alarm_about(actor: Actor, kind: str, row_id: int) -> Alarm | None:
    """The alarm about a row that the caller was allowed to see, if there was any."""
    return Alarm.objects.filter(kind=kind, row_id=row_id).first()


def _waited_too_long(paper: Paper) -> bool:
    hours = rules(ApprovalRules, clock.today()).escalate_after_hours
    return bool(
        hours and paper.submitted_at is not None and clock.now() - paper.submitted_at >= dt.timedelta(hours=hours)
    )


@dataclass(frozen=True)
class Said:
    """What somebody said about one version of a paper."""

    version: int
    verdict: str
    name: Sentence
    comment: str
    person: str
    on_behalf_of: str
    at: dt.datetime


def said_about(actor: Actor, kind: str, row_ids: Sequence[int]) -> dict[int, list[Said]]:
    """What was said about rows that the caller has already been allowed to see, oldest first, by row."""
    found: dict[int, list[Said]] = {row_id: [] for row_id in row_ids}
    rows = SignOff.objects.filter(kind=kind, row_id__in=row_ids).order_by("id")
    for row in rows.select_related("person", "on_behalf_of"):
        found[row.row_id].append(
            Said(
                row.version,
                row.verdict,
                Verdict(row.verdict).label,
                row.comment,
                row.person.name,
                row.on_behalf_of.name if row.on_behalf_of else "",
                row.at,
            )
        )
    return found
