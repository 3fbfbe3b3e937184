"""The roles that every company starts with; it may change them afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import capabilities, standard_capabilities

from .models import Role


@dataclass(frozen=True)
class StandardRole:
    """Name, duties and skills that a standard role starts with."""

    code: str
    name: str
    duties: str
    skills: tuple[str, ...]


def standard_roles() -> list[StandardRole]:
    """The standard roles in the language of whoever sets up the company."""
    return [
        StandardRole("director", _("总监"), _("制定销售计划与目标,审视全公司的进度、预测与流程,批阅区域报告。"),
                     (_("经营分析"), _("团队管理"))),
        StandardRole("manager", _("经理/主管"), _("带领团队:审批计划,批阅日报,陪访带教,跟进卡住的商机与逾期的客户。"),
                     (_("辅导"), _("谈判"), _("数据分析"))),
        StandardRole("administrator", _("管理员"), _("维护人员、客户数据、流程与规则,导入资料,分派公海客户。"),
                     (_("数据管理"),)),
        StandardRole("rep", _("业务员"), _("开发与维护客户,按计划拜访,推进商机,每日提交销售报告,跟催回款。"),
                     (_("产品知识"), _("拜访"), _("报价"))),
        StandardRole("promoter", _("促销员"), _("在门店接待顾客、介绍产品、登记信息并反映市场状况。"),
                     (_("接待"), _("产品演示"))),
    ]  # fmt: skip


def make_standard_roles() -> dict[str, Role]:
    """Create the standard roles that are missing, each with the capabilities that the modules declare for it."""
    present = set(Role.objects.values_list("code", flat=True))
    Role.objects.bulk_create(
        Role(
            code=item.code,
            name=item.name,
            duties=item.duties,
            skills=list(item.skills),
            capabilities=standard_capabilities(item.code),
            offered=[capability.key for capability in capabilities()],
        )
        for item in standard_roles()
        if item.code not in present
    )
    return {role.code: role for role in Role.objects.all()}
