"""What the reports know of somebody who hands over."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.org.queries import Person, actor_for, holds

from .queries import waiting_reports


@holds("reports.dailyreport", _("等他批阅的日报"), _("账号停用后由接替的上级批阅"), ends=True)
def count_waiting_reports(person: Person) -> int:
    """Reports that nobody nearer signs."""
    return len(waiting_reports(actor_for(person)))
