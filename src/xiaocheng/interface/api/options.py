"""The lists of coded values: where a field takes a code (source, level, reason of a loss), these are the codes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.commands import OptionDraft
from xiaocheng.foundation.kernel.errors import NotFound

from .auth import ApiRequest
from .schemas import Body, shaped

router = Router(tags=["options"])

Tone = Literal["grey", "blue", "green", "amber", "red"]


class ListOut(Answer):
    """A list of values."""

    key: str
    name: str


class OptionOut(Answer):
    """A value in the reader's language; one out of use stays on old rows. Version 0: as delivered.

    One that was merged into another is known by its code still: whoever says it means the other one.
    """

    code: str
    name: str
    is_active: bool
    version: int
    tone: str
    is_default: bool
    merged_into: str


class NewOption(Body):
    """A value's names; where another language has none, the first is shown."""

    name: str
    name_hant: str = ""
    name_en: str = ""


class OptionEdit(Body):
    """What is to be changed, and the version that the edit started from. What is left out stays as it is."""

    version: Annotated[int, Field(ge=0, le=2**63 - 1)]
    name: str = ""
    name_hant: str = ""
    name_en: str = ""
    is_active: bool = True
    tone: Tone = "grey"
    is_default: bool = False


class OptionMerge(Body):
    """The value that stays, and the versions of both values that the merge was decided by."""

    into: str
    version: Annotated[int, Field(ge=0, le=2**63 - 1)]
    into_version: Annotated[int, Field(ge=0, le=2**63 - 1)]


class OptionRows(Answer):
    """How many rows of a kind change."""

    name: str
    count: int


class OptionMergeOut(Answer):
    """What goes into what, and what changes by it."""

    source: OptionOut
    target: OptionOut
    rows: list[OptionRows]


@router.get("/options", response=list[ListOut])
def lists(request: ApiRequest) -> list[ListOut]:
    """The lists of values."""
    return [ListOut(key=item.key, name=str(item.name)) for item in queries.lists(request.actor)]


@router.get("/options/{list_key}", response=list[OptionOut])
def options(request: ApiRequest, list_key: str) -> list[OptionOut]:
    """The values of a list, those out of use too."""
    found = queries.options(queries.one_list(request.actor, list_key).key)
    return [shaped(OptionOut, item) for item in found]


@router.post("/options/{list_key}", response=OptionOut)
def add_option(request: ApiRequest, list_key: str, body: NewOption) -> OptionOut:
    """Add a value at the end of a list; its code is made from its name."""
    row = commands.add_option(request.actor, list_key, **body.model_dump())
    return _option(request, list_key, row.code)


@router.put("/options/{list_key}/{code}", response=OptionOut)
def edit_option(request: ApiRequest, list_key: str, code: str, body: OptionEdit) -> OptionOut:
    """Reword a value, or take it out of use; rows that carry it keep it."""
    if _option(request, list_key, code).merged_into:
        raise NotFound
    values: dict[str, Any] = queries.wording(list_key, code) | body.model_dump(exclude_unset=True)
    version = values.pop("version")
    commands.edit_option(request.actor, list_key, code, version, OptionDraft(**values))
    return _option(request, list_key, code)


@router.post("/options/{list_key}/{code}/raise", response=list[OptionOut])
def raise_option(request: ApiRequest, list_key: str, code: str) -> list[OptionOut]:
    """Move a value one place up; gives the list."""
    commands.raise_option(request.actor, list_key, code)
    return options(request, list_key)


@router.get("/options/{list_key}/{code}/merge", response=OptionMergeOut)
def option_merge(request: ApiRequest, list_key: str, code: str, into: str) -> OptionMergeOut:
    """What would change if a value went into another one."""
    found = queries.merge_preview(request.actor, list_key, code, into)
    return OptionMergeOut(
        source=shaped(OptionOut, found.source),
        target=shaped(OptionOut, found.target),
        rows=[OptionRows(name=name, count=count) for name, count in found.counts.items()],
    )


@router.post("/options/{list_key}/{code}/merge", response=list[OptionOut])
def merge_options(request: ApiRequest, list_key: str, code: str, body: OptionMerge) -> list[OptionOut]:
    """Let a value go into another one, wherever it stands; there is no way back. Gives the list."""
    versions = (body.version, body.into_version)
    commands.merge_options(request.actor, list_key, code, body.into, versions=versions)
    return options(request, list_key)


def _option(request: ApiRequest, list_key: str, code: str) -> OptionOut:
    found = next((item for item in options(request, list_key) if item.code == code), None)
    if found is None:
        raise NotFound
    return found
