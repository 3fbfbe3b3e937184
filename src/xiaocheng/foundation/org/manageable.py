"""The company must stay manageable."""

from __future__ import annotations

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.errors import RuleBroken

from .access import MANAGE_PEOPLE
from .models import Person


def check_somebody_manages() -> None:
    """Refuse a change after which nobody who works here could manage people any more."""
    holders = Person.objects.filter(is_active=True).values_list("role__capabilities", flat=True)
    if not any(MANAGE_PEOPLE in capabilities for capabilities in holders):
        raise RuleBroken(_("公司至少要有一位在职人员能管理人员,否则谁也无法再登录设置。"))
