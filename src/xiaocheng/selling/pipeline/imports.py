"""What can be taken in for the pipeline: opportunities of a former system with what is known of their history."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.import_export.kinds import PERSON, Date, Found, Named, Number, Text, option_of
from xiaocheng.foundation.import_export.targets import (
    Done,
    Field,
    Key,
    Row,
    Setup,
    Target,
    Undo,
    Update,
    declare,
    own_values,
)
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.selling.catalogue.queries import ids_by_name as products_by_name
from xiaocheng.selling.catalogue.queries import names_of as product_names
from xiaocheng.selling.catalogue.queries import products
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.customers.queries import ids_by_name as customers_by_name
from xiaocheng.selling.customers.queries import names_of as customer_names

from . import updates
from .access import IMPORT_HISTORY, WORK
from .commands import HistoricDeal, import_history, undo_history
from .former_stages import ensure, propose
from .models.processes import LOST, WON
from .options import SOURCE

MOST_CANDIDATES = 2000
TEXTS = ("source", "competitor", "next_step", "background", "problems", "pains")
LONG_TEXT = 4000


def check_deals(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Refusal | None]:
    """What is wrong with each row by itself: its stage, its days, whose it is; of one only changed nothing is asked."""
    setup = options.get("setup")
    return [_verdict(actor, row, setup) if setup is not None else None for row in rows]


def _verdict(actor: Actor, row: Row, setup: Mapping[str, Any]) -> Refusal | None:
    opened, closed = row.get("opened_on"), row.get("closed_on")
    code = setup["codes"].get(row["stage"])
    if code is None:
        return RuleBroken(
            gettext("阶段「%(stage)s」还没有对应。请在「阶段」一步中确认。") % {"stage": row["stage"]}, field="stage"
        )
    if row.get("owner") is None and actor.person_id is None:
        return RuleBroken(gettext("没有负责人。请填写姓名。"), field="owner")
    is_closed = setup["kinds"][code] in {WON, LOST}
    if opened and opened > clock.today():
        return RuleBroken(gettext("开始日期 %(day)s 在将来。") % {"day": opened}, field="opened_on")
    if is_closed and closed and closed > clock.today():
        return RuleBroken(gettext("结束日期 %(day)s 在将来。") % {"day": closed}, field="closed_on")
    if is_closed and opened and closed and closed < opened:
        return RuleBroken(
            gettext("结束日期 %(closed)s 早于开始日期 %(opened)s。") % {"closed": closed, "opened": opened},
            field="closed_on",
        )
    return None


def write_deals(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Import the deals whose number is not there yet."""
    setup = options["setup"]
    deals = [_deal(actor, row, setup) for row in rows]
    return [
        Done(outcome.opportunity_id, outcome.is_new, outcome.refusal)
        for outcome in import_history(actor, setup["version_id"], deals)
    ]


def _deal(actor: Actor, row: Row, setup: Mapping[str, Any]) -> HistoricDeal:
    code = setup["codes"][row["stage"]]
    opened, closed = row.get("opened_on"), row.get("closed_on")
    reached = {}
    if opened is not None:
        before = setup["order"].index(code) < setup["order"].index(setup["opened_in"])
        reached[code if before else setup["opened_in"]] = opened
    is_closed = setup["kinds"][code] in {WON, LOST}
    if closed is not None and is_closed:
        reached[code] = closed
    return HistoricDeal(
        number=row.get("number") or _number_of(row),
        stage=code,
        owner_id=row.get("owner") or actor.person_id or 0,
        reached=reached,
        name=row.get("name") or "",
        customer_id=row.get("customer"),
        product_id=row.get("product"),
        amount=row.get("amount"),
        expected_close_on=row.get("expected_close_on") or (None if is_closed else closed),
        next_step_on=row.get("next_step_on"),
        **{name: row.get(name) or "" for name in TEXTS},
        custom=own_values(row),
    )


def _number_of(row: Row) -> str:
    """A number made from what the row says, so that a table without numbers can be taken in twice without effect."""
    said = "\x1f".join(f"{key}={row[key]}" for key in sorted(row) if row[key] is not None)
    return "T-" + hashlib.sha256(said.encode()).hexdigest()[:12].upper()


def _identity(row: Row) -> Hashable:
    return row["number"] or _number_of(row)


def _find_customers(actor: Actor, texts: Sequence[str]) -> Found:
    return {text: [(pk, text)] for text, pk in customers_by_name(actor, texts).items()}


def _customer_candidates(actor: Actor) -> list[tuple[Any, str]]:
    found = list(customers(actor).order_by().values_list("pk", "name")[: MOST_CANDIDATES + 1])
    return found if len(found) <= MOST_CANDIDATES else []


