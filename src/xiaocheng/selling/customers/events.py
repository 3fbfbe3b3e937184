"""What happened to customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.journal import Event, about, personal
from xiaocheng.foundation.kernel.text import listed

from .dispute_events import DisputeAnswered, DisputeDecided, DisputeMoot, DisputeWithdrawn, OwnershipDisputed
from .group_events import GroupDropped, GroupEmptied, GroupFilled, GroupSaved, PoolSaved
from .handover_events import HandoverDone, HandoverDropped, HandoverPlanned
from .merge_events import (
    ContactsMerged,
    CustomersMerged,
    MergeUndone,
    Rerouted,
    ToldApart,
    carry_all,
    carry_contacts,
)
from .models.consent import CHANNELS
from .models.customers import AWAITING, PROSPECT
from .models.team import ROLES
from .note_events import NoteEdited, NoteRemoved, NoteWritten
from .options import RELEASE_REASON
from .profile_events import PROFILE_EVENTS, ContactAdded, ContactEdited, ContactUndone, CustomerEdited, CustomerPlaced
from .question_events import OwnerAnswered, OwnerAsked, QuestionMoot, QuestionWithdrawn
from .reception_events import GuestReceived, OwnerStoodInFor, ReceptionCancelled, ReceptionEdited, TurnPassed

__all__ = [
    "PROFILE_EVENTS",
    "ContactAdded",
    "ContactEdited",
    "ContactUndone",
    "ContactsMerged",
    "CustomerEdited",
    "CustomerPlaced",
    "CustomersMerged",
    "DisputeAnswered",
    "DisputeDecided",
    "DisputeMoot",
    "DisputeWithdrawn",
    "GroupDropped",
    "GroupEmptied",
    "GroupFilled",
    "GroupSaved",
    "GuestReceived",
    "HandoverDone",
    "HandoverDropped",
    "HandoverPlanned",
    "MergeUndone",
    "NoteEdited",
    "NoteRemoved",
    "NoteWritten",
    "OwnerAnswered",
    "OwnerAsked",
    "OwnerStoodInFor",
    "OwnershipDisputed",
    "PoolSaved",
    "QuestionMoot",
    "QuestionWithdrawn",
    "ReceptionCancelled",
    "ReceptionEdited",
    "Rerouted",
    "ToldApart",
    "TurnPassed",
    "carry_all",
    "carry_contacts",
]

OWNER_SENTENCES = {
    "assignment": _("客户由 %(from_name)s 分配给 %(to_name)s"),
    "claim": _("%(to_name)s 从公海「%(from_name)s」领取了客户"),
    "release": _("%(from_name)s 把客户退回公海「%(to_name)s」"),
    "moved": _("客户从公海「%(from_name)s」移到公海「%(to_name)s」"),
    "handover": _("客户由 %(from_name)s 交接给 %(to_name)s"),
    "reception": _("%(to_name)s 接待了客户,成为负责人"),
    "turn": _("失效的客户按值班轮次分给 %(to_name)s"),
    "lapse": _("%(from_name)s 超过时限未联系,客户逾期失效,转为「%(to_name)s」"),
    "awaiting": _("待接待期满无人接手,客户进入公海「%(to_name)s」"),
    "restored": _("失效前的联系因设备离线迟到,客户恢复由 %(to_name)s 负责"),
    "verdict": _("经争议裁决,客户由 %(from_name)s 转给 %(to_name)s"),
}


class CustomerRegistered(Event):
    """A customer is known for the first time."""

    customer_id: int = about("customers.customer")
    owner_id: int | None
    pool_id: int | None
    cause: str
    credit_person_id: int | None
    credit_department_id: int | None
    booked_on: dt.date
    name: str = personal()
    says = _("登记了客户「%(name)s」")


class RegistrationUndone(Event):
    """A customer that was registered by mistake is unknown again."""

    customer_id: int = about("customers.customer")
    credit_person_id: int | None
    credit_department_id: int | None
    booked_on: dt.date
    name: str = personal()
    takes_back = CustomerRegistered
    says = _("撤销了客户「%(name)s」的登记")


class DuplicateShown(Event):
    """Somebody who does not see a customer typed its name or phone and was told that it exists, and whose it is."""

    customer_id: int = about("customers.customer")
    says = _("有同事登记时输入了相同的名称或电话,系统提示了负责人(查重)")


class OwnerChanged(Event):
    """A customer has another owner, or is in a pool; the names are those of that day."""

    customer_id: int = about("customers.customer")
    from_id: int | None
    to_id: int | None
    pool_id: int | None
    cause: str
    from_name: str
    to_name: str
    reason: str = ""
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The sentence for the cause."""
        named = values | {"to_name": values["to_name"] or AWAITING}
        sentence = str(OWNER_SENTENCES[values["cause"]]) % named
        reason = values.get("reason", "")
        return {"sentence": f"{sentence}:{names(RELEASE_REASON).get(reason, reason)}" if reason else sentence}


