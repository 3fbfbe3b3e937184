"""What the modules are called on the administrator's pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence

MODULES: dict[str, Sentence] = {
    "kernel": _("公司"),
    "org": _("组织"),
    "fields": _("选项与字段"),
    "files": _("附件"),
    "approvals": _("审批"),
    "channels": _("消息渠道"),
    "import_export": _("导入与导出"),
    "catalogue": _("产品"),
    "customers": pgettext_lazy("several", "客户"),
    "tasks": _("任务"),
    "pipeline": _("流程与商机"),
    "fieldwork": _("拜访"),
    "insight": _("分析"),
    "reports": _("报告"),
    "notifications": _("通知"),
}


def module_name(label: str) -> Sentence:
    """The name of a module by its label."""
    return MODULES.get(label, label)


def module_order(label: str) -> int:
    """Where a module stands in lists of modules: lower modules first."""
    return list(MODULES).index(label) if label in MODULES else len(MODULES)
