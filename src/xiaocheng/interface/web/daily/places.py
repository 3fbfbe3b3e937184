"""The place of check-ins: one's own word on it, what a form sends, what a visit shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.interface.web.shell.screens.base import Screen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.commands import Position
from xiaocheng.selling.fieldwork.queries import Clocking, Moment, PlaceVerdict, Visit, VisitPlace

TONES = {PlaceVerdict.IN_RANGE: "green", PlaceVerdict.OUT_OF_RANGE: "amber", PlaceVerdict.UNVERIFIABLE: "grey"}
FROM_CUSTOMER = gettext_lazy("距客户 %(metres)s 米,误差 %(accuracy)s 米")


def sent_position(request: Request) -> Position | None:
    """What the device said of where it is; nothing, or nonsense, stops nobody."""
    try:
        latitude, longitude, accuracy = (
            Decimal(request.POST.get(name, "")) for name in ("latitude", "longitude", "accuracy")
        )
        return Position(latitude, longitude, round(accuracy))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def shown_place(place: VisitPlace | Clocking) -> SafeString:
    """Whether a tap was where it should be, and how far from it."""
    verdict = pill(place.get_verdict_display(), TONES[PlaceVerdict(place.verdict)])
    if place.distance is None:
        return verdict
    far = _("距公司 %(metres)s 米,误差 %(accuracy)s 米") if isinstance(place, Clocking) else FROM_CUSTOMER
    words = far % {"metres": place.distance, "accuracy": place.accuracy}
    return format_html("{} {}", verdict, words)


def written_place(places: Sequence[VisitPlace]) -> str:
    """The place as it is written on a photo."""
    here = next((it for it in places if it.moment == Moment.ARRIVAL and it.latitude is not None), None)
    return f"{here.latitude}, {here.longitude} (±{here.accuracy} m)" if here else _("没有位置")


def places_shown(actor: Actor, visit: Visit, *, mine: bool) -> dict[str, Any]:
    """What the page of a visit says of its places, and whether it offers one to the customer."""
    places = queries.places_of_visit(actor, visit.pk)
    unplaced = visit.customer is not None and visit.customer.latitude is None
    arrival = any(it.moment == Moment.ARRIVAL and it.latitude is not None for it in places)
    return {
        "places": [(it.get_moment_display(), shown_place(it)) for it in places],
        "offers_place": mine and unplaced and arrival and actor.can(VISIT),
        "place_written": written_place(places),
    }


@access(VISIT)
class PlaceConsents(Screen):
    """Whether the place of my check-ins is kept, and when I said so."""

    template, title = "daily/place_consent.html", gettext_lazy("签到位置")

    def crumbs(self) -> Sequence[Crumb]:
        """My own page."""
        return [Crumb(_("我的"), reverse("me"))]

    def context(self) -> dict[str, Any]:
        """The words, the last one first."""
        said = list(queries.place_consents(self.actor)[:20])
        return {"said": said, "given": bool(said) and said[0].is_given}


@access(VISIT)
class SayPlaceConsent(ActionScreen):
    """Agree, or withdraw."""

    def run(self) -> Done:
        """Note it."""
        is_given = self.request.POST.get("given") == "1"
        commands.note_place_consent(self.actor, is_given=is_given)
        return Done(url=reverse("daily:place_consent"), toast=_("已同意") if is_given else _("已撤回"))


@access(VISIT)
class PlaceCustomer(ActionScreen):
    """Take the place of a check-in for the customer's."""

    def run(self) -> Done:
        """Take it."""
        commands.place_by_visit(self.actor, self.kwargs["pk"])
        return Done(url=reverse("daily:visit", args=[self.kwargs["pk"]]), toast=_("已设为客户位置"))
