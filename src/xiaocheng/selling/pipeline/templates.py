"""Ready-made processes, in words that a company may take over as they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import Sentence

from .models.processes import AFTER, LOST, OPEN, WON
from .steps import StageStep


@dataclass(frozen=True)
class StageTemplate:
    """One stage of a ready-made process."""

    code: str
    name: Sentence
    kind: str = OPEN
    purpose: Sentence = ""
    guidance: Sentence = ""
    steps: tuple[Sentence | StageStep, ...] = ()  # a sentence: ticked by hand, not required
    expected_days: int | None = None
    idle_days: int | None = None
    probability: int = 0
    forecast_category: str = "pipeline"
    enter_fields: tuple[str, ...] = ()
    leave_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProcessTemplate:
    """A ready-made process."""

    code: str
    name: Sentence
    about: Sentence
    stages: tuple[StageTemplate, ...]


CONSULTATIVE = ProcessTemplate(
    "standard",
    _("标准销售流程"),
    _("从识别客户到售后的八步流程,适合需要了解需求、介绍方案并谈判的销售。"),
    (
        StageTemplate(
            "identify",
            _("识别"),
            purpose=_("判断这家客户值不值得投入时间。"),
            guidance=_("对照目标客户的特征,弄清它是谁、做什么、有没有用得上我们的地方。先查重,再动手。"),
            steps=(
                _("查重并登记客户"),
                _("了解行业、规模和现用的产品"),
                _("找到可能的使用部门和决策人"),
                _("写下一句话:为什么他们会需要我们"),
            ),
            expected_days=7,
            idle_days=5,
            probability=10,
        ),
        StageTemplate(
            "contact",
            _("接触"),
            purpose=_("和对的人建立联系,约到一次正式沟通。"),
            guidance=_("第一次接触只求约到时间。说清我们是谁、帮过哪些同行,问一个他们会想回答的问题。"),
            steps=(
                StageStep(_("电话或登门约见"), evidence="call"),
                _("确认对方的职务和在决策中的作用"),
                _("约定下次沟通的时间和议题"),
                _("把联系人补进客户档案"),
            ),
            expected_days=10,
            idle_days=5,
            probability=20,
            leave_fields=("customer",),
        ),
        StageTemplate(
            "needs",
            _("需求分析"),
            purpose=_("弄清业务背景、现存问题和痛点,确认有预算和时间表。"),
            guidance=_("多问少讲。先问现状,再问问题,再问问题的代价,最后问解决以后的好处。写下客户自己的原话。"),
            steps=(
                _("了解业务背景"),
                _("问出现存问题"),
                _("把问题落到痛点:影响了谁,损失多少"),
                _("确认预算、时间和决策过程"),
                _("复述一遍并请对方确认"),
            ),
            expected_days=14,
            idle_days=7,
            probability=35,
            leave_fields=("background", "problems", "pains"),
        ),
        StageTemplate(
            "introduce",
            _("产品介绍"),
            purpose=_("用客户的痛点来介绍方案,让使用者和决策人都认可。"),
            guidance=_("只讲和痛点有关的三点。能演示就演示,能让客户动手就让客户动手。"),
            steps=(
                _("按需求分析准备介绍"),
                StageStep(_("演示或试用"), evidence="demo"),
                _("记录疑问并逐一答复"),
                _("确认方案符合需求"),
                _("约定报价时间"),
            ),
            expected_days=14,
            idle_days=7,
            probability=50,
            forecast_category="best",
            leave_fields=("product",),
        ),
        StageTemplate(
            "quote",
            _("报价"),
            purpose=_("给出完整、看得懂的报价,并弄清客户如何比较。"),
            guidance=_("报价单对应需求逐条列出,当面或电话讲解,不要只发文件。问清对手是谁、比较什么。"),
            steps=(
                _("核对配置和数量"),
                _("按权限申请折扣"),
                StageStep(_("提交并讲解报价"), evidence="quote"),
                _("记录竞争对手和客户的比较标准"),
                _("约定答复时间"),
            ),
            expected_days=10,
            idle_days=5,
            probability=65,
            forecast_category="best",
            enter_fields=("amount", "expected_close_on"),
        ),
        StageTemplate(
            "negotiate",
            _("谈判"),
            purpose=_("就价格、付款和交付达成一致。"),
            guidance=_("先弄清对方真正在意什么,再交换,不单方面让步。每一次让步都要换回一个承诺。"),
            steps=(_("列出双方的条件和底线"), _("确认最终决策人在场"), _("谈定价格、付款和交期"), _("确认合同文本")),
            expected_days=14,
            idle_days=5,
            probability=80,
            forecast_category="commit",
        ),
        StageTemplate(
            "won",
            _("成交"),
            WON,
            purpose=_("合同签订。"),
            steps=(_("签订合同并归档"), _("交接给交付和财务"), _("记下赢单的做法")),
            probability=100,
            forecast_category="commit",
            enter_fields=("customer", "amount"),
        ),
        StageTemplate(
            "service",
            _("售后"),
            AFTER,
            purpose=_("让客户用好,并带来下一单。"),
            guidance=_("交付后一周内回访一次,一个月内再回访一次。问题当天答复。"),
            steps=(_("跟进交付和培训"), _("回访满意度"), _("提醒回款"), _("请客户推荐")),
            probability=100,
            forecast_category="omitted",
        ),
        StageTemplate(
            "lost",
            _("输单"),
            LOST,
            purpose=_("如实记下原因,让下一次更好。"),
            steps=(_("写明输单原因和竞争对手"), _("约定以后再联系的时间")),
            forecast_category="omitted",
        ),
    ),
)
SHORT = ProcessTemplate(
    "short",
    _("简易销售流程"),
    _("寻找客户、合格、报价、合同四步,适合成交快、产品标准的销售。"),
    (
        StageTemplate(
            "find",
            _("寻找客户"),
            purpose=_("找到可能购买的客户。"),
            guidance=_("从老客户推荐、展会和网络询盘中找,先打电话确认有没有需要。"),
            steps=(_("收集名单并查重"), _("电话确认联系人"), _("了解大致需要")),
            expected_days=5,
            idle_days=3,
            probability=10,
        ),
        StageTemplate(
            "qualified",
            _("合格"),
            purpose=_("确认有需求、有预算、找对了人。"),
            guidance=_("问三件事:什么时候要,预算多少,谁来决定。有一件不清楚就还不合格。"),
            steps=(_("确认需求和数量"), _("确认预算和时间"), _("确认决策人")),
            expected_days=7,
            idle_days=5,
            probability=30,
            leave_fields=("customer", "product"),
        ),
        StageTemplate(
            "quote",
            _("报价"),
            purpose=_("一次把价格讲清楚。"),
            guidance=_("当天报价,当天确认收到,三天内问答复。"),
            steps=(StageStep(_("发出报价"), evidence="quote"), _("确认收到并讲解"), _("询问意见并答复")),
            expected_days=7,
            idle_days=3,
            probability=60,
            forecast_category="best",
            enter_fields=("amount",),
        ),
        StageTemplate(
            "contract",
            _("合同"),
            purpose=_("把口头同意变成签字。"),
            guidance=_("合同条款逐条确认,付款和交期写清楚。"),
            steps=(_("发送合同"), _("确认条款"), _("约定签订日期")),
            expected_days=7,
            idle_days=3,
            probability=85,
            forecast_category="commit",
            enter_fields=("expected_close_on",),
        ),
        StageTemplate(
            "won",
            _("赢"),
            WON,
            purpose=_("合同签订。"),
            steps=(_("归档合同"), _("安排发货"), _("记下赢单的做法")),
            probability=100,
            forecast_category="commit",
            enter_fields=("customer", "amount"),
        ),
        StageTemplate(
            "lost",
            _("输"),
            LOST,
            purpose=_("如实记下原因。"),
            steps=(_("写明输单原因"),),
            forecast_category="omitted",
        ),
    ),
)
TEMPLATES = {template.code: template for template in (CONSULTATIVE, SHORT)}
