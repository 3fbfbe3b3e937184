"""Capabilities of insight."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SEE = capability("insight.see", _("查看分析"), "director", "manager", "administrator", "rep")
REBUILD = capability("insight.rebuild", _("重新汇总分析数据"), "administrator")
CALL = capability("insight.call", _("自报预测"), "director", "manager", "rep")
EXPECT = capability("insight.expect", _("登记影响预测的活动和假期"), "director", "manager")
