"""The answers to the seven questions about a process: one sentence or two each, made of the data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.text import listed
from xiaocheng.insight.queries import FEWEST, Conformance, FromStage, SourceDeals, StageLine, may_be_chance
from xiaocheng.interface.web.shell import formats

from .paths import path_words
from .showing import sureness, text


def from_sources(lines: Sequence[SourceDeals]) -> str:
    """Which source brings most, which one is won most often, and whether that may be chance."""
    known = [line for line in lines if line.code]
    opened = sum(line.opened.n for line in lines)
    said = []
    if known and opened:
        most = max(known, key=lambda line: line.opened.n)
        said.append(
            _("新建商机 %(all)s 个,来得最多的是「%(source)s」:%(count)s 个。")
            % {"all": formats.number(opened), "source": most.name, "count": formats.number(most.opened.n)}
        )
    rated = sorted((line for line in known if line.win_rate.value is not None), key=lambda line: -_rate(line))
    if len(rated) < 2:
        return formats.sentences(*said, _("关闭的商机太少,还比不出哪个来源更容易赢单。"))
    best, next_best = rated[:2]
    said.append(
        _("赢单率最高的是「%(source)s」:%(rate)s(n=%(n)s)。")
        % {"source": best.name, "rate": text(best.win_rate), "n": formats.number(best.win_rate.n)}
    )
    if may_be_chance(best.win_rate, next_best.win_rate):
        said.append(_("与其次的「%(source)s」相比,差别可能只是巧合。") % {"source": next_best.name})
    return formats.sentences(*said)


def by_paths(steps: Conformance) -> str:
    """How most of what was won went."""
    won = steps.variants.of_won
    n = int(won[0].share.denominator or 0) if won else 0
    if n < FEWEST:
        return _("经历有记录的赢单只有 %(count)s 个,还看不出走哪条路。") % {"count": formats.number(n)}
    first = won[0]
    return _("赢单的 %(n)s 个商机走了 %(paths)s 条不同的路径,最常见的是「%(path)s」:%(count)s 个,占 %(share)s。") % {
        "n": formats.number(n),
        "paths": formats.number(len(won) + steps.variants.won_others),
        "path": path_words(first.stages),
        "count": formats.number(first.share.numerator),
        "share": text(first.share),
    }


def activities(steps: Conformance, rows: Sequence[FromStage]) -> str:
    """How often what is required was done, and where least."""
    done = steps.kept.act_done
    if not done.n:
        return _("期间内没有离开过有必做步骤的阶段;在销售流程里给阶段定出必做步骤,这里才有答案。")
    if done.n < FEWEST:
        return _("离开有必做步骤的阶段只有 %(count)s 次,还说不出完成得怎样。") % {"count": formats.number(done.n)}
    said = [
        _("离开有必做步骤的阶段 %(n)s 次,%(share)s 在离开时都已完成,另有 %(late)s 次是事后补录的。")
        % {"n": formats.number(done.n), "share": text(done), "late": text(steps.kept.act_late)}
    ]
    rated = [row for row in rows if row.act_done.value is not None]
    if len(rated) > 1:
        least = min(rated, key=lambda row: row.act_done.value or 0)
        said.append(_("最低的是「%(stage)s」:%(share)s。") % {"stage": least.name, "share": text(least.act_done)})
    return formats.sentences(*said)


def agreement(steps: Conformance) -> str:
    """How many of the closed deals broke no rule, and how many left stages out or went back though that is allowed."""
    kept = steps.kept
    if kept.conform.n < FEWEST:
        return _("经历有记录的关闭商机只有 %(count)s 个,还说不出遵循得怎样。") % {
            "count": formats.number(kept.conform.n)
        }
    return _(
        "关闭的 %(n)s 个商机里,%(share)s 没有违反流程(%(sure)s);按部就班的占 %(straight)s,"
        "有跳阶的 %(skipping)s 个,有退回的 %(returning)s 个。"
    ) % {
        "n": formats.number(kept.conform.n),
        "share": text(kept.conform),
        "sure": sureness(kept.conform),
        "straight": text(kept.straight),
        "skipping": formats.number(kept.skipping),
        "returning": formats.number(kept.returning),
    }


def invalid_apart(lines: Sequence[StageLine]) -> str:
    """How many were invalid or twice there: they are in none of the rates."""
    n = sum(line.invalid.figure.n for line in lines)
    return _("另有 %(count)s 次以「无效或重复」结束,不计入流失。") % {"count": formats.number(n)} if n else ""


def moved_on(lines: Sequence[StageLine]) -> str:
    """How long those took that went on: a mean that knows nothing of those that did not."""
    known = [line for line in lines if line.advance_days.n >= FEWEST]
    if not known:
        return ""
    parts = [_("%(stage)s %(days)s") % {"stage": line.name, "days": text(line.advance_days)} for line in known]
    return _("只看已经推进的,平均用时:%(stages)s;没有推进的不在里面,所以会偏短。") % {"stages": listed(parts)}


def skipped(steps: Conformance) -> str:
    """How often stages are left out, and from where most."""
    rate = steps.skip_rate
    if not rate.n:
        return _("期间内还没有向前离开的阶段。")
    if not rate.numerator:
        return _("向前离开的 %(n)s 次里没有跳阶。") % {"n": formats.number(rate.n)}
    most = max(steps.rows, key=lambda row: row.skipped)
    return _("向前离开的 %(n)s 次里跳阶 %(count)s 次(%(share)s),从「%(stage)s」跳得最多:%(most)s 次。") % {
        "n": formats.number(rate.n),
        "count": formats.number(rate.numerator),
        "share": text(rate),
        "stage": most.name,
        "most": formats.number(most.skipped),
    }


def _rate(line: SourceDeals) -> Decimal:
    return line.win_rate.value or Decimal(0)
