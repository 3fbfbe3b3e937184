"""Groups of customers are made, changed, filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.conditions import Rule, checked
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers.access import GROUP, SHARE_GROUPS
from xiaocheng.selling.customers.conditions import fields
from xiaocheng.selling.customers.events import GroupDropped, GroupEmptied, GroupFilled, GroupSaved
from xiaocheng.selling.customers.models import Customer, CustomerGroup, GroupMember
from xiaocheng.selling.customers.models.groups import DEPARTMENT, PRIVATE, SHARING, groups_of
from xiaocheng.selling.customers.queries import seen_rule

from .outcomes import Outcome

HOURS_OF_A_MONTH = 744


@dataclass(frozen=True, kw_only=True)
class GroupDraft:
    """A group as a person describes it; what is planned is for each of its customers and a month."""

    name: str
    sharing: str = PRIVATE
    ideal: str = ""
    strategy: str = ""
    planned_hours: Decimal | None = None
    planned_visits: int | None = None
    rule: Rule | None = None


def add_group(actor: Actor, draft: GroupDraft) -> CustomerGroup:
    """Make a group: with a rule its customers come by themselves, without one they are put into it."""
    with transaction.atomic():
        actor.require(GROUP)
        row = CustomerGroup(owner_id=actor.credited()[0], **_columns(actor, draft))
        check_columns(row)
        row.save(force_insert=True)
        record(actor, GroupSaved(group_id=row.pk, name=row.name))
    return row


def edit_group(actor: Actor, group_id: int, version: int, draft: GroupDraft) -> CustomerGroup:
    """Change a group; one with a rule keeps having one."""
    with transaction.atomic():
        row = _own(actor, group_id)
        actor.require(GROUP)
        if (row.rule is None) != (draft.rule is None):
            raise RuleBroken(_("按规则的分组和手工分组不能互相转换,请新建一个分组。"))
        if row.rule is not None and seen_rule(actor, row) is None:
            raise RuleBroken(_("这个分组的规则用到您的角色看不到的字段,不能修改。"))
        save_edit(row, version, **_columns(actor, draft, row))
        record(actor, GroupSaved(group_id=row.pk, name=row.name))
    return row


def drop_group(actor: Actor, group_id: int) -> None:
    """Remove a group; its customers stay as they are."""
    with transaction.atomic():
        row = _own(actor, group_id)
        actor.require(GROUP)
        record(actor, GroupDropped(group_id=row.pk, name=row.name))
        row.delete()


def add_to_group(actor: Actor, group_id: int, customer_ids: Sequence[int]) -> list[Outcome]:
    """Put customers into a group that the actor knows of, with an outcome for each; who is in it stays."""
    with transaction.atomic():
        group = _by_hand(actor, group_id)
        known = _decided(actor, customer_ids)
        actor.require(GROUP)
        there = {*GroupMember.objects.filter(group=group, customer__in=known).values_list("customer_id", flat=True)}
        new = [pk for pk in known if pk not in there]
        GroupMember.objects.bulk_create(
            [GroupMember(group=group, customer_id=pk) for pk in new], ignore_conflicts=True, batch_size=500
        )
        if new:
            record(actor, GroupFilled(group_id=group.pk, customer_ids=tuple(new), count=len(new), name=group.name))
    return [Outcome(row_id=pk) if pk in known else Outcome(refusal=NotFound()) for pk in customer_ids]


def remove_from_group(actor: Actor, group_id: int, customer_ids: Sequence[int]) -> list[Outcome]:
    """Take customers out of a group again, with an outcome for each."""
    with transaction.atomic():
        group = _by_hand(actor, group_id)
        known = _decided(actor, customer_ids)
        actor.require(GROUP)
        members = GroupMember.objects.filter(group=group, customer__in=known)
        gone = sorted(members.values_list("customer_id", flat=True))
        members.delete()
        if gone:
            record(actor, GroupEmptied(group_id=group.pk, customer_ids=tuple(gone), count=len(gone), name=group.name))
    return [Outcome(row_id=pk) if pk in known else Outcome(refusal=NotFound()) for pk in customer_ids]


def hand_over_groups(actor: Actor, from_id: int, to_id: int) -> tuple[int, ...]:
    """The groups of somebody who left go to the successor; called by the handover, which was allowed."""
    theirs = CustomerGroup.objects.filter(owner=from_id)
    ids = tuple(theirs.values_list("pk", flat=True))
    theirs.update(owner_id=to_id)
    return ids


def _own(actor: Actor, group_id: int) -> CustomerGroup:
    """A group that the actor may change: his own, or a shared one of somebody in his sight if he may share groups."""
    row = groups_of(actor).select_for_update(of=("self",)).filter(pk=group_id).first()
    if row is None:
        raise NotFound
    if row.owner_id != actor.person_id and not (actor.can(SHARE_GROUPS) and actor.sight.sees_person(row.owner_id)):
        raise RuleBroken(_("这个分组由 %(name)s 建立,只有本人或其上级可以修改。") % {"name": row.owner.name})
    return row


def _by_hand(actor: Actor, group_id: int) -> CustomerGroup:
    row = groups_of(actor).filter(pk=group_id).first()
    if row is None:
        raise NotFound
    if row.rule is not None:
        raise RuleBroken(_("「%(name)s」按规则自动更新,不能手工加入或移出客户。") % {"name": row.name})
    return row


def _decided(actor: Actor, customer_ids: Sequence[int]) -> dict[int, None]:
    """Those of the customers that the actor sees by himself, in the order given."""
    rows = Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=set(customer_ids))
    seen = set(rows.values_list("pk", flat=True))
    return dict.fromkeys(pk for pk in customer_ids if pk in seen)


def _columns(actor: Actor, draft: GroupDraft, row: CustomerGroup | None = None) -> Mapping[str, object]:
    name = " ".join(draft.name.split())
    if not name:
        raise RuleBroken(_("请填写名称。"), field="name")
    if draft.sharing not in SHARING:
        raise RuleBroken(_("请从列出的选项中选择。"), field="sharing")
    before = row.sharing if row else PRIVATE
    if draft.sharing not in {before, PRIVATE} and not actor.can(SHARE_GROUPS):
        raise RuleBroken(_("您的角色不能与同事共享分组,请选「只有我」,或请主管建立。"), field="sharing")
    if draft.planned_hours is not None and not 0 <= draft.planned_hours <= HOURS_OF_A_MONTH:
        raise RuleBroken(_("请填写 0 到 %(most)s 之间的小时数。") % {"most": HOURS_OF_A_MONTH}, field="planned_hours")
    ideal = draft.ideal.strip()
    if ideal and draft.sharing == PRIVATE:
        raise RuleBroken(_("目标客户群要让同事看到,请与本部门或全公司共享。"), field="sharing")
    _refuse_same_name(actor, name, row)
    return {
        "name": name,
        "sharing": draft.sharing,
        "department_id": _department(actor, draft.sharing, row),
        "ideal": ideal,
        "strategy": draft.strategy.strip(),
        "planned_hours": draft.planned_hours,
        "planned_visits": draft.planned_visits,
        "rule": checked(draft.rule, fields(actor)).kept() if draft.rule else None,
    }


def _department(actor: Actor, sharing: str, row: CustomerGroup | None) -> int | None:
    if sharing != DEPARTMENT:
        return None
    return (row.department_id if row else None) or actor.department_id


def _refuse_same_name(actor: Actor, name: str, row: CustomerGroup | None) -> None:
    if groups_of(actor).filter(name=name).exclude(pk=row.pk if row else 0).exists():
        raise RuleBroken(_("已经有同名的分组。"), field="name")
