"""How the company sells: processes, their versions and the stages of each version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.rows import Row
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.selling.pipeline.steps import StageStep, as_steps, required

OPEN, WON, LOST, AFTER = "open", "won", "lost", "after"
STAGE_KINDS = {OPEN: _("进行中"), WON: _("成交"), LOST: _("输单"), AFTER: _("成交之后")}
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"
VERSION_STATES = {DRAFT: _("草稿"), PUBLISHED: _("使用中"), RETIRED: _("已停用")}
FORECAST_CATEGORIES = {"pipeline": _("储备"), "best": _("争取"), "commit": _("承诺"), "omitted": _("不计入")}


class Process(Versioned):
    """A way of selling; the company may have several, for kinds of customers or industries."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    customer_kind = models.CharField(_("客户类型"), max_length=20, blank=True)  # end or dealer; empty: any
    industry = OptionField(_("行业"), "customers.industry", _("销售流程"), blank=True)  # empty: any
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def kind_of_customer(self) -> tuple[str, str]:
        """For whom it is: type and industry, empty for any."""
        return self.customer_kind, self.industry


class ProcessVersion(Row):
    """One edition of a process; once published it never changes, and its opportunities stay on it."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=list(VERSION_STATES.items()), default=DRAFT)
    skip_allowed = models.BooleanField(_("允许跳阶"), default=True)
    back_allowed = models.BooleanField(_("允许退回"), default=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="process_version_once"),
            models.UniqueConstraint(fields=["process"], condition=Q(state=PUBLISHED), name="process_one_published"),
            models.UniqueConstraint(fields=["process"], condition=Q(state=DRAFT), name="process_one_draft"),
        ]


class Stage(Row):
    """One step of a process version: what it is for, how to do it, and what must be there before going on."""

    version = models.ForeignKey(ProcessVersion, models.CASCADE, related_name="stages", db_index=False)
    position = models.PositiveIntegerField()
    code = models.SlugField(max_length=40)  # the same stage keeps its code through all versions
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(max_length=10, choices=list(STAGE_KINDS.items()), default=OPEN)
    purpose = models.CharField(_("目的"), max_length=200, blank=True)
    guidance = models.TextField(_("方法"), blank=True)
    steps = models.JSONField(_("步骤"), default=list)  # as steps.py keeps them
    expected_days = models.PositiveIntegerField(_("预计天数"), null=True, blank=True)
    idle_days = models.PositiveIntegerField(_("闲置工作日"), null=True, blank=True)
    stale_days = models.PositiveSmallIntegerField(null=True, blank=True)  # learned: by then 90 % have left it
    probability = models.PositiveIntegerField(_("成交概率 %"), default=0)
    forecast_category = models.CharField(
        _("预测类别"), max_length=10, choices=list(FORECAST_CATEGORIES.items()), default="pipeline"
    )
    enter_fields = models.JSONField(_("进入前必填"), default=list)  # names of the opportunity's fields
    leave_fields = models.JSONField(_("离开前必填"), default=list)
    movers = models.JSONField(_("谁可以推进"), default=list)  # ids of the roles that may move into it; none: everybody

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="stage_position_once"),
            models.UniqueConstraint(fields=["version", "code"], name="stage_code_once"),
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def checklist(self) -> list[StageStep]:
        """Its steps."""
        return as_steps(self.steps)

    @property
    def must_do(self) -> list[str]:
        """The steps without which nobody leaves it, in words."""
        return [str(step.text) for step in required(self.checklist)]

    @property
    def is_open(self) -> bool:
        """True for the stages in which an opportunity is still worked on."""
        return self.kind == OPEN
