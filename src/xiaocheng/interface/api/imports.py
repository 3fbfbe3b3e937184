"""Taking a file in: upload it, say what its columns and texts mean, check, run; the worker does the long part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router, UploadedFile

from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.access import IMPORT
from xiaocheng.foundation.import_export.queries import FieldMeanings, ImportJob, PreviewRow, nearest
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.selling.pipeline.queries import published_versions

from .auth import ApiRequest
from .import_shapes import (
    BeforeAfter,
    CheckIn,
    ColumnsIn,
    FieldOut,
    FieldTextsOut,
    ImportOut,
    ImportPageOut,
    OfferOut,
    OtherTableIn,
    ProblemOut,
    ReadingIn,
    RowOut,
    RowsOut,
    RunIn,
    SheetOut,
    StagesIn,
    TableIn,
    TargetOut,
    TextMeaningOut,
    TextsIn,
)
from .schemas import Id, Page, Paging, page_of, shaped

router = Router(tags=["imports"])
OFFERS = 20
CSV = {"text/csv": {"schema": {"type": "string", "format": "binary"}}}


@router.get("/imports", response=Page[ImportOut])
def imports(request: ApiRequest, paging: Query[Paging]) -> Page[ImportOut]:
    """The imports that one sees."""
    request.actor.require(IMPORT)
    return page_of(queries.imports(request.actor), paging, lambda job: shaped(ImportOut, job))


@router.get("/imports/targets", response=list[TargetOut])
def targets(request: ApiRequest) -> list[TargetOut]:
    """What the rows of a file may be, and the fields of each."""
    return [
        TargetOut(
            key=item.key,
            name=str(item.name),
            keys=[key.field for key in item.update.keys] if item.update else [],
            fields=[FieldOut(key=each.key, name=str(each.name), required=each.required) for each in item.fields],
        )
        for item in queries.open_targets(request.actor)
    ]


@router.post("/imports", response=ImportPageOut)
def upload(request: ApiRequest, file: File[UploadedFile]) -> ImportPageOut:
    """Upload a table (xlsx, xls, ods, csv, vcf) as multipart/form-data; what its rows and columns are is guessed."""

    def save(path: Path) -> None:
        with path.open("wb") as out:
            out.writelines(file.chunks())

    return _page(request, commands.upload(request.actor, file.name or "", save))


@router.get("/imports/{job_id}", response=ImportPageOut)
def import_job(request: ApiRequest, job_id: Id) -> ImportPageOut:
    """Where an import stands: how it is understood, how far it is, what is wrong."""
    request.actor.require(IMPORT)
    return _page(request, queries.import_job(request.actor, job_id))


@router.post("/imports/{job_id}/table", response=ImportPageOut)
def choose(request: ApiRequest, job_id: Id, body: TableIn) -> ImportPageOut:
    """Say which sheet is meant and what its rows are; columns are guessed anew."""
    return _page(request, commands.choose(request.actor, job_id, body.sheet, body.target))


@router.post("/imports/{job_id}/other-table", response=ImportPageOut)
def take_other_table(request: ApiRequest, job_id: Id, body: OtherTableIn) -> ImportPageOut:
    """Begin an import of another table of the same file."""
    return _page(request, commands.take_other_table(request.actor, job_id, body.sheet))


@router.post("/imports/{job_id}/reading", response=ImportPageOut)
def read_again(request: ApiRequest, job_id: Id, body: ReadingIn) -> ImportPageOut:
    """Read the file again, in the encoding and with the header row that one says; columns are guessed anew."""
    request.actor.require(IMPORT)
    job = queries.import_job(request.actor, job_id)
    if body.header_row is not None and job.path.exists():
        sheet = queries.table(request.actor, job)
        if body.header_row not in {*range(1, len(sheet.top) + 1), sheet.header_row}:
            raise RuleBroken(_("请从列出的值中选择。"), field="header_row")
    return _page(request, commands.read_again(request.actor, job_id, body.encoding, body.header_row))


@router.post("/imports/{job_id}/columns", response=ImportPageOut)
def map_columns(request: ApiRequest, job_id: Id, body: ColumnsIn) -> ImportPageOut:
    """Say which column is which field; the meanings of texts are guessed anew."""
    return _page(
        request, commands.map_columns(request.actor, job_id, body.columns, body.day_first, mode=body.mode, key=body.key)
    )


@router.post("/imports/{job_id}/texts", response=ImportPageOut)
def map_values(request: ApiRequest, job_id: Id, body: TextsIn) -> ImportPageOut:
    """Say what texts mean; those not named keep their meaning."""
    request.actor.require(IMPORT)
    job = queries.import_job(request.actor, job_id)
    found = {item.field.key: item for item in queries.meanings(request.actor, job)} if job.path.exists() else {}
    values: dict[str, dict[str, Any]] = {key: {} for key in job.values}
    for said in body.texts:
        item = found.get(said.field)
        if item is None or said.text not in {meaning.text for meaning in item.texts}:
            raise RuleBroken(_("请从列出的值中选择。"), field="text")
        values.setdefault(said.field, {})[said.text] = _meant(item, said.text, said.value, make=said.make)
    return _page(request, commands.map_values(request.actor, job_id, values))


@router.post("/imports/{job_id}/stages", response=ImportPageOut)
def set_up(request: ApiRequest, job_id: Id, body: StagesIn) -> ImportPageOut:
    """Say what the stages of a former system are: stages of a process in use, or, in this order, of a new one."""
    request.actor.require(IMPORT)
    proposed = queries.import_job(request.actor, job_id).options.get("setup") or {"stages": []}
    version = next((row for row in published_versions(request.actor) if row.pk == body.version_id), None)
    known = {stage.code for stage in version.stages.all()} if version else set()
    texts = {stage["text"]: stage for stage in proposed["stages"]}
    said = [stage.text for stage in body.stages]
    if (
        not texts
        or sorted(said) != sorted(texts)
        or body.opened_in not in texts
        or (body.version_id is not None and version is None)
        or {stage.code for stage in body.stages if stage.code} - known
    ):
        raise RuleBroken(_("请为每个阶段选择列出的一个。"), field="stages")
    stages = [{**texts[stage.text], "kind": stage.kind, "code": stage.code} for stage in body.stages]
    proposal = {
        "version_id": body.version_id,
        "name": version.process.name if version else body.name,
        "stages": stages,
        "opened_in": body.opened_in,
    }
    return _page(request, commands.set_up(request.actor, job_id, proposal))


@router.post("/imports/{job_id}/check", response=ImportPageOut)
def ask_check(request: ApiRequest, job_id: Id, body: CheckIn) -> ImportPageOut:
    """Have all rows checked, with `dry` also written and taken back; ask again for how far it is."""
    return _page(request, commands.ask_check(request.actor, job_id, dry=body.dry))


@router.get("/imports/{job_id}/rows", response=RowsOut)
def rows(
    request: ApiRequest, job_id: Id, only: Literal["", "new", "changed", "same", "refused"] = "", after: int = 0
) -> RowsOut:
    """What the check says of each row, some at a time: what would become of it, and what it would change."""
    request.actor.require(IMPORT)
    job = queries.import_job(request.actor, job_id)
    if not job.path.exists():
        raise RuleBroken(_("上传的文件已过期删除,请重新上传。"))
    found = queries.preview(request.actor, job, only, after)
    return RowsOut(rows=[_row(found.keys, row) for row in found.rows], after=found.after)


@router.post("/imports/{job_id}/run", response=ImportPageOut)
def ask_run(request: ApiRequest, job_id: Id, body: RunIn) -> ImportPageOut:
    """Have a checked table written; rows with problems are left out only if one says so."""
    return _page(request, commands.ask_run(request.actor, job_id, skip_problems=body.skip_problems))


@router.post("/imports/{job_id}/undo", response=ImportPageOut)
def ask_undo(request: ApiRequest, job_id: Id) -> ImportPageOut:
    """Have everything that an import made taken back."""
    return _page(request, commands.ask_undo(request.actor, job_id))


@router.get("/imports/{job_id}/errors", response=None, openapi_extra={"responses": {200: {"content": CSV}}})
def errors(request: ApiRequest, job_id: Id) -> StreamingHttpResponse:
    """The rows with problems as CSV, as they came, with their number and what is wrong."""
    request.actor.require(IMPORT)
    job = queries.import_job(request.actor, job_id)
    if not job.path.exists():
        raise RuleBroken(_("上传的文件已过期删除,请重新上传。"))
    lines: Iterator[Any] = queries.error_lines(request.actor, job)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="errors-{job.pk}.csv"'
    answer["Cache-Control"] = "no-store, private"
    return answer


def _meant(item: FieldMeanings, text: str, value: int | str | None, *, make: bool) -> Any:
    """The value as the command takes it: only one that was there to choose."""
    if make and item.may_make:
        return {"make": text}
    if make or (value is not None and value not in {known for known, _label in item.candidates}):
        raise RuleBroken(_("请从列出的值中选择。"), field="value")
    return value


def _row(fields: list[str], row: PreviewRow) -> RowOut:
    cells = list(zip(fields, row.cells, strict=True))
    return RowOut(
        number=row.number,
        fate=row.fate,
        values={key: cell.said for key, cell in cells},
        changes={key: BeforeAfter(before=cell.before, after=cell.said) for key, cell in cells if cell.is_changed},
        problems=row.problems,
    )


def _page(request: ApiRequest, job: ImportJob) -> ImportPageOut:
    actor = request.actor
    work = queries.progress(actor, job)
    is_there = job.path.exists()
    return shaped(
        ImportPageOut,
        job,
        is_busy=queries.is_busy(actor, job),
        done=work.done if work else 0,
        total=work.total if work else 0,
        failure=str((work.result or {}).get("sentence", "")) if work and work.state == "failed" else "",
        may_undo=queries.may_undo(actor, job),
        columns=job.columns,
        mode=job.options.get("mode", "new"),
        key=job.options.get("key", ""),
        header=queries.header(actor, job) if is_there else [],
        sample=queries.sample(actor, job) if is_there else [],
        sheets=[SheetOut(name=item.name, rows=item.row_count) for item in queries.tables(actor, job)]
        if is_there
        else [],
        texts=[_texts(item) for item in queries.meanings(actor, job)] if is_there else [],
        setup=job.options.get("setup"),
        bad_rows=queries.bad_row_count(actor, job),
        problems=[ProblemOut(**vars(group)) for group in queries.problem_groups(actor, job)],
    )


def _texts(item: FieldMeanings) -> FieldTextsOut:
    return FieldTextsOut(
        field=item.field.key,
        may_make=item.may_make,
        more=item.more,
        texts=[
            TextMeaningOut(
                text=meaning.text,
                count=meaning.count,
                how=meaning.how,
                value=meaning.value,
                label=meaning.label,
                offers=[OfferOut(value=v, label=label) for v, label in nearest(meaning.text, item.candidates, OFFERS)],
            )
            for meaning in item.texts
        ],
    )
