"""What happened to handovers; announced as part of `events`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal


class HandoverPlanned(Event):
    """It was prepared, or changed, who takes over what somebody is responsible for; nothing has moved yet."""

    handover_id: int = about("customers.handover")
    person_id: int = about("org.person")
    count: int
    name: str = personal()
    says = _("准备 %(name)s 的交接:%(count)s 位客户")


class HandoverDropped(Event):
    """What was prepared is not carried out."""

    handover_id: int = about("customers.handover")
    person_id: int = about("org.person")
    name: str = personal()
    says = _("放弃了 %(name)s 的交接")


class HandoverDone(Event):
    """What somebody was responsible for went to others, all of it at once."""

    handover_id: int = about("customers.handover")
    person_id: int = about("org.person")
    count: int
    to_ids: tuple[int, ...]
    name: str = personal()
    says = _("完成了 %(name)s 的交接:%(count)s 位客户转给他人")
