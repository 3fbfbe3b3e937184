"""What a company changed in the option lists."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.versions import Versioned

from .tables import KINDS, LONGEST_CODE

MYSELF, DEPARTMENT, ROLE, EVERYBODY = "me", "department", "role", "everybody"
AUDIENCES = {MYSELF: _("只有我"), DEPARTMENT: _("我的部门"), ROLE: _("和我同角色的人"), EVERYBODY: _("所有人")}


TONES = {"grey": _("灰"), "blue": _("蓝"), "green": _("绿"), "amber": _("橙"), "red": _("红")}


class Option(Versioned):
    """A company's own option of a list, or its own wording of a standard one; a standard option needs no row."""

    list_key = models.CharField(max_length=60)
    code = models.CharField(_("代码"), max_length=LONGEST_CODE)
    name = models.CharField(_("名称"), max_length=60, blank=True)  # empty: as the standard has it, in every language
    name_hant = models.CharField(_("繁体名称"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.IntegerField(_("顺序"), default=1000)
    is_active = models.BooleanField(_("启用"), default=True)
    tone = models.CharField(_("颜色"), max_length=10, blank=True, choices=list(TONES.items()))  # empty: as delivered
    is_default = models.BooleanField(_("默认"), default=False)
    merged_into = models.CharField(max_length=LONGEST_CODE, blank=True)  # the code that stands in its place by now

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_key", "code"], name="option_once"),
            models.UniqueConstraint(fields=["list_key"], condition=Q(is_default=True), name="option_one_default"),
        ]


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
    is_unique = models.BooleanField(_("不能重复"), default=False)
    is_searched = models.BooleanField(_("可搜索"), default=False)
    readers = models.JSONField(default=list, blank=True)  # ids of the roles that see it; none: all that see the row
    writers = models.JSONField(default=list, blank=True)  # ids of the roles that change it; none: all that see it
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "name"], name="custom_field_name_once")]

    @property
    def key(self) -> str:
        """Under which key the rows keep its value."""
        return f"f{self.pk}"


class SavedView(Versioned):
    """A list as somebody wants to see it: its search, filters, order and tab as the address has them, and its columns.

    Who it is shared with sees in it what he may see, never more.
    """

    list_key = models.CharField(max_length=60)
    name = models.CharField(_("名称"), max_length=60)
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    audience = models.CharField(_("谁能用"), max_length=12, choices=list(AUDIENCES.items()), default=MYSELF)
    department = models.ForeignKey("org.Department", models.PROTECT, null=True, blank=True, related_name="+")
    role = models.ForeignKey("org.Role", models.PROTECT, null=True, blank=True, related_name="+")
    query = models.CharField(max_length=2000, blank=True)
    columns = models.JSONField(default=list, blank=True)  # keys in their order; empty: those of the list itself

    stays: ClassVar[dict[str, str]] = {"person": "a shared view stays in use when who made it has left"}

    class Meta:
        indexes = [models.Index(fields=["list_key", "person"], name="saved_view_list")]
        constraints = [models.UniqueConstraint(fields=["list_key", "person", "name"], name="saved_view_name_once")]

    @property
    def is_default(self) -> bool:
        """True when the list opens with it for whom the query read it."""
        return bool(getattr(self, "opens", False))


class DefaultView(models.Model):
    """With which view a list opens for a person."""

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    list_key = models.CharField(max_length=60)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    stays: ClassVar[dict[str, str]] = {"person": "how somebody who has left saw his lists concerns nobody"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list_key"], name="default_view_once")]
