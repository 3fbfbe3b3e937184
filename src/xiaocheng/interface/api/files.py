"""The files of a record, for whoever sees the record."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import FileResponse
from ninja import File, Path, Router, UploadedFile
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.files import commands, queries
from xiaocheng.foundation.files.queries import Attachment

from .auth import ApiRequest
from .schemas import Id, shaped

router = Router(tags=["files"])
Record = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=60)]
MOST = 200
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class FileOut(Answer):
    """A file of a record."""

    id: int
    name: str
    size: int
    content_type: str
    added_by_id: int | None
    added_at: dt.datetime


@router.get("/files/{kind}/{row_id}", response=list[FileOut])
def files(request: ApiRequest, kind: Path[Record], row_id: Id) -> list[FileOut]:
    """The newest files of a record: `customers.customer` and its id."""
    return [file_of(row) for row in queries.attachments(request.actor, kind, row_id)[:MOST]]


@router.post("/files/{kind}/{row_id}", response=FileOut)
def attach(request: ApiRequest, kind: Path[Record], row_id: Id, file: File[UploadedFile]) -> FileOut:
    """Attach a file: a picture, PDF, office document, archive or plain text, sent as multipart/form-data."""
    return file_of(commands.attach(request.actor, kind, row_id, file.name or "", file.read()))


@router.get("/files/{file_id}", response=None, openapi_extra={"responses": {200: {"content": BYTES}}})
def fetch(request: ApiRequest, file_id: Id) -> FileResponse:
    """The content of a file, as bytes."""
    row = queries.attachment(request.actor, file_id)
    answer = FileResponse(
        queries.content_of(row), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    answer["Cache-Control"] = "no-store, private"
    return answer


@router.delete("/files/{file_id}", response=None)
def remove(request: ApiRequest, file_id: Id) -> None:
    """Take a file away; by whoever attached it, or by somebody who has him in sight."""
    commands.remove(request.actor, file_id)


def file_of(row: Attachment) -> FileOut:
    """A file as the API tells of it."""
    return shaped(FileOut, row)
