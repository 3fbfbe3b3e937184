"""What deciding about the lines of a file needs to know, loaded once for a set of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.customers.queries import Held, held_by
from xiaocheng.selling.trade.buyers import Buyers, key_of
from xiaocheng.selling.trade.drafts import FromFile


@dataclass
class FileDesk:
    """Whose the customers of some lines are and were, and when what they tell is booked."""

    actor: Actor
    now: dt.datetime
    today: dt.date
    buyers: Buyers
    held: Mapping[int, Sequence[Held]]
    departments: Mapping[int, int]
    booked: dict[dt.date, dt.date] = field(default_factory=dict)

    @classmethod
    def opened(cls, actor: Actor, drafts: Sequence[FromFile], credited: Sequence[int] = ()) -> FileDesk:
        """All that the lines need; who is unknown is registered. `credited` are others to whom some may be credited."""
        today = clock.today()
        buyers = Buyers.of(actor, [draft for draft in drafts if draft.occurred_on <= today])
        held = held_by(actor, set(buyers.ids.values()))
        people = {draft.seller_id for draft in drafts} | {actor.person_id} | {*credited}
        people |= {it.person_id for stretches in held.values() for it in stretches}
        return cls(
            actor=actor,
            now=clock.now(),
            today=today,
            buyers=buyers,
            held=held,
            departments=credited_departments(sorted(who for who in people if who is not None), today),
        )

    def customer_of(self, draft: FromFile) -> int:
        """Whom a line means; refused where its day is to come, or who it is cannot be said."""
        if draft.occurred_on > self.today:
            raise RuleBroken(_("日期 %(day)s 在将来。") % {"day": draft.occurred_on}, field="occurred_on")
        customer = self.buyers.ids.get(key_of(draft))
        if customer is None:
            raise self.buyers.refused[key_of(draft)]
        return customer

    def credited(self, draft: FromFile, customer: int) -> int | None:
        """To whom: as the file says, else whose the customer was that day or next, else who imports."""
        if draft.seller_id is not None:
            return draft.seller_id
        day = draft.occurred_on
        owners = (it.person_id for it in self.held.get(customer, ()) if it.until is None or it.until > day)
        return next(owners, self.actor.person_id)

    def booked_on(self, day: dt.date) -> dt.date:
        """The day on which something of a day counts."""
        if day not in self.booked:
            self.booked[day] = booking_day(day)
        return self.booked[day]
