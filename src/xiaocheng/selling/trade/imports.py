"""What can be taken in for trade: the lines of past sales and orders, and money received."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.import_export.kinds import PERSON, Date, Number, Text, option_of
from xiaocheng.foundation.import_export.targets import Done, Field, Row, Target, Undo, declare
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.foundation.kernel.money import LARGEST
from xiaocheng.selling.catalogue.queries import ids_by_name as products_by_name

from .access import IMPORT_SALES
from .commands import (
    PaymentDraft,
    Recorded,
    SaleDraft,
    import_orders,
    import_receipts,
    record_sales,
    undo_orders,
    undo_receipts,
    undo_sales,
)
from .drafts import unknown_product
from .options import MEANS

AMOUNTS = ("amount", "quantity", "profit")


def check_sales(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Refusal | None]:
    """What is wrong with each row of sales or receipts by itself."""
    return [_verdict(row) for row in rows]


def _verdict(row: Row) -> Refusal | None:
    if row["occurred_on"] > clock.today():
        return RuleBroken(gettext("日期 %(day)s 在将来。") % {"day": row["occurred_on"]}, field="occurred_on")
    discount = row.get("discount")
    if discount is not None and not 0 <= discount <= 1:
        return RuleBroken(gettext("折扣应在 0 与 1 之间,表示减去的部分:0.2 即打八折。"), field="discount")
    for key in AMOUNTS:
        if abs(row.get(key) or Decimal(0)) > LARGEST:
            return RuleBroken(gettext("数字太大。"), field=key)
    return None


def write_sales(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Take in the lines that are not there yet."""
    return _done(record_sales(actor, [_draft(row) for row in rows]))


def _done(outcomes: Sequence[Recorded]) -> list[Done]:
    return [Done(outcome.row_id, outcome.is_new, outcome.refusal) for outcome in outcomes]


def _draft(row: Row) -> SaleDraft:
    said = {key: value for key, value in row.items() if value is not None}
    return SaleDraft(seller_id=said.pop("seller", None), **said)


def _identity(row: Row) -> Hashable:
    draft = _draft({key: row[key] for key in KEYS})
    return draft.document, draft.place


FIELDS = (
    Field("number", _("单号"), Text(60),
          synonyms=("订单号", "订单编号", "订单 ID", "单据编号", "单据号", "出库单号", "销售单号", "发票号", "order id",
                    "order number", "order no", "invoice number", "invoice no", "document number")),
    Field("line", _("行号"), Text(40),
          synonyms=("行 ID", "明细行号", "明细 ID", "分录号", "row id", "line", "line number", "line no", "line id")),
    Field("occurred_on", _("日期"), Date(), required=True,
          synonyms=("订单日期", "销售日期", "下单日期", "单据日期", "出库日期", "发货日期", "开票日期", "业务日期",
                    "order date", "date", "sale date", "invoice date")),
    Field("customer", _("客户名称"), Text(200), required=True,
          synonyms=("客户", "购货单位", "购买单位", "公司名称", "客户全称", "customer", "customer name", "account",
                    "account name", "buyer")),
    Field("customer_number", _("客户编号"), Text(60),
          synonyms=("客户 ID", "客户代码", "客户编码", "customer id", "customer number", "customer code",
                    "account number"),
          help=_("ERP 中的客户编号:同名的不同客户靠它区分,再次导入时按它认出客户。")),
    Field("product", _("产品"), Text(200),
          synonyms=("产品名称", "商品名称", "商品", "品名", "物料名称", "产品编码", "物料编码", "product",
                    "product name", "item", "item name", "sku")),
    Field("quantity", _("数量"), Number(negative=True),
          synonyms=("销售数量", "件数", "quantity", "qty", "units")),
    Field("amount", _("金额"), Number(negative=True), required=True,
          synonyms=("销售额", "销售金额", "价税合计", "金额合计", "订单金额", "sales", "amount", "sales amount",
                    "total", "line total", "revenue"),
          help=_("退货写成负数。")),
    Field("profit", _("毛利"), Number(negative=True),
          synonyms=("利润", "毛利额", "profit", "gross profit", "margin")),
    Field("discount", _("折扣"), Number(),
          synonyms=("折扣率", "discount", "discount rate"),
          help=_("减去的部分:0.2 即打八折。")),
    Field("seller", _("业务员"), PERSON,
          synonyms=("销售", "销售人员", "负责人", "销售员", "客户经理", "owner", "sales rep", "sales person", "seller",
                    "salesperson", "sales agent"),
          help=_("业绩记在他名下;没有这一列时记在当天的客户负责人名下。新登记的客户归他。")),
    Field("note", _("备注"), Text(1000, lines=True),
          synonyms=("说明", "摘要", "note", "notes", "remark")),
)  # fmt: skip
KEYS = [field.key for field in FIELDS]

