"""What is done to several chosen customers: hand them out, claim them, give them up, rate them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.screens import FormScreen, ListScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ASSIGN, CLAIM, EDIT, RELEASE, SEE
from xiaocheng.selling.customers.commands import Edit, Outcome
from xiaocheng.selling.customers.queries import WAYS

from .forms import AssignForm, ClaimForm, MoveForm, PotentialForm, ReleaseManyForm
from .lists import Customers

MOST_TOLD = 5  # refusals in one message
MOST_SHOWN = 100  # customers below a form


def number(text: str) -> int:
    """An id or a number as it stands in an address; anything else is 0."""
    return int(text) if text.isdigit() and len(text) < 19 else 0


def ids_of(asked: QueryDict) -> list[int]:
    """The ids of the ticked rows, or of one, each by itself or several with commas."""
    ids = [number(part) for value in asked.getlist("ids") for part in value.split(",")]
    return [pk for pk in ids if pk][: commands.MOST]


def picked_ids(request: Request, of: type[ListScreen] = Customers) -> list[int]:
    """The rows that were ticked, or all that fit what their list was narrowed to; a form sends them back itself."""
    if "ids" not in request.POST and request.GET.get("all"):
        return _every_id(request, request.GET["all"], of)
    return ids_of(request.POST if "ids" in request.POST else request.GET)


def _every_id(request: Request, query: str, of: type[ListScreen]) -> list[int]:
    request.actor.require(SEE)
    narrowed = copy(request)
    narrowed.GET = QueryDict(query.removeprefix("?"))
    screen = of()
    screen.setup(narrowed)
    screen.load()
    return list(screen.found.order_by(screen.chosen_order, "pk").values_list("pk", flat=True)[: commands.MOST])


def chosen_ids(request: Request) -> list[int]:
    """The customers that were picked; or, of a pool, so many of those that have been there the longest."""
    asked = request.GET.copy()
    asked.update(request.POST)
    if asked.get("pool"):
        count = min(number(asked.get("count", "")) or commands.MOST, commands.MOST)
        return queries.oldest_in_pool(request.actor, number(asked.get("pool", "")), count)
    return picked_ids(request)


class _Chosen(FormScreen):
    """A form about chosen customers."""

    @cached_property
    def ids(self) -> list[int]:
        """Which customers."""
        return chosen_ids(self.request)

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many."""
        return told_of_picked(self.ids)

    def initial(self) -> dict[str, Any]:
        """The ids go along."""
        return {"ids": ",".join(map(str, self.ids))}


@access(ASSIGN)
class Assign(_Chosen):
    """Give the ticked customers, one, or those of a pool to one or several people."""

    title = gettext_lazy("分配客户")
    form_class = AssignForm
    submit = gettext_lazy("分配")

    @property
    def of_pool(self) -> bool:
        """True when they come from a pool, not from a list."""
        return bool(self.request.GET.get("pool"))

    def initial(self) -> dict[str, Any]:
        """The ids of a list go along, of a pool their number."""
        return {"way": "even"} | ({"count": len(self.ids) or 1} if self.of_pool else super().initial())

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with who would get how many."""
        told = {"shares": [], "of_pool": number(self.request.GET.get("pool", ""))}
        form = AssignForm(data, files, initial=self.initial(), actor=self.actor, told=told, of_pool=self.of_pool)
        if data and form.is_valid():
            told["shares"] = queries.shares(self.actor, self.ids, form.cleaned_data["owner_ids"], _way(data))
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Assign, and say how many were left out and why."""
        outcomes = commands.distribute(self.actor, self.ids, data["owner_ids"], data["way"] or "even")
        return Done(toast=told_of_assigned(outcomes), url=reverse("customers:list") if len(self.ids) > 1 else "")


def _way(asked: QueryDict) -> str:
    return asked.get("way", "") if asked.get("way") in WAYS else "even"


@access(ASSIGN)
def shares(request: Request) -> HttpResponse:
    """Who would get how many, while the form is filled in."""
    people = [number(pk) for pk in request.GET.getlist("owner_ids") if number(pk)]
    ids = chosen_ids(request)
    return render(
        request, AssignForm.preview, {"shares": queries.shares(request.actor, ids, people, _way(request.GET))}
    )


