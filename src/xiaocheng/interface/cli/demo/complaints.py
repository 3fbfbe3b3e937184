"""What customers of the demo company complained of lately: some settled, some in work, one that waits and is urgent."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import actor_for, person_by_username
from xiaocheng.selling.catalogue.queries import products
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.service.commands import (
    ComplaintDraft,
    Settlement,
    close_complaint,
    judge_complaint,
    raise_complaint,
    take_up,
)

# by whom, how many days ago, kind, severity, what; measures and satisfaction where it is settled
HEARD = (
    ("rep1", 0, "quality", "affects_sales", "新到的一批封口机温控不稳,连续两天停线,客户暂停了后续订货。", "", ""),
    (
        "rep1",
        6,
        "delivery",
        "normal",
        "交货比合同晚了三天,客户的安装队白等一天。",
        "协调加急发运,承担安装队误工费。",
        "good",
    ),
    ("rep2", 2, "use", "minor", "操作手册只有英文,工人看不懂报警代码。", "", ""),
    ("rep4", 4, "damage", "serious", "运输中机架变形,无法安装。", "更换机架,包装改为木箱加固。", "fair"),
    ("rep8", 9, "service", "normal", "报修后两天没有人联系。", "", ""),
)


def complain(today: dt.date) -> None:
    """Take the complaints down as the reps heard them, and handle what was handled."""
    sold = list(products(SYSTEM).order_by("pk").values_list("pk", flat=True)[:5])
    for place, (username, days, kind, severity, what, measures, judged) in enumerate(HEARD):
        rep = person_by_username(username)
        rows = customers(actor_for(rep), "mine").filter(owner=rep, in_dispute=False).order_by("pk") if rep else None
        if rep is None or rows is None or len(rows) <= place:
            continue
        actor = actor_for(rep)
        draft = ComplaintDraft(
            customer_id=rows[place].pk,
            kind=kind,
            severity=severity,
            description=what,
            product_id=sold[place % len(sold)] if sold else None,
        )
        heard = min(clock.instant(today - dt.timedelta(days=days), dt.time(10, 20)), clock.now())
        with clock.as_of(heard):
            row = raise_complaint(actor, draft)
        if days:
            with clock.as_of(heard + dt.timedelta(hours=3)):
                row = take_up(actor, row.pk)
        if measures:
            with clock.as_of(heard + dt.timedelta(days=2)):
                done = Settlement(measures=measures, outcome="客户接受处理方案。")
                row = close_complaint(actor, row.pk, row.edit_version, done)
                judge_complaint(actor, row.pk, row.edit_version, judged)
