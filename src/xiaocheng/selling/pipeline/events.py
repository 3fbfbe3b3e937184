"""What happened to processes and opportunities. `spans` and `closings` are carried to the counts, not kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import field_names, names
from xiaocheng.foundation.kernel.journal import Event, about, carried, personal
from xiaocheng.foundation.kernel.text import listed

from .competitor_events import CompetitorAdded as CompetitorAdded
from .competitor_events import CompetitorEdited as CompetitorEdited
from .competitor_events import CompetitorsMerged as CompetitorsMerged
from .competitor_events import RivalsNoted as RivalsNoted
from .models import Closing
from .models.opportunities import FIELD_NAMES
from .options import LOST_REASON
from .remark_events import RemarkDecided as RemarkDecided
from .remark_events import RemarkEdited as RemarkEdited
from .remark_events import RemarkMade as RemarkMade
from .remark_events import RemarkRealised as RemarkRealised
from .remark_events import RemarkSupported as RemarkSupported
from .remark_events import RemarkSupportTakenBack as RemarkSupportTakenBack
from .remark_events import RemarkWaitsAgain as RemarkWaitsAgain
from .remark_events import RemarkWithdrawn as RemarkWithdrawn
from .spans import SpanCount
from .tactic_events import TacticEdited as TacticEdited
from .tactic_events import TacticUsed as TacticUsed
from .tactic_events import TacticUseTakenBack as TacticUseTakenBack
from .tactic_events import TacticWithdrawn as TacticWithdrawn
from .tactic_events import TacticWritten as TacticWritten


class OpportunityOpened(Event):
    """An opportunity was opened in the first stage of a process."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    owner_id: int
    department_id: int
    booked_on: dt.date
    stage: str
    amount: Decimal | None
    name: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    says = _("新建商机「%(name)s」,阶段「%(stage)s」")


class OpportunityImported(Event):
    """An opportunity was brought in from a former system, with its history as far as it was recorded."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    owner_id: int
    department_id: int
    opened_on: dt.date | None  # None: not recorded
    stage: str
    number: str
    name: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    closings: tuple[Closing, ...] = carried()
    says = _("导入商机「%(name)s」(原编号 %(number)s),阶段「%(stage)s」")


class ImportedDealUndone(Event):
    """An opportunity that was brought in by mistake is unknown again; it leaves no trace in the figures."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    owner_id: int
    department_id: int
    opened_on: dt.date | None
    number: str
    name: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    withdrawn: tuple[Closing, ...] = carried()
    takes_back = OpportunityImported
    says = _("撤销了商机「%(name)s」(原编号 %(number)s)的导入")


class OpportunityEdited(Event):
    """Details of an opportunity changed; `fields` names which."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    fields: tuple[str, ...]
    former_customers: tuple[int, ...] = carried()
    is_open: bool = carried()
    says = _("修改了商机资料:%(fields)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The changed fields by their names."""
        known = field_names("pipeline.opportunity") | FIELD_NAMES
        return values | {"fields": listed(known.get(name, _("已删除的字段")) for name in values["fields"])}


class OpportunityHandedOver(Event):
    """An opportunity has another owner; what was done before stays credited to the former one."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    from_id: int = about("org.person")
    to_id: int = about("org.person")
    to_name: str = personal()
    says = _("商机交给 %(to_name)s")


class SharesAgreed(Event):
    """It was agreed who answers for an opportunity beside its owner; names and shares are those of that day."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    owner: str
    shares: tuple[tuple[str, str], ...]
    joined: tuple[int, ...]
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Who has how much, and what is left for the owner."""
        if not values["shares"]:
            return {"sentence": _("商机由 %(owner)s 独自负责") % values}
        rest = Decimal(100) - sum((Decimal(share) for _name, share in values["shares"]), Decimal(0))
        told = listed(f"{name} {_percent(Decimal(share))}" for name, share in values["shares"])
        said = _("约定共同负责:负责人 %(owner)s %(rest)s;%(others)s")
        return {"sentence": said % {"owner": values["owner"], "rest": _percent(rest), "others": told}}


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f}%"


class StageMoved(Event):
    """An opportunity went from one open stage to another, or on to what comes after the deal."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    from_stage_id: int
    to_stage_id: int
    from_stage: str
    to_stage: str
    how: str  # advanced, skipped, back
    is_bypass: bool
    reason: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    says = _("商机由「%(from_stage)s」到「%(to_stage)s」")


