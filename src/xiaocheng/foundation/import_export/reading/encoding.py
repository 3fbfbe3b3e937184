"""Which encoding a text file is in: the one whose reading looks most like what people write."""

from __future__ import annotations

import codecs
from collections.abc import Callable

SAMPLE = 200_000
SELECTABLE = ("utf-8", "gb18030", "big5hkscs", "utf-16", "cp1252")  # what a person may say against the guess
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PUNCTUATION = frozenset("，。、；：？！（）《》「」『』【】“”‘’—…·￥％＋－．／～　０１２３４５６７８９")
WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒœŠšŽž€£©®°±²³«»“”‘’–—…·§\xa0")
ENOUGH = 0.55  # a reading with a smaller share of plausible characters is not believed


def guess(data: bytes) -> str:
    """The encoding of the bytes of a text file."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    sample = data[:SAMPLE]
    wide = _wide(sample)
    if wide:
        return wide
    if _reads(sample, "utf-8"):
        return "utf-8"
    scores = {name: _score(sample, name, plausible) for name, plausible in CANDIDATES.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= ENOUGH else "latin-1"


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of mostly plain text is zero."""
    half = len(sample) // 2
    if half < 4 or b"\0" not in sample:
        return ""
    if sample[1::2].count(0) > half * 0.4 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


def _reads(sample: bytes, name: str) -> bool:
    """True when the sample decodes; a character cut off at its end does not matter."""
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, name: str, plausible: Callable[[str], bool]) -> float:
    """Share of plausible characters among those beyond ASCII; what cannot be read counts fivefold against it."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    strange = [character for character in text if character > "\x7f"]
    if not strange:
        return 0.0
    good = bad = 0
    for character in strange:
        if character == "\ufffd":
            bad += 1
        elif plausible(character):
            good += 1
    return (good - 5 * bad) / len(strange)


def _common_simplified(character: str) -> bool:
    """One of the 3,755 characters of the first level of GB 2312, or Chinese punctuation."""
    return character in PUNCTUATION or _lead_byte(character, "gb2312", 0xB0, 0xD7)


def _common_traditional(character: str) -> bool:
    """One of the 5,401 characters of the first level of Big5, or Chinese punctuation."""
    return character in PUNCTUATION or _lead_byte(character, "big5", 0xA4, 0xC6)


def _lead_byte(character: str, name: str, first: int, last: int) -> bool:
    try:
        coded = character.encode(name)
    except UnicodeEncodeError:
        return False
    return len(coded) == 2 and first <= coded[0] <= last


CANDIDATES: dict[str, Callable[[str], bool]] = {
    "utf-8": lambda character: character >= "\u00a0" and character != "\ufffd",
    "gb18030": _common_simplified,
    "big5hkscs": _common_traditional,
    "cp1252": WESTERN.__contains__,
}
