"""Departments, roles and people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.versions import Versioned


class Department(Versioned):
    """A unit of the department tree; totals follow the tree and its head sees all of it. A region is flagged."""

    name = models.CharField(_("名称"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True)  # "/1/4/": its own id last
    head = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    is_region = models.BooleanField(_("区域市场"), default=False)
    is_active = models.BooleanField(default=True)

    stays: ClassVar[dict[str, str]] = {"head": "a department without its head is shown to the administrator"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="department_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(Versioned):
    """A post: its capabilities, duties, required skills and up to which amount it may sign."""

    code = models.SlugField(
        max_length=40, unique=True
    )  # standard roles: director, manager, administrator, rep, promoter
    name = models.CharField(_("名称"), max_length=40)
    capabilities = models.JSONField(default=list, blank=True)
    offered = models.JSONField(null=True)  # what there was to be allowed when the role was made or last upgraded
    duties = models.TextField(_("岗位职责"), blank=True)
    skills = models.JSONField(default=list, blank=True)
    signing_limit = money_field(null=True, blank=True)  # None: no limit

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """People are colleagues: their names are no secret, so this table needs no scope."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person by login name, whatever its case."""
        return self.get(username=(username or "").casefold())


class Person(AbstractBaseUser, Versioned):
    """Somebody who works here and signs in; one line manager, one department, one role."""

    username = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    sort_key = models.CharField(max_length=120, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    phone = models.CharField(_("手机"), max_length=30, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="people")
    manager = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    line_path = models.CharField(max_length=200, db_index=True)  # "/3/9/": from the top of the line to oneself
    role = models.ForeignKey(Role, models.PROTECT, related_name="people")
    skills = models.JSONField(default=list, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    theme = models.CharField(_("外观"), max_length=10, default="auto")
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()
    stays: ClassVar[dict[str, str]] = {"manager": "the handover asks for the new line manager of the team"}

    class Meta:
        indexes = [models.Index(fields=["department", "is_active"], name="person_department")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Login names are kept in lower case, so that they are found whatever the case typed."""
        self.username = self.username.casefold()
        super().save(*args, **kwargs)
