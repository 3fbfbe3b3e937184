"""What happened to pools and groups; announced as part of `events`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal


class PoolSaved(Event):
    """A pool was added or changed."""

    pool_id: int = about("customers.pool")
    name: str
    says = _("维护公海「%(name)s」")


class GroupSaved(Event):
    """A group of customers was made or changed."""

    group_id: int = about("customers.customergroup")
    name: str = personal()
    says = _("保存了客户分组「%(name)s」")


class GroupDropped(Event):
    """A group of customers is no more; the customers stay."""

    group_id: int = about("customers.customergroup")
    name: str = personal()
    says = _("删除了客户分组「%(name)s」")


class GroupFilled(Event):
    """Customers were put into a group by hand; not in their own stories, as the group may be somebody's private one."""

    group_id: int = about("customers.customergroup")
    customer_ids: tuple[int, ...]
    count: int
    name: str = personal()
    says = _("把 %(count)s 位客户加入分组「%(name)s」")


class GroupEmptied(Event):
    """Customers were taken out of a group by hand."""

    group_id: int = about("customers.customergroup")
    customer_ids: tuple[int, ...]
    count: int
    name: str = personal()
    says = _("把 %(count)s 位客户移出分组「%(name)s」")
