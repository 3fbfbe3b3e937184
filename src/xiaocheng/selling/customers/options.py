"""Coded values of customers."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.lists import option_list
from xiaocheng.foundation.fields.tables import (
    DATE,
    EMAIL,
    LONG_TEXT,
    ONE,
    PHONE,
    TEXT,
    URL,
    WHOLE,
    YES_NO,
    BuiltIn,
    carries_fields,
)

from .models.customers import KINDS, POTENTIALS, STAGES

LEVEL = option_list(
    "customers.level",
    _("客户级别"),
    {"A": _("A 级"), "B": _("B 级"), "C": _("C 级"), "D": _("D 级")},
    tones={"A": "amber", "B": "blue"},
)
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
    fixed=("reception", "hotline"),  # where who comes in or calls comes from
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
    fixed=("visit", "phone"),  # how who comes in or calls got in touch
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
RELEASE_REASON = option_list(
    "customers.release_reason",
    _("退回公海的原因"),
    {
        "no_need": _("没有需求"),
        "price": _("价格谈不拢"),
        "unreachable": _("联系不上"),
        "no_fit": _("不是目标客户"),
        "no_time": _("没有精力跟进"),
        "wrong_region": _("不属于本人区域"),
        "other": _("其他"),
    },
)

LISTS = {"level": LEVEL, "source": SOURCE, "channel": CHANNEL, "region": REGION, "industry": INDUSTRY}

CUSTOMER = carries_fields(
    "customers.customer",
    _("客户"),
    BuiltIn("name", _("客户名称"), TEXT),
    BuiltIn("stage", _("阶段"), ONE, values=STAGES),
    BuiltIn("kind", _("类型"), ONE, values=KINDS),
    BuiltIn("is_person", _("个人客户"), YES_NO),
    BuiltIn("level", _("级别"), ONE, LEVEL),
    BuiltIn("source", _("来源"), ONE, SOURCE),
    BuiltIn("channel", _("联系渠道"), ONE, CHANNEL),
    BuiltIn("region", _("地区"), ONE, REGION),
    BuiltIn("industry", _("行业"), ONE, INDUSTRY),
    BuiltIn("potential", _("潜力"), ONE, values=POTENTIALS),
    BuiltIn("yearly_demand", _("年采购额估计"), WHOLE),
    BuiltIn("phone", _("电话"), PHONE),
    BuiltIn("email", _("邮箱"), EMAIL),
    BuiltIn("wechat", _("微信"), TEXT),
    BuiltIn("birthday", _("生日"), DATE),
    BuiltIn("lunar_birthday", _("农历生日"), TEXT),
    BuiltIn("website", _("网址"), URL),
    BuiltIn("address", _("地址"), TEXT),
    BuiltIn("characteristics", _("特征"), LONG_TEXT),
    BuiltIn("needs", _("需求"), LONG_TEXT),
    BuiltIn("habits", _("习惯与注意事项"), LONG_TEXT),
    BuiltIn("purchasing_power", _("购买力"), LONG_TEXT),
    BuiltIn("background", _("背景"), LONG_TEXT),
    BuiltIn("next_contact_on", _("下次联系"), DATE),
    BuiltIn("became_customer_on", _("成交日期"), DATE),
)
CONTACT = carries_fields(
    "customers.contact",
    _("联系人"),
    BuiltIn("name", _("姓名"), TEXT),
    BuiltIn("position", _("职务"), TEXT),
    BuiltIn("phone", _("电话"), PHONE),
    BuiltIn("email", _("邮箱"), EMAIL),
    BuiltIn("wechat", _("微信"), TEXT),
    BuiltIn("birthday", _("生日"), DATE),
    BuiltIn("lunar_birthday", _("农历生日"), TEXT),
    BuiltIn("home_address", _("家庭地址"), TEXT),
    BuiltIn("is_decision_maker", _("决策人"), YES_NO),
    BuiltIn("note", _("备注"), TEXT),
)
