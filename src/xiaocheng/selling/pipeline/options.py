"""Coded values of the pipeline."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.lists import option_list
from xiaocheng.foundation.fields.tables import DATE, LONG_TEXT, MONEY, ONE, TEXT, BuiltIn, carries_fields

from .models.opportunities import FIELD_NAMES, STATES

LOST_REASON = option_list(
    "pipeline.lost_reason",
    _("输单原因"),
    {
        "price": _("价格"),
        "competitor": _("输给竞争对手"),
        "product": _("产品或方案不符"),
        "timing": _("时机不对"),
        "budget": _("预算取消或不足"),
        "relation": _("没有接触到决策人"),
        "service": _("交付或服务顾虑"),
        "no_decision": _("客户没有做决定"),
        "invalid": _("无效或重复"),
        "import": _("未知(导入)"),
        "other": _("其他"),
    },
    fixed=("invalid", "import"),
    apart=("invalid", "import"),  # out of every rate; not known
)
EVIDENCE = option_list(
    "pipeline.evidence",
    _("步骤的凭据"),
    {
        "visit": _("有效拜访"),
        "call": _("电话沟通"),
        "demo": _("产品演示"),
        "quote": _("提交报价"),
        "other": _("其他凭据"),
    },
    fixed=("visit", "call", "demo", "quote", "other"),  # what other modules note
)
REMARK_KIND = option_list(
    "pipeline.remark_kind",
    _("流程意见的类别"),
    {
        "unclear": _("说不清楚"),
        "slow": _("太慢"),
        "missing": _("缺少内容"),
        "unnecessary": _("没有必要"),
        "other": _("其他"),
    },
)
SOURCE = "customers.source"  # an opportunity's source is one of the customer's

OPPORTUNITY = carries_fields(
    "pipeline.opportunity",
    _("商机"),
    BuiltIn("name", FIELD_NAMES["name"], TEXT),
    BuiltIn("state", _("状态"), ONE, values=STATES),
    BuiltIn("amount", FIELD_NAMES["amount"], MONEY),
    BuiltIn("expected_close_on", FIELD_NAMES["expected_close_on"], DATE),
    BuiltIn("source", FIELD_NAMES["source"], ONE, SOURCE),
    BuiltIn("competitor", FIELD_NAMES["competitor"], TEXT),
    BuiltIn("next_step", FIELD_NAMES["next_step"], TEXT),
    BuiltIn("next_step_on", FIELD_NAMES["next_step_on"], DATE),
    BuiltIn("background", FIELD_NAMES["background"], LONG_TEXT),
    BuiltIn("problems", FIELD_NAMES["problems"], LONG_TEXT),
    BuiltIn("pains", FIELD_NAMES["pains"], LONG_TEXT),
)
