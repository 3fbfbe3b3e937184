"""What happened to the register of competitors, and to what is known of them in a deal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class CompetitorAdded(Event):
    """A competitor is in the register."""

    competitor_id: int = about("pipeline.competitor")
    name: str
    says = _("登记了竞争对手「%(name)s」")


class CompetitorEdited(Event):
    """What is known of a competitor changed."""

    competitor_id: int = about("pipeline.competitor")
    name: str
    says = _("修改了竞争对手「%(name)s」的资料")


class CompetitorsMerged(Event):
    """Two entries of the register were one competitor; the name that is gone is another name of it now."""

    competitor_id: int = about("pipeline.competitor")
    name: str
    merged: str
    merged_id: int
    says = _("把「%(merged)s」合并到竞争对手「%(name)s」")


class RivalsNoted(Event):
    """How the competitors stand in a deal was noted."""

    opportunity_id: int = about("pipeline.opportunity")
    names: tuple[str, ...]
    says = _("更新了竞争对手的情况:%(names)s")

    @classmethod
    def worded(cls, values: dict[str, object]) -> dict[str, object]:
        """The names in one line."""
        names = values["names"]
        return values | {"names": "、".join(names) if isinstance(names, (list, tuple)) and names else "—"}
