"""The stages of a former system: which process they are, or the process of their own that they become."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.import_export.kinds import key_of
from xiaocheng.foundation.import_export.targets import Row
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.text import sort_key

from .commands import ProcessDraft, StageDraft, add_process, publish
from .models import ProcessVersion
from .models.processes import AFTER, LOST, OPEN, STAGE_KINDS, WON
from .queries import processes, published_versions

MOST_STAGES = 30
LOST_WORDS = re.compile(r"lost|lose|dead|disqualif|cancel|abandon|输|失败|丢单|流失|放弃|取消|无效|作废", re.IGNORECASE)
WON_WORDS = re.compile(r"won|win|signed|赢|成交|成功|签约|已签|签单", re.IGNORECASE)
AFTER_WORDS = re.compile(r"after|售后|回访|交付", re.IGNORECASE)
USUAL_ORDER = [
    re.compile(words, re.IGNORECASE)
    for words in (
        "lead|prospect|new|线索|识别|寻找|初步|潜在",
        "qualif|合格|验证|筛选",
        "contact|engag|接触|接洽|跟进|拜访",
        "need|discover|analys|需求|分析",
        "demo|present|介绍|演示|试用",
        "propos|solution|方案",
        "quot|报价|投标",
        "negoti|谈判|商务",
        "contract|verbal|合同|签约中",
    )
]


def propose(actor: Actor, rows: Sequence[Row]) -> dict[str, Any]:
    """Which process the stages of a table are; where none has them all, a process of their own with kinds and order."""
    texts = list(Counter(row["stage"] for row in rows if row.get("stage")))[:MOST_STAGES]
    kinds = {text: _kind(text) for text in texts}
    dated = _share_dated(rows)
    ordered = sorted(texts, key=lambda text: (_rank_of_kind(kinds[text]), *_place(text, dated, texts)))
    version = _with_all(published_versions(actor), texts)
    stages = [
        {"text": text, "name": text, "kind": kinds[text], "code": _code_in(version, text) if version else ""}
        for text in ordered
    ]
    return {
        "version_id": version.pk if version else None,
        "name": version.process.name if version else _free_name(actor),
        "stages": stages,
        "opened_in": _opened_in(stages, dated),
    }


def ensure(actor: Actor, proposal: dict[str, Any]) -> dict[str, Any]:
    """Make sure that the process is there; returns its edition, and which text is which of its stages."""
    if proposal.get("version_id"):
        version = next((v for v in published_versions(actor) if v.pk == proposal["version_id"]), None)
        if version is None:
            raise RuleBroken(_("所选的流程已停用。请在「阶段」一步中重新选择。"), field="setup")
    else:
        version = _own_process(actor, proposal)
    stages = list(version.stages.all())
    by_name = {key_of(word): stage.code for stage in stages for word in (stage.code, stage.name)}
    codes = {
        item["text"]: item.get("code") or by_name.get(key_of(item["name"]))
        for item in proposal["stages"]
        if item.get("code") or key_of(item["name"]) in by_name
    }
    opened_in = codes.get(proposal.get("opened_in") or "") or next(stage.code for stage in stages if stage.is_open)
    return {
        "version_id": version.pk,
        "codes": codes,
        "kinds": {stage.code: stage.kind for stage in stages},
        "order": [stage.code for stage in stages],
        "opened_in": opened_in,
    }


def _kind(text: str) -> str:
    for kind, words in ((LOST, LOST_WORDS), (AFTER, AFTER_WORDS), (WON, WON_WORDS)):
        if words.search(text):
            return kind
    return OPEN


def _rank_of_kind(kind: str) -> int:
    return (OPEN, WON, AFTER, LOST).index(kind)


def _place(text: str, dated: Mapping[str, float], texts: Sequence[str]) -> tuple[bool, float, int]:
    """Stages in which no deal has begun yet first; then by the usual words; then as they appear."""
    usual = next((float(at) for at, words in enumerate(USUAL_ORDER) if words.search(text)), 4.5)
    return dated.get(text, 0) >= 0.5, usual, texts.index(text)


def _share_dated(rows: Sequence[Row]) -> dict[str, float]:
    """For each stage the share of rows that have a day of beginning."""
    total = Counter(row.get("stage") for row in rows)
    with_day = Counter(row.get("stage") for row in rows if row.get("opened_on"))
    return {text: with_day[text] / count for text, count in total.items() if text}


def _opened_in(stages: Sequence[Mapping[str, Any]], dated: Mapping[str, float]) -> str:
    """The stage that the day of beginning tells the entry of: the first in which most deals have one."""
    opened = [item["text"] for item in stages if item["kind"] == OPEN]
    return next((text for text in opened if dated.get(text, 0) >= 0.5), opened[0] if opened else "")


def _with_all(versions: Iterable[ProcessVersion], texts: Sequence[str]) -> ProcessVersion | None:
    wanted = {key_of(text) for text in texts}
    for version in versions:
        if wanted and wanted <= {key_of(word) for stage in version.stages.all() for word in (stage.code, stage.name)}:
            return version
    return None


def _code_in(version: ProcessVersion, text: str) -> str:
    return next(
        (stage.code for stage in version.stages.all() if key_of(text) in {key_of(stage.code), key_of(stage.name)}), ""
    )


def _free_name(actor: Actor) -> str:
    taken = set(processes(actor).values_list("name", flat=True))
    name = _("导入的流程")
    return next(free for free in (name, *(f"{name} {n}" for n in range(2, 1000))) if free not in taken)


def _own_process(actor: Actor, proposal: Mapping[str, Any]) -> ProcessVersion:
    """The process of this name and these stages, made and published where it is missing."""
    drafts = _drafts(proposal["stages"])
    name = str(proposal.get("name") or "").strip()
    print_of_it = hashlib.sha256(repr([name, *((d.name, d.kind) for d in drafts)]).encode()).hexdigest()[:10]
    code = f"import-{print_of_it}"
    for version in published_versions(actor):
        if version.process.code == code:
            return version
    process = add_process(actor, ProcessDraft(name, code, drafts))
    publish(actor, process.versions.get().pk)
    return next(version for version in published_versions(actor) if version.process.code == code)


def _drafts(stages: Sequence[Mapping[str, Any]]) -> list[StageDraft]:
    """The stages to make: equal names once, exactly one win and one loss."""
    names: dict[str, str] = {}
    for item in stages:
        if item["kind"] not in STAGE_KINDS:
            raise RuleBroken(_("请为阶段「%(name)s」选择类别。") % {"name": item["name"]}, field="setup")
        names.setdefault(item["name"].strip(), item["kind"])
    for kind, name in ((WON, _("成交")), (LOST, _("输单"))):
        if kind not in names.values():
            names[name] = kind
    opened = [name for name, kind in names.items() if kind == OPEN]
    if not opened:
        names = {_("跟进中"): OPEN, **names}
        opened = [_("跟进中")]
    chances = {name: round(100 * (at + 1) / (len(opened) + 2)) for at, name in enumerate(opened)}
    return [
        StageDraft(
            name=name[:40],
            kind=kind,
            code="".join(c for c in sort_key(name) if c.isascii() and c.isalnum())[:30] or f"stage-{at}",
            probability=100 if kind in {WON, AFTER} else chances.get(name, 0),
            forecast_category="pipeline" if kind == OPEN else "commit" if kind == WON else "omitted",
        )
        for at, (name, kind) in enumerate(names.items(), 1)
    ]
