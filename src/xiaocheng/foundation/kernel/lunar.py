"""Days of the Chinese lunar calendar that come back every year: a birthday, kept as "08-15".

Nobody's birthday is left out: the 30th is kept on the 29th where its month ends there, and a day of a leap month in the
month of the same number.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from borax.calendars import LCalendars, LunarDate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
DIGITS = "一二三四五六七八九"
DAYS = (*(f"初{n}" for n in f"{DIGITS}十"), *(f"十{n}" for n in DIGITS), "二十", *(f"廿{n}" for n in DIGITS), "三十")
ALSO = {"一": 1, "十一": 11, "十二": 12} | {month: number for number, month in enumerate(MONTHS, 1)}
SPELT = {day: number for number, day in enumerate(DAYS, 1)} | {f"二十{n}": 20 + i for i, n in enumerate(DIGITS, 1)}
SPELT |= {n: i for i, n in enumerate(DIGITS, 1)} | {"十": 10}
CALENDAR = re.compile(r"农历|阴历|旧历|lunar|闰|\s")
YEAR = re.compile(r"^(\d{4}|[一二三四五六七八九〇零]{4})[-/.年]")
TRADITIONAL = str.maketrans("農曆陰舊閏臘號歷", "农历阴旧闰腊号历")
IN_DIGITS = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")


def lunar_day(text: str) -> str:
    """What somebody typed as a lunar day (八月十五, 闰四月初一, 8-15, 1975-08-15), as month and day; "" for nothing.

    Raises ValueError for what is none.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(TRADITIONAL)
    plain = YEAR.sub("", CALENDAR.sub("", plain))
    if not plain:
        return ""
    if found := IN_DIGITS.fullmatch(plain):
        month, day = int(found[1]), int(found[2])
    else:
        said_month, _month, said_day = plain.partition("月")
        month, day = ALSO.get(said_month, 0), SPELT.get(said_day.rstrip("日号"), 0)
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(text)
    return f"{month:02}-{day:02}"


def next_of(lunar: str, since: dt.date) -> dt.date | None:
    """On which solar date a lunar day comes next, `since` itself included; None after the calendar's end in 2101."""
    month, day = map(int, lunar.split("-"))
    try:
        year = LunarDate.from_solar(since).year
        days = (_in_year(each, month, day) for each in (year, year + 1))
        return next((found for found in days if found >= since), None)
    except ValueError:
        return None


def lunar_days_of(day: dt.date) -> list[str]:
    """The lunar days that are kept on a solar date: at the end of a short month the 30th too; none in a leap month."""
    found: list[str] = []
    try:
        lunar = LunarDate.from_solar(day)
    except ValueError:
        return found
    for number in (lunar.day, 30):
        text = f"{lunar.month:02}-{number:02}"
        if text not in found and next_of(text, day) == day:
            found.append(text)
    return found


def _in_year(year: int, month: int, day: int) -> dt.date:
    last = LCalendars.ndays(year, month)
    found: dt.date = LunarDate(year, month, min(day, last)).to_solar_date()
    return found


def lunar_words(lunar: str) -> str:
    """A lunar day as people write it."""
    month, day = map(int, lunar.split("-"))
    if (get_language() or "").startswith("zh"):
        return _("农历%(month)s月%(day)s") % {"month": MONTHS[month - 1], "day": DAYS[day - 1]}
    return _("农历 %(month)s 月 %(day)s 日") % {"month": month, "day": day}
