"""Ways to change which fields a company's tables have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.events import CustomFieldAdded, CustomFieldEdited, CustomFieldRemoved
from xiaocheng.foundation.fields.expressions import CustomValue
from xiaocheng.foundation.fields.indexes import drop, make_once, mend_indexes, once_name
from xiaocheng.foundation.fields.models import CustomField, Option
from xiaocheng.foundation.fields.once import refuse_repeated
from xiaocheng.foundation.fields.queries import custom_table, forget_cached
from xiaocheng.foundation.fields.tables import KINDS, ONE, PERSONAL, SEVERAL, SINGULAR, TEXT
from xiaocheng.foundation.fields.values import EMPTY, refused, stored
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.jobs import Progress, enqueue
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.search import rebuild_index
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import roles

from .options import add_option

MOST = 60  # fields that a table can have, those out of use too
CODED = {ONE, SEVERAL}


@dataclass(frozen=True, kw_only=True)
class FieldDraft:
    """What a company says about a field of its own."""

    name: str
    name_hant: str = ""
    name_en: str = ""
    help: str = ""
    section: str = ""
    default: Any = None
    is_required: bool = False
    is_filter: bool = False
    is_unique: bool = False
    is_searched: bool = False
    is_active: bool = True
    readers: Sequence[int] = ()  # ids of the roles that may see it; none: whoever sees the row
    writers: Sequence[int] = ()  # ids of the roles that may change it; none: whoever sees the field


def add_field(
    actor: Actor, table_key: str, kind: str, draft: FieldDraft, *, options: Sequence[str] = ()
) -> CustomField:
    """Add a field to a table, behind those it has; one of options begins with those that are named."""
    with transaction.atomic():
        custom_table(actor, table_key)
        rows = list(CustomField.objects.filter(table=table_key).order_by("position"))
        actor.require(MANAGE)
        if kind not in KINDS:
            raise RuleBroken(_("请选择字段的类型。"), field="kind")
        if len(rows) >= MOST:
            raise RuleBroken(_("一张表最多 %(count)s 个自定义字段。") % {"count": MOST})
        row = CustomField(table=table_key, kind=kind, position=rows[-1].position + 1 if rows else 1)
        for name, value in _columns(actor, row, draft).items():
            setattr(row, name, value)
        check_columns(row)
        row.save(force_insert=True)
        for option in dict.fromkeys(filter(None, (name.strip() for name in options)) if kind in CODED else ()):
            add_option(actor, f"field.{row.pk}", option)
        _index(actor, row.is_filter)
        _keep_single(actor, row)  # it holds nothing yet by which a row could be found
        record(actor, CustomFieldAdded(field_id=row.pk, table=table_key, name=row.name))
    forget_cached()
    return row


def edit_field(actor: Actor, field_id: int, version: int, draft: FieldDraft) -> CustomField:
    """Change what a company says about a field, or take it out of use: rows keep what they have in it.

    That it may not repeat holds at once, for everybody; where rows repeat a value already, it is refused.
    """
    with transaction.atomic():
        row = _locked(field_id)
        actor.require(MANAGE)
        was_indexed, was_single = row.is_filter and row.is_active, row.is_unique and row.is_active
        was_searched = row.is_searched and row.is_active
        row = save_edit(row, version, **_columns(actor, row, draft))
        _index(actor, was_indexed != (row.is_filter and row.is_active))
        if was_single != (row.is_unique and row.is_active):
            _keep_single(actor, row)
        if was_searched != (row.is_searched and row.is_active):
            enqueue(actor, "fields.search", title=_("自定义字段的检索"), table=row.table)
        record(actor, CustomFieldEdited(field_id=row.pk, table=row.table, name=row.name, is_active=row.is_active))
    forget_cached()
    return row


def remove_field(actor: Actor, field_id: int) -> None:
    """Delete a field that no row has a value in; another one can only go out of use."""
    with transaction.atomic():
        row = _locked(field_id)
        actor.require(MANAGE)
        if _is_filled(row):
            raise RuleBroken(_("「%(name)s」已有记录填写,不能删除。请改为停用。") % {"name": row.name})
        Option.objects.filter(list_key=f"field.{row.pk}").delete()
        drop(once_name(row))
        row.delete()
        _index(actor, row.is_filter)
        record(actor, CustomFieldRemoved(field_id=field_id, table=row.table, name=row.name))
    forget_cached()


def raise_field(actor: Actor, field_id: int) -> None:
    """Move a field one place up among those of its table."""
    with transaction.atomic():
        row = _locked(field_id)
        actor.require(MANAGE)
        rows = list(CustomField.objects.filter(table=row.table).order_by("position", "pk"))
        at = next(index for index, other in enumerate(rows) if other.pk == row.pk)
        if at:
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
            for position, other in enumerate(rows, 1):
                other.position = position
            CustomField.objects.bulk_update(rows, ["position"])
            record(actor, CustomFieldEdited(field_id=row.pk, table=row.table, name=row.name, is_active=row.is_active))
    forget_cached()


def mend_field_indexes(actor: Actor) -> list[str]:
    """Make the indexes of the fields that are filtered by and drop the others; returns what was done."""
    actor.require(MANAGE)
    return mend_indexes()


def index_found_words(actor: Actor, table_key: str, progress: Progress) -> int:
    """Store the words again by which the rows of a table are found, set by set; returns how many rows."""
    actor.require(MANAGE)
    forget_cached()
    model = apps.get_model(custom_table(actor, table_key).key)
    progress.begin(model._base_manager.count())
    return rebuild_index(model, progress.advance)


def _is_filled(row: CustomField) -> bool:
    """True when some row, whoever sees it, has a value in the field."""
    rows = apps.get_model(row.table)._base_manager.alias(kept=CustomValue(row.key, row.kind))
    return bool(rows.filter(kept__isnull=False).exists())


def _keep_single(actor: Actor, row: CustomField) -> None:
    """Let the database refuse a second row with the same value from now on, or no more."""
    if not (row.is_unique and row.is_active):
        drop(once_name(row))
        return
    refuse_repeated(actor, row)
    try:
        make_once(row)
    except IntegrityError:  # somebody has saved the same value at this moment
        refuse_repeated(actor, row)
        raise


def _locked(field_id: int) -> CustomField:
    row = CustomField.objects.select_for_update().filter(pk=field_id).first()
    if row is None:
        raise NotFound
    return row


def _columns(actor: Actor, row: CustomField, draft: FieldDraft) -> dict[str, Any]:
    """The columns for what is said, checked."""
    columns = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in vars(draft).items()
        if name != "default"
    }
    name = columns["name"] = " ".join(draft.name.split())
    others = CustomField.objects.filter(table=row.table, name=name).exclude(pk=row.pk)
    if not name or others.exists():
        raise RuleBroken(_("请填写一个这张表还没有的字段名称。"), field="name")
    if draft.is_filter and row.kind in PERSONAL:
        raise RuleBroken(_("电话和邮箱是个人资料,不能用来筛选列表。"), field="is_filter")
    _check_marks(row, draft)
    columns |= _roles(actor, draft)
    try:
        columns["default"] = None if row.kind in CODED else stored(row.kind, draft.default)
    except ValueError as why:
        raise refused("default", _("默认值"), why) from None
    return columns


def _roles(actor: Actor, draft: FieldDraft) -> dict[str, list[int]]:
    """For which roles the field is, as it is kept."""
    known = set(roles(actor).values_list("pk", flat=True))
    for name in ("readers", "writers"):
        if not known.issuperset(getattr(draft, name)):
            raise RuleBroken(_("请从列出的角色中选择。"), field=name)
    if draft.readers and not set(draft.writers) <= set(draft.readers):
        raise RuleBroken(_("能修改的角色也要能看到。"), field="writers")
    return {"readers": sorted(set(draft.readers)), "writers": sorted(set(draft.writers))}


def _check_marks(row: CustomField, draft: FieldDraft) -> None:
    if draft.is_unique and row.kind not in SINGULAR:
        raise RuleBroken(_("只有文字、整数和小数类型可以设为不能重复。"), field="is_unique")
    if draft.is_searched and row.kind != TEXT:
        raise RuleBroken(_("只有文字类型可以用来搜索。"), field="is_searched")
    if draft.is_searched and draft.readers:
        raise RuleBroken(_("限定角色的字段不能用来搜索。"), field="is_searched")
    if draft.is_unique and draft.default not in EMPTY:
        raise RuleBroken(_("不能重复的字段不能有默认值。"), field="default")


def _index(actor: Actor, is_due: bool) -> None:
    if is_due:
        enqueue(actor, "fields.index", title=_("自定义字段的索引"))
