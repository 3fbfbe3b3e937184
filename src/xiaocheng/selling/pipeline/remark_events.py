"""What happened to remarks on processes; announced as part of `events`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal

from .models.remarks import REMARK_STATES


class RemarkMade(Event):
    """Somebody remarked on a stage of a process; `tells` when those who keep it hear of it at once.

    `waiting` is how many remarks on the process wait for a decision then.
    """

    remark_id: int = about("pipeline.processremark")
    process_id: int = about("pipeline.process")
    opportunity_id: int | None = about("pipeline.opportunity")
    process: str
    stage: str
    waiting: int
    tells: bool
    text: str = personal()
    says = _("对流程「%(process)s」的「%(stage)s」提了意见:%(text)s")


class RemarkEdited(Event):
    """The author says otherwise what he remarked."""

    remark_id: int = about("pipeline.processremark")
    text: str = personal()
    says = _("修改了这条流程意见:%(text)s")


class RemarkWithdrawn(Event):
    """The author withdrew a remark before anything was decided."""

    remark_id: int = about("pipeline.processremark")
    process_id: int = about("pipeline.process")
    process: str
    stage: str
    says = _("撤回了对流程「%(process)s」的「%(stage)s」的意见")


class RemarkSupported(Event):
    """A colleague says the same."""

    remark_id: int = about("pipeline.processremark")
    says = _("附议了这条流程意见")


class RemarkSupportTakenBack(Event):
    """A colleague says the same no more."""

    remark_id: int = about("pipeline.processremark")
    says = _("撤回了对这条流程意见的附议")
    takes_back = RemarkSupported


class RemarkDecided(Event):
    """Somebody who keeps the processes decided about a remark; `told` are its author and who supported it."""

    remark_id: int = about("pipeline.processremark")
    process_id: int = about("pipeline.process")
    process: str
    stage: str
    decision: str
    number: int | None
    until: dt.date | None
    told: tuple[int, ...]
    reason: str = personal()
    says = _("对流程意见的决定是「%(decision)s」:%(reason)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The decision in words."""
        return values | {"decision": REMARK_STATES[values["decision"]]}


class RemarkRealised(Event):
    """The edition of a process that realises a remark is in use."""

    remark_id: int = about("pipeline.processremark")
    process_id: int = about("pipeline.process")
    process: str
    number: int
    told: tuple[int, ...]
    says = _("意见已在流程「%(process)s」第 %(number)s 版中实现")


class RemarkWaitsAgain(Event):
    """A remark waits for a decision again: its day has come, or the draft that took it up was thrown away."""

    remark_id: int = about("pipeline.processremark")
    process_id: int = about("pipeline.process")
    process: str
    stage: str
    says = _("流程「%(process)s」的意见又等待决定")
