"""The saved views of a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

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
from xiaocheng.foundation.kernel.prepared import Prepared

from .fields import hidden_keys


def _usable(person: Any, department: Any) -> QuerySet[SavedView]:
    own = Q(person=person)
    shared = Q(audience=EVERYBODY) | Q(audience=DEPARTMENT, department=department)
    rows = SavedView.objects.filter(own | shared | Q(audience=ROLE, role__people=person))
    opens = DefaultView.objects.filter(person=person, view=OuterRef("pk"))
    return rows.annotate(opens=Exists(opens)).order_by("pk")


# every list asks for its views
_OF_LIST = Prepared(lambda person, department, key: _usable(person, department).filter(list_key=key))


def saved_views(actor: Actor) -> QuerySet[SavedView]:
    """The actor's own views of all lists and those shared with him; `opens` marks the one to open."""
    return _usable(actor.person_id or 0, actor.department_id or 0)


def views_of_list(actor: Actor, list_key: str) -> list[SavedView]:
    """The views of one list that the actor may use, the own ones first."""
    found = _OF_LIST(actor.person_id or 0, actor.department_id or 0, list_key)
    seen = [as_seen(actor, view) for view in found]
    return sorted(seen, key=lambda view: (view.person_id != actor.person_id, view.pk))


def as_seen(actor: Actor, view: SavedView) -> SavedView:
    """The view without columns and filters over own fields that the actor may not see."""
    hidden = hidden_keys(actor)
    if hidden:
        said = parse_qsl(view.query, keep_blank_values=True)
        view.query = urlencode([(name, value) for name, value in said if name.partition("_")[0] not in hidden])
        view.columns = [key for key in view.columns if key not in hidden]
    return view


def saved_view(actor: Actor, view_id: int) -> SavedView:
    """One view that the actor may use."""
    found = saved_views(actor).filter(pk=view_id).first()
    if found is None:
        raise NotFound
    return as_seen(actor, found)


def may_change(actor: Actor, view: SavedView) -> bool:
    """True for whoever made it, and for a shared one for the administrator."""
    return view.person_id == actor.person_id or (view.audience != MYSELF and actor.can(MANAGE))


def audiences(actor: Actor) -> dict[str, Sentence]:
    """Whom the actor may save a view for."""
    return {key: name for key, name in AUDIENCES.items() if key == MYSELF or actor.can(SHARE_VIEWS)}
