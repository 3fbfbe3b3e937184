"""Where the company says how it sells: processes, their stages, drafts of a new edition."""

from __future__ import annotations

from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import choices
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import roles
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.forms import Form, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS, SEE
from xiaocheng.selling.pipeline.commands import StageDraft
from xiaocheng.selling.pipeline.queries import FIELD_NAMES, FORECAST_CATEGORIES, STAGE_KINDS, VERSION_STATES

from .forms import text_area
from .picture import flow_of
from .step_forms import StepForm, steps_of
from .uses import crumbs, when_used, whom


@access(SEE)
class Processes(Screen):
    """All processes, and the ready-made ones that may be taken over."""

    template = "pipeline/processes.html"
    title = gettext_lazy("销售流程")

    def actions(self) -> list[Link]:
        """Begin one of one's own."""
        return [Link(_("新建流程"), "pipeline:new_process", icon="plus", drawer=True)]

    def context(self) -> dict[str, Any]:
        """The processes with the edition in use."""
        in_use = {version.process_id: version for version in queries.published_versions(self.actor)}
        rows = list(queries.processes(self.actor))
        return {
            "processes": [(row, in_use.get(row.pk), whom(row)) for row in rows],
            "templates": queries.templates(self.actor) if may_open(self.actor, "pipeline:install") else [],
            "empty": Empty(_("还没有销售流程"), _("从下面的现成流程开始,或自己新建一个。"), icon="route"),
        }


@access(SEE)
class Process(Screen):
    """One process: the stages of an edition with their guidance; a draft can be worked on."""

    template = "pipeline/process.html"
    parts: ClassVar[dict[str, str]] = {"stages": "pipeline/process.html#stages"}

    def load(self) -> None:
        """The process and the edition that was asked for, else the one in use, else the newest."""
        self.process = queries.process(self.actor, self.kwargs["pk"])
        editions = list(self.process.versions.all())
        asked = self.request.GET.get("version", "")
        in_use = [edition for edition in editions if edition.state == "published"]
        named = [edition for edition in editions if str(edition.number) == asked]
        self.edition = (named or in_use or editions)[0]

    def page_title(self) -> str:
        """Its name."""
        return self.process.name

    def crumbs(self) -> list[Crumb]:
        """Back to all processes."""
        return crumbs()

    def actions(self) -> list[Link | None]:
        """Publish the draft that is shown, or begin one."""
        pk, edition = (self.process.pk,), self.edition
        sheet = Link(_("流程表"), "pipeline:sheet", pk, icon="table", query=f"?version={edition.number}")
        rename = Link(_("名称和适用客户"), "pipeline:edit_process", pk, icon="settings", drawer=True)
        if edition.state != "draft":
            draft = Link(_("起草新版本"), "pipeline:draft", pk, icon="pencil", post=True)
            return [draft, sheet, rename, self._carry_over()]
        ask = formats.sentences(
            *self._warnings(), _("发布后这一版不能再改,新商机都用它;进行中的商机留在原来的版本。确定发布?")
        )
        drop = _("这一版草稿会被删除;从未发布过的流程会一起删除。确定放弃?")
        return [
            Link(_("发布"), "pipeline:publish", (edition.pk,), icon="check", post=True, confirm=ask),
            Link(_("加一个阶段"), "pipeline:new_stage", (edition.pk,), icon="plus", drawer=True),
            Link(_("规则"), "pipeline:edit_version", (edition.pk,), icon="settings", drawer=True),
            rename,
            sheet,
            Link(
                _("放弃草稿"), "pipeline:discard", (edition.pk,), icon="trash", look="danger", post=True, confirm=drop
            ),
        ]

    def _carry_over(self) -> Link | None:
        """To moving open opportunities, where there are former editions and one in use."""
        states = {edition.state for edition in self.process.versions.all()}
        if not {"published", "retired"} <= states:
            return None
        return Link(_("转移进行中的商机"), "pipeline:carry_over", (self.process.pk,), icon="route")

    @cached_property
    def changes(self) -> queries.Changes | None:
        """What the draft that is shown would change."""
        return queries.changes_of(self.actor, self.edition.pk) if self.edition.state == "draft" else None

    def _warnings(self) -> list[str]:
        """Which stages that the draft drops have open opportunities."""
        said = _("去掉的阶段「%(stage)s」还有 %(count)s 个进行中的商机:它们留在原来的版本,发布之后可以转移。")
        dropped = self.changes.dropped if self.changes else []
        return [said % {"stage": stage.name, "count": formats.number(stage.count)} for stage in dropped]

    def context(self) -> dict[str, Any]:
        """The edition in words."""
        is_draft = self.edition.state == "draft" and may_open(self.actor, "pipeline:edit_stage")
        return {
            "process": self.process,
            "edition": self.edition,
            "editions": [(edition, VERSION_STATES[edition.state]) for edition in self.process.versions.all()],
            "is_draft": is_draft,
            "used": when_used(self.actor, self.process),
            "may_remark": self.edition.state != "draft" and may_open(self.actor, "pipeline:new_remark"),
            "waiting": queries.waiting_by_stage(self.actor, self.process.pk),
            "realises": queries.remarks_of_edition(self.actor, self.edition.pk),
            "ways": formats.sentences(
                _("可以跳过阶段(会记录)。") if self.edition.skip_allowed else _("不能跳过阶段。"),
                _("可以退回前面的阶段(会记录)。") if self.edition.back_allowed else _("不能退回前面的阶段。"),
            ),
            "changes": self.changes,
            "warnings": self._warnings(),
            "flow": flow_of(self.edition, self._roles),
            "groups": self.groups(),
        }

    def groups(self) -> list[list[dict[str, Any]]]:
        """The stages in words, those of one kind together: within their kind they can be placed."""
        activities = dict(choices("pipeline.evidence"))
        stages = [self._stage(n, stage, activities) for n, stage in enumerate(self.edition.stages.all(), 1)]
        return [list(same) for _kind, same in groupby(stages, lambda stage: stage["row"].kind)]

    @cached_property
    def _roles(self) -> dict[int, str]:
        """The names of roles, if some stage is for some only."""
        if not any(stage.movers for stage in self.edition.stages.all()):
            return {}
        return dict(roles(self.actor).values_list("pk", "name"))

    def _stage(self, number: int, stage: Any, activities: dict[str, str]) -> dict[str, Any]:
        return {
            "number": number,
            "row": stage,
            "kind": STAGE_KINDS[stage.kind],
            "forecast": FORECAST_CATEGORIES[stage.forecast_category],
            "enter": listed(FIELD_NAMES[name] for name in stage.enter_fields),
            "leave": listed(FIELD_NAMES[name] for name in stage.leave_fields),
            "steps": [(step, activities.get(step.evidence, step.evidence)) for step in stage.checklist],
            "movers": listed(self._roles[pk] for pk in stage.movers if pk in self._roles),
        }


