"""Guesses: which rows a table holds, which column is which field, which value is meant."""

import pytest
from django.utils import translation

from xiaocheng.foundation.import_export.guesses import Candidates, guess_columns, guess_target
from xiaocheng.foundation.import_export.kinds import option_of
from xiaocheng.foundation.import_export.targets import target, targets
from xiaocheng.foundation.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db  # what can be taken in has a company's own fields, too


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("account,sector,year_established,revenue,employees,office_location,subsidiary_of", "customers"),
        ("sales_agent,manager,regional_office", "people"),
        ("product,series,sales_price", "products"),
        ("opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value", "opportunities"),
        ("客户名称,联系电话,所属行业,客户级别,负责人", "customers"),
        ("公司名称,联系人,职务,手机,微信号", "contacts"),
        ("订单 ID,订单日期,客户名称,产品名称,销售额,数量,利润", "sales"),
        ("姓名,部门,岗位,直接上级,手机号", "people"),
        ("产品编码,产品名称,单价,单位", "products"),
        ("商机名称,客户名称,销售阶段,预计金额,预计成交日期,负责人", "opportunities"),
    ],
)
def test_the_kind_of_rows_is_guessed_from_the_headings(header, kind):
    found = guess_target(header.split(","))
    assert found is not None
    assert found.key == kind


@pytest.mark.parametrize("header", ["Table,Field,Description", "a,b,c", "日期,天气,温度"])
def test_a_table_of_something_else_is_nothing(header):
    assert guess_target(header.split(",")) is None


def test_the_file_need_not_speak_the_language_of_the_reader():
    header = ["客户名称", "电话", "来源", "级别"]
    with translation.override("en"):
        target = guess_target(header)
        assert target is not None
        assert target.key == "customers"
        assert guess_columns(target, header) == {"name": 0, "phone": 1, "source": 2, "level": 3}


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["zh-hans", "zh-hant", "en"])
def test_nor_need_the_options_in_its_cells(reader):
    with translation.override(reader):
        found = option_of("customers.source").find(SYSTEM, ["客户推荐", "客戶推薦", "Referral", "天上掉下来"])
    codes = {text: code for text, [(code, _name)] in found.items()}
    assert codes == {"客户推荐": "referral", "客戶推薦": "referral", "Referral": "referral"}


def test_each_column_serves_one_field_and_the_best_fit_wins():
    deals = target("opportunities")
    header = [
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ]
    assert guess_columns(deals, header) == {
        "number": 0, "customer": 3, "owner": 1, "product": 2, "stage": 4, "opened_on": 5, "closed_on": 6, "amount": 7,
    }  # fmt: skip


def test_what_others_refer_to_is_taken_in_first():
    order = [item.key for item in targets()]
    assert order.index("people") < order.index("customers") < order.index("contacts")
    assert max(order.index("products"), order.index("customers")) < order.index("opportunities")


PRODUCTS = Candidates([(1, "GTX Pro"), (2, "GTX Basic"), (3, "GTX Plus Pro"), (4, "GTK 500")])


@pytest.mark.parametrize(
    ("typed", "value", "is_sure"),
    [
        ("GTXPro", 1, True),
        ("gtx-pro", 1, True),
        ("ＧＴＸ　Ｐｒｏ", 1, True),
        ("GTX Prro", 1, False),
        ("GTX Basik", 2, False),
    ],
)
def test_a_slip_of_the_pen_is_guessed(typed, value, is_sure):
    guess = PRODUCTS.guess(typed)
    assert guess is not None
    assert (guess.value, guess.is_sure) == (value, is_sure)


@pytest.mark.parametrize("typed", ["MG Special", "", "Pro", "GTK 600 Ultra"])
def test_what_is_like_nothing_is_not_guessed(typed):
    assert PRODUCTS.guess(typed) is None


def test_of_two_that_are_equally_like_none_is_guessed():
    assert Candidates([(1, "North East"), (2, "North West")]).guess("North Zest") is None
    assert Candidates([(1, "张伟"), (2, "张伟")]).guess("张伟") is None


def test_a_misspelt_or_shortened_word_is_guessed():
    sectors = Candidates([("technology", "technology"), ("telecom", "telecom"), ("medical", "medical")])
    assert sectors.guess("technolgy").value == "technology"
    assert sectors.guess("telecommunications").value == "telecom"
    assert sectors.guess("employment") is None
