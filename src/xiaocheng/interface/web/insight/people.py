"""人员对比: whose win rate differs from that of all by more than luck. No ranking: people stand by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import WIN_RATE, WIN_RATE_SHRUNK
from xiaocheng.insight.queries import PeopleCompared, PersonRate
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Series
from xiaocheng.interface.web.shell.links import Empty

from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, sureness, table, text, tile

WORDS: dict[int, Sentence] = {
    2: gettext_lazy("高于平均,几乎不可能是偶然"),
    1: gettext_lazy("高于平均,可能不只是偶然"),
    0: gettext_lazy("差别可能只是偶然"),
    -1: gettext_lazy("低于平均,可能不只是偶然"),
    -2: gettext_lazy("低于平均,几乎不可能是偶然"),
}
AGAINST, AGAINST_MEANS = (
    gettext_lazy("与平均相比"),
    gettext_lazy("以全体的赢单率为中心,按各人关闭的商机数画出 95% 和 99.8% 的界限;在 95% 界限内的差别可能只是偶然"),
)


@access(SEE)
class PeoplePage(InsightScreen):
    """人员对比: a dot for each person against the limits of luck."""

    title = gettext_lazy("人员对比")
    template = "insight/tiles_and_table.html"
    name = "people"

    def context(self) -> dict[str, Any]:
        """The rate of all, the picture, and the people by name."""
        found = queries.people_compared(self.actor, self.selection)
        heads = [Head.of(WIN_RATE), Head.of(WIN_RATE_SHRUNK), Head(AGAINST, AGAINST, AGAINST_MEANS)]
        people = [(person.name or _("未知"), self._cells(person)) for person in found.people]
        shown = table(_("人员(业绩归属)"), heads, people)
        if found.is_empty:
            return {"is_empty": True, **shown}
        return {
            "tiles": [tile(found.average, rows_url(self.asked, "closings", {"verdict": "decided", "back": self.name}))],
            "chart": self._picture(found),
            **shown,
        }

    def nothing(self) -> Empty:
        """Why nobody is compared."""
        hint = _("至少要有 %(people)s 个人各关闭 %(deals)s 个商机;换一个更长的时间或更大的范围。")
        words = {"people": queries.FEWEST_PEOPLE, "deals": queries.FEWEST}
        return Empty(_("还不能对比"), hint % words, icon="chart-bar-off", action=super().nothing().action)

    def _rows(self, person: PersonRate) -> str:
        return rows_url(self.asked, "closings", {"person": person.id, "verdict": "decided", "back": self.name})

    def _cells(self, person: PersonRate) -> list[Cell]:
        return [
            linked(person.win_rate, self._rows(person), sureness(person.win_rate)),
            Cell(text(person.shrunk), "", "", is_few=not person.is_compared),
            Cell(str(WORDS[person.beyond]) if person.is_compared else _("关闭的商机太少"), is_few=not person.beyond),
        ]

    def _picture(self, found: PeopleCompared) -> Chart:
        people, edges = found.compared, found.limits
        urls = [self._rows(person) for person in people]
        average = found.average.value or Decimal(0)
        return Chart(
            "scatter",
            sentence(found),
            [person.name or _("未知") for person in people],
            [
                Series(_("关闭的商机"), [person.win_rate.n for person in people]),
                Series(_("赢单率"), [person.win_rate.value for person in people], urls),
                Series(_("收缩后"), [person.shrunk.value for person in people]),
                Series(AGAINST, [person.beyond for person in people]),
                Series(_("界限处的商机数"), [edge.closed for edge in edges]),
                Series(_("全体"), [average for _edge in edges]),
                Series(_("95% 界限"), [edge.of_95[0] for edge in edges]),
                Series(_("95% 界限"), [edge.of_95[1] for edge in edges]),
                Series(_("99.8% 界限"), [edge.of_998[0] for edge in edges]),
                Series(_("99.8% 界限"), [edge.of_998[1] for edge in edges]),
            ],
            unit="percent",
            size="tall",
            notes=[_note(person) for person in people],
            with_table=False,
        )


def _note(person: PersonRate) -> str:
    return f"{text(person.win_rate)} · {sureness(person.win_rate)}\n{WORDS[person.beyond]}"


def sentence(found: PeopleCompared) -> str:
    """Who differs by more than luck; and how many would by luck alone."""
    compared = found.compared
    said = [
        _("%(count)s 人的赢单率合起来是 %(rate)s。")
        % {"count": formats.number(len(compared)), "rate": text(found.average)}
    ]
    outside = [person for person in compared if abs(person.beyond) == 2]
    near = [person for person in compared if abs(person.beyond) == 1]
    if outside:
        said.append(_("与平均的差别几乎不可能是偶然的:%(names)s。") % {"names": listed(p.name for p in outside)})
    if near:
        said.append(_("可能不只是偶然的:%(names)s。") % {"names": listed(p.name for p in near)})
    if not outside and not near:
        said.append(_("各人的差别都可能只是偶然。"))
    said.append(
        _("即使人人一样,%(count)s 人里也会有约 %(luck)s 人因偶然落在 95%% 界限之外。")
        % {"count": formats.number(len(compared)), "luck": formats.number(len(compared) * 0.05, 1)}
    )
    return formats.sentences(*said)
