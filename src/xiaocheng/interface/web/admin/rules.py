"""The rules that a company may change: generated from what the modules declare, each with its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, Sentence
from xiaocheng.foundation.kernel.rules import RuleField, Rules, read_value, rule_fields, rules
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_RULES
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Tab
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen

from .names import module_name, module_order


def worded(item: RuleField, value: Any) -> str:
    """A rule's value as a person reads it."""
    if item.choices:
        return str(item.choices.get(value, value))
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return str(value) if value != "" else gettext("未设置")


def typed(value: Any) -> str:
    """A rule's value as a person types it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat("minutes") if isinstance(value, dt.time) else str(value)


def module_of(kind: type[Rules]) -> str:
    """Label of the module that declares the rules."""
    return kind.__module__.split(".")[-2]


@dataclass(frozen=True)
class Shown:
    """One rule as the page lists it."""

    key: str
    name: Sentence
    help: Sentence
    value: str
    is_default: bool
    coming: str


@access(MANAGE_RULES)
class RulesPage(Screen):
    """The rules of one module, as they stand today."""

    template, title = "admin/rules.html", pgettext_lazy("several", "规则")
    parts = {"tab": "admin/rules.html#list"}

    def modules(self) -> list[str]:
        """The modules that declare rules, lower ones first."""
        return sorted({module_of(kind) for kind in Rules.registry.values() if rule_fields(kind)}, key=module_order)

    @property
    def tab(self) -> str:
        """The module that is open."""
        asked, known = self.request.GET.get("tab", ""), self.modules()
        return asked if asked in known else known[0]

    def tabs(self) -> Sequence[Tab]:
        """One tab a module."""
        return [Tab(label, module_name(label)) for label in self.modules()]

    def context(self) -> dict[str, Any]:
        """The rules of the open module."""
        kinds = [kind for kind in Rules.registry.values() if module_of(kind) == self.tab]
        return {"tabs": self.tabs(), "tab": self.tab, "rules": [row for kind in kinds for row in self._shown(kind)]}

    def _shown(self, kind: type[Rules]) -> list[Shown]:
        today = clock.today()
        standing = rules(kind, today)
        rows = []
        for item in rule_fields(kind):
            value = getattr(standing, item.key.partition(".")[2])
            later = queries.rule_history(self.actor, item.key).filter(since__gt=today).last()
            coming = ""
            if later is not None:
                coming = gettext("自 %(day)s 起:%(value)s") % {
                    "day": later.since, "value": worded(item, read_value(item.kind, later.value)),
                }  # fmt: skip
            rows.append(Shown(item.key, item.name, item.help, worded(item, value), value == item.default, coming))
        return rows


@access(MANAGE_RULES)
class ChangeRule(FormScreen):
    """Give a rule another value from a day on."""

    template, title, submit = "admin/rule.html", _("修改规则"), _("保存")
    item: RuleField
    kind: type[Rules]

    def load(self) -> None:
        """Find the rule."""
        key = self.kwargs["key"]
        self.kind = Rules.registry.get(key.partition(".")[0], Rules)
        found = [item for item in rule_fields(self.kind) if item.key == key] if self.kind is not Rules else []
        if not found:
            raise NotFound
        self.item = found[0]

    def page_title(self) -> Sentence:
        """The rule's name."""
        return self.item.name

    @property
    def standing(self) -> Any:
        """The value today."""
        return getattr(rules(self.kind, clock.today()), self.item.key.partition(".")[2])

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """A field of the rule's type, and the day from which it holds."""
        form = Form(data, files, actor=self.actor, initial={"value": typed(self.standing), "since": clock.today()})
        form.fields["value"] = self._value_field()
        form.fields["since"] = DateField(
            label=_("生效日期"), help_text=_("这一天及以后按新值;以前的日子仍按原来的规则。")
        )
        return form

    def _value_field(self) -> forms.Field:
        label, item = _("新值"), self.item
        if item.choices:
            return forms.ChoiceField(label=label, choices=[(typed(k), v) for k, v in item.choices.items()])
        if item.kind is bool:
            choices = [("yes", _("是")), ("no", _("否"))]
            return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        if item.kind is dt.time:
            return forms.CharField(label=label, widget=forms.TimeInput(attrs={"type": "time"}))
        numeric = {"inputmode": "decimal"} if item.kind in (int, Decimal) else {}
        return forms.CharField(label=label, required=item.kind is not str, widget=forms.TextInput(attrs=numeric))

    def context(self) -> dict[str, Any]:
        """The rule and its history."""
        history = list(queries.rule_history(self.actor, self.item.key)[:20])
        names = queries.names_of(row.person_id for row in history)
        return {
            "item": self.item,
            "default": worded(self.item, self.item.default),
            "history": [
                {
                    "since": row.since,
                    "value": worded(self.item, read_value(self.item.kind, row.value)),
                    "who": names.get(row.person_id or 0, _("系统")),
                    "at": row.recorded_at,
                }
                for row in history
            ],
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Change it."""
        try:
            commands.change_rule(self.actor, self.item.key, data["value"], data["since"])
        except RuleBroken as broken:
            raise RuleBroken(broken.sentence, field="since" if broken.field == "since" else "value") from None
        return Done(url=f"{reverse('admin:rules')}?tab={module_of(self.kind)}", toast=_("规则已修改"))
