"""What happened in imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class FileImported(Event):
    """A table was taken in."""

    job_id: int = about("import_export.importjob")
    target: str
    file: str
    new: int
    same: int
    refused: int
    says = _("导入了「%(file)s」:新增 %(new)s 行,已有 %(same)s 行,未导入 %(refused)s 行")


class ImportUndone(Event):
    """All rows that an import made were taken back."""

    job_id: int = about("import_export.importjob")
    target: str
    file: str
    rows: int
    says = _("撤销了导入「%(file)s」:%(rows)s 行")


class ListExported(Event):
    """A list went out as a file."""

    what: str
    rows: int
    says = _("导出了「%(what)s」%(rows)s 行")
