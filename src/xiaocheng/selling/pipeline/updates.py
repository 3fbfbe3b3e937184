"""Opportunities of a file that are there already: recognised by their number, changed, and given back by an undo."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import plain_values
from xiaocheng.foundation.import_export.kinds import key_of, reads_as
from xiaocheng.foundation.import_export.targets import OWN, Done, Found, Row, own_values, still_holding
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.text import normal
from xiaocheng.selling.catalogue.queries import names_of as product_names
from xiaocheng.selling.customers.commands import Edit
from xiaocheng.selling.customers.queries import names_of as customer_names

from .commands import edit_many
from .details import plain
from .models import Opportunity
from .models.opportunities import FIELD_NAMES
from .numbers import quoted_as
from .options import OPPORTUNITY

DAYS = {"expected_close_on", "next_step_on"}
Changes = Sequence[tuple[int, Mapping[str, Sequence[Any]]]]


def find_deals(actor: Actor, key: str, said: Sequence[Any]) -> Found:
    """Which opportunities in sight have which number, as people quote it, or value of a field of the company's own."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor)
    if key == "number":
        return quoted_as(rows, [str(number) for number in said])  # type: ignore[return-value]
    found: dict[Hashable, list[int]] = defaultdict(list)
    for pk, value in rows.filter(**{f"custom__{key}__in": said}).order_by("pk").values_list("pk", f"custom__{key}"):
        found[value].append(pk)
    return found


def change_deals(actor: Actor, pairs: Sequence[tuple[int, Row]], options: Mapping[str, Any]) -> list[Done]:
    """Change opportunities as rows tell; what only their process or their history says is refused, not changed."""
    rows = Opportunity.objects.visible_to(actor).filter(pk__in=[pk for pk, _row in pairs]).select_related("stage")
    known = _Present({row.pk: row for row in rows}, _Names(actor, [row for _pk, row in pairs], list(rows)), options)
    done: dict[int, Done] = {}
    edits: dict[int, Edit] = {}
    for at, (pk, row) in enumerate(pairs):
        try:
            edits[at] = Edit(pk, known.told(pk, row))
        except RuleBroken as refusal:
            done[at] = Done(refusal=refusal)
    for at, edited in zip(edits, edit_many(actor, list(edits.values())), strict=True):
        done[at] = Done(edited.row_id, refusal=edited.refusal, changes=edited.changes)
    return [done[at] for at in range(len(pairs))]


class _Names:
    """What the customers and products are called that rows tell of and that opportunities have."""

    def __init__(self, actor: Actor, told: Sequence[Row], present: Sequence[Opportunity]) -> None:
        buyers = customer_names(actor, [*(row.get("customer") for row in told), *(row.customer_id for row in present)])
        goods = product_names(actor, [*(row.get("product") for row in told), *(row.product_id for row in present)])
        self.keys = {
            "customer": {pk: company_key(name) for pk, name in buyers.items()},
            "product": {pk: normal(name) for pk, name in goods.items()},
        }

    def are_alike(self, name: str, one: int | None, other: int | None) -> bool:
        """True for what a file cannot tell apart: it has only the name."""
        keys = self.keys[name]
        return one is not None and one in keys and keys[one] == keys.get(other or 0)


class _Present:
    """The opportunities as they stand, and what a row would change in them."""

    def __init__(self, rows: Mapping[int, Opportunity], names: _Names, options: Mapping[str, Any]) -> None:
        self.rows = rows
        self.names = names
        self.codes: Mapping[str, str] = options.get("setup", {}).get("codes", {})

    def told(self, pk: int, row: Row) -> dict[str, Any]:
        """What of a row is an edit: what reads as it stands there already is none, whatever its width and blanks."""
        present = self.rows.get(pk)
        own = own_values(row)
        values = {name: row[name] for name in (*FIELD_NAMES, "owner") if name in row}
        if present is None:
            return values
        if "closed_on" in row and present.is_open:  # as for a new one: the day that it is expected
            values.setdefault("expected_close_on", row["closed_on"])
        self._refuse_course(present, row)
        values = {name: value for name, value in values.items() if not self._is_there(present, name, value)}
        own = {key: value for key, value in own.items() if not reads_as(present.custom.get(key), value)}
        return values | ({"custom": own} if own else {})

    def _is_there(self, present: Opportunity, name: str, value: Any) -> bool:
        if name in {"customer", "product"}:
            return self.names.are_alike(name, getattr(present, f"{name}_id"), value)
        return name != "owner" and reads_as(getattr(present, name), value)

    def _refuse_course(self, present: Opportunity, row: Row) -> None:
        """An opportunity moves through the gates of its process, and its number and days are what happened."""
        stage = row.get("stage")
        if stage is not None and not self._is_stage(present, stage):
            raise RuleBroken(
                _("现在的阶段是「%(now)s」。阶段按流程的关卡推进,不能用导入改动:请在商机页推进,或不导入这一列。")
                % {"now": present.stage.name},
                field="stage",
            )
        if row.get("number") not in {None, present.label_number}:
            raise RuleBroken(
                _("这个商机的编号是 %(number)s,编号不能改动。") % {"number": present.label_number}, field="number"
            )
        for name, at in (("opened_on", present.opened_at), ("closed_on", present.closed_at)):
            if row.get(name) is not None and at is not None and row[name] != clock.day_of(at):
                raise RuleBroken(
                    _("系统里记录的是 %(day)s。已经发生的日期不能用导入改动:请不要导入这一列。")
                    % {"day": clock.day_of(at)},
                    field=name,
                )

    def _is_stage(self, present: Opportunity, said: str) -> bool:
        here = present.stage
        return self.codes.get(said) == here.code or key_of(said) in {key_of(here.name), key_of(here.code)}


def restore_deals(actor: Actor, changed: Changes) -> int:
    """Give opportunities back what stood there, owner included, where they still hold what the import wrote."""
    rows = Opportunity.objects.visible_to(actor).filter(pk__in=[pk for pk, _changes in changed])
    now = {row.pk: _standing(actor, row) for row in rows}
    former = {pk: still_holding(changes, now[pk]) for pk, changes in changed if pk in now}
    edits = [Edit(pk, _edit(values)) for pk, values in former.items() if values]
    return sum(bool(edited.changes) for edited in edit_many(actor, edits))


def _standing(actor: Actor, row: Opportunity) -> dict[str, Any]:
    """What stands in an opportunity under the names of an import, as its changes are kept."""
    kept = vars(row) | {name: vars(row)[f"{name}_id"] for name in ("customer", "product", "owner")}
    return {name: plain(value) for name, value in kept.items()} | plain_values(actor, OPPORTUNITY, row.custom)


def _edit(former: Mapping[str, Any]) -> dict[str, Any]:
    """Former values as an edit takes them."""
    own = {key: value for key, value in former.items() if OWN.fullmatch(key)}
    values = {name: _typed(name, value) for name, value in former.items() if name not in own}
    return values | ({"custom": own} if own else {})


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "amount":
        return Decimal(value)
    return dt.date.fromisoformat(value) if name in DAYS else value
