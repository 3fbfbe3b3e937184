"""Taking an import back: all of its new rows or none, and only while nobody has changed or used them.

Rows that it changed get their former values again, field by field, where nobody has changed them since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import Event, read_entries, record
from xiaocheng.foundation.kernel.models import JournalEntry, JournalSubject
from xiaocheng.foundation.kernel.references import used

from .events import ImportUndone
from .meanings import target_for
from .models import DONE, FAILED, UNDOING, UNDONE, ImportJob
from .targets import SET, Undo
from .targets import target as target_of

NAMED = 5  # rows that a refusal names


def undo(actor: Actor, job_id: int) -> ImportJob:
    """Take back every row that an import made, or say what stands in the way."""
    with transaction.atomic():
        job: ImportJob = ImportJob.objects.locked(actor, job_id)
        target = target_for(actor, job)
        if target.undo is None or job.state != UNDOING:
            raise RuleBroken(_("这项导入不能撤销。"))
        parts = sorted(set(job.sets.exclude(target="").values_list("target", flat=True)))
        for key in parts:  # they point at the rows that they were made with
            part = target_of(key)
            if part is not None and part.undo is not None:
                _take_back(actor, part.undo, _made(job, key))
        ids = _made(job, "")
        _take_back(actor, target.undo, ids)
        restored = _give_back(actor, job, target.undo)
        job.state, job.finished_at = UNDONE, clock.now()
        job.save(update_fields=["state", "finished_at", "counts"])
        record(actor, ImportUndone(job_id=job.pk, target=target.key, file=job.where, rows=len(ids), restored=restored))
    return job


def _made(job: ImportJob, key: str) -> list[int]:
    return [pk for made in job.sets.filter(target=key).order_by("pk") for pk in made.ids]


def _take_back(actor: Actor, rule: Undo, ids: Sequence[int]) -> None:
    found = list(islice(in_the_way(actor, rule, ids), NAMED + 1))
    if found:
        raise RuleBroken(_refusal(found))
    for start in reversed(range(0, len(ids), SET)):  # what was made later may point at what was made before
        rule.take_back(actor, ids[start : start + SET])


def _give_back(actor: Actor, job: ImportJob, rule: Undo) -> int:
    """Former values, where the rows still hold what the import wrote; returns how many rows have some again."""
    if rule.restore is None:
        return 0
    changed = list(job.changed.order_by("pk").values_list("row_id", "changes"))
    restored = 0
    for some in in_sets(changed, SET):
        restored += rule.restore(actor, some)
    job.counts = {**job.counts, "restored": restored, "kept": len(changed) - restored}
    return restored


def may_undo(actor: Actor, job: ImportJob) -> bool:
    """True when the rows of an import can be taken back at all."""
    has_any = job.state in {DONE, FAILED} and target_for(actor, job).undo is not None
    return has_any and (job.sets.exists() or job.changed.exists())


def undo_note(actor: Actor, job: ImportJob) -> str:
    """What else the undo of an import does or leaves, in words."""
    rule = target_for(actor, job).undo
    return str(rule.note) if rule else ""


def in_the_way(actor: Actor, rule: Undo, ids: Sequence[int]) -> Iterator[str]:
    """A sentence for each row that somebody has changed or used since."""
    model, all_ids = apps.get_model(rule.model), frozenset(ids)
    for some in in_sets(ids, SET):
        names = {row.pk: str(row) for row in model._base_manager.filter(pk__in=some)}
        if len(names) < len(some):
            yield _("有 %(count)d 行已经不在了。") % {"count": len(some) - len(names)}
        pointed_at = islice(used(model, some, but=rule.parts, among=all_ids), NAMED)
        for pk, what in {**dict.fromkeys(pointed_at, _("已被其他资料引用。")), **_told(rule, some)}.items():
            yield _("「%(name)s」%(what)s") % {"name": names.get(pk, pk), "what": what}


def _told(rule: Undo, ids: Sequence[int]) -> dict[int, str]:
    """What the journal tells about rows beyond their import, in the words of the timeline."""
    later = JournalSubject.objects.filter(kind=rule.model, row_id__in=ids).exclude(entry__kind__in=rule.told)
    counted = later.values_list("row_id", "entry__kind").annotate(n=Count("pk"), last=Max("entry_id")).order_by("-last")
    times = {(pk, kind): n for pk, kind, n, _last in counted}
    opposite = _opposites()
    entries = {pk: last for pk, kind, n, last in counted if times.get((pk, opposite.get(kind, ""))) != n}
    said = {item.entry_id: item.sentence for item in read_entries(JournalEntry.objects.filter(pk__in=entries.values()))}
    return {pk: _("之后有改动:%(what)s。") % {"what": said[entry]} for pk, entry in entries.items()}


def _opposites() -> dict[str, str]:
    """The kinds of events that take one another back: as often the one as the other is as if nothing had been."""
    pairs = [(kind, event.takes_back.kind()) for kind, event in Event.registry.items() if event.takes_back]
    return dict(pairs) | {taken: kind for kind, taken in pairs}


def _refusal(found: list[str]) -> str:
    more = _("等") if len(found) > NAMED else ""
    return _("不能撤销,没有改动任何内容。%(rows)s%(more)s请先处理这些行,或逐条修改。") % {
        "rows": "".join(found[:NAMED]), "more": more,
    }  # fmt: skip
