"""What happened to the option lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event


class OptionAdded(Event):
    """A company added a value of its own."""

    list_key: str
    code: str
    name: str
    says = _("在选项列表 %(list_key)s 中新增了「%(name)s」")


class OptionEdited(Event):
    """A value was renamed, moved, or taken out of use."""

    list_key: str
    code: str
    name: str
    is_active: bool
    says = _("修改了选项列表 %(list_key)s 中的「%(name)s」")
