"""Rows of a file that are recognised among those that are there: changed, added, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken

from .targets import UPDATE, Done, Found, Key, Row, Target

Pair = tuple[int, int]  # place of a row in its set, id of the row that is there


def written(actor: Actor, target: Target, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """What became of each row: added where it is new, or, where the person wants it, recognised and changed."""
    key = target.key_of(options)
    if key is None or target.update is None:
        return target.write(actor, rows, options)
    found = target.update.find(actor, key.field, list({said for row in rows if (said := key.of(row))}))
    known, new, done = _sorted(key, options["mode"], rows, found)
    told = [(row_id, _told(key, rows[at])) for at, row_id in known]
    changed = target.update.change(actor, told, options) if known else []
    added = target.write(actor, [rows[at] for at in new], options) if new else []
    done.update(zip([at for at, _row_id in known], changed, strict=True))
    done.update(zip(new, added, strict=True))
    return [done[at] for at in range(len(rows))]


def _told(key: Key, row: Row) -> Row:
    """What a row is to change: empty cells nothing, nor what it is recognised by (a name is known however spelled)."""
    return {name: value for name, value in row.items() if value is not None and name != key.field}


def _sorted(key: Key, mode: str, rows: Sequence[Row], found: Found) -> tuple[list[Pair], list[int], dict[int, Done]]:
    """The rows that are there, those that are new, and those that are refused."""
    known: list[Pair] = []
    new: list[int] = []
    refused: dict[int, Done] = {}
    for at, row in enumerate(rows):
        ids, refusal = _recognised(key, mode, row, found)
        if refusal is not None:
            refused[at] = Done(refusal=refusal)
        elif ids:
            known.append((at, ids[0]))
        else:
            new.append(at)
    return known, new, refused


def _recognised(key: Key, mode: str, row: Row, found: Found) -> tuple[Sequence[int], Refusal | None]:
    said = key.of(row)
    ids = found.get(said, ()) if said else ()
    if len(ids) > 1:
        return (), RuleBroken(
            _("有 %(count)d 行都符合,无法确定更新哪一行。请换一项来识别。") % {"count": len(ids)}, field=key.field
        )
    if not ids and said and (key.must_exist or mode == UPDATE):
        return (), RuleBroken(_("没有找到要更新的行,或者您无权查看它。"), field=key.field)
    if not said and mode == UPDATE:
        return (), RuleBroken(_("这一格是空的,不知道更新哪一行。"), field=key.field)
    return ids, None
