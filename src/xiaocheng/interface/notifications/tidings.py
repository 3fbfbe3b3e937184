"""Which event is told to whom, and in which words. Placeholders are the event's fields, `who` and `customer`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.control.reports.events import (
    ReportCommented,
    ReportReturned,
    ReportSigned,
    ReportSubmitted,
)
from xiaocheng.foundation.approvals.queries import Paper, who_may_decide
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.journal import Event
from xiaocheng.foundation.org.access import MANAGE_RULES
from xiaocheng.foundation.org.events import DelegationArranged, HolidaysMissing
from xiaocheng.foundation.org.queries import people
from xiaocheng.insight.events import ProcessReviewDue, ReviewDue
from xiaocheng.selling.customers.events import (
    ClocksStarted,
    ClocksWithdrawn,
    CustomerNearLapse,
    DisputeAnswered,
    DisputeDecided,
    DisputeWithdrawn,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    GuestReceived,
    NoteWritten,
    OwnerAnswered,
    OwnerAsked,
    OwnerChanged,
    OwnershipDisputed,
    OwnerStoodInFor,
    QuestionMoot,
    RestoreDeclined,
    RestoreOffered,
    TeamAgreed,
    TeamNearLapse,
    TurnPassed,
)
from xiaocheng.selling.customers.queries import VIEWS, deciders
from xiaocheng.selling.fieldwork.events import (
    AttendanceAsked,
    AttendanceGranted,
    AttendanceRefused,
    MarketAlarmed,
    MarketClosed,
    MarketTakenUp,
    PlanReturned,
    PlanSigned,
    PlanSubmitted,
)
from xiaocheng.selling.pipeline.events import (
    RemarkDecided,
    RemarkMade,
    RemarkRealised,
    RemarkWaitsAgain,
    SharesAgreed,
)
from xiaocheng.selling.pipeline.queries import keepers
from xiaocheng.selling.service.events import (
    ComplaintAlarmed,
    ComplaintClosed,
    ComplaintHandedOn,
    ComplaintReopened,
    ComplaintTakenUp,
)

Data = dict[str, Any]


@dataclass(frozen=True)
class Tiding:
    """How one kind of event is told; `about` is the field whose row the note leads to."""

    event: type[Event]
    to: Callable[[Data], Iterable[int | None]]
    sentence: Sentence
    about: str  # "": no row, but all of a kind
    icon: str
    tells: Callable[[Data], bool] = lambda data: True
    many: Sentence = ""  # when one command did it to several rows
    mine: Callable[[Data, int], Data] = lambda data, person: {}  # what is different for each reader
    way: Callable[[Data, int], str] = lambda data, person: ""  # which of the other words are for him
    ways: Mapping[str, tuple[Sentence, Sentence]] = dataclasses.field(default_factory=dict)

    @property
    def about_kind(self) -> str:
        """The kind of the row that the note leads to."""
        if not self.about:
            return ""
        fields = {field.name: field for field in dataclasses.fields(self.event)}  # type: ignore[arg-type]
        return str(fields[self.about].metadata["about"])


def _signers(data: Data) -> Iterable[int]:
    return who_may_decide(SYSTEM, Paper(0, data["person_id"]))


def _parties(data: Data) -> Iterable[int | None]:
    return [data["person_id"], data["holder_id"]]


def _parties_and_deciders(data: Data) -> Iterable[int | None]:
    return [*_parties(data), *deciders(SYSTEM, data["person_id"], data["holder_id"])]


def _author(data: Data) -> Iterable[int]:
    return [data["person_id"]]


def _unnamed(data: Data, person: int) -> Data:
    """Whoever asks about a customer that he does not see is not told its name."""
    return {"customer": ""}


def _waits(data: Data) -> bool:
    return bool(data["needs_signature"])


def _administrators(data: Data) -> Iterable[int]:
    return [row.pk for row in people(SYSTEM).select_related("role") if MANAGE_RULES in row.role.capabilities]


def _keepers(data: Data) -> Iterable[int]:
    return [row.pk for row in keepers(SYSTEM)]


# by cause, to whose customer it was: of one, and of many
LOST = {
    "lapse": (
        _("您的客户「%(customer)s」逾期失效,已转为「%(to_name)s」"),
        _("您的客户「%(customer)s」等 %(count)s 家逾期失效"),
    ),
    "assignment": (
        _("%(who)s 把您的客户「%(customer)s」分配给了 %(to_name)s"),
        _("%(who)s 把您的客户「%(customer)s」等 %(count)s 家分配给了别人"),
    ),
    "handover": (
        _("%(who)s 把您的客户「%(customer)s」交接给了 %(to_name)s"),
        _("%(who)s 把您的客户「%(customer)s」等 %(count)s 家交接给了别人"),
    ),
    "release": (
        _("%(who)s 把您的客户「%(customer)s」退回了公海「%(to_name)s」"),
        _("%(who)s 把您的客户「%(customer)s」等 %(count)s 家退回了公海"),
    ),
    "verdict": (
        _("经争议裁决,您的客户「%(customer)s」转给了 %(to_name)s"),
        _("经争议裁决,您的客户「%(customer)s」等 %(count)s 家转给了别人"),
    ),
    "restored": (
        _("失效前的联系因设备离线迟到,您的客户「%(customer)s」恢复由 %(to_name)s 负责"),
        _("失效前的联系因设备离线迟到,您的客户「%(customer)s」等 %(count)s 家恢复由原负责人负责"),
    ),
}


def _loses(data: Data, person: int) -> str:
    """The cause for which it is not his customer any more; "" to whom it was given."""
    if person != data["from_id"] or person == data["to_id"]:
        return ""
    cause = str(data["cause"])
    return cause if cause in LOST else "assignment"


_TIDINGS = (
    Tiding(PlanSubmitted, _signers, _("%(who)s 提交了 %(day)s 的拜访计划,请签核"), "plan_id", "checklist", _waits),
    Tiding(PlanSigned, _author, _("%(who)s 签核了您 %(day)s 的拜访计划"), "plan_id", "circle-check"),
    Tiding(PlanReturned, _author, _("%(who)s 退回了您 %(day)s 的拜访计划"), "plan_id", "arrow-back-up"),
    Tiding(AttendanceAsked, _signers, _("%(who)s 提交了考勤申请,请审批"), "request_id", "calendar-off", _waits),
    Tiding(AttendanceGranted, _author, _("%(who)s 同意了您的考勤申请"), "request_id", "circle-check"),
    Tiding(AttendanceRefused, _author, _("%(who)s 退回了您的考勤申请"), "request_id", "arrow-back-up"),
    Tiding(ReportSubmitted, _signers, _("%(who)s 提交了 %(day)s 的日报,请批阅"), "report_id", "report", _waits),
    Tiding(ReportSigned, _author, _("%(who)s 批阅了您 %(day)s 的日报"), "report_id", "circle-check"),
    Tiding(ReportReturned, _author, _("%(who)s 退回了您 %(day)s 的日报"), "report_id", "arrow-back-up"),
    Tiding(ReportCommented, _author, _("%(who)s 在您 %(day)s 的日报上写了批示"), "report_id", "message"),
    Tiding(
        OwnerChanged,
        lambda data: [data["to_id"], data["from_id"]],
        _("%(who)s 把客户「%(customer)s」交给了您"),
        "customer_id",
        "user-share",
        many=_("%(who)s 把客户「%(customer)s」等 %(count)s 家交给了您"),
        way=_loses,
        ways=LOST,
    ),
    Tiding(
        TeamNearLapse,
        lambda data: map(int, data["by_supervisor"]),
        _("您团队有 %(mine)s 位客户将于 %(on)s 零点之前逾期失效"),
        "",
        "clock-exclamation",
        mine=lambda data, person: {"mine": data["by_supervisor"][str(person)], "by_supervisor": {}},
    ),
    Tiding(
        CustomerNearLapse,
        lambda data: [data["owner_id"]],
        _("客户「%(customer)s」将于 %(on)s 零点逾期失效,请尽快联系"),
        "customer_id",
        "clock-exclamation",
        many=_("客户「%(customer)s」等 %(count)s 家将于 %(on)s 零点逾期失效,请尽快联系"),
    ),
    Tiding(
        ClocksStarted,
        lambda data: map(int, data["by_owner"]),
        _("您名下 %(mine)s 位客户的首问时限将自 %(on)s 起计算,请在到期之前联系"),
        "",
        "clock-play",
        mine=lambda data, person: {"mine": data["by_owner"][str(person)], "by_owner": {}},
    ),
    Tiding(
        ClocksWithdrawn,
        lambda data: map(int, data["by_owner"]),
        _("原定 %(on)s 的启动已取消,您名下 %(mine)s 位客户的首问时限继续休眠"),
        "",
        "clock-pause",
        mine=lambda data, person: {"mine": data["by_owner"][str(person)], "by_owner": {}},
    ),
    Tiding(
        GuestReceived,
        _author,
        _("%(who)s 登记了一位来客,请您接待"),
        "reception_id",
        "building-store",
    ),
    Tiding(
        OwnerStoodInFor,
        lambda data: [data["owner_id"]],
        _("%(who)s 代您接待了客户「%(customer)s」,归属不变"),
        "reception_id",
        "user-check",
    ),
    Tiding(
        TurnPassed,
        _author,
        _("%(who)s 让过了您在「%(site)s」的一轮:%(reason)s"),
        "site_id",
        "player-skip-forward",
    ),
    Tiding(
        TeamAgreed,
        lambda data: data["joined"],
        _("%(who)s 请您协作客户「%(customer)s」"),
        "customer_id",
        "users-group",
    ),
    Tiding(
        SharesAgreed,
        lambda data: data["joined"],
        _("%(who)s 请您共同负责一个商机"),
        "opportunity_id",
        "users-group",
    ),
    Tiding(
        ExtensionAsked,
        _signers,
        _("%(who)s 申请把客户「%(customer)s」的首问时限延长 %(days)s 天,请审批"),
        "customer_id",
        "clock-plus",
        _waits,
    ),
    Tiding(
        ExtensionGranted,
        _author,
        _("%(who)s 同意客户「%(customer)s」延期,%(until)s 零点前有效联系即可"),
        "customer_id",
        "circle-check",
    ),
    Tiding(
        ExtensionRefused,
        _author,
        _("%(who)s 没有同意客户「%(customer)s」延期 %(days)s 天"),
        "customer_id",
        "arrow-back-up",
    ),
    Tiding(
        OwnershipDisputed,
        _parties_and_deciders,
        _("%(who)s 对客户「%(customer)s」提出了归属争议"),
        "dispute_id",
        "gavel",
    ),
    Tiding(
        DisputeAnswered,
        _parties_and_deciders,
        _("%(who)s 就客户「%(customer)s」的归属争议作了说明"),
        "dispute_id",
        "message",
    ),
    Tiding(
        DisputeDecided,
        _parties,
        _("%(who)s 裁决了客户「%(customer)s」的归属争议"),
        "dispute_id",
        "gavel",
    ),
    Tiding(
        DisputeWithdrawn,
        _parties_and_deciders,
        _("%(who)s 撤回了客户「%(customer)s」的归属争议"),
        "dispute_id",
        "arrow-back-up",
    ),
    Tiding(
        NoteWritten,
        lambda data: data["told"],
        _("%(who)s 就客户「%(customer)s」留言给您"),
        "customer_id",
        "message",
    ),
    Tiding(
        OwnerAsked,
        lambda data: [data["owner_id"]],
        _("%(who)s 登记时遇到了您的客户「%(customer)s」,向您询问"),
        "question_id",
        "message-question",
    ),
    Tiding(
        OwnerAnswered,
        _author,
        _("%(who)s 答复了您关于客户归属的询问"),
        "question_id",
        "message-check",
        mine=_unnamed,
    ),
    Tiding(
        QuestionMoot,
        _author,
        _("您关于客户归属的询问已经了结,客户不再由原负责人负责"),
        "question_id",
        "message-off",
        mine=_unnamed,
    ),
    Tiding(
        RestoreOffered,
        _signers,
        _("客户「%(customer)s」失效之前的联系因设备离线迟到,您可以恢复归属"),
        "restore_id",
        "arrow-back-up",
    ),
    Tiding(
        RestoreDeclined,
        _author,
        _("%(who)s 没有恢复客户「%(customer)s」的归属"),
        "restore_id",
        "x",
    ),
    Tiding(
        ReviewDue,
        lambda data: [data["owner_id"], data["decided_by_id"]],
        _("客户「%(customer)s」的取舍到了复核日期,请再看一遍"),
        "customer_id",
        "scale",
        many=_("客户「%(customer)s」等 %(count)s 家的取舍到了复核日期,请再看一遍"),
    ),
    Tiding(
        ProcessReviewDue,
        lambda data: [data["reviewer_id"]],
        _("流程「%(process)s」到了下次复盘的日子"),
        "review_id",
        "history",
    ),
    Tiding(
        RemarkMade,
        _keepers,
        _("%(who)s 对流程「%(process)s」提了意见,等您决定的共 %(waiting)s 条"),
        "remark_id",
        "message-report",
        lambda data: bool(data["tells"]),
    ),
    Tiding(
        RemarkDecided,
        lambda data: data["told"],
        _("%(who)s 答复了您提出或附议的意见:「%(process)s」的「%(stage)s」"),
        "remark_id",
        "message-check",
    ),
    Tiding(
        RemarkRealised,
        lambda data: data["told"],
        _("您提出或附议的意见已在流程「%(process)s」第 %(number)s 版中实现"),
        "remark_id",
        "circle-check",
        many=_("您提出或附议的 %(count)s 条意见已在流程「%(process)s」第 %(number)s 版中实现"),
    ),
    Tiding(
        RemarkWaitsAgain,
        _keepers,
        _("流程「%(process)s」的一条意见又等您决定"),
        "remark_id",
        "message-report",
        many=_("流程「%(process)s」等的 %(count)s 条意见又等您决定"),
    ),
    Tiding(
        ComplaintAlarmed,
        lambda data: data["told"],
        _("紧急:%(who)s 登记了客户「%(customer)s」影响销售的投诉,请过问"),
        "complaint_id",
        "alert-triangle",
        way=lambda data, person: "in_vain" if data["in_vain"] else "",
        ways={
            "in_vain": (
                _("紧急:客户「%(customer)s」影响销售的投诉无人受理,上报给您"),
                _("紧急:客户「%(customer)s」等 %(count)s 件影响销售的投诉无人受理,上报给您"),
            )
        },
    ),
    Tiding(
        MarketAlarmed,
        lambda data: data["told"],
        _("紧急:%(who)s 反映了影响销售的市场情况,请过问"),
        "report_id",
        "alert-triangle",
        way=lambda data, person: "in_vain" if data["in_vain"] else "",
        ways={
            "in_vain": (
                _("紧急:影响销售的市场情况无人受理,上报给您"),
                _("紧急:%(count)s 件影响销售的市场情况无人受理,上报给您"),
            )
        },
    ),
    Tiding(MarketTakenUp, _author, _("%(who)s 受理了您反映的市场情况"), "report_id", "hand-grab"),
    Tiding(MarketClosed, lambda data: data["told"], _("您反映的市场情况已结案"), "report_id", "circle-check"),
    Tiding(
        ComplaintHandedOn,
        lambda data: [data["to_id"]],
        _("%(who)s 把客户「%(customer)s」的投诉交给您处理"),
        "complaint_id",
        "message-exclamation",
        many=_("%(who)s 把客户「%(customer)s」等 %(count)s 件投诉交给您处理"),
    ),
    Tiding(
        ComplaintTakenUp, _author, _("%(who)s 受理了您登记的客户「%(customer)s」的投诉"), "complaint_id", "hand-grab"
    ),
    Tiding(ComplaintClosed, _author, _("您登记的客户「%(customer)s」的投诉已结案"), "complaint_id", "circle-check"),
    Tiding(
        ComplaintReopened,
        lambda data: [data["to_id"]],
        _("%(who)s 要求重新处理客户「%(customer)s」的投诉"),
        "complaint_id",
        "history",
    ),
    Tiding(
        DelegationArranged,
        lambda data: [data["deputy_id"]],
        _("%(who)s 请您自 %(since)s 起代理"),
        "person_id",
        "users",
    ),
    Tiding(
        HolidaysMissing,
        _administrators,
        _("%(year)s 年的法定放假安排还没有,暂按周末计算:请升级软件,或在工作日历中逐日标记"),
        "year",
        "calendar-exclamation",
    ),
)
TIDINGS = {item.event.kind(): item for item in _TIDINGS}


def sentence(kind: str, data: Data) -> str:
    """What a note says, in the language of whoever reads it now."""
    tiding = TIDINGS[kind]
    said = {"who": data.get("who") or _("系统"), "to_name": data.get("to_name") or VIEWS["awaiting"]}
    one, many = tiding.ways.get(data.get("way", ""), (tiding.sentence, tiding.many))
    return str(many if many and data["count"] > 1 else one) % (data | said)
