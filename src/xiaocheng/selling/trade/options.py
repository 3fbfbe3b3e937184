"""Coded values of trade."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.lists import option_list

MEANS = option_list(
    "trade.means",
    _("付款方式"),
    {
        "transfer": _("银行转账"),
        "acceptance": _("承兑汇票"),
        "cheque": _("支票"),
        "cash": _("现金"),
        "wechat": _("微信支付"),
        "alipay": _("支付宝"),
        "card": _("刷卡"),
        "other": _("其他"),
    },
)
