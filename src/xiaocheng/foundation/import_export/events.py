"""What happened in imports."""

from __future__ import annotations

from typing import Any

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
    changed: int = 0
    says = _("导入了「%(file)s」:新增 %(new)s 行,更新 %(changed)s 行,未改动 %(same)s 行,未导入 %(refused)s 行")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Imports of former releases only added."""
        return {"changed": 0} | values


class ImportUndone(Event):
    """All rows that an import made were taken back."""

    job_id: int = about("import_export.importjob")
    target: str
    file: str
    rows: int
    restored: int = 0
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What went, and, where rows had been changed, how many have their former values again."""
        said = _("撤销了导入「%(file)s」:%(rows)s 行") % values
        restored = values.get("restored", 0)
        return {"sentence": said + (_(",恢复 %(count)s 行") % {"count": restored} if restored else "")}


class ListExported(Event):
    """A list went out as a file."""

    what: str
    rows: int
    contains_details: bool = False
    says = _("导出了「%(what)s」%(rows)s 行")
