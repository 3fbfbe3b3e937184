"""What is done with a handover: prepare it, say who gets which customers, carry it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import HAND_OVER
from xiaocheng.selling.customers.commands import HandoverDraft, Place

from .forms import ClosingForm, GiveForm, GivePartForm, HandoverForm, MovingForm


def number(text: str) -> int:
    """An id as it stands in an address; anything else is 0."""
    return int(text) if text.isdigit() and len(text) < 19 else 0


def page_of(pk: int) -> str:
    """Where a handover is looked at."""
    return reverse("handovers:page", args=[pk])


@access(HAND_OVER)
class NewHandover(FormScreen):
    """Prepare one; nothing moves yet."""

    title, form_class, submit = gettext_lazy("办理交接"), HandoverForm, gettext_lazy("下一步:核对清单")
    hint = gettext_lazy("这一步只准备清单,什么都不会移交;下一步可以逐位调整,确认后一次执行。")

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the handovers."""
        return [Crumb(_("交接"), reverse("handovers:list"))]

    def initial(self) -> dict[str, Any]:
        """Whoever the address names leaves."""
        return {"kind": "leaving", "way": "even", "person_id": number(self.request.GET.get("person", "")) or None}

    def run(self, data: dict[str, Any]) -> Done:
        """Prepare it and look at it."""
        row = commands.plan_handover(self.actor, HandoverDraft(**data | {"way": data["way"] or "even"}))
        return Done(url=page_of(row.pk))


@access(HAND_OVER)
class Give(FormScreen):
    """Say who gets the customers of a region, level or group."""

    title, form_class, submit = gettext_lazy("按条件分配"), GivePartForm, gettext_lazy("分配")
    hint = gettext_lazy("清单中同时符合这些条件的客户,分给下面的人。不限条件即全部。")

    def load(self) -> None:
        """The handover that the address names."""
        self.handover = queries.handover(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Write it into the plan."""
        part = {key: data[key] for key in ("region", "level", "group_id")}
        ids = queries.handover_part(self.actor, self.handover.pk, **part)
        count = commands.share_handover(self.actor, self.handover.pk, ids, data["to_ids"], data["way"] or "even")
        return Done(url=page_of(self.handover.pk), toast=told(count))


@access(HAND_OVER)
class GiveSome(FormScreen):
    """Say who gets the ticked customers."""

    title, form_class, submit = gettext_lazy("转给"), GiveForm, gettext_lazy("分配")

    @cached_property
    def asked(self) -> QueryDict:
        """What came with the address or the form."""
        asked = self.request.GET.copy()
        asked.update(self.request.POST)
        return asked

    @cached_property
    def ids(self) -> list[int]:
        """The ticked lines."""
        parts = (number(part) for value in self.asked.getlist("ids") for part in value.split(","))
        return list(dict.fromkeys(pk for pk in parts if pk))

    @property
    def handover_id(self) -> int:
        """The handover of which they are."""
        return number(self.asked.get("handover", ""))

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many."""
        return ngettext("已选 %(count)s 位客户。", "已选 %(count)s 位客户。", len(self.ids)) % {"count": len(self.ids)}

    def initial(self) -> dict[str, Any]:
        """The ids go along."""
        return {"way": "even", "ids": ",".join(map(str, self.ids)), "handover": self.handover_id}

    def run(self, data: dict[str, Any]) -> Done:
        """Write it into the plan."""
        lines = queries.handover_lines(self.actor, self.handover_id).filter(pk__in=self.ids)
        ids = list(lines.values_list("customer_id", flat=True))
        count = commands.share_handover(self.actor, self.handover_id, ids, data["to_ids"], data["way"] or "even")
        return Done(url=page_of(self.handover_id), toast=told(count))


def told(count: int) -> str:
    """How many customers the plan was changed for."""
    return _("已调整 %(count)s 位客户的接手人") % {"count": count}


@access(HAND_OVER)
class CarryOut(FormScreen):
    """Move everything at once."""

    title, submit = gettext_lazy("执行交接"), gettext_lazy("执行")

    def load(self) -> None:
        """The handover that the address names, and what it moves."""
        self.handover = queries.handover(self.actor, self.kwargs["pk"])
        self.shares = queries.handover_shares(self.actor, self.handover.pk)

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What is about to happen."""
        going = [share for share in self.shares if share.person_id]
        said = [
            _("%(count)s 位客户转给 %(people)s 人,有关的商机、待办、计划随客户移交。")
            % {"count": sum(share.gets for share in going), "people": len(going)}
        ]
        if self.handover.successor:
            said.append(_("其余工作由 %(name)s 接手。") % {"name": self.handover.successor.name})
        return "".join([*said, _("全部一次完成,中途出错则什么都不变;历史业绩不变。")])

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """What whoever manages people may do with it."""
        row = self.handover
        form: type[Form] = Form
        if self.actor.can(MANAGE_PEOPLE) and row.person.is_active:
            form = {"leaving": ClosingForm, "moving": MovingForm}.get(row.kind, Form)
        initial = {"department_id": row.person.department_id, "manager_id": row.person.manager_id}
        return form(data, files, initial=initial, actor=self.actor)

    def run(self, data: dict[str, Any]) -> Done:
        """Do it and show the record."""
        place = None
        if data.get("department_id"):
            place = Place(department_id=data["department_id"], manager_id=data["manager_id"])
        commands.carry_out_handover(self.actor, self.handover.pk, closes=data.get("closes", False), place=place)
        return Done(url=page_of(self.handover.pk), toast=_("交接已完成"))


@access(HAND_OVER)
class Refresh(ActionScreen):
    """Bring a plan up to date."""

    def run(self) -> Done:
        """Say what came and went."""
        drift = commands.refresh_handover(self.actor, self.kwargs["pk"])
        words = _("清单已更新:去掉 %(gone)s 位,新增 %(come)s 位(待指定接手人)")
        return Done(toast=words % {"gone": len(drift.gone), "come": len(drift.come)})


@access(HAND_OVER)
class Drop(ActionScreen):
    """Give a plan up."""

    def run(self) -> Done:
        """Back to the list."""
        commands.drop_handover(self.actor, self.kwargs["pk"])
        return Done(url=reverse("handovers:list"), toast=_("已放弃"))
