"""Chinese punctuation: source texts are typed with the keyboard's half-width marks, pages show the full-width ones."""

import re

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}|<[^>]*>|https?://\S+|--?[a-z-]+=?\S*")
CHINESE = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef\ue000-\uf8ff"  # the last range stands for placeholders
MARKS = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}
MARK = re.compile(rf"(?:(?<=[{CHINESE}])|(?<=\A))([,;?!]|:(?!\d\d\b)) ?|([,:;?!]) ?(?=[{CHINESE}])")
BRACKETS = re.compile(r"\(([^()]*)\)")


def typeset(text: str) -> str:
    """The text with full-width commas, colons, question marks and brackets wherever they stand beside Chinese."""
    if not re.search("[\u3400-\u9fff]", text):
        return text
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return chr(0xE000 + len(kept) - 1)

    text = PLACEHOLDER.sub(keep, text)
    text = BRACKETS.sub(lambda match: _bracket(match, text), text)
    text = MARK.sub(lambda match: MARKS[match[1] or match[2]], text)
    return re.sub("[\ue000-\uf8ff]", lambda match: kept[ord(match[0]) - 0xE000], text)


def _bracket(match: re.Match[str], text: str) -> str:
    beside = text[max(0, match.start() - 1) : match.start()] + match[1] + text[match.end() : match.end() + 1]
    return f"\uff08{match[1]}\uff09" if re.search(f"[{CHINESE}]", beside) else match[0]
