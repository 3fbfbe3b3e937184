"""`rebuild`: make derived data again from the tables that are the truth."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import measures, search
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import recompute_sight
from xiaocheng.insight.commands import count_values, estimate_skipping, learn_stays, make_forecasts, tell_chances
from xiaocheng.insight.commands import rebuild as rebuild_rollups
from xiaocheng.selling.customers.commands import renew_keys
from xiaocheng.selling.pipeline.commands import find_paths_again, open_customers_anew


def _measures() -> str:
    measures.rebuild()
    return _("%(count)d 项指标") % {"count": len(measures.measures())}


def _paths() -> str:
    return _("%(count)d 条路径有更正") % {"count": find_paths_again(SYSTEM)}


def _rollups() -> str:
    return _("%(count)d 格汇总") % {"count": rebuild_rollups(SYSTEM)}


def _values() -> str:
    return _("%(count)d 位客户的价值") % {"count": count_values(SYSTEM)}


def _forecasts() -> str:
    return _("%(count)d 个预测") % {"count": make_forecasts(SYSTEM)}


def _skipping() -> str:
    return _("%(count)d 项跳阶影响") % {"count": estimate_skipping(SYSTEM)}


def _chances() -> str:
    return _("%(count)d 个商机的赢单概率") % {"count": tell_chances(SYSTEM)}


def _stays() -> str:
    return _("%(count)d 个阶段的停滞界限") % {"count": learn_stays(SYSTEM)}


def _search() -> str:
    return _("%(count)d 行检索") % {"count": sum(search.rebuild_indexes().values())}


def _sight() -> str:
    recompute_sight(SYSTEM)
    return _("查看范围,%(count)d 个商机的客户") % {"count": open_customers_anew(SYSTEM)}


def _keys() -> str:
    return _("%(count)d 行查重键") % {"count": renew_keys(SYSTEM)}


PARTS: dict[str, Callable[[], str]] = {
    "sight": _sight,
    "keys": _keys,
    "values": _values,
    "measures": _measures,
    "paths": _paths,
    "rollups": _rollups,
    "forecasts": _forecasts,
    "skipping": _skipping,
    "chances": _chances,
    "stays": _stays,
    "search": _search,
}


class Command(BaseCommand):
    """Counts, sums, finds and sees again; the facts themselves are not touched."""

    help = f"Rebuild derived data: {', '.join(PARTS)}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which parts there are."""
        parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which (default: all)")

    def handle(self, *args: Any, parts: list[str], **options: Any) -> None:
        """Rebuild what is asked for."""
        for name in parts or PARTS:
            began = time.perf_counter()
            done = PARTS[name]()
            self.stdout.write(f"{name}: {done} ({time.perf_counter() - began:.1f} s)")