class CustomerNearLapse(Event):
    """A customer lapses at 00:00 of a day unless its owner is in touch before."""

    customer_id: int = about("customers.customer")
    owner_id: int
    on: dt.date
    says = _("已提醒负责人:%(on)s 零点前没有有效联系,客户将逾期失效")


class TeamNearLapse(Event):
    """So many customers of their teams are about to lapse; by supervisor (an id as text), how many he sees."""

    on: dt.date
    by_supervisor: dict[str, int]
    says = _("已提醒主管:团队客户在 %(on)s 零点之前逾期失效")


class TeamAgreed(Event):
    """It was agreed who works on a customer beside its owner; names and shares are those of that day."""

    customer_id: int = about("customers.customer")
    owner: str
    team: tuple[tuple[str, str, str], ...]
    joined: tuple[int, ...]
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Who shares, and how much; who assists."""
        rest = Decimal(100) - sum((Decimal(share or 0) for _name, _role, share in values["team"]), Decimal(0))
        if not values["team"]:
            return {"sentence": _("协作结束,由 %(owner)s 独自负责") % values}
        said = [
            f"{name} {ROLES[role]} {_percent(Decimal(share)) if share else ''}".strip()
            for name, role, share in values["team"]
        ]
        told = {"owner": values["owner"], "rest": _percent(rest), "team": listed(said)}
        return {"sentence": _("约定协作:负责人 %(owner)s %(rest)s;%(team)s") % told}


class ExtensionAsked(Event):
    """An owner asked for more time before a customer lapses."""

    customer_id: int = about("customers.customer")
    extension_id: int = about("customers.extension")
    person_id: int
    days: int
    needs_signature: bool
    reason: str = personal()
    says = _("申请把首问时限延长 %(days)s 天:%(reason)s")


class ExtensionGranted(Event):
    """The owner has more time: the customer does not lapse before 00:00 of a day."""

    customer_id: int = about("customers.customer")
    extension_id: int = about("customers.extension")
    person_id: int
    days: int
    until: dt.date
    says = _("同意把首问时限延长 %(days)s 天,至 %(until)s 零点")


class ExtensionRefused(Event):
    """The time limit stays as it is."""

    customer_id: int = about("customers.customer")
    extension_id: int = about("customers.extension")
    person_id: int
    days: int
    why: str = personal()
    says = _("没有同意延长 %(days)s 天:%(why)s")


class RestoreOffered(Event):
    """A contact made in time arrived after the customer had lapsed: its lapse may be taken back."""

    customer_id: int = about("customers.customer")
    restore_id: int = about("customers.restoreoffer")
    person_id: int
    at: dt.datetime
    says = _("失效之前的联系因设备离线迟到,可以恢复归属")


class RestoreDeclined(Event):
    """The lapse stands."""

    customer_id: int = about("customers.customer")
    restore_id: int = about("customers.restoreoffer")
    person_id: int
    why: str = personal()
    says = _("没有恢复归属:%(why)s")


class CustomerContacted(Event):
    """Somebody was in touch with a customer; `valid` if the contact went both ways."""

    customer_id: int  # not on the timeline: the visit or call that calls this is
    at: dt.datetime
    valid: bool
    says = _("与客户联系")


class FirstDealMade(Event):
    """A prospect became a customer with its first deal."""

    customer_id: int = about("customers.customer")
    credit_person_id: int | None
    credit_department_id: int | None
    booked_on: dt.date
    former_stage: str = PROSPECT
    says = _("首次成交,成为成交客户")


class FirstDealUndone(Event):
    """The deal that had made a prospect a customer is none, or not the first: of that one is told next."""

    customer_id: int = about("customers.customer")
    credit_person_id: int | None
    credit_department_id: int | None
    booked_on: dt.date
    takes_back = FirstDealMade
    says = _("撤销了首次成交")


class DetailsRead(Event):
    """Somebody who is not responsible for a customer had its phones and addresses shown."""

    customer_id: int = about("customers.customer")
    says = _("查看了客户的联系方式")


class AccessLogShortened(Event):
    """Notes of who had personal details shown or took them out were deleted, as their term was over."""

    count: int
    before: dt.date
    says = _("删除了 %(before)s 以前的 %(count)s 条查阅记录")


class ConsentNoted(Event):
    """A contact, or a customer who is a person, agreed to one way of being reached, or refused it."""

    customer_id: int = about("customers.customer")
    contact_id: int | None = about("customers.contact")
    channel: str
    is_given: bool
    note: str = personal()
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Agreed or refused, and to what."""
        return {"sentence": _consent_words(values)}


