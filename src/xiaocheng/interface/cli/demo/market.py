"""What the reps of the demo company reported about the market lately: two of one event, one that waits, one closed."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import actor_for, person_by_username
from xiaocheng.selling.fieldwork.commands import MarketText, close_market, merge_market, report_market
from xiaocheng.selling.fieldwork.queries import MarketReport
from xiaocheng.selling.pipeline.queries import competitors

# by whom, how many days ago, kind, severity, of a competitor or of nobody, what
HEARD = (
    ("rep1", 1, "promotion", "affects_sales", True, "对手在展会上推出买主机送两年耗材,老客户来问我们跟不跟。"),
    ("rep2", 1, "promotion", "normal", True, "听两家客户说对手这个月送耗材,期限到月底。"),
    ("rep4", 5, "new_product", "normal", True, "对手的新款封箱机速度标称提高两成,下月交货。"),
    ("rep8", 3, "grievance", "normal", False, "经销商抱怨配件到货慢,终端等不及。"),
    ("rep2", 8, "opinion", "minor", False, "使用者反映操作屏在冷库里看不清。"),
)


def observe(today: dt.date) -> None:
    """Write the reports, merge the two of one event and close the oldest."""
    rivals = list(competitors(SYSTEM, active_only=True).values_list("pk", flat=True)[:2])
    made: list[MarketReport] = []
    for username, days, kind, severity, of_rival, what in HEARD:
        rep = person_by_username(username)
        if rep is None:
            return
        text = MarketText(
            kind=kind,
            severity=severity,
            description=what,
            competitor_id=rivals[len(made) // 2 % len(rivals)] if of_rival and rivals else None,
        )
        with clock.as_of(clock.instant(today - dt.timedelta(days=days), dt.time(16, 10))):
            made.append(report_market(actor_for(rep), text))
    director = person_by_username("director")
    if director is not None:
        actor = actor_for(director)
        merge_market(actor, made[0].pk, [made[1].pk])
        close_market(actor, made[4].pk, made[4].edit_version, "已转产品部,新批次加大屏幕亮度。")
