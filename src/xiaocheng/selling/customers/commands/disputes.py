"""Somebody says that a customer is his; whoever is above both parties hears them and decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import names_of, people
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.disputing import disputable, signer_of
from xiaocheng.selling.customers.events import DisputeAnswered, DisputeDecided, DisputeWithdrawn, OwnershipDisputed
from xiaocheng.selling.customers.models import Customer, Dispute, DisputeNote, OwnershipEpisode
from xiaocheng.selling.customers.models.disputes import GIVEN, LONGEST_CASE, OPEN, SHARED, STAYS
from xiaocheng.selling.customers.states import DISPUTE
from xiaocheng.selling.customers.writing import written

from .dispute_ends import free
from .ownership import hand_to
from .papers import end_once, locked_with_customer
from .team import share_with

PARTY = "the dispute was loaded and allowed before; its customer is named in it"
VERBS = {STAYS: "uphold", GIVEN: "give", SHARED: "share"}


def open_dispute(actor: Actor, customer_id: int, reasons: str, episode_id: int | None = None) -> Dispute:
    """Say that a customer is one's own, and why: its present stretch of responsibility, or an earlier one, is wrong."""
    with transaction.atomic():
        row: Customer | None = disputable(actor).select_for_update(of=("self",)).filter(pk=customer_id).first()
        if row is None:
            raise NotFound
        actor.require(SEE)
        episode = _disputed(row, episode_id)
        said = _written(reasons, "reasons")
        _check(actor, row, episode)
        claimant, _department = actor.credited()
        dispute = Dispute(
            customer=row, episode=episode, claimant_id=claimant, holder_id=row.owner_id, reasons=said,
            opened_at=clock.now(),
        )  # fmt: skip
        Dispute.objects.add(dispute)
        Customer.objects.beyond_sight(because=PARTY).filter(pk=row.pk).update(in_dispute=True)
        record(actor, OwnershipDisputed(**_parties(dispute)))
    return dispute


def answer_dispute(actor: Actor, dispute_id: int, text: str) -> DisputeNote:
    """Write about an open dispute: the other party's answer, what the claimant adds, a question of who decides."""
    with transaction.atomic():
        dispute: Dispute = Dispute.objects.locked(actor, dispute_id)
        actor.require(SEE)
        if not dispute.is_open:
            raise RuleBroken(_("这个争议已经结束,不能再补充说明。"))
        writer, _department = actor.credited()
        if writer not in {dispute.claimant_id, dispute.holder_id} and not signer_of(actor, dispute)[0]:
            raise RuleBroken(_("只有争议双方和裁决人可以补充说明。"))
        note = DisputeNote(dispute=dispute, person_id=writer, at=clock.now(), text=_written(text, "text"))
        note.save(force_insert=True)
        record(actor, DisputeAnswered(**_parties(dispute)))
    return note


def decide_dispute(actor: Actor, dispute_id: int, verdict: str, reasons: str, share: Decimal | None = None) -> Dispute:
    """Decide whose the customer is: it stays, goes to the claimant with what follows it, or is shared with him."""
    with transaction.atomic():
        dispute, row = locked_with_customer(actor, Dispute, dispute_id)
        actor.require(SEE)
        if verdict not in VERBS:
            raise RuleBroken(_("请从列出的选项中选择。"), field="verdict")
        may, absent = signer_of(actor, dispute)
        if not may:
            raise RuleBroken(_("争议由双方共同的上级或其代理人裁决。"))
        actor = actor.standing_in_for(absent)
        said, part = _written(reasons, "reasons"), _share(verdict, share)
        DISPUTE.after(dispute.state, VERBS[verdict])
        row.in_dispute = False
        _carry_out(actor, dispute, row, verdict, part)
        by = {"decided_by_id": actor.person_id, "on_behalf_of_id": absent}
        _end(actor, dispute, VERBS[verdict], verdict=said, share=part, **by)
        name = names_of([dispute.claimant_id]).get(dispute.claimant_id, "")
        told = {"verdict": verdict, "share": f"{part.normalize():f}" if part else "", "name": name}
        record(actor, DisputeDecided(**_parties(dispute) | told))
    return dispute


def withdraw_dispute(actor: Actor, dispute_id: int) -> Dispute:
    """Say no longer that the customer is one's own; everything stays as it is."""
    with transaction.atomic():
        dispute, _row = locked_with_customer(actor, Dispute, dispute_id)
        actor.require(SEE)
        if dispute.claimant_id != actor.person_id:
            raise RuleBroken(_("争议只能由提出的人撤回。"))
        _end(actor, dispute, "withdraw")
        record(actor, DisputeWithdrawn(**_parties(dispute)))
    return dispute


def _disputed(row: Customer, episode_id: int | None) -> OwnershipEpisode:
    episodes = OwnershipEpisode.objects.beyond_sight(because=PARTY).filter(customer=row)
    found = episodes.filter(ended_at=None) if episode_id is None else episodes.filter(pk=episode_id)
    episode: OwnershipEpisode | None = found.first()
    if episode is None:
        raise RuleBroken(_("请选择有争议的一段归属。"), field="episode_id")
    return episode


def _check(actor: Actor, row: Customer, episode: OwnershipEpisode) -> None:
    if row.owner_id is not None and row.owner_id == actor.person_id:
        raise RuleBroken(_("这位客户现在就由您负责。"))
    if row.in_dispute:
        raise RuleBroken(_("这位客户已有一个争议在等待裁决。"))
    if episode.person_id == actor.person_id:
        raise RuleBroken(_("这一段由您自己负责,没有争议可言。"), field="episode_id")
    earlier = Dispute.objects.beyond_sight(because=PARTY).filter(episode=episode, claimant_id=actor.person_id)
    if earlier.filter(state__in=VERBS).exists():
        raise RuleBroken(_("您对这一段归属提出过争议,已经裁决。"), field="episode_id")


def _end(actor: Actor, dispute: Dispute, verb: str, **values: object) -> None:
    end_once(actor, dispute, OPEN, state=DISPUTE.after(dispute.state, verb), ended_at=clock.now(), **values)
    free(actor, [dispute.customer_id])


def _carry_out(actor: Actor, dispute: Dispute, row: Customer, verdict: str, share: Decimal | None) -> None:
    if verdict != STAYS and not people(actor).filter(pk=dispute.claimant_id).exists():
        raise RuleBroken(_("申请人已经停用,不能把客户判给他。"))
    if verdict == GIVEN and row.owner_id != dispute.claimant_id:
        hand_to(actor, [row], "verdict", owner_id=dispute.claimant_id)
    if share is not None:
        share_with(actor, row, dispute.claimant_id, share)


def _share(verdict: str, share: Decimal | None) -> Decimal | None:
    if verdict != SHARED:
        return None
    if share is None:
        raise RuleBroken(_("请写明申请人的份额。"), field="share")
    return share


def _written(text: str, field: str) -> str:
    said = written(text, field, LONGEST_CASE)
    if not said:
        raise RuleBroken(_("请写明理由。"), field=field)
    return said


def _parties(dispute: Dispute) -> dict[str, Any]:
    return {
        "customer_id": dispute.customer_id,
        "dispute_id": dispute.pk,
        "person_id": dispute.claimant_id,
        "holder_id": dispute.holder_id,
    }
