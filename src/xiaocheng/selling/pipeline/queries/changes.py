"""What a draft would change in the edition in use, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import roles
from xiaocheng.selling.pipeline.models import ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.opportunities import FIELD_NAMES
from xiaocheng.selling.pipeline.models.processes import FORECAST_CATEGORIES, PUBLISHED, STAGE_KINDS

from .carry_over import open_in_stages
from .processes import version as one_version

SHOWN = (
    *("kind", "expected_days", "idle_days", "probability", "forecast_category"),
    *("enter_fields", "leave_fields", "must_do", "movers"),
)
TEXTS = ("purpose", "guidance", "steps")
LABELS = {field.name: field.verbose_name for field in Stage._meta.fields}


@dataclass(frozen=True)
class Change:
    """One difference: what sort of change, of which stage (empty: of the edition), and the sentence."""

    kind: str  # added, dropped, renamed, moved, changed, reworded, rules
    stage: str
    sentence: str


@dataclass(frozen=True)
class Dropped:
    """A stage that a draft no longer has, in which open opportunities stand."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Changes:
    """How a draft differs from the edition in use; without one in use there is nothing to differ from."""

    against: int | None  # number of the edition in use
    changes: list[Change]
    dropped: list[Dropped]


def changes_of(actor: Actor, version_id: int) -> Changes:
    """What a draft would change, and which of its dropped stages still have open opportunities."""
    draft = one_version(actor, version_id)
    in_use = ProcessVersion.objects.filter(process=draft.process_id, state=PUBLISHED).exclude(pk=draft.pk)
    former = in_use.prefetch_related("stages").first()
    if former is None:
        return Changes(None, [], [])
    before, after = ({stage.code: stage for stage in edition.stages.all()} for edition in (former, draft))
    changes = [
        *_rules(former, draft),
        *_added_and_dropped(before, after),
        *_moved(list(before), list(after), after),
        *_of_stages(actor, [(before[code], after[code]) for code in before if code in after]),
    ]
    return Changes(former.number, changes, _dropped(actor, draft, before, after))


def _rules(former: ProcessVersion, draft: ProcessVersion) -> list[Change]:
    found = []
    if former.skip_allowed != draft.skip_allowed:
        found.append(_("改为可以跳过阶段。") if draft.skip_allowed else _("改为不能跳过阶段。"))
    if former.back_allowed != draft.back_allowed:
        found.append(_("改为可以退回前面的阶段。") if draft.back_allowed else _("改为不能退回前面的阶段。"))
    return [Change("rules", "", sentence) for sentence in found]


def _added_and_dropped(before: Mapping[str, Stage], after: Mapping[str, Stage]) -> list[Change]:
    added, dropped = _("新增阶段「%(stage)s」。"), _("去掉阶段「%(stage)s」。")
    return [
        *(Change("added", c, added % {"stage": stage.name}) for c, stage in after.items() if c not in before),
        *(Change("dropped", c, dropped % {"stage": stage.name}) for c, stage in before.items() if c not in after),
    ]


def _moved(before: Sequence[str], after: Sequence[str], stages: Mapping[str, Stage]) -> list[Change]:
    """The fewest stages whose moving explains the new order of those that both have."""
    old, new = [code for code in before if code in after], [code for code in after if code in before]
    still = {code for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
             for code in new[block.b : block.b + block.size]}  # fmt: skip
    found = []
    for at, code in enumerate(new):
        if code not in still:
            stage = stages[code].name
            said = (
                _("「%(stage)s」移到「%(other)s」之后。") % {"stage": stage, "other": stages[new[at - 1]].name}
                if at
                else _("「%(stage)s」移到最前面。") % {"stage": stage}
            )
            found.append(Change("moved", code, said))
    return found


def _of_stages(actor: Actor, pairs: Sequence[tuple[Stage, Stage]]) -> list[Change]:
    words = _Words(actor)
    found = []
    for old, new in pairs:
        if old.name != new.name:
            said = _("「%(before)s」改名为「%(after)s」。") % {"before": old.name, "after": new.name}
            found.append(Change("renamed", new.code, said))
        for name in SHOWN:
            if getattr(old, name) != getattr(new, name):
                said = _("「%(stage)s」%(what)s:%(before)s → %(after)s。") % {
                    "stage": new.name,
                    "what": _label(name),
                    "before": words.of(name, getattr(old, name)),
                    "after": words.of(name, getattr(new, name)),
                }
                found.append(Change("changed", new.code, said))
        if texts := [_label(name) for name in TEXTS if getattr(old, name) != getattr(new, name)]:
            said = _("「%(stage)s」的%(what)s有改动。") % {"stage": new.name, "what": listed(texts)}
            found.append(Change("reworded", new.code, said))
    return found


def _label(name: str) -> str:
    return {"kind": _("类型"), "must_do": _("必做步骤")}.get(name) or str(LABELS[name])


class _Words:
    """The values of a stage as people read them."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.lists: dict[str, Mapping[Any, Any]] = {
            "kind": STAGE_KINDS,
            "forecast_category": FORECAST_CATEGORIES,
            "enter_fields": FIELD_NAMES,
            "leave_fields": FIELD_NAMES,
        }

    def of(self, name: str, value: Any) -> str:
        """One value, or several."""
        if name == "movers" and name not in self.lists:
            self.lists[name] = dict(roles(self.actor).values_list("pk", "name"))
        known = self.lists.get(name, {})
        several = value if isinstance(value, list) else [] if value is None else [value]
        return listed(str(known.get(one, one)) for one in several) or _("无")


def _dropped(
    actor: Actor, draft: ProcessVersion, before: Mapping[str, Stage], after: Mapping[str, Stage]
) -> list[Dropped]:
    gone = [stage for code, stage in before.items() if stage.is_open and (code not in after or not after[code].is_open)]
    counts = open_in_stages(actor, draft.process_id) if gone else {}
    return [Dropped(stage.code, stage.name, counts[stage.code]) for stage in gone if counts.get(stage.code)]