class StageForm(Form):
    """One stage."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), choices=list(STAGE_KINDS.items()), widget=forms.RadioSelect, initial="open"
    )
    purpose = forms.CharField(label=gettext_lazy("目的"), required=False, max_length=200)
    guidance = forms.CharField(label=gettext_lazy("方法"), required=False, widget=text_area())
    more_steps = forms.CharField(
        label=gettext_lazy("再加几步"),
        required=False,
        widget=text_area(3),
        help_text=gettext_lazy("每行一步,可以整段粘贴。"),
    )
    expected_days = forms.IntegerField(label=gettext_lazy("预计天数"), required=False, min_value=1, max_value=3650)
    idle_days = forms.IntegerField(label=gettext_lazy("闲置工作日"), required=False, min_value=1, max_value=3650)
    probability = forms.IntegerField(label=gettext_lazy("成交概率 %"), min_value=0, max_value=100, initial=10)
    forecast_category = forms.ChoiceField(label=gettext_lazy("预测类别"), choices=list(FORECAST_CATEGORIES.items()))
    enter_fields = forms.MultipleChoiceField(
        label=gettext_lazy("进入前必填"),
        choices=list(FIELD_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    leave_fields = forms.MultipleChoiceField(
        label=gettext_lazy("离开前必填"),
        choices=list(FIELD_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    movers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("谁可以推进到这里"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不勾选时,能跟进商机的人都可以。有权放行的主管可以说明理由后例外推进。"),
    )
    sections = [
        Section(gettext_lazy("期限与预测"), ("expected_days", "idle_days", "probability", "forecast_category")),
        Section(gettext_lazy("关卡"), ("enter_fields", "leave_fields", "movers"), folded=True),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(role.pk, role.name) for role in roles(self.actor)]
        self.fields["movers"].choices = offered  # type: ignore[attr-defined]

    def layout(self) -> list[tuple[Section, list[BoundField]]]:
        """Steps that are added stand below those that are there."""
        laid = super().layout()
        return [(section, [field for field in fields if field.name != "more_steps"]) for section, fields in laid]


class OnEdition(FormScreen):
    """Base of the forms about one edition of a process."""

    @cached_property
    def edition(self) -> Any:
        """The edition that the address names."""
        return queries.version(self.actor, self.kwargs["version"])

    def load(self) -> None:
        """Find the edition, or answer that there is none."""
        self.edition  # noqa: B018

    def crumbs(self) -> list[Crumb]:
        """Back to the process."""
        return crumbs(Crumb(self.edition.process.name, self.back()))

    def back(self) -> str:
        """The page of the edition."""
        return reverse("pipeline:process", args=[self.edition.process_id]) + f"?version={self.edition.number}"


@access(MANAGE_PROCESS)
class NewStage(OnEdition):
    """Add a stage."""

    title, form_class = gettext_lazy("新阶段"), StageForm
    line_class, lines_title, lines_template = StepForm, gettext_lazy("步骤"), "pipeline/step_lines.html"

    def stage_id(self) -> int | None:
        """The stage that is changed; None for a new one."""
        return None

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        steps = steps_of(data.pop("lines"), data.pop("more_steps"))
        commands.save_stage(self.actor, self.edition.pk, StageDraft(steps=steps, **data), self.stage_id())
        return Done(toast=_("已保存"))


@access(MANAGE_PROCESS)
class EditStage(NewStage):
    """Change a stage of a draft."""

    title = gettext_lazy("编辑阶段")

    def stage_id(self) -> int:
        """The stage that the address names."""
        return int(self.kwargs["stage"])

    @cached_property
    def stage(self) -> Any:
        """The stage as it stands."""
        return queries.stage(self.actor, self.stage_id())

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {name: getattr(self.stage, name) for name in StageForm.base_fields if name != "more_steps"}

    def initial_lines(self) -> list[dict[str, Any]]:
        """The steps as they are."""
        return [{**vars(step), "place": place} for place, step in enumerate(self.stage.checklist, 1)]


class EditionForm(Form):
    """What an edition allows."""

    skip_allowed = forms.BooleanField(label=gettext_lazy("允许跳过阶段(会记录)"), required=False)
    back_allowed = forms.BooleanField(label=gettext_lazy("允许退回前面的阶段(会记录)"), required=False)


@access(MANAGE_PROCESS)
class EditVersion(OnEdition):
    """What the draft allows."""

    title, form_class = gettext_lazy("流程规则"), EditionForm

    def initial(self) -> dict[str, Any]:
        """What stands there now."""
        return {"skip_allowed": self.edition.skip_allowed, "back_allowed": self.edition.back_allowed}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_version(self.actor, self.edition.pk, **data)
        return Done(toast=_("已保存"))


@access(MANAGE_PROCESS)
class Install(ActionScreen):
    """Take over a ready-made process."""

    def run(self) -> Done:
        """Install and publish it."""
        process = commands.install_template(self.actor, self.kwargs["key"])
        return Done(url=reverse("pipeline:process", args=[process.pk]), toast=_("流程已可使用"))


@access(MANAGE_PROCESS)
class Draft(ActionScreen):
    """Begin a new edition."""

    def run(self) -> Done:
        """Copy the newest one."""
        edition = commands.draft_version(self.actor, self.kwargs["pk"])
        url = reverse("pipeline:process", args=[self.kwargs["pk"]]) + f"?version={edition.number}"
        return Done(url=url, toast=_("已起草第 %(number)s 版") % {"number": edition.number})


@access(MANAGE_PROCESS)
class Discard(ActionScreen):
    """Throw a draft away."""

    def run(self) -> Done:
        """Discard it; a process that has no other edition is gone with it."""
        left = commands.discard_draft(self.actor, self.kwargs["version"])
        url = reverse("pipeline:process", args=[left]) if left else reverse("pipeline:processes")
        return Done(url=url, toast=_("草稿已删除"))


@access(MANAGE_PROCESS)
class Publish(ActionScreen):
    """Put a draft into use."""

    def run(self) -> Done:
        """Publish it."""
        edition = commands.publish(self.actor, self.kwargs["version"])
        return Done(url=reverse("pipeline:process", args=[edition.process_id]), toast=_("已发布"))


@access(MANAGE_PROCESS)
class DropStage(ActionScreen):
    """Take a stage out of a draft."""

    def run(self) -> Done:
        """Drop it."""
        commands.drop_stage(self.actor, self.kwargs["version"], self.kwargs["stage"])
        return Done(toast=_("已删除阶段"))
