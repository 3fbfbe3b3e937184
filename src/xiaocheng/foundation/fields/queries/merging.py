"""What it would mean to merge one value of a list into another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.holders import Merge, counted, rows_in_words
from xiaocheng.foundation.fields.lists import OptionList
from xiaocheng.foundation.fields.tables import tables
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken

from .coded import OptionItem, names, standing
from .fields import custom_fields, one_list


@dataclass(frozen=True)
class MergePreview:
    """Which value goes into which, and how many rows of each kind change, by what people call them."""

    list: OptionList
    source: OptionItem
    target: OptionItem
    counts: Mapping[str, int]


def mergeable(actor: Actor, list_key: str, code: str) -> tuple[OptionItem, list[OptionItem]]:
    """A value that may go into another one, and those that may take it."""
    actor.require(MANAGE)
    found = one_list(actor, list_key)
    items = {item.code: item for item in standing(list_key)}
    if code not in items:
        raise NotFound
    if code in found.fixed:
        raise RuleBroken(_("「%(name)s」由系统自己使用,不能并入别的值;可以改名或停用。") % {"name": items[code].name})
    targets = [item for item in items.values() if item.is_active and item.code not in {code, *found.apart}]
    return items[code], targets


def merge_pair(actor: Actor, list_key: str, source: str, target: str) -> tuple[OptionItem, OptionItem]:
    """Both values, where the one may go into the other."""
    item, targets = mergeable(actor, list_key, source)
    into = next((each for each in targets if each.code == target), None)
    if into is None:
        raise RuleBroken(_("请选择同一列表中另一个可以选用的值。"), field="into")
    return item, into


def merge_preview(actor: Actor, list_key: str, source: str, target: str) -> MergePreview:
    """What would change, before it is done."""
    pair = merge_pair(actor, list_key, source, target)
    numbers = counted(merge_of(actor, list_key, source, target))
    return MergePreview(one_list(actor, list_key), *pair, rows_in_words(numbers))


def merge_of(actor: Actor, list_key: str, source: str, target: str) -> Merge:
    """The merge as whatever keeps codes must know it: in which fields the list is, and how the values are written."""
    found = []
    for each in tables():
        built_in = [(item.key, item.kind, item.list_key) for item in each.fields]
        own = [(item.key, item.kind, item.list_key) for item in custom_fields(SYSTEM, each.key, archived=True)]
        found += [(each.key, key, kind) for key, kind, of in (*built_in, *own) if of == list_key]
    words = {(source, target)}
    for language in dict(settings.LANGUAGES):
        with translation.override(language):
            words.add((names(list_key).get(source, source), names(list_key).get(target, target)))
    return Merge(list_key, source, target, tuple(found), tuple(sorted(words)))
