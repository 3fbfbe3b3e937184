"""Whether deals go the way of the process: from stage to stage, with what was left out and gone back to marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import BACK_RATE, SKIP_RATE
from xiaocheng.insight.queries import ELSEWHERE, Conformance, Figure, FromStage, Step
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access

from . import skipping
from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, sureness, table, tile
from .skipping import effects_of

STAGE = gettext_lazy("阶段")
BY: dict[str, Sentence] = {
    "stage": gettext_lazy("按阶段"),
    "person": gettext_lazy("按人员"),
    "skipping": gettext_lazy("跳阶影响"),
}
LINE_HEADS: dict[str, Sentence] = {"stage": STAGE, "person": gettext_lazy("人员(业绩归属)")}
SKIPPED, SKIPPED_MEANS = gettext_lazy("跳阶次数"), gettext_lazy("越过中间阶段向前的次数;那些阶段在这一轮已经到过的不算")
BACK, BACK_MEANS = gettext_lazy("回退次数"), gettext_lazy("退回前面阶段的次数")

MARKS = {"skip": "left-out", "back": "gone-back", "": ""}  # classes of the squares


@access(SEE)
class ConformancePage(InsightScreen):
    """流程遵循: from which stage to which, and who leaves stages out."""

    title = gettext_lazy("流程遵循")
    template = "insight/conformance.html"
    name, any_process = "conformance", gettext_lazy("进入最多的流程")

    def context(self) -> dict[str, Any]:
        """Two tiles, the matrix, and the rates by stage or by person."""
        found = queries.conformance(self.actor, self.selection)
        if found.is_empty:
            return {"is_empty": True, "found": found}
        then = queries.conformance(self.actor, self.before) if self.before else None
        effects = effects_of(self.asked, found.process_id)
        offered = {"stage": True, "person": bool(found.people), "skipping": effects is not None}
        by = self.request.GET.get("by", "")
        by = by if offered.get(by) else "stage"
        base = rows_url(self.asked, "stays", {"process": found.process_id, "back": self.name})
        ways = [(key, name, self.asked.query(by=key), key == by) for key, name in BY.items() if offered[key]]
        return {
            "found": found,
            "said": sentence(found),
            "tiles": [
                tile(found.skip_rate, f"{base}&worked=yes&exit=forward", before=then.skip_rate if then else None),
                tile(found.back_rate, f"{base}&worked=yes&exit=exited", before=then.back_rate if then else None),
            ],
            "columns": [name or _("其他流程") for _code, name in found.columns],
            "lines": [
                (row.name, [_cell(row, step, name, base) for step, name in _named(found, row)]) for row in found.rows
            ],
            "by": ways if len(ways) > 1 else [],
            "skipping": effects and skipping.section(self.actor, effects),
            **(
                table(STAGE, skipping.heads(), skipping.lines(effects))
                if by == "skipping" and effects
                else table(LINE_HEADS[by], _heads(), self._rates(found, by, base))
            ),
        }

    def _rates(self, found: Conformance, by: str, base: str) -> list[tuple[Sentence, list[Cell]]]:
        if by == "stage":
            return [(row.name, _rates(row.skip_rate, row.back_rate, f"{base}&stage={row.code}")) for row in found.rows]
        narrowed = rows_url(self.asked, "stays", {"process": found.process_id, "back": self.name, "person": ""})
        return [
            (line.name, _rates(line.skip_rate, line.back_rate, f"{narrowed}&worked=yes&person={line.id}"))
            for line in found.people
        ]


def sentence(found: Conformance) -> str:
    """How often stages are left out or gone back to, and where most."""
    said = [
        _("向前离开的 %(forward)s 次中,跳阶 %(skipped)s 次;已离开的 %(exited)s 次中,回退 %(back)s 次。")
        % {
            "forward": formats.number(found.skip_rate.n),
            "skipped": formats.number(found.skip_rate.numerator),
            "exited": formats.number(found.back_rate.n),
            "back": formats.number(found.back_rate.numerator),
        }
    ]
    steps = [(row, step) for row in found.rows for step in row.steps if step.mark and step.n]
    if steps:
        row, step = max(steps, key=lambda item: item[1].n)
        words = {"stage": row.name, "to": dict(found.columns)[step.code], "count": formats.number(step.n)}
        skip, back = (
            _("跳得最多的是从「%(stage)s」到「%(to)s」:%(count)s 次。"),
            _("退得最多的是从「%(stage)s」到「%(to)s」:%(count)s 次。"),
        )
        said.append((skip if step.mark == "skip" else back) % words)
    return formats.sentences(*said)


def _named(found: Conformance, row: FromStage) -> list[tuple[Step, str]]:
    return [(step, name) for step, (_code, name) in zip(row.steps, found.columns, strict=True)]


def _cell(row: FromStage, step: Step, name: str, base: str) -> dict[str, Any]:
    """A square of the matrix: how often, which share of all that left, its mark, its rows."""
    left = sum(item.n for item in row.steps)
    way = "exit=moved" if step.code == ELSEWHERE else f"to={step.code}"
    return {
        "n": formats.number(step.n) if step.n else "",
        "share": formats.percent(Decimal(step.n) / left, 0) if step.n else "",
        "mark": MARKS[step.mark],
        "label": name or _("其他流程"),
        "url": f"{base}&stage={row.code}&{way}",
    }


def _heads() -> list[Head]:
    return [
        Head(SKIPPED, SKIPPED, SKIPPED_MEANS),
        Head.of(SKIP_RATE),
        Head(BACK, BACK, BACK_MEANS),
        Head.of(BACK_RATE),
    ]


def _rates(skip: Figure, back: Figure, url: str) -> list[Cell]:
    return [
        _count(skip, f"{url}&exit=skipped"),
        linked(skip, f"{url}&exit=forward", sureness(skip) if skip.value is not None else ""),
        _count(back, f"{url}&exit=back"),
        linked(back, f"{url}&exit=exited", sureness(back) if back.value is not None else ""),
    ]


def _count(figure: Figure, url: str) -> Cell:
    return Cell(formats.number(figure.numerator), url if figure.numerator else "", value=figure.numerator)
