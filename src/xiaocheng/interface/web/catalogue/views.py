"""The products: a list for everybody, forms for who keeps the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import Filters, Form, MoneyField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import Column, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.catalogue import commands, queries
from xiaocheng.selling.catalogue.access import MANAGE
from xiaocheng.selling.catalogue.commands import ProductDraft

SALE = {"true": gettext_lazy("在售"), "false": gettext_lazy("停售")}


class ProductForm(Form):
    """A product."""

    name = forms.CharField(label=gettext_lazy("产品名称"))
    code = forms.CharField(label=gettext_lazy("产品编码"), required=False, help_text=gettext_lazy("不填时用产品名称。"))
    series = forms.CharField(label=gettext_lazy("系列"), required=False)
    list_price = MoneyField(label=gettext_lazy("标准价"), required=False)
    unit = forms.CharField(label=gettext_lazy("单位"), required=False)


class EditProductForm(ProductForm):
    """A product that is known already may go off sale."""

    code = forms.CharField(label=gettext_lazy("产品编码"))
    is_active = forms.BooleanField(label=gettext_lazy("在售"), required=False)


class ProductFilters(Filters):
    """What the list may be narrowed to."""

    is_active = django_filters.TypedChoiceFilter(
        label=gettext_lazy("状态"), choices=list(SALE.items()), coerce=lambda word: word == "true"
    )


@access(SIGNED_IN)
class Products(ListScreen):
    """What the company sells."""

    title = pgettext_lazy("several", "产品")
    search_hint = gettext_lazy("名称、拼音、首字母、编码")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("产品名称"), "name", order="sort_key"),
        Column(gettext_lazy("产品编码"), "code", order="code"),
        Column(gettext_lazy("系列"), "series"),
        Column(gettext_lazy("标准价"), "list_price", show=formats.money, look="num"),
        Column(gettext_lazy("单位"), "unit", phone="off"),
        Column(
            gettext_lazy("状态"),
            "is_active",
            show=lambda on: pill(SALE["true" if on else "false"], "green" if on else "grey"),
            phone="aside",
        ),
    ]
    order = "sort_key"
    row_to = "catalogue:edit"
    export = "catalogue:export"
    filters = ProductFilters

    def rows(self) -> QuerySet[Any, Any]:
        """All products."""
        return queries.products(self.actor, self.text)

    def actions(self) -> Sequence[Link | None]:
        """Add one."""
        return [Link(_("新增产品"), "catalogue:new", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What to do first."""
        return Empty(
            _("还没有产品"),
            _("新增产品,或从表格导入。商机和报价从这里选择产品。"),
            icon="package",
            action=Link(_("新增产品"), "catalogue:new", drawer=True) if self.actor.can(MANAGE) else None,
        )


@access(EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Products


@access(MANAGE)
class NewProduct(FormScreen):
    """Add a product."""

    title = gettext_lazy("新增产品")
    form_class = ProductForm

    def run(self, data: dict[str, Any]) -> Done:
        """Add it."""
        row = commands.add_product(self.actor, ProductDraft(**data))
        return Done(url=reverse("catalogue:list"), toast=_("已新增「%(name)s」") % {"name": row.name})


@access(MANAGE)
class EditProduct(FormScreen):
    """Change a product."""

    title = gettext_lazy("修改产品")
    form_class = EditProductForm

    def load(self) -> None:
        """The product that the address names."""
        self.product = queries.product(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        values = {name: getattr(self.product, name) for name in EditProductForm.base_fields}
        price = self.product.list_price
        return values | {"list_price": None if price is None else f"{price.normalize():f}"}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.product.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_product(self.actor, self.product.pk, self.sent_version, **data)
        return Done(url=reverse("catalogue:list"), toast=_("已保存"))
