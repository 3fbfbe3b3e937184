"""What the libraries say on our pages, in our words: tools/library.toml as texts of the catalogues."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("library.toml")


class Said(NamedTuple):
    """A text of a library in our Chinese and our English, with its plural where it has one."""

    chinese: str
    english: str
    plural: str | None = None
    several: str = ""


@cache
def said() -> dict[str, Said]:
    """Return every text of a library that we say in our own words."""
    return {text: Said(*words) for text, words in tomllib.loads(FILE.read_text()).items()}


@cache
def _chinese() -> dict[str, str]:
    plurals = {words.plural: words.chinese for words in said().values() if words.plural}
    return plurals | {text: words.chinese for text, words in said().items()}


def chinese(text: str) -> str:
    """Return a text in Chinese: our own are already, a library's is looked up."""
    return _chinese().get(text, text)
