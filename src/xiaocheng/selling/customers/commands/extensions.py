"""An owner asks for more time before a customer lapses; the supervisor decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.approvals import commands as approvals
from xiaocheng.foundation.approvals.queries import Paper, who_may_decide
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.events import ExtensionAsked, ExtensionGranted, ExtensionRefused
from xiaocheng.selling.customers.first_contact import FirstContactRules, limit_for
from xiaocheng.selling.customers.models import Customer, Extension, OwnershipEpisode
from xiaocheng.selling.customers.models.extensions import ASKED, GRANTED
from xiaocheng.selling.customers.models.ownership import LONGEST_NOTE
from xiaocheng.selling.customers.states import EXTENSION

from .outcomes import Outcome

KIND, VERSION = "customers.extension", 1  # a request is decided once; whoever is refused asks anew
VERDICTS = {"grant": "signed", "refuse": "returned"}
DAY = dt.timedelta(days=1)


def ask_extension(actor: Actor, customer_id: int, days: int, reason: str) -> Extension:
    """Ask for so many days more for one's own customer; where nobody stands above, they are granted at once."""
    with transaction.atomic():
        row: Customer = Customer.objects.locked(actor.in_own_right(), customer_id)
        actor.require(SEE)
        if row.owner_id is None or row.owner_id != actor.person_id:
            raise RuleBroken(_("只有客户的负责人可以申请延期。"))
        episode = OwnershipEpisode.objects.visible_to(actor).get(customer=row, ended_at=None)
        _check(row, episode, days, reason)
        asked = Extension(
            episode=episode, person_id=row.owner_id, days=days, reason=reason.strip(), asked_at=clock.now()
        )
        Extension.objects.add(asked)
        waits = bool(who_may_decide(actor, _paper(asked)))
        record(
            actor,
            ExtensionAsked(
                customer_id=row.pk,
                extension_id=asked.pk,
                person_id=row.owner_id,
                days=days,
                needs_signature=waits,
                reason=asked.reason,
            ),
        )
        if not waits:
            _grant(actor, asked, row)
    return asked


def grant_extension(actor: Actor, extension_id: int, comment: str = "") -> Extension:
    """Agree: the customer does not lapse before so many days after the day that stands now."""
    with transaction.atomic():
        asked, row, actor = _decide(actor, extension_id, "grant", comment)
        _grant(actor, asked, row)
    return asked


def refuse_extension(actor: Actor, extension_id: int, comment: str) -> Extension:
    """Leave the time limit as it is, and say why."""
    with transaction.atomic():
        asked, row, actor = _decide(actor, extension_id, "refuse", comment)
        asked.save()
        record(
            actor,
            ExtensionRefused(
                customer_id=row.pk, extension_id=asked.pk, person_id=asked.person_id, days=asked.days, why=asked.answer
            ),
        )
    return asked


def grant_extensions(actor: Actor, extension_ids: Sequence[int], comment: str = "") -> list[Outcome]:
    """Agree to several requests, with an outcome for each."""
    outcomes = []
    for pk in extension_ids:
        try:
            outcomes.append(Outcome(row_id=grant_extension(actor, pk, comment).pk))
        except Refusal as refusal:
            outcomes.append(Outcome(refusal=refusal))
    return outcomes


def _check(row: Customer, episode: OwnershipEpisode, days: int, reason: str) -> None:
    limits = rules(FirstContactRules, clock.today())
    limit = limit_for(row)
    if limit is None:
        raise RuleBroken(_("这位客户现在没有时限,不需要延期。"))
    if not limit.days:
        raise RuleBroken(_("时限已过,不能再申请延期。"))
    if not 1 <= days <= limits.extension_days:
        raise RuleBroken(_("一次最多延长 %(days)s 天。") % {"days": limits.extension_days}, field="days")
    if not reason.strip():
        raise RuleBroken(_("请写明延期的原因。"), field="reason")
    if len(reason.strip()) > LONGEST_NOTE:
        raise RuleBroken(_("说明太长了。"), field="reason")
    states = list(episode.extensions.values_list("state", flat=True))
    if ASKED in states:
        raise RuleBroken(_("已经有一个延期申请在等待审批。"))
    if states.count(GRANTED) >= limits.extensions:
        raise RuleBroken(_("在您负责这位客户期间最多延期 %(count)s 次。") % {"count": limits.extensions})


def _decide(actor: Actor, extension_id: int, verb: str, comment: str) -> tuple[Extension, Customer, Actor]:
    """The request as decided but not saved, its customer, and whoever decides, perhaps for somebody absent."""
    asked: Extension = Extension.objects.locked(actor, extension_id)
    actor.require(SEE)
    state = EXTENSION.after(asked.state, verb)
    if asked.is_void:
        raise RuleBroken(_("客户已经不由申请人负责,这个申请作废了。"))
    if len(comment.strip()) > LONGEST_NOTE:
        raise RuleBroken(_("说明太长了。"), field="comment")
    row: Customer = Customer.objects.locked(actor, asked.episode.customer_id)
    said = approvals.decide(actor, KIND, _paper(asked), VERSION, VERDICTS[verb], comment)
    asked.state = state
    asked.decided_by_id, asked.decided_at, asked.answer = actor.person_id, said.at, said.comment
    return asked, row, actor.standing_in_for(said.on_behalf_of_id)


def _grant(actor: Actor, asked: Extension, row: Customer) -> None:
    """So many days after the day that stands now, or after today where the request has waited until then."""
    limit = limit_for(row)
    if limit is None:
        raise RuleBroken(_("这位客户现在没有时限,不需要延期。"))
    row.extended_to = asked.until = max(limit.on, clock.today()) + asked.days * DAY
    asked.state = GRANTED
    asked.save()
    row.save(update_fields=["extended_to"])
    record(
        actor,
        ExtensionGranted(
            customer_id=row.pk,
            extension_id=asked.pk,
            person_id=asked.person_id,
            days=asked.days,
            until=asked.until,
        ),
    )


def _paper(asked: Extension) -> Paper:
    return Paper(asked.pk, asked.person_id, asked.asked_at)
