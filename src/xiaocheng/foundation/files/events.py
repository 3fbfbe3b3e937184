"""What happened to files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, personal


class FileAttached(Event):
    """A file was attached to a record; the record may be of any kind, so its kind is a field too."""

    record_kind: str
    record_id: int
    attachment_id: int
    name: str = personal()
    says = _("上传了附件「%(name)s」")

    def subjects(self) -> list[tuple[str, int]]:
        """The record."""
        return [(self.record_kind, self.record_id)]


class FileRemoved(Event):
    """A file was taken away from a record."""

    record_kind: str
    record_id: int
    attachment_id: int
    name: str = personal()
    says = _("删除了附件「%(name)s」")

    def subjects(self) -> list[tuple[str, int]]:
        """The record."""
        return [(self.record_kind, self.record_id)]
