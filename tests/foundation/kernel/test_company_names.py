"""Two ways to write one company have one key; two companies have two."""

from __future__ import annotations

import pytest

from xiaocheng.foundation.kernel.company_names import company_key, place_and_core


@pytest.mark.parametrize(
    "names",
    [
        (
            "上海宏图机械有限公司",
            "上海宏图机械",
            "上海市宏圖機械股份有限公司",
            "宏图机械(上海)有限公司",
            "宏图机械（上海市）有限责任公司",
            "上 海 宏图 机械 集团",
            "上海宏图机械(集团)股份有限公司",
            "上海宏图机械控股有限公司",
            "【上海】宏图机械",
        ),
        ("上海宏图(机械)股份有限公司", "上海宏图（机械）有限责任公司", "上海宏图〔机械〕"),
        ("江苏省南京市宏图有限公司", "南京宏图有限公司", "宏图(南京)公司"),
        ("广西壮族自治区南宁市宏图公司", "南宁宏图"),
        ("臺灣積體電路製造股份有限公司", "台湾积体电路制造"),
        ("ACME Co., Ltd.", "acme", "Ａｃｍｅ Inc.", "Acme GmbH & Co. KG", "ACME Pte. Ltd", "Acme B.V.", "Acme Group"),
        ("ACME(上海)Co.,Ltd", "上海acme"),
        ("株式会社東芝", "东芝"),
        ("西门子(中国)有限公司", "西门子（中国）"),
    ],
)
def test_the_same_company_has_the_same_key(names: tuple[str, ...]) -> None:
    assert len({company_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("上海宏图机械", "上海宏达机械", "北京宏图机械", "宏图机械"),
        ("宏图机械(上海)有限公司", "宏图机械(北京)有限公司"),
        ("宏图有限公司", "宏图有限公司上海分公司", "宏图有限公司北京分公司", "上海宏图有限公司"),
        ("上海贸易有限公司", "贸易(上海)有限公司"),  # of such a name nothing but the trade is left
        ("有限公司", "股份公司", ""),
        ("Costco", "st", "Coventry", "Incubator", "Sage"),
        ("上海市场研究有限公司", "上海场研究有限公司"),
    ],
)
def test_different_companies_have_different_keys(names: tuple[str, ...]) -> None:
    assert len({company_key(name) for name in names}) == len(names)


def test_a_key_is_parted_into_place_and_name_proper() -> None:
    assert place_and_core("上海宏图机械") == ("上海", "宏图机械")
    assert place_and_core("宏图机械") == ("", "宏图机械")
    assert place_and_core("上海") == ("", "上海")


@pytest.mark.parametrize(
    "hostile", ["(" * 200, "有限" * 100, "co " * 66, "省" * 200, "上海(上海)" * 40, "&" * 200, "\u0130"]
)
def test_odd_names_have_a_key_at_once(hostile: str) -> None:
    assert company_key(hostile) == company_key(hostile.strip())
