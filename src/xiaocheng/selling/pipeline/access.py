"""Capabilities of the pipeline."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SEE = capability("pipeline.see", _("查看商机"), "director", "manager", "administrator", "rep")
WORK = capability("pipeline.work", _("新建、编辑和推进商机"), "director", "manager", "administrator", "rep")
BYPASS_GATES = capability("pipeline.bypass_gates", _("说明理由后越过阶段关卡"), "director", "manager")
IMPORT_HISTORY = capability("pipeline.import_history", _("导入历史商机(不经过阶段关卡)"), "administrator")
MANAGE_COMPETITORS = capability(
    "pipeline.manage_competitors", _("维护竞争对手"), "director", "manager", "administrator"
)
MANAGE_PROCESS = capability("pipeline.manage_process", _("维护销售流程"), "director", "administrator")
