"""The saved views of a list."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiaocheng.foundation.fields.access import MANAGE, SHARE_VIEWS
from xiaocheng.foundation.fields.models import (
    AUDIENCES,
    DEPARTMENT,
    EVERYBODY,
    MYSELF,
    ROLE,
    DefaultView,
    SavedView,
)
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Sentence


def saved_views(actor: Actor, list_key: str = "") -> QuerySet[SavedView]:
    """The actor's own views of a list (of all lists) and those shared with him; `is_default` marks the one to open."""
    own = Q(person=actor.person_id or 0)
    shared = Q(audience=EVERYBODY) | Q(audience=DEPARTMENT, department=actor.department_id or 0)
    rows = SavedView.objects.filter(own | shared | Q(audience=ROLE, role__people=actor.person_id or 0))
    opens = DefaultView.objects.filter(person=actor.person_id or 0, view=OuterRef("pk"))
    rows = rows.filter(list_key=list_key) if list_key else rows
    return rows.annotate(opens=Exists(opens)).order_by("pk")


def saved_view(actor: Actor, view_id: int) -> SavedView:
    """One view that the actor may use."""
    found = saved_views(actor).filter(pk=view_id).first()
    if found is None:
        raise NotFound
    return found


def may_change(actor: Actor, view: SavedView) -> bool:
    """True for whoever made it, and for a shared one for the administrator."""
    return view.person_id == actor.person_id or (view.audience != MYSELF and actor.can(MANAGE))


def audiences(actor: Actor) -> dict[str, Sentence]:
    """Whom the actor may save a view for."""
    return {key: name for key, name in AUDIENCES.items() if key == MYSELF or actor.can(SHARE_VIEWS)}
