"""What a company changed in the option lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.versions import Versioned

from .tables import KINDS


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


class CustomField(Versioned):
    """A field that a company added to a table; the rows keep its values under its key. Its kind never changes."""

    table = models.CharField(max_length=60)
    kind = models.CharField(_("类型"), max_length=12, choices=list(KINDS.items()))
    name = models.CharField(_("名称"), max_length=60)
    name_hant = models.CharField(_("繁体名称"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    help = models.CharField(_("填写说明"), max_length=200, blank=True)
    section = models.CharField(_("分组"), max_length=60, blank=True)
    position = models.IntegerField(default=0)
    default = models.JSONField(null=True, blank=True)
    is_required = models.BooleanField(_("必填"), default=False)
    is_filter = models.BooleanField(_("可筛选"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "name"], name="custom_field_name_once")]

    @property
    def key(self) -> str:
        """Under which key the rows keep its value."""
        return f"f{self.pk}"