class StepDone(Event):
    """Somebody ticked a step of a stage; `is_late`: only after the stage was left."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    stage: str
    step: str
    is_late: bool
    note: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    says = _("完成「%(stage)s」的步骤:%(step)s %(note)s")


class StepsProvedLate(Event):
    """Something was recorded that proves required steps of stages which were left already, or proves them no more."""

    opportunity_id: int = about("pipeline.opportunity")
    spans: tuple[SpanCount, ...] = carried()
    says = _("离开阶段之后,必做步骤的凭据有补录或更正")


class StepUndone(Event):
    """A tick was taken back while the opportunity was still in the stage."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    stage: str
    step: str
    says = _("取消「%(stage)s」步骤的勾选:%(step)s")


class OpportunityWon(Event):
    """A deal was won."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    owner_id: int
    department_id: int
    booked_on: dt.date
    amount: Decimal | None
    product_id: int | None
    cycle_days: Decimal | None
    reason: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    closings: tuple[Closing, ...] = carried()
    says = _("赢单:%(reason)s")


class OpportunityLost(Event):
    """A deal was lost."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    owner_id: int
    department_id: int
    booked_on: dt.date
    amount: Decimal | None
    reason: str
    from_stage: str
    note: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    closings: tuple[Closing, ...] = carried()
    says = _("在「%(from_stage)s」输单:%(reason)s %(note)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The reason in words."""
        return values | {"reason": names(LOST_REASON).get(values["reason"], values["reason"])}


class OpportunityReopened(Event):
    """A closed opportunity is worked on again; its win or loss is reversed today."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    to_stage: str
    reason: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    closings: tuple[Closing, ...] = carried()
    says = _("重新打开商机,回到「%(to_stage)s」:%(reason)s")


class MoveUndone(Event):
    """A wrong click was taken back at once; it leaves no trace in the figures."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    from_stage: str
    to_stage: str
    spans: tuple[SpanCount, ...] = carried()
    withdrawn: tuple[Closing, ...] = carried()
    says = _("撤回误操作:由「%(from_stage)s」回到「%(to_stage)s」")


class ProcessChanged(Event):
    """An opportunity was moved deliberately to another process or edition."""

    opportunity_id: int = about("pipeline.opportunity")
    customer_id: int | None = about("customers.customer")
    process: str
    to_stage: str
    reason: str = personal()
    spans: tuple[SpanCount, ...] = carried()
    says = _("转到流程「%(process)s」的「%(to_stage)s」")


class ProcessDrafted(Event):
    """A new edition of a process is being written."""

    process_id: int = about("pipeline.process")
    number: int
    name: str
    says = _("起草流程「%(name)s」第 %(number)s 版")


class ProcessDraftDiscarded(Event):
    """An edition of a process that was being written was thrown away."""

    process_id: int = about("pipeline.process")
    number: int
    name: str
    says = _("放弃了流程「%(name)s」第 %(number)s 版的草稿")


class ProcessCarriedOver(Event):
    """Open opportunities of a process were moved to the edition in use, many at once."""

    process_id: int = about("pipeline.process")
    number: int
    name: str
    count: int
    says = _("把流程「%(name)s」的 %(count)s 个进行中的商机转到第 %(number)s 版")


class ProcessPublished(Event):
    """An edition of a process is in use from now on."""

    process_id: int = about("pipeline.process")
    number: int
    name: str
    says = _("发布流程「%(name)s」第 %(number)s 版")
