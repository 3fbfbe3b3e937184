"""What happened to winning tactics; announced as part of `events`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal


class TacticWritten(Event):
    """Somebody wrote down what won a deal."""

    tactic_id: int = about("pipeline.tactic")
    opportunity_id: int = about("pipeline.opportunity")
    stage: str
    title: str = personal()
    says = _("写下赢单打法「%(title)s」,用在「%(stage)s」")


class TacticEdited(Event):
    """A tactic is said otherwise now."""

    tactic_id: int = about("pipeline.tactic")
    opportunity_id: int = about("pipeline.opportunity")
    title: str = personal()
    says = _("修改了赢单打法「%(title)s」")


class TacticWithdrawn(Event):
    """A tactic is in the library no more."""

    tactic_id: int = about("pipeline.tactic")
    opportunity_id: int = about("pipeline.opportunity")
    title: str = personal()
    says = _("撤下了赢单打法「%(title)s」")


class TacticUsed(Event):
    """A tactic was used in a later deal."""

    tactic_id: int = about("pipeline.tactic")
    opportunity_id: int = about("pipeline.opportunity")
    title: str = personal()
    says = _("用上了赢单打法「%(title)s」")


class TacticUseTakenBack(Event):
    """A tactic was not used in a deal after all."""

    tactic_id: int = about("pipeline.tactic")
    opportunity_id: int = about("pipeline.opportunity")
    title: str = personal()
    says = _("取消了「用上赢单打法「%(title)s」」")
    takes_back = TacticUsed
