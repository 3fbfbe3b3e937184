"""Which customer a line of a file means: by the ERP's number, else by name; who is unknown is registered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.selling.customers.commands import CustomerDraft, register_many, standard_pool
from xiaocheng.selling.customers.commands.pools import IMPORTED
from xiaocheng.selling.customers.queries import ids_by_name, pool_choices, traits_of

from .drafts import FromFile
from .models import CustomerNumber

FIELDS = {"name": "customer", "owner_id": "seller"}  # what the customers' command calls what has another name here
Key = tuple[str, str]


_name_key = lru_cache(maxsize=4096)(company_key)  # the lines of a file name the same customers over and over


def key_of(draft: FromFile) -> Key:
    """What says which customer it is: the number, or else the name without legal form, width and case."""
    return (draft.customer_number, "") if draft.customer_number else ("", _name_key(draft.customer))


@dataclass
class Buyers:
    """The customers of a set of lines: found, or registered by the customers' own command, or refused."""

    actor: Actor
    ids: dict[Key, int] = field(default_factory=dict)
    refused: dict[Key, Refusal] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, drafts: Iterable[FromFile]) -> Buyers:
        """Find or register the customer of every line; the earliest line of each says with whom it begins."""
        firsts: dict[Key, FromFile] = {}
        for draft in sorted(drafts, key=lambda draft: draft.occurred_on):
            firsts.setdefault(key_of(draft), draft)
        buyers = cls(actor)
        buyers._find_numbers([number for number, _name in firsts if number])
        left = [draft for key, draft in firsts.items() if key not in buyers.ids and key not in buyers.refused]
        buyers._find_names([draft for draft in left if draft.customer_number])
        buyers._find_names([draft for draft in left if not draft.customer_number])
        return buyers

    def _find_numbers(self, numbers: Sequence[str]) -> None:
        known = dict(CustomerNumber.objects.filter(number__in=numbers).values_list("number", "customer_id"))
        seen = traits_of(self.actor, set(known.values()))
        for number, customer_id in known.items():
            if customer_id in seen:
                self.ids[number, ""] = customer_id
            else:
                sentence = _("编号 %(number)s 的客户不在您的查看范围内。") % {"number": number}
                self.refused[number, ""] = RuleBroken(sentence, field="customer_number")

    def _find_names(self, drafts: Sequence[FromFile]) -> None:
        """Find by name; who has another number already is another one, and is registered beside it."""
        there = ids_by_name(self.actor, {draft.customer for draft in drafts})
        numbered = set(CustomerNumber.objects.filter(customer__in=there.values()).values_list("customer_id", flat=True))
        taken = {_name_key(name) for name in there}
        new: list[tuple[FromFile, bool]] = []
        for draft in drafts:
            customer_id, name = there.get(draft.customer), _name_key(draft.customer)
            if customer_id is not None and not (draft.customer_number and customer_id in numbered):
                self.ids[key_of(draft)] = customer_id
                numbered.add(customer_id)
            else:
                new.append((draft, name in taken))
                taken.add(name)
        self._register(new)
        CustomerNumber.objects.bulk_create(
            CustomerNumber(number=draft.customer_number, customer_id=self.ids[key_of(draft)])
            for draft in drafts
            if draft.customer_number and key_of(draft) in self.ids
        )

    def _register(self, new: Sequence[tuple[FromFile, bool]]) -> None:
        """Register who is unknown: with the seller as owner, else in the pool of the imported."""
        pool = standard_pool(IMPORTED).pk if new else 0
        pool_id = pool if pool in dict(pool_choices(self.actor)) else None
        drafts = [
            CustomerDraft(
                name=draft.customer,
                owner_id=draft.seller_id,
                pool_id=None if draft.seller_id else pool_id,
                registered_on=draft.occurred_on,
                despite_duplicates=is_another,
            )
            for draft, is_another in new
        ]
        for (draft, _another), outcome in zip(new, register_many(self.actor, drafts, cause="import"), strict=True):
            if outcome.refusal is None:
                self.ids[key_of(draft)] = outcome.row_id or 0
            else:
                outcome.refusal.field = FIELDS.get(outcome.refusal.field or "", outcome.refusal.field)
                self.refused[key_of(draft)] = outcome.refusal
