"""What a company changed in the option lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.versions import Versioned


class Option(Versioned):
    """A company's own option of a list, or its own wording of a standard one; a standard option needs no row."""

    list_key = models.CharField(max_length=60)
    code = models.CharField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    name_hant = models.CharField(_("繁体名称"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.IntegerField(_("顺序"), default=1000)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_key", "code"], name="option_once")]
