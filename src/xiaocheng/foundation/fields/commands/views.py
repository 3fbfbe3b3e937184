"""Ways to keep lists as one wants to see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.access import SHARE_VIEWS
from xiaocheng.foundation.fields.events import ViewRemoved, ViewSaved
from xiaocheng.foundation.fields.models import AUDIENCES, DEPARTMENT, MYSELF, ROLE, DefaultView, SavedView
from xiaocheng.foundation.fields.queries import may_change, saved_view
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import person

MOST_VIEWS, MOST_COLUMNS, LONGEST_KEY = 50, 60, 60


@dataclass(frozen=True, kw_only=True)
class ViewDraft:
    """A list as somebody wants it: `query` is what stands behind the question mark, `columns` are keys in order."""

    name: str
    query: str = ""
    columns: Sequence[str] = ()
    audience: str = MYSELF


def save_view(actor: Actor, list_key: str, draft: ViewDraft) -> SavedView:
    """Save a new view of a list."""
    with transaction.atomic():
        owner, _department = actor.credited()
        row = SavedView(list_key=list_key, person_id=owner)
        if SavedView.objects.filter(person=owner, list_key=list_key).count() >= MOST_VIEWS:
            raise RuleBroken(_("一个列表最多保存 %(count)s 个视图。") % {"count": MOST_VIEWS})
        for name, value in _decide(actor, row, draft).items():
            setattr(row, name, value)
        check_columns(row)
        row.save(force_insert=True)
        record(actor, ViewSaved(view_id=row.pk, name=row.name, audience=row.audience))
    return row


def edit_view(actor: Actor, view_id: int, version: int, draft: ViewDraft) -> SavedView:
    """Change a view of one's own, or as the administrator a shared one."""
    with transaction.atomic():
        row = _to_change(actor, view_id)
        row = save_edit(row, version, **_decide(actor, row, draft))
        record(actor, ViewSaved(view_id=row.pk, name=row.name, audience=row.audience))
    return row


def remove_view(actor: Actor, view_id: int) -> None:
    """Delete a view of one's own, or as the administrator a shared one."""
    with transaction.atomic():
        row = _to_change(actor, view_id)
        row.delete()
        record(actor, ViewRemoved(view_id=view_id, name=row.name))


def open_with(actor: Actor, list_key: str, view_id: int | None) -> None:
    """Let a list open with a view from now on, or with none."""
    with transaction.atomic():
        owner, _department = actor.credited()
        view = saved_view(actor, view_id) if view_id is not None else None
        if view is not None and view.list_key != list_key:
            raise NotFound
        DefaultView.objects.filter(person=owner, list_key=list_key).delete()
        if view is not None:
            DefaultView.objects.create(person_id=owner, list_key=list_key, view=view)


def _to_change(actor: Actor, view_id: int) -> SavedView:
    row = saved_view(actor, view_id)
    if not may_change(actor, row):
        raise NotFound
    return row


def _decide(actor: Actor, row: SavedView, draft: ViewDraft) -> dict[str, Any]:
    """The columns for what is said; whom it is shared with is decided by who made it."""
    name = " ".join(draft.name.split())
    same = SavedView.objects.filter(person=row.person_id, list_key=row.list_key, name=name).exclude(pk=row.pk)
    if not name or same.exists():
        raise RuleBroken(_("请填写一个您还没有用过的视图名称。"), field="name")
    if draft.audience not in AUDIENCES:
        raise RuleBroken(_("请从列出的选项中选择。"), field="audience")
    if draft.audience not in {MYSELF, row.audience}:
        actor.require(SHARE_VIEWS)
    columns = list(dict.fromkeys(draft.columns))
    if len(columns) > MOST_COLUMNS or any(not key or len(key) > LONGEST_KEY for key in columns):
        raise RuleBroken(_("列太多了。"), field="columns")
    maker = person(actor, row.person_id)
    return {
        "name": name,
        "query": draft.query,
        "columns": columns,
        "audience": draft.audience,
        "department_id": maker.department_id if draft.audience == DEPARTMENT else None,
        "role_id": maker.role_id if draft.audience == ROLE else None,
    }
