"""A lapse is taken back: the contact had been made in time, and its device was offline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.approvals.queries import Paper, who_may_decide
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import names_of, people
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.disputing import refuse_held
from xiaocheng.selling.customers.events import RestoreDeclined, RestoreOffered
from xiaocheng.selling.customers.first_contact import FirstContactRules
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode, RestoreOffer
from xiaocheng.selling.customers.models.ownership import LONGEST_NOTE
from xiaocheng.selling.customers.models.restores import OFFERED
from xiaocheng.selling.customers.states import RESTORE

from .contacted import Contacted
from .ownership import hand_to
from .papers import end_once, locked_with_customer

PART = "the contact was allowed; that it came too late for its customer is a consequence"


def offer_restores(actor: Actor, contacts: Collection[Contacted]) -> None:
    """Contacts that devices had recorded in time and sent too late: offer to take back the lapse that they missed."""
    with transaction.atomic():
        for item in contacts:
            if item.valid and item.queued_at:
                _offer(actor, item, item.queued_at)


def _offer(actor: Actor, item: Contacted, queued_at: dt.datetime) -> None:
    episode = _missed(item)
    if episode is None:
        return
    offer, is_new = RestoreOffer.objects.beyond_sight(because=PART).get_or_create(
        episode=episode,
        defaults={
            "customer_id": item.customer_id, "person_id": item.person_id, "kind": item.kind,
            "contacted_at": item.at, "queued_at": queued_at, "arrived_at": clock.now(),
        },
    )  # fmt: skip
    if is_new:
        told = {"customer_id": item.customer_id, "person_id": item.person_id}
        record(actor, RestoreOffered(restore_id=offer.pk, at=item.at, **told))


def restore(actor: Actor, restore_id: int) -> RestoreOffer:
    """Give a lapsed customer back to its former owner, whoever or whatever pool has it now."""
    with transaction.atomic():
        offer, row, actor = _decide(actor, restore_id, "restore")
        _check(row, offer)
        _end(actor, offer, "restore", "")
        hand_to(actor, [row], "restored", owner_id=offer.person_id)
    return offer


def decline_restore(actor: Actor, restore_id: int, answer: str) -> RestoreOffer:
    """Let the lapse stand, and say why."""
    with transaction.atomic():
        offer, _row, actor = _decide(actor, restore_id, "decline")
        said = answer.replace("\x00", "").strip()
        if not said or len(said) > LONGEST_NOTE:
            raise RuleBroken(_("请写明原因,最多 500 字。"), field="answer")
        _end(actor, offer, "decline", said)
        record(
            actor,
            RestoreDeclined(customer_id=offer.customer_id, restore_id=offer.pk, person_id=offer.person_id, why=said),
        )
    return offer


def _missed(item: Contacted) -> OwnershipEpisode | None:
    """The stretch that lapsed although this contact, made in it, would have kept it."""
    episodes = OwnershipEpisode.objects.beyond_sight(because=PART).filter(
        customer=item.customer_id, person_id=item.person_id, started_at__lte=item.at, ended_at__gte=item.at
    )
    episode: OwnershipEpisode | None = episodes.filter(ended_cause="lapse").select_related("customer").last()
    if episode is None or episode.ended_at is None:
        return None
    limits, ended = rules(FirstContactRules, clock.day_of(episode.ended_at)), clock.day_of(episode.ended_at)
    kept = limits.keeps(item.kind) and limits.lapses_on(clock.day_of(item.at), episode.customer.level) > ended
    return episode if kept else None


def _decide(actor: Actor, restore_id: int, verb: str) -> tuple[RestoreOffer, Customer, Actor]:
    """The offer and its customer, which is locked first, and whoever decides, perhaps for somebody absent."""
    offer, row = locked_with_customer(actor, RestoreOffer, restore_id)
    actor.require(SEE)
    RESTORE.after(offer.state, verb)
    signers = who_may_decide(actor, Paper(offer.pk, offer.person_id, offer.arrived_at))
    if actor.person_id not in signers:
        raise RuleBroken(_("由原负责人的直属主管或其代理人决定。"))
    return offer, row, actor.standing_in_for(signers[actor.person_id])


def _check(row: Customer, offer: RestoreOffer) -> None:
    """It applies as long as nobody has taken the customer up since: then it is for a dispute to decide."""
    if row.erased_at is not None:
        raise RuleBroken(_("这位客户的个人信息已经清除,不能再恢复。"))
    if not people(SYSTEM).filter(pk=offer.person_id).exists():
        raise RuleBroken(_("原负责人已经停用,不能恢复。"))
    refuse_held(row)
    if row.owner_id is None:
        return
    if row.owner_id == offer.person_id:
        raise RuleBroken(_("这位客户已经又由原负责人负责。"))
    present = OwnershipEpisode.objects.beyond_sight(because=PART).get(customer=row, ended_at=None)
    since = row.clock_since or row.unpaid_since  # neither: paid; later: he was in touch, or sold
    if since is None or since > present.started_at:
        name = names_of([row.owner_id]).get(row.owner_id, "")
        raise RuleBroken(
            _("现负责人 %(name)s 接手之后已经与客户有效联系或成交,不能直接恢复;原负责人可以提出归属争议。")
            % {"name": name}
        )


def _end(actor: Actor, offer: RestoreOffer, verb: str, answer: str) -> None:
    by = {"decided_by_id": actor.person_id, "decided_at": clock.now()}
    end_once(actor, offer, OFFERED, state=RESTORE.after(offer.state, verb), answer=answer, **by)
