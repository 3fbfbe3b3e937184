"""Figures of how deals go: whether their path agrees with the process, whether the required steps were done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Metric, declare

CONFORM = declare(
    Metric(
        "insight.conform",
        _("流程遵循率"),
        "percent",
        _(
            "期间内关闭(赢单或输单)的商机中,从建立到关闭只走流程允许的步子、没有一次放行关卡的比例;"
            "流程允许的跳阶和退回不算违反,另行计数;「无效或重复」和经历是导入的不计"
        ),
        _("没有违反流程的"),
        _("关闭的商机(经历有记录)"),
    )
)
STRAIGHT = declare(
    Metric(
        "insight.straight",
        _("按部就班率"),
        "percent",
        _("期间内关闭的商机中,既没有违反流程,也没有跳阶和退回的比例;「无效或重复」和经历是导入的不计"),
        _("按部就班的"),
        _("关闭的商机(经历有记录)"),
    )
)
PATH_SHARE = declare(
    Metric(
        "insight.path_share",
        _("路径占比"),
        "percent",
        _(
            "期间内关闭的商机中,依次经过同样阶段的 ÷ 关闭的商机;"
            "转流程之前的不算在路径里,「无效或重复」和经历是导入的不计"
        ),
        _("走这条路径的"),
        _("关闭的商机(经历有记录)"),
    )
)
PATH_WON = declare(
    Metric(
        "insight.path_won",
        _("路径赢单率"),
        "percent",
        _("期间内走这条路径关闭的商机中赢单的比例;路径不同的商机本来就不同,不能由此说哪条路径更好"),
        _("赢单"),
        _("赢单+输单"),
    )
)
PATH_DAYS = declare(
    Metric(
        "insight.path_days",
        _("路径用时(中位数)"),
        "days",
        _("期间内走这条路径关闭的商机,从新建到关闭的天数:一半比它短,一半比它长;开始时间未记录的不计"),
    )
)
ACT_DONE = declare(
    Metric(
        "insight.act_done",
        _("必做动作完成率"),
        "percent",
        _(
            "期间内离开有必做步骤的阶段的次数中,离开时必做步骤都已有凭据的比例;离开之后补录的不算,另行计数;"
            "转流程、「无效或重复」和经历是导入的不计"
        ),
        _("离开时都已完成"),
        _("离开次数(该阶段有必做步骤)"),
    )
)
ACT_LATE = declare(
    Metric(
        "insight.act_late",
        _("补录后完成"),
        "count",
        _("期间内离开有必做步骤的阶段、离开时还没有都完成,后来补录了凭据才算完成的次数"),
    )
)
