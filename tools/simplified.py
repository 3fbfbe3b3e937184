"""Traditional characters and their simplified forms, made from the tables of OpenCC: `python -m tools.simplified`.

The product reads this small file, one character for one: enough to compare names, and ten times faster than the
library, which looks at whole words.
"""

from pathlib import Path

import opencc

FILE = Path(__file__).resolve().parent.parent / "src/xiaocheng/foundation/kernel/simplified.txt"
RANGES = (range(0x3400, 0xA000), range(0xF900, 0xFB00))


def main() -> None:
    """Write a line of traditional characters and, below it, a line of what they become."""
    convert = opencc.OpenCC("t2s").convert
    changed = [(c, convert(c)) for places in RANGES for c in map(chr, places)]
    pairs = [(c, s) for c, s in changed if s != c and len(s) == 1]
    FILE.write_text("\n".join(map("".join, zip(*pairs, strict=True))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