def _find_products(actor: Actor, texts: Sequence[str]) -> Found:
    return {text: [(pk, text)] for text, pk in products_by_name(actor, texts).items()}


CUSTOMER = Named(
    _find_customers,
    _customer_candidates,
    missing=lambda: gettext("没有名为「%(cell)s」的客户。请先导入客户,或在「对应取值」中选择一位。"),
    names=customer_names,
)
PRODUCT = Named(
    _find_products,
    lambda actor: list(products(actor).values_list("pk", "name")[:MOST_CANDIDATES]),
    missing=lambda: gettext("没有名为「%(cell)s」的产品。请先导入产品,或在「对应取值」中选择一种。"),
    names=product_names,
)

DEALS = declare(
    Target(
        key="opportunities",
        name=pgettext_lazy("several", "商机"),
        subject="pipeline.opportunity",
        capability=IMPORT_HISTORY,
        fields=(
            Field("number", _("商机编号"), Text(40),
                  help=_("原系统的编号;在本系统新建的是 SJ 开头的编号,导出的表格里有。"),
                  synonyms=("编号", "单号", "机会编号", "opportunity id", "deal id", "id", "opportunity number",
                            "number")),
            Field("name", _("商机名称"), Text(120),
                  synonyms=("商机", "名称", "机会名称", "项目名称", "项目", "主题", "opportunity name", "deal name",
                            "title", "opportunity")),
            Field("customer", _("客户"), CUSTOMER,
                  synonyms=("客户名称", "公司", "公司名称", "account", "account name", "company", "customer",
                            "customer name")),
            Field("owner", _("负责人"), PERSON,
                  synonyms=("业务员", "销售", "销售人员", "销售代表", "owner", "sales agent", "agent",
                            "sales rep", "opportunity owner")),
            Field("product", _("产品"), PRODUCT,
                  synonyms=("产品名称", "商品", "意向产品", "product", "product name")),
            Field("stage", _("阶段"), Text(40), required=True,
                  synonyms=("销售阶段", "商机阶段", "状态", "deal stage", "stage", "sales stage", "status",
                            "pipeline stage")),
            Field("opened_on", _("开始日期"), Date(),
                  synonyms=("创建日期", "创建时间", "立项日期", "开始时间", "engage date", "created",
                            "created date", "create date", "start date", "open date")),
            Field("closed_on", _("结束日期"), Date(),
                  synonyms=("成交日期", "关闭日期", "结单日期", "赢单日期", "close date", "closed date",
                            "end date", "won date")),
            Field("amount", _("金额"), Number(),
                  synonyms=("商机金额", "成交金额", "预计金额", "合同金额", "close value", "amount", "deal value",
                            "value", "revenue")),
            Field("expected_close_on", _("预计成交日"), Date(),
                  synonyms=("预计成交", "预计成交日期", "预计签约日期", "预计结单日期", "expected close",
                            "expected close date", "forecast close date")),
            Field("source", _("来源"), option_of(SOURCE),
                  synonyms=("商机来源", "线索来源", "source", "lead source")),
            Field("competitor", _("竞争对手"), Text(80), synonyms=("竞品", "对手", "competitor", "competitors")),
            Field("next_step", _("下一步"), Text(200),
                  synonyms=("下一步计划", "next step", "next action")),
            Field("next_step_on", _("下一步日期"), Date(),
                  synonyms=("下一步时间", "next step date", "next action date")),
            Field("background", _("业务背景"), Text(LONG_TEXT, lines=True),
                  synonyms=("背景", "备注", "说明", "描述", "background", "notes", "note", "remark", "description")),
            Field("problems", _("现存问题"), Text(LONG_TEXT, lines=True), synonyms=("问题", "problems")),
            Field("pains", _("痛点"), Text(LONG_TEXT, lines=True), synonyms=("客户痛点", "pain points")),
        ),
        rest="background",
        identity=_identity,
        check=check_deals,
        write=write_deals,
        setup=Setup(propose, ensure),
        after=("people", "products", "customers"),
        undo=Undo(
            model="pipeline.opportunity",
            told=("pipeline.OpportunityImported",),
            take_back=undo_history,
            parts=(
                "pipeline.StageTransition.opportunity",
                "pipeline.StageSpan.opportunity",
                "pipeline.Closing.opportunity",
            ),
            restore=updates.restore_deals,
            note=_("因这些商机成为成交客户的,会恢复原来的阶段;导入时新建的流程会保留。"),
        ),
        update=Update(
            keys=(Key("number", itemgetter("number")),),
            find=updates.find_deals,
            change=updates.change_deals,
            capability=WORK,
            note=_("阶段和已经发生的日期不能这样改动;改负责人即转交。"),
        ),
        is_customised=True,
    )
)  # fmt: skip
