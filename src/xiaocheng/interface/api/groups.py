"""Groups of customers: by hand or by rule, with how their customers are treated."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields.conditions import MOST, TESTS, Condition, Rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.commands import GroupDraft
from xiaocheng.selling.customers.queries import CustomerGroup

from .auth import ApiRequest
from .customers import CustomerOut, OutcomeOut, customers_page, outcome_out
from .schemas import Body, Id, Page, Paging, shaped

router = Router(tags=["customers"])

Sharing = Literal["private", "department", "everybody"]
Short = Annotated[str, Field(max_length=100)]


class ConditionBody(Body):
    """A field, a test of it, and what it is compared with."""

    field: Short
    test: Short
    values: Annotated[list[Short], Field(max_length=50)] = []


class RuleBody(Body):
    """All or any of some blocks; inside a block it is the other way round."""

    match: Literal["all", "any"]
    blocks: Annotated[list[Annotated[list[ConditionBody], Field(max_length=MOST)]], Field(max_length=MOST)]

    def rule(self) -> Rule:
        """As the commands take it."""
        return Rule(self.match, tuple(tuple(_condition(item) for item in block) for block in self.blocks))


class NewGroup(Body):
    """A group; what is planned is for each of its customers and a month. With a rule it fills itself.

    With a description of the ideal customer it is a target segment.
    """

    name: str
    sharing: Sharing = "private"
    ideal: str = ""
    strategy: str = ""
    planned_hours: Annotated[Decimal, Field(max_digits=6, decimal_places=2)] | None = None
    planned_visits: Annotated[int, Field(ge=0, le=99)] | None = None
    rule: RuleBody | None = None


class GroupEdit(NewGroup):
    """All that a group is; `version` is the one that the edit started from."""

    version: Id


class GroupOut(Answer):
    """A group, with its rule also in words."""

    id: int
    name: str
    owner_id: int
    sharing: str
    department_id: int | None
    ideal: str
    strategy: str
    planned_hours: Decimal | None
    planned_visits: int | None
    rule: RuleBody | None
    rule_words: str
    version: int


class PreviewOut(Answer):
    """What a rule says and how many customers in sight fulfil it; `is_more`: that many at least."""

    words: str
    count: int
    is_more: bool
    names: list[str]


class TestOut(Answer):
    """One way to ask for a field; `takes` says what its value is."""

    key: str
    words: str
    takes: str


class AskableOut(Answer):
    """A field that conditions may ask for."""

    key: str
    name: str
    kind: str
    choices: dict[str, str]
    tests: list[TestOut]


class Members(Body):
    """Customers to put into a group or to take out of it."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=commands.MOST)]


@router.get("/groups", response=list[GroupOut])
def groups(request: ApiRequest, view: Literal["all", "target"] = "all") -> list[GroupOut]:
    """One's own groups, one's departments' and everybody's, or the target segments among them."""
    request.actor.require(SEE)
    return [_group(request, row) for row in queries.groups(request.actor, view)]


@router.get("/groups/fields", response=list[AskableOut])
def condition_fields(request: ApiRequest) -> list[AskableOut]:
    """What the conditions of a rule may ask for."""
    request.actor.require(SEE)
    return [
        AskableOut(
            key=item.key,
            name=str(item.name),
            kind=item.kind,
            choices=dict(item.choices()),
            tests=[TestOut(key=test.key, words=str(test.words), takes=test.takes) for test in TESTS[item.kind]],
        )
        for item in queries.condition_fields(request.actor).values()
    ]


@router.post("/groups/preview", response=PreviewOut)
def preview(request: ApiRequest, body: RuleBody) -> PreviewOut:
    """What a rule would give, before it is saved."""
    request.actor.require(SEE)
    found = queries.preview(request.actor, body.rule())
    return shaped(PreviewOut, found, names=list(found.names))


@router.post("/groups", response=GroupOut)
def add_group(request: ApiRequest, body: NewGroup) -> GroupOut:
    """Make a group."""
    return _group(request, commands.add_group(request.actor, _draft(body)))


@router.get("/groups/{group_id}", response=GroupOut)
def group(request: ApiRequest, group_id: Id) -> GroupOut:
    """One group."""
    request.actor.require(SEE)
    return _group(request, queries.group(request.actor, group_id))


@router.put("/groups/{group_id}", response=GroupOut)
def edit_group(request: ApiRequest, group_id: Id, body: GroupEdit) -> GroupOut:
    """Change a group."""
    return _group(request, commands.edit_group(request.actor, group_id, body.version, _draft(body)))


@router.delete("/groups/{group_id}", response=None)
def drop_group(request: ApiRequest, group_id: Id) -> None:
    """Remove a group; its customers stay."""
    commands.drop_group(request.actor, group_id)


@router.get("/groups/{group_id}/customers", response=Page[CustomerOut])
def members(request: ApiRequest, group_id: Id, paging: Query[Paging], search: str = "") -> Page[CustomerOut]:
    """The customers of a group that one sees."""
    request.actor.require(SEE)
    found = queries.members(request.actor, queries.group(request.actor, group_id), search)
    return customers_page(request.actor, found, paging)


@router.post("/groups/{group_id}/customers", response=list[OutcomeOut])
def add_to_group(request: ApiRequest, group_id: Id, body: Members) -> list[OutcomeOut]:
    """Put customers into a group that is filled by hand, with an outcome for each."""
    return [outcome_out(item) for item in commands.add_to_group(request.actor, group_id, body.ids)]


@router.post("/groups/{group_id}/customers/remove", response=list[OutcomeOut])
def remove_from_group(request: ApiRequest, group_id: Id, body: Members) -> list[OutcomeOut]:
    """Take customers out of a group, with an outcome for each."""
    return [outcome_out(item) for item in commands.remove_from_group(request.actor, group_id, body.ids)]


@router.get("/customers/{customer_id}/groups", response=list[GroupOut])
def groups_of_customer(request: ApiRequest, customer_id: Id) -> list[GroupOut]:
    """The groups that a customer is in, as far as one knows of them."""
    request.actor.require(SEE)
    row = queries.customer(request.actor, customer_id)
    return [_group(request, item) for item in queries.groups_with(request.actor, row)]


def _condition(item: ConditionBody) -> Condition:
    return Condition(item.field, item.test, tuple(item.values))


def _draft(body: NewGroup) -> GroupDraft:
    said = body.model_dump(exclude={"rule", "version"})
    return GroupDraft(**said, rule=body.rule.rule() if body.rule else None)


def _group(request: ApiRequest, row: CustomerGroup) -> GroupOut:
    rule = None
    stored = queries.seen_rule(request.actor, row)
    if stored:
        blocks = [[ConditionBody(field=c.field, test=c.test, values=[*c.values]) for c in b] for b in stored.blocks]
        rule = RuleBody(match="all" if stored.match == "all" else "any", blocks=blocks)
    return shaped(
        GroupOut, row, version=row.edit_version, rule=rule, rule_words=queries.group_words(request.actor, row)
    )
