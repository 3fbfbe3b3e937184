"""What happened in the organisation."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal


class CompanySetUp(Event):
    """The company, its standard roles and its first administrator exist."""

    department_id: int = about("org.department")
    company: str
    says = _("建立了公司「%(company)s」")


class DepartmentAdded(Event):
    """A department was added below another."""

    department_id: int = about("org.department")
    parent_id: int | None
    name: str
    says = _("新建部门「%(name)s」")


class DepartmentEdited(Event):
    """A department got another name, parent, head or flag."""

    department_id: int = about("org.department")
    name: str
    parent_id: int | None
    head_id: int | None = about("org.person")
    is_active: bool
    says = _("修改部门「%(name)s」")


class HeadcountPlanned(Event):
    """A department's planned number of posts of a role changed."""

    department_id: int = about("org.department")
    role_id: int = about("org.role")
    role: str
    planned: int
    says = _("编制:%(role)s %(planned)s 人")


class PersonAdded(Event):
    """Somebody joined."""

    person_id: int = about("org.person")
    department_id: int = about("org.department")
    role_id: int
    manager_id: int | None
    name: str = personal()
    says = _("添加人员 %(name)s")


class PersonUndone(Event):
    """Somebody who was added by mistake is unknown again."""

    person_id: int = about("org.person")
    department_id: int = about("org.department")
    name: str = personal()
    takes_back = PersonAdded
    says = _("撤销了人员 %(name)s")


class PersonEdited(Event):
    """Somebody's own data or role changed; `fields` names what."""

    person_id: int = about("org.person")
    fields: tuple[str, ...]
    role_id: int
    name: str = personal()
    says = _("修改了 %(name)s 的资料")


class PersonMoved(Event):
    """Somebody works in another department or under another line manager."""

    person_id: int = about("org.person")
    from_department_id: int
    to_department_id: int = about("org.department")
    from_manager_id: int | None
    to_manager_id: int | None
    department: str
    name: str = personal()
    says = _("%(name)s 调至「%(department)s」")


class PersonLeft(Event):
    """Somebody's account was closed; what he held goes to the successor, if one was named."""

    person_id: int = about("org.person")
    successor_id: int | None = about("org.person")
    left_on: dt.date
    name: str = personal()
    says = _("停用了 %(name)s 的账号")


class WorkHandedOn(Event):
    """What a person has to do besides what follows his customers goes to a successor; the account stays open."""

    person_id: int = about("org.person")
    successor_id: int = about("org.person")
    name: str = personal()
    successor: str = personal()
    says = _("%(name)s 的其余工作交给 %(successor)s")


class PersonReturned(Event):
    """A closed account was opened again."""

    person_id: int = about("org.person")
    name: str = personal()
    says = _("重新启用了 %(name)s 的账号")


class PasswordReset(Event):
    """An administrator gave somebody a new password."""

    person_id: int = about("org.person")
    name: str = personal()
    says = _("重设了 %(name)s 的密码")


class PreferencesChanged(Event):
    """Somebody chose another language or look."""

    person_id: int = about("org.person")
    language: str
    theme: str
    says = _("修改了界面语言与外观")


class RoleSaved(Event):
    """A role was added or changed."""

    role_id: int = about("org.role")
    name: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    says = _("修改角色「%(name)s」")


class DelegationArranged(Event):
    """A deputy stands in for somebody between two days."""

    person_id: int = about("org.person")
    deputy_id: int = about("org.person")
    since: dt.date
    until: dt.date | None
    deputy: str = personal()
    says = _("由 %(deputy)s 代理,自 %(since)s 至 %(until)s")


class LendingArranged(Event):
    """Somebody works for another department between two days."""

    person_id: int = about("org.person")
    department_id: int = about("org.department")
    since: dt.date
    until: dt.date | None
    department: str
    says = _("借调至「%(department)s」,自 %(since)s 至 %(until)s")


class MentorshipArranged(Event):
    """A mentor looks after somebody between two days."""

    mentor_id: int = about("org.person")
    mentee_id: int = about("org.person")
    since: dt.date
    until: dt.date | None
    mentor: str = personal()
    says = _("由 %(mentor)s 带教,自 %(since)s 至 %(until)s")


class ArrangementEnded(Event):
    """A delegation, lending or mentorship was ended before its time."""

    kind_of: str
    arrangement_id: int
    person_id: int = about("org.person")
    other_id: int | None = about("org.person")
    until: dt.date
    says = _("安排提前结束于 %(until)s")


class DutySiteSaved(Event):
    """A site or hotline of the duty roster was added or changed."""

    site_id: int = about("org.dutysite")
    name: str
    says = _("维护值班点「%(name)s」")


class DutySet(Event):
    """Who is on duty at a site on some days."""

    site_id: int = about("org.dutysite")
    first: dt.date
    last: dt.date
    person_ids: tuple[int, ...]
    says = _("排定 %(first)s 至 %(last)s 的值班")


class HolidaysMissing(Event):
    """The public holidays of a year that is near are not known: its calendar counts weekends only."""

    year: int = about("org.calendar_year")
    says = _("%(year)s 年的法定放假安排还没有:暂按周末计算")


class CalendarDayMarked(Event):
    """The company decided itself whether a day is a working day; None takes the decision back."""

    day: dt.date
    is_workday: bool | None
    name: str
    says = _("工作日历:调整 %(day)s %(name)s")


class TokenIssued(Event):
    """Somebody made a key to the API."""

    person_id: int = about("org.person")
    token_id: int
    name: str
    says = _("新建 API 令牌「%(name)s」")


class TokenRevoked(Event):
    """A key to the API was taken back."""

    person_id: int = about("org.person")
    token_id: int
    name: str
    says = _("撤销 API 令牌「%(name)s」")


class RuleChanged(Event):
    """A rule of the company has another value from a day on."""

    key: str
    rule: str
    value: str
    since: dt.date
    says = _("规则「%(rule)s」自 %(since)s 起改为 %(value)s")
