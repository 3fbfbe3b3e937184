"""What is done to several chosen customers: hand them out, claim them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ASSIGN, CLAIM, EDIT
from xiaocheng.selling.customers.commands import Edit, Outcome
from xiaocheng.selling.customers.queries import WAYS

from .forms import AssignForm, ClaimForm, PotentialForm

MOST_TOLD = 5  # refusals in one message


def number(text: str) -> int:
    """An id or a number as it stands in an address; anything else is 0."""
    return int(text) if text.isdigit() and len(text) < 19 else 0


def ids_of(asked: QueryDict) -> list[int]:
    """The ids of the ticked rows, or of one, each by itself or several with commas."""
    ids = [number(part) for value in asked.getlist("ids") for part in value.split(",")]
    return [pk for pk in ids if pk][: commands.MOST]


def chosen_ids(actor: Actor, asked: QueryDict) -> list[int]:
    """The customers that were ticked; or, of a pool, so many of those that have been there the longest."""
    if asked.get("pool"):
        count = min(number(asked.get("count", "")) or commands.MOST, commands.MOST)
        return queries.oldest_in_pool(actor, number(asked.get("pool", "")), count)
    return ids_of(asked)


class _Chosen(FormScreen):
    """A form about chosen customers."""

    @cached_property
    def ids(self) -> list[int]:
        """Which customers."""
        asked = self.request.GET.copy()
        asked.update(self.request.POST)
        return chosen_ids(self.actor, asked)

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many."""
        return ngettext("已选 %(count)s 位客户。", "已选 %(count)s 位客户。", len(self.ids)) % {"count": len(self.ids)}

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
    ids = chosen_ids(request.actor, request.GET)
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


def told_of_assigned(outcomes: Sequence[Outcome]) -> str:
    """A bulk act in a sentence."""
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    done = len(outcomes) - len(refused)
    if not refused:
        return _("已分配 %(done)s 位客户。") % {"done": done}
    return _("已分配 %(done)s 位,%(left)s 位未分配:%(why)s") % {"done": done, "left": len(refused), "why": refused[0]}