class ConsentImported(Event):
    """A file told that somebody agreed to one way of being reached, or refused it."""

    customer_id: int = about("customers.customer")
    contact_id: int | None = about("customers.contact")
    channel: str
    is_given: bool
    says = _("导入了联系许可:%(sentence)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Agreed or refused, and to what."""
        return {"sentence": _consent_words(values)}


class ConsentTakenBack(Event):
    """What a file had told of a consent counts no more: its import was taken back."""

    customer_id: int = about("customers.customer")
    contact_id: int | None = about("customers.contact")
    channel: str
    is_given: bool
    takes_back = ConsentImported
    says = _("撤销了导入的联系许可:%(sentence)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Agreed or refused, and to what."""
        return {"sentence": _consent_words(values)}


class PersonalDataErased(Event):
    """What was known about a customer who is a person, one contact of a customer, or a guest is gone for good."""

    customer_id: int | None = about("customers.customer")
    contact_id: int | None = about("customers.contact")
    reception_id: int | None = about("customers.reception")
    reason: str
    says = _("清除了个人信息:%(reason)s")


def erased_customers(events: Sequence[PersonalDataErased]) -> list[int]:
    """Of which customers everything was erased, not that of one contact or guest alone."""
    return [event.customer_id for event in events if event.customer_id is not None and event.contact_id is None]


class ClocksStarted(Event):
    """It was said from which day on the limit of those that sleep counts; by owner (an id as text), how many."""

    on: dt.date
    count: int
    by_owner: dict[str, int]
    says = _("休眠客户的首问时限定于 %(on)s 起计算:现有 %(count)s 位")


class ClocksWithdrawn(Event):
    """Time limits that were to count from a day on sleep on; by owner (an id as text), how many."""

    on: dt.date
    count: int
    by_owner: dict[str, int]
    says = _("取消了 %(on)s 的启动,%(count)s 位客户的首问时限继续休眠")


class ClocksBegun(Event):
    """The day had come from which the time limit of those that slept counts."""

    on: dt.date
    count: int
    says = _("%(on)s 已到,%(count)s 位休眠客户的首问时限开始计算")


def _consent_words(values: Mapping[str, Any]) -> str:
    said = _("同意以%(channel)s联系") if values["is_given"] else _("不同意以%(channel)s联系")
    return said % {"channel": CHANNELS[values["channel"]]}


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f}%"
