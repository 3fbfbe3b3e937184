"""A file of customers that tells of their contacts, too: one or two in a line, and as many lines as there are more."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.import_export.kinds import Text, YesNo
from xiaocheng.foundation.import_export.targets import Done, Field, Row
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.phones import phone_key

from .access import EDIT
from .commands import ContactDraft, add_contacts
from .models import Contact

PLACES = ("contact_", "contact2_")
COLUMNS = ("name", "position", "phone", "email", "wechat", "is_decision_maker")
FIELDS = (
    Field("contact_name", _("联系人姓名"), Text(60),
          synonyms=("联系人", "主要联系人", "contact", "contact name", "contact person")),
    Field("contact_position", _("联系人职务"), Text(60),
          synonyms=("联系人职位", "职务", "职位", "contact title", "contact position")),
    Field("contact_phone", _("联系人电话"), Text(40),
          synonyms=("联系人手机", "联系人手机号", "contact phone", "contact mobile")),
    Field("contact_email", _("联系人邮箱"), Text(254), synonyms=("联系人电子邮箱", "contact email")),
    Field("contact_wechat", _("联系人微信"), Text(60), synonyms=("联系人微信号", "微信", "微信号", "wechat")),
    Field("contact_is_decision_maker", _("联系人是决策人"), YesNo(), synonyms=("决策人", "decision maker")),
    Field("contact2_name", _("联系人 2 姓名"), Text(60),
          synonyms=("联系人 2", "第二联系人", "其他联系人", "contact 2", "contact 2 name")),
    Field("contact2_position", _("联系人 2 职务"), Text(60), synonyms=("第二联系人职务", "contact 2 title")),
    Field("contact2_phone", _("联系人 2 电话"), Text(40),
          synonyms=("联系人 2 手机", "第二联系人电话", "contact 2 phone")),
    Field("contact2_email", _("联系人 2 邮箱"), Text(254), synonyms=("第二联系人邮箱", "contact 2 email")),
)  # fmt: skip
KEYS = frozenset(item.key for item in FIELDS)


def tells_of_contact(row: Row) -> bool:
    """True for a line with somebody to talk to: a customer may have several such lines."""
    return any(row.get(place + "name") for place in PLACES)


def check_contacts(actor: Actor, row: Row) -> None:
    """Refuse what a contact cannot be, before anything is written."""
    for place in PLACES if KEYS & row.keys() else ():
        said = {key: row[place + key] for key in COLUMNS if row.get(place + key) is not None}
        if not said:
            continue
        if not actor.can(EDIT):
            raise RuleBroken(_("您没有新增联系人的权限。请不要导入联系人的列。"), field=place + "name")
        if not said.get("name"):
            raise RuleBroken(_("有联系人的资料,却没有姓名。"), field=place + next(iter(said)))
        try:
            validate_email(said.get("email", "a@b.example"))
        except ValidationError:
            raise RuleBroken(_("邮箱格式不对,例如 name@example.com。"), field=place + "email") from None


def first_lines(rows: Sequence[Row], identity: Mapping[int, Hashable]) -> list[int]:
    """For each row the place of the first line about the same customer."""
    first: dict[Hashable, int] = {}
    return [first.setdefault(identity[at], at) for at in range(len(rows))]


def add_contacts_of(actor: Actor, rows: Sequence[Row], results: Sequence[Done]) -> list[Done]:
    """Note the contacts that rows tell of at the customers that became of them; who is there already stays."""
    wanted = [(at, draft) for at, row in enumerate(rows) for draft in _drafts(row, results[at])]
    if not wanted:
        return list(results)
    there = _there(actor, {draft.customer_id for _at, draft in wanted})
    new = {key: (at, draft) for at, draft in reversed(wanted) if (key := _key(draft)) not in there}
    fresh = {done.row_id for done in results if done.is_new and done.row_id}
    drafts = list(reversed(new.values()))
    done = list(results)
    for (at, _draft), outcome in zip(
        drafts, add_contacts(actor, [draft for _at, draft in drafts], is_import=True, fresh=fresh), strict=True
    ):
        if outcome.row_id is not None:
            made = (*done[at].parts.get("contacts", ()), outcome.row_id)
            done[at] = replace(done[at], parts={"contacts": made})
        else:
            done[at] = replace(done[at], refusal=outcome.refusal)
    return done


def _drafts(row: Row, result: Done) -> Iterator[ContactDraft]:
    for place in PLACES:
        said: dict[str, Any] = {key: row[place + key] for key in COLUMNS if row.get(place + key) is not None}
        if said.get("name") and result.row_id is not None and result.refusal is None:
            yield ContactDraft(customer_id=result.row_id, **said)


def _key(draft: ContactDraft) -> tuple[int, str, str]:
    return draft.customer_id, " ".join(draft.name.split()), phone_key(draft.phone)


def _there(actor: Actor, customer_ids: Collection[int]) -> set[tuple[int, str, str]]:
    rows = Contact.objects.visible_to(actor).filter(customer__in=customer_ids)
    return set(rows.values_list("customer_id", "name", "phone_key"))
