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
            steps=(
                StageStep(_("发出报价"), evidence="quote", is_required=True),
                _("确认收到并讲解"),
                _("询问意见并答复"),
            ),
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
FIELD_SALES = ProcessTemplate(
    "field",
    _("实物商品外勤销售"),
    _("选点、建档、铺货到首单和复购,适合跑门店的快消品、建材、五金等实物商品。"),
    (
        StageTemplate(
            "site",
            _("选点"),
            purpose=_("判断这家门店值不值得进。"),
            guidance=_(
                "沿路线把能卖我们产品的门店都记下来,先挑人流、位置和同类产品都合适的。一条路线一次看完,不跳着跑。"
            ),
            steps=(
                _("按片区和路线列出门店并查重"),
                _("看位置、人流、面积和同类产品的陈列"),
                _("记下竞品、售价和供货商"),
                _("按潜力给门店分级,排出拜访次序"),
            ),
            expected_days=7,
            idle_days=3,
            probability=10,
        ),
        StageTemplate(
            "outlet",
            _("拜访建档"),
            purpose=_("见到能拍板的人,把门店的底子摸清。"),
            guidance=_("第一次拜访不急着推货。进店先看货架,再问什么卖得好、缺什么、从哪里进货,顺手帮店里理一理货。"),
            steps=(
                StageStep(_("登门拜访,确认店主或采购的姓名和电话"), "visit", is_required=True),
                _("拍下门头和货架"),
                _("问清进货渠道、结账方式和补货周期"),
                _("登记门店档案,约好下次见面的日子"),
            ),
            expected_days=7,
            idle_days=5,
            probability=25,
            leave_fields=("customer",),
        ),
        StageTemplate(
            "listing",
            _("铺货洽谈"),
            purpose=_("谈定进哪几个品、放在哪里、首单进多少。"),
            guidance=_("只推两三个最适合这家店的品。用附近同类门店的销量说话,把毛利和周转算给店主看。"),
            steps=(
                StageStep(_("带样品和价目表,挑两三个主推品"), "visit", is_required=True),
                _("算清进价、建议零售价和毛利"),
                _("谈定陈列位置和排面"),
                _("留样试卖,或做一次品尝、演示"),
                _("记录店主的顾虑并当场答复"),
            ),
            expected_days=10,
            idle_days=5,
            probability=45,
            leave_fields=("product",),
        ),
        StageTemplate(
            "terms",
            _("条件确认"),
            purpose=_("把价格、账期、退换货和陈列支持一次说清。"),
            guidance=_("能现结就现结,要账期的先报主管批准。陈列费和赠品写在纸上,换来的是排面和首单数量。"),
            steps=(
                _("按权限报价,需要时申请政策"),
                _("确认结账方式、账期和送货日"),
                _("确认退换货和临期品的处理"),
                _("确认陈列费、赠品和促销支持"),
            ),
            expected_days=7,
            idle_days=3,
            probability=65,
            forecast_category="best",
            enter_fields=("amount",),
            leave_fields=("expected_close_on",),
        ),
        StageTemplate(
            "first_order",
            _("首单"),
            purpose=_("拿到第一张订单,当天安排送货。"),
            guidance=_("首单宁可少而全,保证主推品都上架。送货当天人要到店,第一次陈列自己动手摆。"),
            steps=(
                _("当面下单,复述品项、数量和送货日"),
                _("把订单交给配送或经销商"),
                _("送货当天到店验收,摆好第一次陈列"),
                _("收首单货款,或登记应收"),
            ),
            expected_days=5,
            idle_days=3,
            probability=85,
            forecast_category="commit",
            enter_fields=("amount", "expected_close_on"),
        ),
        StageTemplate(
            "won",
            _("铺货成交"),
            WON,
            purpose=_("首单送到并上架。"),
            steps=(_("拍下上架照片"), _("交接补货和收款的安排"), _("记下谈成的做法")),
            probability=100,
            forecast_category="commit",
            enter_fields=("customer", "product", "amount"),
        ),
        StageTemplate(
            "sell_out",
            _("动销"),
            AFTER,
            purpose=_("让第一批货卖得动。"),
            guidance=_("上架一周内回店看一次。卖不动先看陈列和价格,不急着压货。"),
            steps=(
                _("上架一周内回访,看销量和陈列"),
                _("整理排面,补价签和海报"),
                _("教店员怎么介绍"),
                _("处理滞销和临期品"),
            ),
            probability=100,
            forecast_category="omitted",
        ),
        StageTemplate(
            "reorder",
            _("复购"),
            AFTER,
            purpose=_("把一次进货变成固定补货。"),
            guidance=_("补货日固定下来,店主就不必记着打电话。每次到店先盘点,再谈加品。"),
            steps=(
                _("按周转约定补货日和安全库存"),
                _("每次拜访盘点并下补货单"),
                _("增加品项或排面"),
                _("对账收款"),
            ),
            probability=100,
            forecast_category="omitted",
        ),
        StageTemplate(
            "lost",
            _("未进店"),
            LOST,
            purpose=_("如实记下原因,下一季再来。"),
            steps=(
                _("写明原因:价格、独家供货、没有货位或条件谈不拢"),
                _("记下竞品和它的条件"),
                _("约定下次再来的时间"),
            ),
            forecast_category="omitted",
        ),
    ),
)
TEMPLATES = {template.code: template for template in (CONSULTATIVE, SHORT, FIELD_SALES)}
