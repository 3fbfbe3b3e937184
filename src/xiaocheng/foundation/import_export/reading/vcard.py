"""Address cards (vCard 2.1, 3.0, 4.0), as phones and mail programs write them, as a table of customers and contacts.

Runs in the child process; the headings are those by which the columns are recognised.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

HEADER = [
    "客户名称", "个人客户", "联系人姓名", "联系人职务", "联系人电话", "联系人邮箱",
    "电话", "邮箱", "地址", "网址", "备注",
]  # fmt: skip
LINE = re.compile(r"(?:[\w-]+\.)?([A-Za-z-]+)((?:;(?:[^:\"]|\"[^\"]*\")*)?):(.*)", re.DOTALL)
CELL = ("CELL", "MOBILE", "IPHONE")


class Said(NamedTuple):
    """One property of a card: its parameters in capitals, and what it says."""

    params: str
    value: str


Card = dict[str, list[Said]]


def is_vcard(data: bytes) -> bool:
    """True for a file of address cards."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCARD")


def rows_of(data: bytes) -> list[list[Any]]:
    """The cards, a row each, below their headings."""
    return [list(HEADER), *(_row(card) for card in _cards(data) if _name(card) or _organisation(card))]


def _cards(data: bytes) -> Iterator[Card]:
    card: Card = {}
    for name, said in _properties(data):
        if name == "BEGIN":
            card = {}
        elif name == "END":
            yield card
        elif name not in {"PHOTO", "LOGO", "KEY", "SOUND"}:
            card.setdefault(name, []).append(said)


def _properties(data: bytes) -> Iterator[tuple[str, Said]]:
    for line in _unfolded(_text(data)):
        found = LINE.fullmatch(line)
        if found:
            params, value = found[2].upper(), found[3]
            if "QUOTED-PRINTABLE" in params:
                value = _text(quopri.decodestring(value.encode("utf-8")))
            yield found[1].upper(), Said(params, value)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: a blank begins a continuation, and so goes on what quoted-printable ends with "="."""
    line = ""
    for part in text.splitlines():
        if line and "QUOTED-PRINTABLE" in line.upper().partition(":")[0] and line.endswith("="):
            line = line[:-1] + part
        elif line and part[:1] in {" ", "\t"}:
            line += part[1:]
        else:
            yield line
            line = part
    yield line


def _words(value: str) -> str:
    return re.sub(r"\\([nN,;:\\])", lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _parts(value: str) -> list[str]:
    return [_words(part) for part in re.split(r"(?<!\\);", value)]


def _first(card: Card, name: str) -> str:
    return next((words for said in card.get(name, ()) if (words := _words(said.value))), "")


def _name(card: Card) -> str:
    if full := _first(card, "FN"):
        return full
    family, given = (*_parts(card["N"][0].value), "", "")[:2] if "N" in card else ("", "")
    return f"{family}{given}" if not f"{family}{given}".isascii() else f"{given} {family}".strip()


def _organisation(card: Card) -> str:
    return _parts(card["ORG"][0].value)[0] if "ORG" in card else ""


def _phones(card: Card) -> list[str]:
    """The phones, a mobile one first."""
    said = sorted(card.get("TEL", ()), key=lambda said: not any(word in said.params for word in CELL))
    return list(dict.fromkeys(_words(item.value).removeprefix("tel:") for item in said if item.value.strip()))


def _address(card: Card) -> str:
    if "ADR" not in card:
        return ""
    parts = (*_parts(card["ADR"][0].value), *[""] * 7)[:7]
    post_box, more, street, city, region, code, country = parts
    order = [country, region, city, street, more, post_box, code]
    chinese = not "".join(order).isascii()
    return "".join(order[:-1]) if chinese else ", ".join(part for part in reversed(order) if part)


def _row(card: Card) -> list[Any]:
    name, company = _name(card), _organisation(card)
    mobile, office, *others = (*_phones(card), "", "")
    email = _first(card, "EMAIL")
    note = "\n".join(filter(None, [_first(card, "NOTE"), *others]))
    if not company:
        note = "\n".join(filter(None, [note, office]))
        return [name, "是", "", "", "", "", mobile, email, _address(card), _first(card, "URL"), note]
    contact = [name, _first(card, "TITLE"), mobile, email] if name and name != company else ["", "", "", ""]
    phone = office if contact[0] else mobile
    return [company, "否", *contact, phone, "" if contact[0] else email, _address(card), _first(card, "URL"), note]
