"""Capabilities of the organisation."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SEE_EVERYONE = capability("org.see_everyone", _("查看全公司的数据"), "director", "administrator")
SEE_TEAM = capability("org.see_team", _("查看团队页面"), "director", "manager", "administrator")
MANAGE_PEOPLE = capability("org.manage_people", _("管理人员、部门与角色"), "administrator")
MANAGE_RULES = capability("org.manage_rules", _("修改公司规则"), "administrator")
MANAGE_CALENDAR = capability("org.manage_calendar", _("维护工作日历与值班表"), "administrator", "manager")
READ_JOURNAL = capability("org.read_journal", _("查看操作日志"), "administrator")
