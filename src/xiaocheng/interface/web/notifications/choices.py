"""How one wants to be told: by topic, outside quiet hours, with a summary in the morning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from xiaocheng.interface.notifications import commands, queries
from xiaocheng.interface.notifications.commands import Wish
from xiaocheng.interface.notifications.queries import TOPICS, Way
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import Form, TimeInput
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import FormScreen


class ChoicesForm(Form):
    """A way for each topic, the quiet hours, the summary."""

    quiet_from = forms.TimeField(label=gettext_lazy("免打扰从"), widget=TimeInput(format="%H:%M"), required=False)
    quiet_until = forms.TimeField(
        label=gettext_lazy("到"),
        widget=TimeInput(format="%H:%M"),
        required=False,
        help_text=gettext_lazy("这段时间里的邮件等到结束时再发;站内通知照常。"),
    )
    wants_digest = forms.BooleanField(label=gettext_lazy("每个工作日 7:30 用邮件汇总当天的安排"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = {topic: forms.ChoiceField(label=name, choices=Way.choices) for topic, name in TOPICS.items()}
        self.fields = ways | self.fields


@access(SIGNED_IN)
class Choices(FormScreen):
    """One's own choice."""

    title = gettext_lazy("通知方式")
    hint = gettext_lazy("邮件发到您在公司登记的邮箱;公司没有开启邮件通知时,只有站内通知。")
    form_class = ChoicesForm

    def initial(self) -> dict[str, Any]:
        """What is chosen now."""
        row = queries.own_choice(self.actor)
        ways = {topic: row.way(topic) for topic in TOPICS}
        return ways | {name: getattr(row, name) for name in ("quiet_from", "quiet_until", "wants_digest")}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        ways = {topic: data.pop(topic) for topic in TOPICS}
        commands.choose(self.actor, Wish(ways, **data))
        return Done(toast=gettext_lazy("已保存"))
