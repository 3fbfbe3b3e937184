"""Capabilities of trade."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SEE = capability("trade.see", _("查看销售记录"), "director", "manager", "administrator", "rep")
ENTER = capability("trade.enter", _("登记回款"), "director", "manager", "administrator", "rep")
ORDER = capability("trade.order", _("登记订单"), "director", "manager", "administrator", "rep")
IMPORT_SALES = capability("trade.import_sales", _("导入销售记录"), "director", "administrator")
