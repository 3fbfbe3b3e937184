"""Every way to look at targets: whose, how far he is, and the sums of a team."""

from xiaocheng.control.targets.measured import MEASURES, offered
from xiaocheng.control.targets.models import Target

from .pace import Pace, Progress, pace_of
from .progress import PersonProgress, TeamProgress, progress_of, targets, team_progress

__all__ = [
    "MEASURES",
    "Pace",
    "PersonProgress",
    "Progress",
    "Target",
    "TeamProgress",
    "offered",
    "pace_of",
    "progress_of",
    "targets",
    "team_progress",
]
