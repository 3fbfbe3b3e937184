"""Single cells as people and programs write them: text, numbers, days."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from .reading.workbook import Cell

# full-width letters, digits and blank become half-width; Chinese punctuation stays as it is
NARROW = {
    code: code - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*span)
}
NARROW |= {0x3000: 0x20, 0xA0: 0x20, 0xFEFF: None, 0x200B: None}  # type: ignore[dict-item]
ANY_WIDE = re.compile(f"[{''.join(map(chr, NARROW))}]")
FORMULA_STARTS = "=+-@\t\r＝＋－＠﹣﹢"

UNITS = {
    "万": 10_000,
    "萬": 10_000,
    "亿": 100_000_000,
    "億": 100_000_000,
    "千": 1_000,
    "百": 100,
    "k": 1_000,
    "m": 1_000_000,
}
CURRENCY = re.compile(r"(人民币|新台币|港币|rmb|cny|usd|hkd|twd|nt\$|us\$|hk\$|[¥￥$€£元圆塊块])", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
EXCEL_EPOCH = dt.date(1899, 12, 30)
SERIALS = range(7_306, 73_416)  # 1920-01-01 to 2100-12-31
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


class Unclear(ValueError):
    """The cell cannot be read as what its column holds."""


@lru_cache(maxsize=5000)
def key_of(text: str) -> str:
    """A name without width, case, blanks and punctuation: `GTXPro` and `GTX Pro` are equal."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def text(cell: Cell) -> str:
    """A cell as one line of text: blanks trimmed, full-width letters and digits narrowed, `'` before a formula gone."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(cell, ".15g")
    return _line(str(cell))


@lru_cache(maxsize=8192)  # most columns say the same few things over and over
def _line(said: str) -> str:
    words = " ".join((said.translate(NARROW) if ANY_WIDE.search(said) else said).split())
    if len(words) > 1 and words[0] == "'" and words[1] in FORMULA_STARTS:
        return words[1:]
    return words


def long_text(cell: Cell) -> str:
    """A cell as text that keeps its lines."""
    lines = str(cell if cell is not None else "").translate(NARROW).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def number(cell: Cell, decimal_comma: bool = False) -> Decimal | None:
    """A cell as a number: 1,234.50 · ￥1,234 · 12.5万 · １２３ · (123) · 15%; Unclear if it is none."""
    if cell is None or isinstance(cell, bool):
        return None if cell is None else Decimal(int(cell))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(format(cell, ".15g"))
    typed = unicodedata.normalize("NFKC", cell).replace("−", "-").replace("–", "-").lstrip("'").strip()
    if typed in {"", "-", "--", "—", "n/a", "N/A", "#N/A", "null", "NULL"}:
        return None
    return _number(typed, decimal_comma)


def _number(typed: str, decimal_comma: bool) -> Decimal:
    plain = CURRENCY.sub("", typed).replace(" ", "").replace("'", "").lower()
    factor = Decimal(1)
    if plain.startswith("(") and plain.endswith(")"):
        plain, factor = plain[1:-1], Decimal(-1)
    if plain.endswith("%"):
        plain, factor = plain[:-1], factor / 100
    while plain and plain[-1] in UNITS:
        factor *= UNITS[plain[-1]]
        plain = plain[:-1]
    plain = plain.replace(".", "").replace(",", ".") if decimal_comma else _without_separators(plain)
    if not NUMBER.fullmatch(plain):
        raise Unclear(typed)
    try:
        found = Decimal(plain) * factor
    except InvalidOperation:
        raise Unclear(typed) from None
    if abs(found) > Decimal("1e18"):
        raise Unclear(typed)
    return found


def _without_separators(plain: str) -> str:
    if "," not in plain:
        return plain
    whole, point, fraction = plain.partition(".")
    if "," in fraction or not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+|[+-]?\d{1,4}(,\d{4})+", whole):
        raise Unclear(plain)
    return whole.replace(",", "") + point + fraction


def has_decimal_comma(cell: Cell) -> bool | None:
    """True for 1,7 and 200.000.000, False for 1,234.5 and 0.25, None where both readings are possible."""
    if not isinstance(cell, str):
        return None
    plain = CURRENCY.sub("", unicodedata.normalize("NFKC", cell)).replace(" ", "").strip()
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*,(\d{1,2}|\d{4,})", plain) or re.fullmatch(
        r"[+-]?\d{1,3}(\.\d{3}){2,}", plain
    ):
        return True
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain) and ("." in plain or plain.count(",") > 1):
        return False
    if re.fullmatch(r"[+-]?\d+\.(\d{1,2}|\d{4,})", plain):
        return False
    return None


def day(cell: Cell, day_first: bool | None = None) -> dt.date | None:
    """A cell as a day: ISO, 2017/6/15, 2017年6月15日, 20170615, 2017.06.15, 15/6/2017, 15-Jun-2017, an Excel serial.

    `day_first` says how the column writes 3/4/2017; None: not known, then only one-way cells are read.
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        raise Unclear(str(cell))
    if isinstance(cell, (int, float)):
        return _serial_or_compact(cell)
    typed = " ".join(unicodedata.normalize("NFKC", cell).replace("−", "-").replace("–", "-").lstrip("'").split())
    if typed in {"", "-", "--", "—", "n/a", "N/A", "null", "NULL", "0000-00-00"}:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?|\d{8}", typed):
        return _serial_or_compact(float(typed))
    return _written_day(typed, day_first)


