"""The paths of closed deals as pages say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight.measures import PATH_DAYS, PATH_SHARE, PATH_WON
from xiaocheng.insight.queries import Variant
from xiaocheng.interface.web.shell import formats
from xiaocheng.selling.pipeline.queries import ELSEWHERE, stages_of

from .showing import Cell, Head, linked, sureness

ARROW, LONG = " → ", 3
KINDS: dict[str, Sentence] = {
    "straight": gettext_lazy("按顺序"),
    "skip": gettext_lazy("有跳阶"),
    "back": gettext_lazy("有退回"),
}
HOW_OFTEN = gettext_lazy("次数")
HOW_OFTEN_MEANS = gettext_lazy("走这条路径关闭的商机数,减去后来重新打开的")


def path_text(path: str, names: Mapping[str, str]) -> str:
    """A path in the names of its stages."""
    return path_words((code, names.get(code, code)) for code in stages_of(path))


def path_words(stages: Iterable[tuple[str, str]], *, lines: int = 1) -> str:
    """Stages as one line, or a long one as several; what came from another process says so."""
    names = [_("(转流程)") if code == ELSEWHERE else name for code, name in stages]
    each = -(-len(names) // lines) if len(names) > LONG else len(names)
    return f"{ARROW.rstrip()}\n".join(ARROW.join(names[at : at + each]) for at in range(0, len(names), max(each, 1)))


def path_heads() -> list[Head]:
    """The headings of a table of paths."""
    return [
        Head(HOW_OFTEN, HOW_OFTEN, HOW_OFTEN_MEANS),
        Head.of(PATH_SHARE, _("占比")),
        Head.of(PATH_DAYS, _("用时(中位数)")),
        Head.of(PATH_WON, _("赢单率")),
    ]


def path_rows(variants: Sequence[Variant], base: str) -> list[tuple[Sentence, list[Cell]]]:
    """A line of a table for each path; every number leads to its deals. `base` is the address of closings."""
    return [(path_words(item.stages), _cells(item, path_url(base, item))) for item in variants]


def path_url(base: str, item: Variant) -> str:
    """The deals that went a path."""
    return f"{base}&path={quote(item.path)}"


def _cells(item: Variant, url: str) -> list[Cell]:
    n = item.share.numerator
    return [
        Cell(formats.number(n), url if n else "", str(KINDS[item.kind]), Decimal(n)),
        linked(item.share, url),
        linked(item.days, url),
        linked(item.won, url, sureness(item.won) if item.won.value is not None else ""),
    ]
