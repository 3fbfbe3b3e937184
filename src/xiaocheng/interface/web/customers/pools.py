"""Pools, as the administrator keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import Column, FormScreen, ListScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import MANAGE_POOLS

from .forms import PoolForm


def yes(value: bool) -> str:
    """Yes or no in words."""
    return _("是") if value else _("否")


@access(MANAGE_POOLS)
class Pools(ListScreen):
    """The pools."""

    title = gettext_lazy("公海设置")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("名称"), "name"),
        Column(gettext_lazy("成员可自行领取"), "is_claimable", show=yes),
        Column(gettext_lazy("对所有人开放"), "is_open", show=yes),
    ]
    order = "pk"
    row_to = "customers:edit_pool"

    def rows(self) -> QuerySet[Any, Any]:
        """All pools."""
        return queries.pools(self.actor)

    def actions(self) -> Sequence[Link | None]:
        """Add one."""
        return [Link(_("新建公海"), "customers:new_pool", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """Pools come by themselves."""
        return Empty(_("还没有公海"), _("第一次退回或导入客户时会自动建立,也可以现在新建。"), icon="ripple")


@access(MANAGE_POOLS)
class NewPool(FormScreen):
    """Add a pool."""

    title = gettext_lazy("新建公海")
    form_class = PoolForm

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        commands.add_pool(self.actor, **data)
        return Done(url=reverse("customers:pools"), toast=_("已保存"))


@access(MANAGE_POOLS)
class EditPool(FormScreen):
    """Change a pool."""

    title = gettext_lazy("修改公海")
    form_class = PoolForm

    def load(self) -> None:
        """The pool that the address names."""
        self.pool = queries.pool(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        row = self.pool
        members = queries.pool_members(self.actor, row.pk)
        return {"name": row.name, "is_claimable": row.is_claimable, "is_open": row.is_open, "members": members}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.pool.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_pool(self.actor, self.pool.pk, self.sent_version, **data)
        return Done(url=reverse("customers:pools"), toast=_("已保存"))
