"""Ways to change the option lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.access import MANAGE
from xiaocheng.foundation.fields.events import OptionAdded, OptionEdited
from xiaocheng.foundation.fields.lists import declared
from xiaocheng.foundation.fields.models import Option
from xiaocheng.foundation.fields.queries import OptionItem, forget_cached, options, standing
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.text import sort_key
from xiaocheng.foundation.kernel.versions import save_edit


def add_option(actor: Actor, list_key: str, name: str, *, name_hant: str = "", name_en: str = "") -> Option:
    """Add a value at the end of a list; its code is made from its name."""
    with transaction.atomic():
        if declared(list_key) is None:
            raise NotFound
        actor.require(MANAGE)
        name = name.strip()
        items = options(list_key)
        if not name or name in {item.name for item in items}:
            raise RuleBroken(_("请填写一个列表中还没有的名称。"), field="name")
        row = Option(
            list_key=list_key,
            code=_free_code(name, {item.code for item in items}),
            name=name,
            name_hant=name_hant.strip(),
            name_en=name_en.strip(),
            position=max((item.position for item in items), default=0) + 1,
        )
        check_columns(row)
        row.save(force_insert=True)
        record(actor, OptionAdded(list_key=list_key, code=row.code, name=name))
    forget_cached()
    return row


@dataclass(frozen=True, kw_only=True)
class OptionDraft:
    """What a company says about a value; without a tone it is shown as delivered."""

    name: str
    name_hant: str = ""
    name_en: str = ""
    is_active: bool = True
    tone: str = ""
    is_default: bool = False


def edit_option(actor: Actor, list_key: str, code: str, version: int, draft: OptionDraft) -> Option:
    """Reword a value, colour it, let new records begin with it, or take it out of use; rows that carry it keep it."""
    with transaction.atomic():
        item = next((item for item in standing(list_key) if item.code == code), None)
        if item is None:
            raise NotFound
        actor.require(MANAGE)
        said = _checked(draft)
        rows = Option.objects.filter(list_key=list_key)
        row, _created = rows.get_or_create(
            code=code, defaults={"list_key": list_key, "position": item.position, "edit_version": 0}
        )
        if said["is_default"]:
            rows.exclude(code=code).filter(is_default=True).update(is_default=False)
        if not row.name and _as_delivered(item, said):
            said["name"] = ""
        save_edit(row, version, **said)
        record(actor, OptionEdited(list_key=list_key, code=code, name=draft.name.strip(), is_active=row.is_active))
    forget_cached()
    return row


def _checked(draft: OptionDraft) -> dict[str, Any]:
    said = {name: value.strip() if isinstance(value, str) else value for name, value in vars(draft).items()}
    if not said["name"]:
        raise RuleBroken(_("请填写名称。"), field="name")
    if draft.is_default and not draft.is_active:
        raise RuleBroken(_("停用的值不能作为默认值。"), field="is_default")
    return said


def _as_delivered(item: OptionItem, said: Mapping[str, Any]) -> bool:
    """True when the names were left as they are in every language: they go on following the reader's."""
    return said["name"] == item.name and not said["name_hant"] and not said["name_en"]


def raise_option(actor: Actor, list_key: str, code: str) -> None:
    """Move a value one place up in its list; of two who move at once, both moves count."""
    with transaction.atomic():
        rows = Option.objects.select_for_update().filter(list_key=list_key)
        kept = set(rows.order_by("pk").values_list("code", flat=True))
        forget_cached()
        items = standing(list_key)
        at = next((index for index, item in enumerate(items) if item.code == code), None)
        if at is None:
            raise NotFound
        actor.require(MANAGE)
        if not at:
            return
        items[at - 1], items[at] = items[at], items[at - 1]
        new = [item for item in items if item.code not in kept]
        Option.objects.bulk_create(Option(list_key=list_key, code=item.code, edit_version=0) for item in new)
        for position, item in enumerate(items, 1):
            rows.filter(code=item.code).update(position=position)
        moved = items[at - 1]
        record(actor, OptionEdited(list_key=list_key, code=code, name=moved.name, is_active=moved.is_active))
    forget_cached()


def _free_code(name: str, taken: set[str]) -> str:
    stem = "".join(c for c in sort_key(name) if c.isalnum())[:36] or "option"
    return next(code for code in (stem, *(f"{stem}{n}" for n in range(2, 1000))) if code not in taken)