@access(CLAIM)
class ClaimMany(_Chosen):
    """Take the ticked customers out of their pools, as far as that goes."""

    title = gettext_lazy("领取客户")
    form_class = ClaimForm
    submit = gettext_lazy("领取")

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with what would become of each."""
        told = {"rows": queries.claimable(self.actor, self.ids)}
        return ClaimForm(data, files, initial=self.initial(), actor=self.actor, told=told)

    def run(self, data: dict[str, Any]) -> Done:
        """Claim, and say of each that was refused why."""
        outcomes = commands.claim_many(self.actor, self.ids)
        named = queries.names_of(self.actor, [row.pk for row, _why in queries.claimable(self.actor, self.ids)])
        refused = [
            f"{named.get(pk, pk)}:{outcome.refusal}"
            for pk, outcome in zip(self.ids, outcomes, strict=True)
            if outcome.refusal
        ]
        told = [_("已领取 %(count)s 位客户。") % {"count": len(outcomes) - len(refused)}, *refused[:MOST_TOLD]]
        return Done(toast=" ".join(told), url=reverse("customers:list") + "?tab=mine")


@access(RELEASE)
class ReleaseMany(_Chosen):
    """Give the ticked customers up to a pool, as far as the person may."""

    title = gettext_lazy("退回公海")
    form_class = ReleaseManyForm
    submit = gettext_lazy("退回")

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many, and what stays."""
        return told_of_picked(self.ids) + " " + _("退回后别人可以领取;进行中的商机仍由原负责人负责。")

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with what would become of each, those that stay first."""
        rows = sorted(queries.releasable(self.actor, self.ids), key=lambda pair: pair[1] is None)
        free = sum(refusal is None for _row, refusal in rows)
        told = {"rows": rows[:MOST_SHOWN], "more": len(rows[MOST_SHOWN:]), "free": free, "kept": len(rows) - free}
        form = ReleaseManyForm(data, files, initial=self.initial(), actor=self.actor, told=told)
        pools: list[tuple[Any, str]] = [*queries.pool_choices(self.actor)]
        form.fields["pool_id"].choices = pools or [("", _("公海"))]  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Release, and say how many stayed and why."""
        why = {name: data[name] for name in ("reason", "note", "pool_id")}
        outcomes = commands.release_many(self.actor, list(dict.fromkeys(self.ids)), **why)
        refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
        told = [_("已退回 %(count)s 位客户。") % {"count": len(outcomes) - len(refused)}]
        if refused:
            told.append(_("%(count)s 位未改动:%(why)s") % {"count": len(refused), "why": refused[0]})
        return Done(toast=" ".join(told), url=reverse("customers:list"))


@access(ASSIGN)
class MoveToPool(_Chosen):
    """Move the ticked customers from their pools to another."""

    title = gettext_lazy("移到另一公海")
    form_class = MoveForm
    submit = gettext_lazy("移动")

    def run(self, data: dict[str, Any]) -> Done:
        """Move, and say how many were left out and why."""
        outcomes = commands.move_to_pool(self.actor, self.ids, data["pool_id"])
        refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
        told = _("已移动 %(count)s 位客户。") % {"count": len(outcomes) - len(refused)}
        if refused:
            told += " " + _("%(count)s 位未移动:%(why)s") % {"count": len(refused), "why": refused[0]}
        return Done(toast=told, url=f"{reverse('customers:list')}?tab=pool&pool={data['pool_id']}")


@access(EDIT)
class Rate(_Chosen):
    """Say of the ticked customers how much they could buy."""

    title = gettext_lazy("客户潜力")
    form_class = PotentialForm

    def run(self, data: dict[str, Any]) -> Done:
        """Save, and say how many were left out."""
        edits = [Edit(pk, {"potential": data["potential"]}) for pk in dict.fromkeys(self.ids)]
        refused = [done.refusal for done in commands.edit_many(self.actor, edits) if done.refusal]
        if not refused:
            return Done(toast=_("已保存"))
        told = _("%(count)s 位未改动:%(why)s") % {"count": len(refused), "why": refused[0]}
        return Done(toast=f"{_('已保存')} {told}")


def told_of_picked(ids: Sequence[int]) -> str:
    """How many customers a form is about, and that there are never more."""
    said = ngettext("已选 %(count)s 位客户。", "已选 %(count)s 位客户。", len(ids)) % {"count": len(ids)}
    return said + (_("一次最多这么多。") if len(ids) == commands.MOST else "")


def told_of_assigned(outcomes: Sequence[Outcome]) -> str:
    """A bulk act in a sentence."""
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    done = len(outcomes) - len(refused)
    if not refused:
        return _("已分配 %(done)s 位客户。") % {"done": done}
    return _("已分配 %(done)s 位,%(left)s 位未分配:%(why)s") % {"done": done, "left": len(refused), "why": refused[0]}
