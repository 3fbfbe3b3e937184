"""What must be there before an opportunity may leave a stage or enter the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import roles

from .access import BYPASS_GATES
from .models import Opportunity, Stage
from .models.opportunities import FIELD_NAMES
from .steps import required


@dataclass(frozen=True)
class Gate:
    """One requirement of a stage and whether it is met: a field filled in, a step done, a role of who moves.

    A step that is `by_hand` is met by a tick, another one by what other modules note.
    """

    kind: str  # field, step, role
    key: str
    name: str
    is_met: bool
    by_hand: bool = False


def is_filled(opportunity: Opportunity, field: str) -> bool:
    """True when the opportunity's field has a value."""
    value = getattr(opportunity, f"{field}_id") if field in {"customer", "product"} else getattr(opportunity, field)
    return value not in (None, "")


def field_gates(opportunity: Opportunity, fields: Iterable[str]) -> list[Gate]:
    """The required fields, met or not."""
    return [
        Gate("field", field, str(FIELD_NAMES[field]), is_filled(opportunity, field)) for field in dict.fromkeys(fields)
    ]


def gates_between(opportunity: Opportunity, here: Stage, to: Stage, done: Collection[str]) -> list[Gate]:
    """What going forward from one stage to another asks for; `done` are the keys of the steps that were done."""
    steps = [
        Gate("step", step.key, str(step.text), step.key in done, by_hand=not step.evidence)
        for step in required(here.checklist)
    ]
    return [*field_gates(opportunity, [*here.leave_fields, *to.enter_fields]), *steps]


def role_gates(actor: Actor, to: Stage) -> list[Gate]:
    """Which roles may move an opportunity into a stage, in any direction; nothing where everybody may."""
    if not to.movers:
        return []
    who = listed(roles(actor).filter(pk__in=to.movers).values_list("name", flat=True))
    return [Gate("role", "movers", _("由%(roles)s推进") % {"roles": who}, actor.has_one_of(frozenset(to.movers)))]


def waived(actor: Actor, to: Stage, asked: Sequence[Gate] = ()) -> list[Gate]:
    """What whoever may bypass gates passes over on a way that is always gone for a reason; others are refused."""
    gates = [*role_gates(actor, to), *asked]
    if not actor.can(BYPASS_GATES):
        refuse_unmet(gates, to)
    return unmet(gates)


def unmet(gates: Iterable[Gate]) -> list[Gate]:
    """Those that are not met."""
    return [gate for gate in gates if not gate.is_met]


def refuse_unmet(gates: Sequence[Gate], to: Stage) -> None:
    """Say what is missing, or pass."""
    missing = unmet(gates)
    for gate in missing:
        if gate.kind == "role":
            said = _("进入「%(stage)s」须%(who)s。请联系他们,或请主管说明理由后放行。")
            raise RuleBroken(said % {"stage": to.name, "who": gate.name}, field="stage_id")
    if missing:
        first = next((gate.key for gate in missing if gate.kind == "field"), None)
        raise RuleBroken(
            _("进入「%(stage)s」之前还缺:%(missing)s。请先补齐,或请主管说明理由后放行。")
            % {"stage": to.name, "missing": listed(gate.name for gate in missing)},
            field=first,
        )