SALES = declare(
    Target(
        key="sales",
        name=_("销售记录"),
        subject="trade.saleline",
        capability=IMPORT_SALES,
        fields=FIELDS,
        identity=_identity,
        check=check_sales,
        write=write_sales,
        rest="note",
        after=("people", "products", "customers"),
        undo=Undo(
            model="trade.saleline",
            told=(),
            take_back=undo_sales,
            note=_("因这些销售成为成交客户的,会恢复原来的阶段;导入时新登记的客户会保留。"),
        ),
    )
)


def check_orders(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Refusal | None]:
    """What is wrong with each line of an order by itself."""
    known = products_by_name(actor, {row["product"] for row in rows if row.get("product")})
    return [_verdict(row) or _unknown(row, known) for row in rows]


def _unknown(row: Row, known: Mapping[str, int]) -> Refusal | None:
    name = row.get("product") or ""
    return None if name in known else RuleBroken(unknown_product(name), field="product")


def write_orders(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Take in the orders that are not there yet."""
    return _done(import_orders(actor, [_draft(row) for row in rows]))


def write_receipts(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Take in the money that is not there yet."""
    return _done(import_receipts(actor, [_payment(row) for row in rows]))


def _payment(row: Row) -> PaymentDraft:
    said = {key: value for key, value in row.items() if value is not None}
    return PaymentDraft(seller_id=said.pop("seller", None), **said)


OF_SALES = {field.key: field for field in FIELDS}
ORDER_FIELDS = (
    replace(OF_SALES["number"], name=_("订单号"), required=True,
            help=_("同一订单的各行写同一个订单号,并排在一起。")),
    OF_SALES["line"],
    replace(OF_SALES["occurred_on"], name=_("订货日期"), synonyms=("订单日期", "下单日期", "order date")),
    OF_SALES["customer"],
    OF_SALES["customer_number"],
    OF_SALES["product"],
    replace(OF_SALES["quantity"], kind=Number()),
    replace(OF_SALES["amount"], kind=Number(), help=_("这一行的金额;单价由金额除以数量得出。")),
    OF_SALES["seller"],
    OF_SALES["note"],
)  # fmt: skip
RECEIPT_FIELDS = (
    Field("number", _("单据号"), Text(60),
          synonyms=("收款单号", "回款编号", "流水号", "收据号", "receipt number", "payment number", "payment id"),
          help=_("再次导入时按它认出;没有这一列时按内容认出。")),
    replace(OF_SALES["occurred_on"], name=_("收款日期"),
            synonyms=("回款日期", "到账日期", "付款日期", "payment date", "received on", "receipt date")),
    OF_SALES["customer"],
    OF_SALES["customer_number"],
    replace(OF_SALES["amount"], kind=Number(), help="",
            synonyms=("收款金额", "回款金额", "到账金额", "实收金额", "amount", "amount received", "payment amount")),
    Field("means", _("付款方式"), option_of(MEANS),
          synonyms=("收款方式", "结算方式", "支付方式", "payment method", "means of payment")),
    Field("opportunity", _("商机编号"), Text(40), synonyms=("商机", "opportunity number", "opportunity id", "deal id")),
    replace(OF_SALES["seller"], help=_("业绩记在他名下;没有这一列时记在商机的负责人、当天的客户负责人名下。")),
    OF_SALES["note"],
)  # fmt: skip

ORDERS = declare(
    Target(
        key="orders",
        name=_("订单"),
        subject="trade.order",
        capability=IMPORT_SALES,
        fields=ORDER_FIELDS,
        identity=_identity,
        check=check_orders,
        write=write_orders,
        rest="note",
        together="number",
        after=("people", "products", "customers"),
        undo=Undo(
            model="trade.order",
            told=("trade.OrderPlaced",),
            take_back=undo_orders,
            parts=("trade.OrderLine.order",),
            note=_("因这些订单成为成交客户的,会恢复原来的阶段;导入时新登记的客户会保留。"),
        ),
    )
)
RECEIPTS = declare(
    Target(
        key="receipts",
        name=_("回款"),
        subject="trade.receipt",
        capability=IMPORT_SALES,
        fields=RECEIPT_FIELDS,
        identity=lambda row: _payment({field.key: row[field.key] for field in RECEIPT_FIELDS}).identity,
        check=check_sales,
        write=write_receipts,
        rest="note",
        after=("people", "customers", "opportunities"),
        undo=Undo(
            model="trade.receipt",
            told=("trade.ReceiptEntered",),
            take_back=undo_receipts,
            note=_("导入时新登记的客户会保留。"),
        ),
    )
)
