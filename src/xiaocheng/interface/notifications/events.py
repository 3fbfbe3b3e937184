"""What happened to how people are told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class NotificationsChosen(Event):
    """Somebody chose how to be told."""

    person_id: int = about("org.person")
    says = _("修改了通知方式")
