"""Who would get how many, before customers are handed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import assignable
from xiaocheng.foundation.org.queries import names_of as people_names
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.sharing import EVEN, holdings, shared_out


@dataclass(frozen=True)
class Share:
    """One person's part: what he holds without these customers, what he gets of them, what he then has."""

    person_id: int
    name: str
    held: int
    gets: int

    @property
    def then(self) -> int:
        """What he has afterwards."""
        return self.held + self.gets


def shares(actor: Actor, customer_ids: Sequence[int], owner_ids: Sequence[int], way: str = EVEN) -> list[Share]:
    """How the visible ones among customers would be shared out among people to whom the actor may hand work."""
    allowed = set(assignable(actor).filter(pk__in=owner_ids).values_list("pk", flat=True))
    people = [pk for pk in dict.fromkeys(owner_ids) if pk in allowed]
    if not people:
        return []
    seen = Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=customer_ids)
    known = set(seen.values_list("pk", flat=True))
    wanted = [pk for pk in dict.fromkeys(customer_ids) if pk in known]
    gets = Counter(shared_out(wanted, people, way).values())
    held, names = holdings(people, but=wanted), people_names(people)
    return [Share(pk, names.get(pk, ""), held.get(pk, 0), gets[pk]) for pk in people]
