"""Capabilities of field work."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

VISIT = capability("fieldwork.visit", _("制订拜访计划、签到、记录拜访与跟进"), "rep", "promoter", "manager", "director")
RECORD_FOR_OTHERS = capability("fieldwork.record_for_others", _("导入他人的历史拜访记录"), "administrator")
DECIDE_MARKET = capability("fieldwork.decide_market", _("处理、合并市场情况"), "director", "manager", "administrator")
ATTEND = capability("fieldwork.attend", _("上下班打卡,查看自己的考勤"), "rep", "promoter", "manager")
