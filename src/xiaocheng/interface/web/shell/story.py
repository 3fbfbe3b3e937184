"""The history of a row as HTML, put together in Python: twenty entries took a template half a page's time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.safestring import SafeString

from xiaocheng.foundation.kernel.journal import TimelineItem
from xiaocheng.foundation.org.queries import names_of

from . import formats
from .formats import escaped
from .templatetags.ui import icon

NO_WORDS: Mapping[int, SafeString] = {}


def story(
    items: Sequence[TimelineItem], icons: Mapping[str, str], words: Mapping[int, SafeString] = NO_WORDS
) -> SafeString:
    """The entries with the names of who did it; icons by kind of event or by its module, "" for all others.

    `words` is what else is to be read beneath some entries, by their ids.
    """
    if not items:
        return SafeString("")
    people = names_of(pk for item in items for pk in (item.person_id, item.on_behalf_of_id))
    return SafeString(
        f'<ol class="story">{"".join(_entry(item, people, icons, words.get(item.entry_id, "")) for item in items)}</ol>'
    )


def _entry(item: TimelineItem, people: Mapping[int, str], icons: Mapping[str, str], words: str) -> str:
    """One entry; every part is escaped here."""
    module = item.kind.partition(".")[0]
    dot = icon(icons.get(item.kind) or icons.get(module) or icons.get("", "point"))
    at = timezone.localtime(item.at)
    return (
        f'<li><span class="dot">{dot}</span><div><p>{escaped(item.sentence)}</p>{escaped(words)}{_changes(item)}'
        '<span class="when">'
        f'{escaped(formats.doer(item, people))} · <time datetime="{at.isoformat()}">{formats.moment(at)}</time>'
        "</span></div></li>"
    )


def _changes(item: TimelineItem) -> str:
    """What stood there, crossed out, and what stands there now."""
    if not item.changes:
        return ""
    told = "".join(
        f"<div><dt>{escaped(it.name)}</dt><dd>{f'<del>{escaped(it.before)}</del>' if it.before else formats.NOTHING}"
        f"<ins>{escaped(it.after or formats.NOTHING)}</ins></dd></div>"
        for it in item.changes
    )
    return f'<dl class="changes">{told}</dl>'
