"""How characters are read, made from the tables of pypinyin: `python -m tools.readings`.

The product reads this small file; the library itself would cost every process 56 MB.
"""

from collections import defaultdict
from pathlib import Path

from pypinyin import lazy_pinyin

FILE = Path(__file__).resolve().parent.parent / "src/xiaocheng/foundation/kernel/readings.txt"
FIRST, LAST = 0x3400, 0x9FFF
# In names of companies and places these are read so, whatever is more frequent elsewhere.
IN_NAMES = {"长": "chang", "都": "du", "调": "tiao"}


def main() -> None:
    """Write one line for each syllable: the syllable, then the characters that are read so."""
    by_syllable: dict[str, list[str]] = defaultdict(list)
    for character in map(chr, range(FIRST, LAST + 1)):
        read = lazy_pinyin(character, errors="ignore")
        if read:
            by_syllable[IN_NAMES.get(character, read[0])].append(character)
    lines = [f"{syllable} {''.join(characters)}\n" for syllable, characters in sorted(by_syllable.items())]
    FILE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
