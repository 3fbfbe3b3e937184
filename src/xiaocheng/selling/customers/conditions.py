"""What conditions may ask for about a customer: its columns, the gauges that are kept of it, the company's fields."""

from __future__ import annotations

from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.conditions import CHOICE, DAY, MOMENT, NUMBER, SECRET, TEXT, YES, Field, Fields, column
from xiaocheng.foundation.fields.own_conditions import own_fields
from xiaocheng.foundation.fields.queries import choices
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import (
    Gauge,
    Measure,
    gauged,
    gauged_as,
    gauges,
    measures,
    summed_by_customer,
)
from xiaocheng.foundation.kernel.periods import month_key

from .consenting import CONSENT_NAMES, CONSENTS, has_said
from .models.consent import GIVEN, REFUSED, STATES, UNASKED
from .models.customers import KINDS, POTENTIALS, STAGES, Customer
from .options import CUSTOMER, LISTS

SILENT = {"older": _("%(value)s 天没有联系"), "within": _("最近 %(value)s 天内联系过"), "empty": _("从未联系")}
SECRETS = ("phone", "email", "address")
TEXTS = ("name", "characteristics", "needs", "habits", "purchasing_power", "background")


def fields(actor: Actor) -> Fields:
    """Every field that the actor may ask for, by key, in the order in which a form offers them."""
    coded = [_coded(name, partial(choices, key)) for name, key in LISTS.items()]
    known = [
        *coded,
        _coded("stage", lambda: [(code, str(name)) for code, name in STAGES.items()]),
        _coded("kind", lambda: [(code, str(name)) for code, name in KINDS.items()]),
        _coded("potential", lambda: [(code, str(name)) for code, name in POTENTIALS.items()]),
        Field("yearly_demand", _name("yearly_demand"), NUMBER, column("yearly_demand")),
        Field("is_person", _name("is_person"), YES, column("is_person")),
        *(_consented(name, channel) for name, channel in CONSENTS.items()),
        Field("last_contact_at", _name("last_contact_at"), MOMENT, column("last_contact_at"), phrases=SILENT),
        Field("next_contact_on", _name("next_contact_on"), DAY, column("next_contact_on")),
        Field("registered_at", pgettext_lazy("condition", "登记"), MOMENT, column("registered_at")),
        Field("became_customer_on", pgettext_lazy("condition", "首次成交"), DAY, column("became_customer_on")),
        *map(_gauged, gauges()),
        *(_year(item) for item in measures() if "customer" in item.by),
        *(Field(name, _name(name), TEXT, column(name)) for name in TEXTS),
        *(Field(name, _name(name), SECRET, column(name)) for name in SECRETS),
        *own_fields(actor, CUSTOMER),
    ]
    return {item.key: item for item in known}


def _consented(name: str, channel: str) -> Field:
    """What a customer who is a person said last; "not filled in" is who was not asked."""

    def where(lookup: str, value: Any) -> Q:
        states = value if lookup == "in" else [value or UNASKED]
        return reduce(or_, (has_said(Customer, channel, state) for state in states))

    label = format_lazy(_("{}(个人客户)"), CONSENT_NAMES[channel])
    return Field(name, label, CHOICE, where, lambda: [(code, str(STATES[code])) for code in (GIVEN, REFUSED)])


def _coded(name: str, offered: Any) -> Field:
    return Field(name, _name(name), CHOICE, column(name), offered)


def _name(column_name: str) -> Any:
    return getattr(Customer._meta.get_field(column_name), "verbose_name", column_name)


def _year(item: Measure) -> Field:
    """A measure that is also counted by customer, over this month and the eleven before."""

    def where(lookup: str, value: Any) -> Q:
        today = clock.today()
        return summed_by_customer(item.key, month_key(today.replace(day=1, year=today.year - 1)) + 1, lookup, value)

    return Field(f"{item.key}.year", format_lazy("{} {}", _("近 12 个月"), item.name), NUMBER, where)


def _gauged(item: Gauge) -> Field:
    """A gauge as a number, or as one of its words."""
    if not item.words:
        return Field(item.key, item.name, NUMBER, partial(gauged, item.key))

    def where(lookup: str, value: Any) -> Q:
        return gauged_as(item.key, value if lookup == "in" else [value])

    return Field(item.key, item.name, CHOICE, where, lambda: [(code, str(word)) for code, word in item.words.items()])
