"""Phone numbers as people type them in Chinese-speaking places, made comparable: one number, one key."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import phonenumbers

REGIONS = ("CN", "TW")  # what a number without country code may belong to, tried in this order
# Most numbers are plain mobile ones of mainland China: known by their first digits, as the library knows them.
MOBILE = re.compile(r"1(?:610\d|740[0-5]|(?:[38]\d|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])\d\d)\d{6}")
LIKE_MOBILE = re.compile(r"1\d{10}", re.ASCII)
NEXT_NUMBER = re.compile(r"[/;,、|\n]")
EXTENSION = re.compile(r"转|轉|分机|分機")
WORDS_IN_BRACKETS = re.compile(r"\([^()\d]*\)")
NEXT_RUN = re.compile(r"[/;,、|#\n]|转|轉|分机|分機|ext\.?")
SHORTEST_RUN = 5
HOME = (  # a number with country code -> what is dialled at home before the rest
    (re.compile(r"(?:00)?86(1[3-9]\d{9}|[48]00\d{7})"), ""),
    (re.compile(r"(?:00)?86([1-9]\d{9,10})"), "0"),
    (re.compile(r"(?:00)?886([2-9]\d{7,8})"), "0"),
)
SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d{1,2}")


@dataclass(frozen=True)
class Phone:
    """A number that exists, as the whole world writes it (+8613800138000), and its extension."""

    number: str
    extension: str = ""


def as_typed(text: str) -> str:
    """Half-width, in lower case, and without what a spreadsheet makes of a number: ='…, 1.38E+10, ….0."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip(" ='")
    if SCIENTIFIC.fullmatch(plain):
        return str(int(Decimal(plain)))
    return re.sub(r"(?<=\d)\.0+$", "", plain)


@lru_cache(maxsize=4096)  # an import asks several times about the same row
def phones_in(text: str) -> tuple[Phone, ...]:
    """The phone numbers in a cell, in their order; what is no number of any country is left out."""
    parts = (EXTENSION.sub(" ext ", WORDS_IN_BRACKETS.sub(" ", part)) for part in NEXT_NUMBER.split(as_typed(text)))
    return tuple(found for part in parts if (found := _number(part)))


def phone_key(text: str) -> str:
    """What tells phones apart: the first number in a text; of one that cannot be a whole number, its digits."""
    if LIKE_MOBILE.fullmatch(text):
        return f"+86{text}" if MOBILE.fullmatch(text) else text
    found = phones_in(text)
    return found[0].number if found else phone_digits(text)


def phone_keys(text: str) -> tuple[str, ...]:
    """The keys of all phones in a text; of one that holds no whole number, its digits."""
    found = phones_in(text)
    return tuple(phone.number for phone in found) or tuple(filter(None, [phone_digits(text)]))


def phone_digits(text: str) -> str:
    """The digits of the first number in a text, as dialled at home: 010…, 138…; what people search for.

    Extensions (转801, #123) and further numbers are left out; a number without area code is taken as it is.
    """
    bare = text.removeprefix("+")  # of a key, which is written so
    digits = bare if bare.isascii() and bare.isdigit() else _first_run(as_typed(text))
    if digits.startswith(("86", "886", "00")):
        for code, home in HOME:
            if found := code.fullmatch(digits):
                return home + found[1]
    return digits


def _first_run(typed: str) -> str:
    runs = [re.sub(r"\D", "", part) for part in NEXT_RUN.split(typed)]
    return next((run for run in runs if len(run) >= SHORTEST_RUN), runs[0])


def _number(part: str) -> Phone | None:
    for region in REGIONS:
        try:
            parsed = phonenumbers.parse(part, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            return Phone(number, parsed.extension or "")
    return None
