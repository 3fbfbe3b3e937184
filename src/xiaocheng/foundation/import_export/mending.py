"""The two columns that the error file has beside those of the file: when it is sent again, they are no data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .cells import key_of

OWN_HEADINGS = (_("原行号"), _("错误"))


def is_own(heading: str) -> bool:
    """True for a heading that an error file adds, in whichever language it was written."""
    return key_of(heading) in _own_keys()


def without_own(header: Sequence[str]) -> list[str]:
    """The headings of the file itself."""
    kept = [heading for heading in header if not is_own(heading)]
    while kept and not kept[-1]:
        kept.pop()
    return kept


@cache
def _own_keys() -> frozenset[str]:
    keys = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            keys |= {key_of(str(heading)) for heading in OWN_HEADINGS}
    return frozenset(keys)
