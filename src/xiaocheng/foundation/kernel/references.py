"""Which rows others point at: what is used cannot be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import DO_NOTHING, ForeignObjectRel, Model


def used(
    model: type[Model], ids: Sequence[int], *, but: Collection[str] = (), among: Collection[int] = ()
) -> Iterator[int]:
    """The ids of those rows that a row of any table points at.

    Left out are the columns `but` ("customers.GroupMember.customer"), rows of the same table `among` those ids, and
    what an upper module derives from the rows (DO_NOTHING): it follows the event that takes them away.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.on_delete is DO_NOTHING:
            continue
        other: Any = relation.related_model
        name = relation.field.name
        if f"{other._meta.label}.{name}" not in but:
            users = other._base_manager.filter(**{f"{name}__in": ids}).values_list(name, "pk").iterator()
            yield from (pk for pk, user in users if other is not model or user not in among)
