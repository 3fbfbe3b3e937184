"""What happened when customers or contacts were one and the same; announced as part of `events`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, Moved, about, carried, personal


class Rerouted:
    """What upper modules need to know when rows about one customer become rows about another."""

    def route(self) -> tuple[int, int]:
        """From which customer to which."""
        raise NotImplementedError

    def only(self, kind: str) -> Collection[int] | None:
        """The ids that go, of a table; None for all."""
        return None

    def carry(self, rows: QuerySet[Any]) -> tuple[int, ...]:
        """Give those of the rows that are about the one customer to the other; gives their ids."""
        source, target = self.route()
        theirs, only = rows.filter(customer_id=source), self.only(rows.model._meta.label_lower)
        ids = tuple((theirs if only is None else theirs.filter(pk__in=only)).values_list("pk", flat=True))
        rows.filter(pk__in=ids).update(customer_id=target)
        return ids


def carry_all(events: Sequence[Rerouted], rows: QuerySet[Any]) -> Moved:
    """What a reaction does whose rows only change the customer that they are about: each event carries them."""
    return Moved(rows.model._meta.label_lower, tuple(pk for event in events for pk in event.carry(rows)))


class ContactsMerged(Event):
    """Two contacts of a customer were one person: what was about the merged one is about the other now."""

    customer_id: int = about("customers.customer")
    contact_id: int = about("customers.contact")
    merged_id: int = about("customers.contact")
    name: str = personal()
    merged_name: str = personal()
    says = _("合并了联系人「%(merged_name)s」,保留「%(name)s」")


def carry_contacts(events: Sequence[ContactsMerged], rows: QuerySet[Any]) -> Moved:
    """What a reaction does whose rows name a contact: they name the one that stays."""
    moved: list[int] = []
    for event in events:
        ids = list(rows.filter(contact_id=event.merged_id).values_list("pk", flat=True))
        rows.filter(pk__in=ids).update(contact_id=event.contact_id)
        moved += ids
    return Moved(rows.model._meta.label_lower, tuple(moved))


class CustomersMerged(Rerouted, Event):
    """Two customers were one and the same: what was about the merged one is about the survivor now."""

    customer_id: int = about("customers.customer")
    merged_id: int = about("customers.customer")
    merge_id: int
    counted: tuple[Any, ...] = carried()
    name: str = personal()
    merged_name: str = personal()
    says = _("合并了客户「%(merged_name)s」,保留「%(name)s」")

    def route(self) -> tuple[int, int]:
        """To the survivor."""
        return self.merged_id, self.customer_id


class MergeUndone(Rerouted, Event):
    """Two customers that had been merged are two again; `moved` are the rows that had gone to the survivor."""

    customer_id: int = about("customers.customer")
    merged_id: int = about("customers.customer")
    merge_id: int
    moved: tuple[tuple[str, tuple[int, ...]], ...] = carried()
    counted: tuple[Any, ...] = carried()
    name: str = personal()
    merged_name: str = personal()
    says = _("撤销合并,恢复了客户「%(merged_name)s」")

    def route(self) -> tuple[int, int]:
        """Back from the survivor."""
        return self.customer_id, self.merged_id

    def only(self, kind: str) -> Collection[int]:
        """Only what had come from there."""
        return dict(self.moved).get(kind, ())


class ToldApart(Event):
    """Somebody decided that two likely duplicates are not the same, or took that back."""

    customer_id: int = about("customers.customer")
    other_id: int = about("customers.customer")
    apart: bool
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Told apart, or proposed again."""
        said = _("核对过重复提示:不是同一位客户") if values["apart"] else _("撤回「不是同一位客户」的判断")
        return {"sentence": said}
