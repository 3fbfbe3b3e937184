"""Columns of a file that tell whether a contact, or a customer who is a person, may be called or written to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.import_export.kinds import Named, key_of, listed
from xiaocheng.foundation.import_export.targets import Done, Field, Row
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken

from .access import EDIT
from .commands.consents import OF_COMPANY, Told, note_told, take_back_told
from .consenting import CONSENT_NAMES, CONSENTS
from .models import Contact, Customer
from .models.consent import GIVEN, REFUSED, STATES

WORDS = {  # what people write beside the names of the states
    GIVEN: ("是", "允许", "可以", "接受", "已同意", "y", "yes", "true", "1", "opt-in", "agreed"),
    REFUSED: (
        "否",
        "不",
        "拒绝",
        "不允许",
        "不接受",
        "退订",
        "n",
        "no",
        "false",
        "0",
        "opt-out",
        "opted out",
        "denied",
    ),
}
_STATES = listed(lambda: [(code, str(STATES[code])) for code in (GIVEN, REFUSED)])
Whose = tuple[int, int | None]  # customer, contact (None: the customer himself)
Changes = Sequence[tuple[int, Mapping[str, Sequence[Any]]]]


def _find(actor: Actor, texts: Sequence[str]) -> Any:
    known = {key_of(word): [(code, str(STATES[code]))] for code, words in WORDS.items() for word in words}
    return {text: known[key_of(text)] for text in texts if key_of(text) in known} | dict(_STATES.find(actor, texts))


STATE = Named(_find, _STATES.candidates)
SYNONYMS = {
    "phone": ("允许电话", "同意电话", "电话联系许可", "可致电", "phone consent", "call consent", "may call"),
    "sms": ("允许短信", "同意短信", "短信联系许可", "sms consent", "text consent", "may text"),
    "email": ("允许邮件", "同意邮件", "邮件联系许可", "email consent", "e-mail consent", "email opt in"),
    "wechat": ("允许微信", "同意微信", "微信联系许可", "wechat consent"),
}
HELP = _("「同意」或「不同意」;空着的不改动。以最后一次为准,以前的记录保留。")
FIELDS = tuple(
    Field(name, CONSENT_NAMES[channel], STATE, synonyms=SYNONYMS[channel], help=HELP)
    for name, channel in CONSENTS.items()
)
KEYS = frozenset(CONSENTS)


def tells_consent(row: Mapping[str, Any]) -> str:
    """The first column of a row that tells of a consent; empty for none."""
    return next((name for name in CONSENTS if row.get(name)), "")


def check_allowed(actor: Actor, row: Row) -> None:
    """Refuse what tells of a consent to whoever may not note one, and of a company: it is people who agree."""
    name = tells_consent(row)
    if name and not actor.can(EDIT):
        raise RuleBroken(_("您没有记录联系许可的权限。请不要导入这些列。"), field=name)
    if row.get("is_person") is False and (refusal := of_company(row)):
        raise refusal


def of_company(row: Row) -> RuleBroken | None:
    """Why a row that tells of a consent cannot become a company; None where it tells of none."""
    name = tells_consent(row)
    return RuleBroken(OF_COMPANY, field=name) if name else None


def companies_among(actor: Actor, pairs: Sequence[tuple[int, Row]]) -> dict[int, RuleBroken]:
    """Which of the customers of rows that tell of a consent are companies, and that nobody agrees for one."""
    refusals = {pk: of_company(row) for pk, row in pairs if row.get("is_person") is None}
    unsaid = {pk: refusal for pk, refusal in refusals.items() if refusal is not None}
    rows = Customer.objects.visible_to(actor).filter(pk__in=unsaid, is_person=False) if unsaid else ()
    return {row.pk: unsaid[row.pk] for row in rows}


def note_of_customers(actor: Actor, rows: Sequence[Row], results: Sequence[Done], *, of_known: bool) -> list[Done]:
    """Note what rows tell of the persons that became of them; of those who were there only where it is wanted."""
    return _note(actor, rows, results, {done.row_id: (done.row_id, None) for done in results if done.row_id}, of_known)


def note_of_contacts(actor: Actor, rows: Sequence[Row], results: Sequence[Done], *, of_known: bool) -> list[Done]:
    """Note what rows tell of the contacts that became of them; of those who were there only where it is wanted."""
    told = [done.row_id for row, done in zip(rows, results, strict=True) if done.row_id and tells_consent(row)]
    return _note(actor, rows, results, _contacts(actor, told), of_known)


def _contacts(actor: Actor, ids: Collection[int]) -> dict[int, Whose]:
    found = Contact.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "customer_id") if ids else ()
    return {pk: (customer, pk) for pk, customer in found}


def _note(
    actor: Actor, rows: Sequence[Row], results: Sequence[Done], whose: Mapping[int, Whose], of_known: bool
) -> list[Done]:
    wanted = {
        at: _told(whose[done.row_id or 0], row)
        for at, (row, done) in enumerate(zip(rows, results, strict=True))
        if done.row_id in whose and done.refusal is None and (of_known or done.is_new) and tells_consent(row)
    }
    noted = note_told(actor, [item for told in wanted.values() for item in told]) if wanted else {}
    done = list(results)
    for at, told in wanted.items():
        new = {f"consent_{item.channel}": noted[item.whom] for item in told if item.whom in noted}
        if new and not done[at].is_new:
            codes = {name: (_code(before), _code(after)) for name, (before, after) in new.items()}
            done[at] = replace(done[at], changes={**done[at].changes, **codes})
    return done


def _told(whose: Whose, row: Row) -> list[Told]:
    said = {channel: row[name] for name, channel in CONSENTS.items() if row.get(name)}
    return [Told(*whose, channel, state == GIVEN) for channel, state in said.items()]


def _code(is_given: bool | None) -> str | None:
    return None if is_given is None else GIVEN if is_given else REFUSED


def restore_of_customers(actor: Actor, changed: Changes) -> set[int]:
    """Take back what an import told of persons who were there; returns whose."""
    return _restore(actor, changed, {pk: (pk, None) for pk, _changes in changed})


def restore_of_contacts(actor: Actor, changed: Changes) -> set[int]:
    """Take back what an import told of contacts who were there; returns whose."""
    return _restore(actor, changed, _contacts(actor, [pk for pk, changes in changed if tells_consent(changes)]))


def _restore(actor: Actor, changed: Changes, whose: Mapping[int, Whose]) -> set[int]:
    told = {
        Told(*whose[pk], CONSENTS[name], after == GIVEN): pk
        for pk, changes in changed
        for name, (_before, after) in changes.items()
        if name in CONSENTS and pk in whose
    }
    gone = take_back_told(actor, list(told)) if told else set()
    return {pk for item, pk in told.items() if item.whom in gone}
