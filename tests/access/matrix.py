"""The access matrix: every address by every method as everybody, and what is wrong with the answers, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel.actor import Actor

from .addresses import Address
from .bodies import Form
from .changes import everything, taken_back
from .links import closed_links

# Who sees most comes first: what is not there for him need not be asked for by the others.
# east_peer would be answered as east_rep: role, department and manager are the same, and no row is either's.
PEOPLE = (
    "administrator",
    "director",
    "south_rep",
    "east_rep",
    "south_manager",
    "east_manager",
    "promoter",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FINE = {200, 204, 302, 404, 405, 409, 422}
# Operations that ask for no capability: what everybody in the company may read, and lists of what one sees anyway.
OPEN_TO_EVERYBODY = {
    "attendance_attendance",
    "attendance_requests_attendance_requests",
    "attendance_requests_grant_attendances",
    "attendance_requests_waiting_requests",
    "catalogue_product",
    "catalogue_products",
    "company_calendar",
    "company_issue_token",
    "company_tokens",
    "duty_duty_sites",
    "duty_roster",
    "fields_fields",
    "fields_tables",
    "fieldwork_plans",
    "fieldwork_sign_plans",
    "fieldwork_suggestions",
    "fieldwork_visits",
    "fieldwork_waiting_plans",
    "imports_targets",
    "market_competitor_moves",
    "market_market_reports",
    "notifications_notes",
    "notifications_notification_choice",
    "notifications_read_all",
    "notifications_choose_notifications",
    "org_departments",
    "org_me",
    "org_people",
    "org_person",
    "options_lists",
    "options_options",
    "org_roles",
    "org_set_preferences",
    "reports_owed",
    "reports_reports",
    "views_open_with",
    "views_save_view",
    "views_views",
    "reports_sign_reports",
    "reports_waiting_reports",
    "search_search",
    "targets_target_progress",
    "targets_monthly_targets",
    "tasks_tasks",
}
# Operations about oneself for everybody, and about others for who keeps the people.
OWN_OR_MANAGED = {"arrangements_arrangements", "arrangements_delegate", "arrangements_end_arrangement"}
# Pages that, when they refuse an act of one's own with 422, leave the empty plan of the day that opening it makes too.
KEEPS_SOMETHING = {"daily:submit_plan"}


@dataclass(frozen=True)
class Answer:
    """How a person was answered, what he was asked to hold, and whether anything changed."""

    address: Address
    method: str
    person: str
    status: int
    asked: frozenset[str]
    lacks: bool  # one of the capabilities
    changed: bool
    text: bytes = field(repr=False, default=b"")
    closed_links: tuple[str, ...] = ()

    @property
    def operation(self) -> str:
        """The id of the operation of the API; empty for a page and for a method that the address does not know."""
        return self.address.operations.get(self.method, "")

    def __str__(self) -> str:
        return f"{self.person}: {self.method} {self.address.path} ({self.address.name}) gave {self.status}"


def send(client: Client, address: Address, method: str) -> Any:
    """Ask for an address by a method, with a body that fits."""
    body = address.bodies.get(method, {})
    if method == "GET":
        return client.get(address.path)
    if isinstance(body, Form) or (method == "POST" and not address.is_api):
        return client.post(address.path, body)
    return getattr(client, method.lower())(address.path, body, content_type="application/json")


def ask_everybody(world: World, found: Iterable[Address], people: Iterable[str] = PEOPLE) -> Iterator[Answer]:
    """The whole matrix; every request is taken back.

    A method that the address does not know (405) depends on nobody: once one was told so, no other is sent.
    """
    found, absent = list(found), set[tuple[str, str]]()
    for person in people:
        client, actor = world.client(person), world.actor(person)
        client.raise_request_exception = False
        before = everything()
        for address in found:
            for method in METHODS:
                if (address.path, method) in absent:
                    continue
                with taken_back(before) as change, _requirements() as asked:
                    response = send(client, address, method)
                    seen = address.body_is_seen_by(person, method)
                    change.matters = response.status_code >= 400 or not seen
                if response.status_code == 405:
                    absent.add((address.path, method))
                yield Answer(
                    address, method, person, response.status_code, frozenset(asked), not actor.can(*asked),
                    change.happened, b"" if response.streaming else response.content[:500],
                    _closed_links(response, actor),
                )  # fmt: skip


def _closed_links(response: Any, reader: Actor) -> tuple[str, ...]:
    """The links of a page that its reader may not follow; nothing for what is no page."""
    is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
    return closed_links(response.content.decode(), reader) if is_page else ()


@contextmanager
def _requirements() -> Iterator[set[str]]:
    """The capabilities that the request inside was refused without."""
    asked: set[str] = set()
    require = Actor.require

    def spy(actor: Actor, *capabilities: str) -> None:
        asked.update(capabilities)
        require(actor, *capabilities)

    with patch.object(Actor, "require", spy):
        yield asked


def faults(world: World, answers: Iterable[Answer]) -> list[str]:
    """What is wrong."""
    answers = list(answers)
    actors = {person: world.actor(person) for person in {answer.person for answer in answers}}
    wrong = [(answer, _wrong(answer, actors[answer.person])) for answer in answers]
    sentences = [f"{answer}: {sentence}" for answer, sentence in wrong if sentence]
    return sentences + _unreal(answers) + _undeclared(answers) + _skipped(answers, actors)


def _wrong(answer: Answer, actor: Actor) -> str:
    """What is wrong with one answer, if anything is."""
    address, status = answer.address, answer.status
    if answer.changed and status >= 400 and not (status == 422 and address.name in KEEPS_SOMETHING):
        return "a refusal changed something"
    if status == 405:
        return "the operation is not there" if answer.operation else ""
    if not address.is_api and not address.access.admits(actor):
        return "" if status == 403 else "the page is not for him"
    if status == 403 and answer.lacks:
        return ""
    if not address.is_seen_by(answer.person) and status != 404:
        return "he does not see the row"
    if not address.body_is_seen_by(answer.person, answer.method) and answer.changed:
        return "he does not see a row that the body names, and it changed something"
    if b'"bad_shape"' in answer.text:
        return "the body does not fit: say in tests/access/bodies.py what the field is"
    if answer.closed_links:
        return f"it leads him to {answer.closed_links}, which he may not open"
    return "" if status in FINE else "an answer that nobody expects"


def _unreal(answers: list[Answer]) -> list[str]:
    """The pages, and the addresses of rows, that nobody reaches: a 404 of them proves nothing."""
    reached = {answer.address.path for answer in answers if answer.status not in {403, 404, 405}}
    asked = {answer.address.path for answer in answers if answer.address.kinds or not answer.address.is_api}
    return [
        f"{path}: nobody reaches it; make its row in rows.py, or say in QUERIES of addresses.py what it asks for"
        for path in sorted(asked - reached)
    ]


def _undeclared(answers: list[Answer]) -> list[str]:
    """The operations that let people in without asking for a capability or a row, and that nobody declared open."""
    free = {
        answer.operation
        for answer in answers
        if answer.operation and answer.status < 300 and not answer.asked and not answer.address.kinds
    }
    return [
        f"{operation} asks for no capability: require one, or add it to OPEN_TO_EVERYBODY in tests/access/matrix.py"
        for operation in sorted(free - OPEN_TO_EVERYBODY - OWN_OR_MANAGED)
    ]


def _skipped(answers: list[Answer], people: dict[str, Actor]) -> list[str]:
    """Who got in without the capability that others are asked for."""
    needed: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        needed[answer.operation] |= answer.asked
    return [
        f"{answer}, and others are asked for {sorted(needed[answer.operation])}"
        for answer in answers
        if answer.operation not in {"", *OWN_OR_MANAGED}
        and answer.status < 300
        and not people[answer.person].can(*needed[answer.operation])
    ]