def _serial_or_compact(value: float) -> dt.date:
    whole = int(value)
    if whole in SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=whole)
    if 19000101 <= whole <= 21001231:
        return _date(whole // 10_000, whole // 100 % 100, whole % 100)
    raise Unclear(str(value))


YEAR_FIRST = re.compile(r"(民国|民國)?\s*(\d{2,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)")
DAY_NAME = re.compile(r"(\d{1,2})[\s\-/.]*([a-z]{3})[a-z]*\.?,?[\s\-/.]*(\d{4})(?!\d)", re.IGNORECASE)
NAME_DAY = re.compile(r"([a-z]{3})[a-z]*\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-/.]+(\d{4})(?!\d)", re.IGNORECASE)


def _written_day(typed: str, day_first: bool | None) -> dt.date:
    if found := YEAR_LAST.match(typed):
        first, second, year = map(int, found.groups())
        return _with_year_last(first, second, year, day_first)
    if found := YEAR_FIRST.match(typed):
        year = int(found[2])
        if found[1]:
            year += 1911
        elif len(found[2]) == 2:
            year += 2000 if year < 70 else 1900
        return _date(year, int(found[3]), int(found[4]))
    if found := DAY_NAME.match(typed):
        return _date(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := NAME_DAY.match(typed):
        return _date(int(found[3]), MONTHS.get(found[1].lower(), 0), int(found[2]))
    raise Unclear(typed)


def _with_year_last(first: int, second: int, year: int, day_first: bool | None) -> dt.date:
    if first > 12:
        return _date(year, second, first)
    if second > 12 or first == second:
        return _date(year, first, second)
    if day_first is None:
        raise Unclear("order")
    return _date(year, second, first) if day_first else _date(year, first, second)


def is_day_first(cell: Cell) -> bool | None:
    """True for 15/6/2017, False for 6/15/2017, None for a cell that does not tell."""
    found = YEAR_LAST.match(" ".join(unicodedata.normalize("NFKC", cell).split())) if isinstance(cell, str) else None
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    return None if first <= 12 and second <= 12 else first > 12


def _date(year: int, month: int, number: int) -> dt.date:
    try:
        found = dt.date(year, month, number)
    except ValueError:
        raise Unclear(f"{year}-{month}-{number}") from None
    if not 1900 <= year <= 2100:
        raise Unclear(f"{year}")
    return found
