"""Capabilities around customers."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SEE = capability("customers.see", _("查看客户"), "director", "manager", "administrator", "rep", "promoter")
REGISTER = capability("customers.register", _("登记客户"), "director", "manager", "administrator", "rep", "promoter")
EDIT = capability("customers.edit", _("修改客户与联系人"), "director", "manager", "administrator", "rep")
ASSIGN = capability("customers.assign", _("分配客户"), "director", "manager", "administrator")
HAND_OVER = capability("customers.hand_over", _("办理交接"), "director", "manager", "administrator")
CLAIM = capability("customers.claim", _("从公海领取客户"), "director", "manager", "rep")
RELEASE = capability("customers.release", _("把客户退回公海"), "director", "manager", "administrator", "rep")
MERGE = capability("customers.merge", _("合并重复的客户"), "director", "manager", "administrator")
MANAGE_POOLS = capability("customers.manage_pools", _("维护公海"), "administrator")
START_CLOCKS = capability("customers.start_clocks", _("启动休眠客户的首问时限"), "administrator")
ERASE = capability("customers.erase", _("清除客户与联系人的个人信息"), "administrator")
SHARE = capability("customers.share", _("约定客户的协作"), "director", "manager", "administrator", "rep")
READ_DETAILS = capability(
    "customers.read_details", _("查看他人客户的联系方式"), "director", "manager", "administrator", "rep"
)
GROUP = capability("customers.group", _("建立客户分组"), "director", "manager", "administrator", "rep")
SHARE_GROUPS = capability("customers.share_groups", _("与同事共享客户分组"), "director", "manager", "administrator")
RECEIVE = capability("customers.receive", _("登记接待"), "director", "manager", "administrator", "rep", "promoter")
SEE_ACCESS_LOG = capability("customers.see_access_log", _("查看个人信息查阅记录"), "administrator")
