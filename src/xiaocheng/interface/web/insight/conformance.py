"""Whether deals go the way of the process: from stage to stage, with what was left out and gone back to marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import ACT_DONE, ACT_LATE, BACK_RATE, CONFORM, SKIP_RATE, STRAIGHT
from xiaocheng.insight.queries import ELSEWHERE, Conformance, Figure, FromStage, OnesSteps, Step
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Figure as TileFigure

from . import skipping
from .asked import Asked
from .paths import path_heads, path_rows
from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, sureness, table, text, tile
from .skipping import effects_of

STAGE = gettext_lazy("阶段")
BY: dict[str, Sentence] = {
    "stage": gettext_lazy("按阶段"),
    "team": gettext_lazy("按团队"),
    "person": gettext_lazy("按人员"),
    "skipping": gettext_lazy("跳阶影响"),
}
LINE_HEADS: dict[str, Sentence] = {
    "stage": STAGE,
    "team": gettext_lazy("团队(业绩归属)"),
    "person": gettext_lazy("人员(业绩归属)"),
}
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
        """The tiles, the matrix, the paths, and the rates by stage, by team or by person."""
        found = queries.conformance(self.actor, self.selection)
        if found.is_empty:
            return {"is_empty": True, "found": found}
        then = queries.conformance(self.actor, self.before) if self.before else None
        effects = effects_of(self.asked, found.process_id)
        some = bool(found.people)
        offered = {"stage": True, "team": some, "person": some, "skipping": effects is not None}
        by = self.request.GET.get("by", "")
        by = by if offered.get(by) else "stage"
        urls = Urls(self.asked, found.process_id, self.name)
        ways = [(key, name, self.asked.query(by=key), key == by) for key, name in BY.items() if offered[key]]
        return {
            "found": found,
            "said": sentence(found),
            "tiles": _tiles(found, then, urls),
            "columns": [name or _("其他流程") for _code, name in found.columns],
            "lines": [
                (row.name, [_cell(row, step, name, urls.stays) for step, name in _named(found, row)])
                for row in found.rows
            ],
            "paths": table(
                _("路径"), path_heads(), path_rows(found.variants.of_all, f"{urls.closings}&how=judged"), "path"
            ),
            "others": found.variants.others,
            "by": ways if len(ways) > 1 else [],
            "skipping": effects and skipping.section(self.actor, effects),
            **(
                table(STAGE, skipping.heads(), skipping.lines(effects))
                if by == "skipping" and effects
                else table(LINE_HEADS[by], _stage_heads() if by == "stage" else _heads(), _lines(found, by, urls))
            ),
        }


class Urls:
    """The addresses of the rows behind the numbers of one process."""

    def __init__(self, asked: Asked, process_id: int | None, back: str) -> None:
        self.asked, self.process_id = asked, process_id
        self._kept = {"process": process_id, "back": back}
        self.stays, self.closings = (rows_url(asked, to, self._kept) for to in ("stays", "closings"))

    def narrowed(self, to: str, by: str, line_id: int) -> str:
        """Those of one team or person."""
        key = {"team": "unit", "person": "person"}[by]
        return rows_url(self.asked, to, self._kept | {key: line_id})


def _tiles(found: Conformance, then: Conformance | None, urls: Urls) -> list[TileFigure]:
    kept, before = found.kept, then.kept if then else None
    skipping = (_("其中有跳阶的"), formats.number(kept.skipping)), (_("其中有退回的"), formats.number(kept.returning))
    late = [(_("补录后完成"), text(kept.act_late))]
    return [
        tile(kept.conform, f"{urls.closings}&how=judged", before=before.conform if before else None, more=skipping),
        tile(kept.straight, f"{urls.closings}&how=straight", before=before.straight if before else None),
        tile(kept.act_done, f"{urls.stays}&left=due", before=before.act_done if before else None, more=late),
        tile(found.skip_rate, f"{urls.stays}&worked=yes&exit=forward", before=then.skip_rate if then else None),
        tile(found.back_rate, f"{urls.stays}&worked=yes&exit=exited", before=then.back_rate if then else None),
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


def _stage_heads() -> list[Head]:
    return [
        Head(SKIPPED, SKIPPED, SKIPPED_MEANS),
        Head.of(SKIP_RATE),
        Head(BACK, BACK, BACK_MEANS),
        Head.of(BACK_RATE),
        Head.of(ACT_DONE),
        Head.of(ACT_LATE),
    ]


def _heads() -> list[Head]:
    return [
        Head.of(CONFORM),
        Head.of(STRAIGHT),
        Head.of(SKIP_RATE),
        Head.of(BACK_RATE),
        Head.of(ACT_DONE),
        Head.of(ACT_LATE),
    ]


def _lines(found: Conformance, by: str, urls: Urls) -> list[tuple[Sentence, list[Cell]]]:
    if by == "stage":
        return [(row.name, _of_stage(row, f"{urls.stays}&stage={row.code}")) for row in found.rows]
    ones = found.people if by == "person" else found.teams
    return [
        (line.name, _of_one(line, urls.narrowed("stays", by, line.id), urls.narrowed("closings", by, line.id)))
        for line in ones
    ]


def _of_stage(row: FromStage, url: str) -> list[Cell]:
    return [
        _count(row.skip_rate, f"{url}&exit=skipped"),
        sure(row.skip_rate, f"{url}&exit=forward"),
        _count(row.back_rate, f"{url}&exit=back"),
        sure(row.back_rate, f"{url}&exit=exited"),
        sure(row.act_done, f"{url}&left=due"),
        linked(row.act_late, f"{url}&left=late"),
    ]


def _of_one(line: OnesSteps, stays: str, closings: str) -> list[Cell]:
    kept = line.kept
    return [
        sure(kept.conform, f"{closings}&how=judged"),
        sure(kept.straight, f"{closings}&how=straight"),
        sure(line.skip_rate, f"{stays}&worked=yes&exit=forward"),
        sure(line.back_rate, f"{stays}&worked=yes&exit=exited"),
        sure(kept.act_done, f"{stays}&left=due"),
        linked(kept.act_late, f"{stays}&left=late"),
    ]


def sure(rate: Figure, url: str) -> Cell:
    """A rate with how sure it is below."""
    return linked(rate, url, sureness(rate) if rate.value is not None else "")


def _count(figure: Figure, url: str) -> Cell:
    return Cell(formats.number(figure.numerator), url if figure.numerator else "", value=figure.numerator)
