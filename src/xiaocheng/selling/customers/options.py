"""Coded values of customers."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.lists import option_list

LEVEL = option_list("customers.level", _("客户级别"), {"A": _("A 级"), "B": _("B 级"), "C": _("C 级"), "D": _("D 级")})
SOURCE = option_list(
    "customers.source",
    _("客户来源"),
    {
        "survey": _("市场调研"),
        "analysis": _("数据分析"),
        "referral": _("客户推荐"),
        "exhibition": _("展会"),
        "reception": _("展厅接待"),
        "hotline": _("热线来电"),
        "website": _("网站与线上推广"),
        "cold_call": _("陌生拜访"),
        "partner": _("合作伙伴"),
        "import": _("资料导入"),
        "other": _("其他"),
    },
)
CHANNEL = option_list(
    "customers.channel",
    _("联系渠道"),
    {
        "visit": _("上门"),
        "phone": _("电话"),
        "email": _("电子邮件"),
        "social": _("社交媒体"),
        "wechat": _("微信"),
        "sms": _("短信"),
        "other": _("其他"),
    },
)
REGION = option_list(
    "customers.region",
    _("地区"),
    {
        "north": _("华北"),
        "northeast": _("东北"),
        "east": _("华东"),
        "central": _("华中"),
        "south": _("华南"),
        "southwest": _("西南"),
        "northwest": _("西北"),
        "overseas": _("港澳台及海外"),
    },
)
INDUSTRY = option_list(
    "customers.industry",
    _("行业"),
    {
        "manufacturing": _("制造"),
        "technology": _("信息技术"),
        "telecom": _("通信"),
        "finance": _("金融"),
        "medical": _("医疗健康"),
        "retail": _("零售与批发"),
        "logistics": _("交通物流"),
        "construction": _("建筑与房地产"),
        "energy": _("能源与化工"),
        "education": _("教育"),
        "government": _("政府与公共事业"),
        "agriculture": _("农业与食品"),
        "services": _("商务服务"),
        "entertainment": _("文化娱乐"),
        "other": _("其他"),
    },
)

LISTS = {"level": LEVEL, "source": SOURCE, "channel": CHANNEL, "region": REGION, "industry": INDUSTRY}
