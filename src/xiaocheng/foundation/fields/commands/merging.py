"""One value of a list is merged into another."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.events import OptionsMerged
from xiaocheng.foundation.fields.holders import put
from xiaocheng.foundation.fields.models import Option
from xiaocheng.foundation.fields.queries import forget_cached, resolved
from xiaocheng.foundation.fields.queries.coded import OptionItem
from xiaocheng.foundation.fields.queries.merging import merge_of, merge_pair
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import enqueue
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit


def merge_options(
    actor: Actor, list_key: str, source: str, target: str, *, versions: tuple[int, int] | None = None
) -> dict[str, int]:
    """Let a value of a list go into another one, for good: whatever carries or names the one carries the other then.

    `versions` are those of both values that the person saw. Gives how many rows of each table changed.
    """
    with transaction.atomic():
        forget_cached()
        item, into = merge_pair(actor, list_key, source, target)
        seen = versions or (item.version, into.version)
        rows = {each.code: _row(list_key, each) for each in sorted((item, into), key=lambda each: each.code)}
        begins = {"is_default": True} if item.is_default else {}
        save_edit(rows[source], seen[0], merged_into=target, is_active=False, is_default=False)
        save_edit(rows[target], seen[1], **begins)  # whoever merges or edits the other one meanwhile is told
        Option.objects.filter(list_key=list_key, merged_into=source).update(merged_into=target)
        numbers = put(merge_of(actor, list_key, source, target))
        enqueue(actor, "fields.merged", title=_("合并选项"), list_key=list_key, source=source)
        said = {"code": source, "name": item.name, "into": target, "into_name": into.name}
        record(actor, OptionsMerged(list_key=list_key, rows=numbers, **said))
    forget_cached()
    return numbers


def merge_late(actor: Actor, list_key: str, source: str) -> dict[str, int]:
    """Take along what others saved with the former code while two values were merged."""
    with transaction.atomic():
        actor.require(MANAGE)
        forget_cached()
        target = resolved(list_key, source)
        return put(merge_of(actor, list_key, source, target)) if target != source else {}


def _row(list_key: str, item: OptionItem) -> Option:
    """The row of a value, made for a standard one that has none."""
    usual = {"position": item.position, "edit_version": 0}
    row, _created = Option.objects.get_or_create(list_key=list_key, code=item.code, defaults=usual)
    return row
