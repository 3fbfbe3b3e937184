"""Is this customer known already? The same name without its legal form, or the same phone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import one_of
from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import own_entries
from xiaocheng.foundation.kernel.phones import phone_keys
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.foundation.org.queries import names_of

from .events import DuplicateShown
from .models import Customer

SHORTEST_NAME, SHORTEST_PHONE = 2, 7


def is_full(name: str, phone: str) -> bool:
    """True when enough of a name or phone is typed to look for the same one."""
    return len(company_key(name)) >= SHORTEST_NAME or any(map(is_full_phone, phone_keys(phone)))


def is_full_phone(key: str) -> bool:
    """True for the key of a phone that is not only begun."""
    return len(key.removeprefix("+")) >= SHORTEST_PHONE


def shown_today(actor: Actor) -> set[int]:
    """The customers out of sight that hints have told the actor of today."""
    today = clock.today()
    return {entry["customer_id"] for entry in own_entries(actor, DuplicateShown, since=clock.bounds(today, today)[0])}


class Duplicate(RuleBroken):
    """It exists: `customer_id` is its id if the person may see it; `owner` is None if he may not be told."""

    def __init__(self, customer_id: int | None, owner: str | None, fieldname: str) -> None:
        if customer_id is not None:
            sentence = _("这位客户已经登记过(编号 %(id)s)。如果不是同一家,请勾选「不是重复」再保存。")
        elif owner is None:
            sentence = _(
                "这位客户已经登记过,您看不到。输入名称或电话时的提示会说明该找谁,今天不再提示时请询问您的主管;"
                "如果不是同一家,请勾选「不是重复」再保存。"
            )
        else:
            sentence = _("这位客户已经登记过,负责人:%(owner)s。请联系负责人;如果不是同一家,请勾选「不是重复」再保存。")
        super().__init__(sentence % {"id": customer_id, "owner": owner or _("公海")}, field=fieldname)
        self.customer_id = customer_id


@dataclass
class Known:
    """The customers that carry one of some keys: who owns them, and whether the asking person sees them."""

    by_name: dict[str, int] = field(default_factory=dict)
    by_phone: dict[str, int] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)
    visible: frozenset[int] = frozenset()
    shown: Collection[int] = ()

    @classmethod
    def among(cls, actor: Actor, name_keys: Iterable[str], phone_keys: Iterable[str]) -> Known:
        """Look the keys up, out of sight too; nobody else registers one of them until the transaction ends."""
        take_turn("customers.keys")
        rows = Customer.objects.beyond_sight(because="a duplicate is a duplicate, whoever may see it")
        columns = ("pk", "name_key", "phone_key", "owner_id")
        found = list(rows.filter(name_key__in=one_of(set(name_keys))).values_list(*columns))
        phones = {key for key in phone_keys if key}
        if phones:
            found += rows.filter(phone_key__in=one_of(phones)).exclude(phone_key="").values_list(*columns)
        found.sort(reverse=True)  # the oldest is written last and stands
        names = names_of({owner for *_keys, owner in found}) if found else {}
        seen = Customer.objects.visible_to(actor).filter(pk__in=[pk for pk, *_rest in found]) if found else ()
        visible = frozenset(row.pk for row in seen)
        return cls(
            by_name={name: pk for pk, name, _phone, _owner in found},
            by_phone={phone: pk for pk, _name, phone, _owner in found if phone},
            owners={pk: names.get(owner, "") for pk, _name, _phone, owner in found},
            visible=visible,
            shown=shown_today(actor) if any(pk not in visible for pk, *_rest in found) else (),
        )

    def refuse(self, name_key: str, phone_key: str, is_person: bool, but: int | None = None) -> None:
        """Refuse a duplicate of another row than `but`; people often share a name, so theirs alone proves nothing.

        Whose one out of sight is, hints alone tell: they are counted, a refusal is taken back with all it wrote.
        """
        for fieldname, known in (("phone", self.by_phone.get(phone_key)), ("name", self.by_name.get(name_key))):
            if known is None or known == but or (fieldname == "name" and is_person):
                continue
            owner = self.owners[known] if known in self.shown else None
            raise Duplicate(known if known in self.visible else None, owner, fieldname)
