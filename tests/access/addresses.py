"""Every address of the product with the ids of the outsider's rows put into it.

A new family of pages says here what its parameters mean; the tests refuse an address whose parameters nobody explained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiaocheng.interface.web.shell.access import Access, declared_routes

# Pages that libraries wrote; their own parameters (keys of a mail, providers) lead nowhere without a secret.
FOREIGN = re.compile(r"^(account_|mfa_|socialaccount_|openid_connect_|api:openapi|api:api-root|demo-login)")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
MISSING = "999999"

# By view name, or by namespace: parameter -> key of tests/access/rows.py, or the value itself.
MEANINGS: dict[str, dict[str, str]] = {
    "api": {
        "person_id": "person",
        "department_id": "department",
        "role_id": "role",
        "sort": "delegation",
        "arrangement_id": MISSING,
        "site_id": MISSING,
        "job_id": MISSING,
        "entry_id": "entry",
        "kind": "customers.customer",
        "row_id": "customer",
        "file_id": "file",
        "list_key": "customers.source",
        "code": "referral",
        "pool_id": "pool",
        "template": "short",
        "version_id": "version",
        "stage_id": "stage",
        "year": "2026",
        "key": "ClockRules.time_zone",
        "token_id": MISSING,
        "customer_id": "customer",
        "contact_id": "contact",
        "product_id": "product",
        "opportunity_id": "opportunity",
        "process_id": "process",
        "task_id": "task",
        "plan_id": "plan",
        "line_id": "line",
        "visit_id": "visit",
        "report_id": "report",
        "note_id": MISSING,
        "day": "2026-03-02",
    },
    "daily": {"pk": "plan", "day": "2026-03-02", "customer": "customer", "kind": "plan", "person": "person"},
    "daily:edit_line": {"pk": "line"},
    "daily:drop_line": {"pk": "line"},
    "daily:move_line": {"pk": "line"},
    "daily:settle_line": {"pk": "line"},
    "daily:visit": {"pk": "visit"},
    "daily:check_out": {"pk": "visit"},
    "daily:result": {"pk": "visit"},
    "daily:report_page": {"pk": "report"},
    "daily:sign_report": {"pk": "report"},
    "daily:return_report": {"pk": "report"},
    "daily:comment_report": {"pk": "report"},
    "daily:revise_report": {"pk": "report"},
    "notifications": {"pk": MISSING},
    "admin": {"pk": "person", "token": MISSING},
    "admin:end": {"kind": "delegation", "pk": MISSING},
    "admin:department-edit": {"pk": "department"},
    "admin:headcount": {"pk": "department"},
    "admin:role-edit": {"pk": "role"},
    "admin:rule": {"key": "ClockRules.time_zone"},
    "admin:calendar-day": {"day": "2026-03-02"},
    "admin:duty-site": {"pk": MISSING},
    "admin:journal-entry": {"pk": "entry"},
    "admin:token-revoke": {"pk": MISSING},
    "catalogue": {"pk": "product"},
    "customers": {"pk": "customer"},
    "customers:edit_contact": {"pk": "contact"},
    "customers:edit_pool": {"pk": "pool"},
    "files": {"pk": "file", "kind": "customers.customer", "row_id": "customer"},
    "imports": {"pk": MISSING},
    "options": {"key": "customers.source", "code": "referral"},
    "pick": {"name": "customers"},
    "pipeline": {"pk": "opportunity", "stage": "stage", "version": "version"},
    "pipeline:column": {"code": "contact"},
    "pipeline:install": {"key": "short"},
    "pipeline:process": {"pk": "process"},
    "pipeline:edit_process": {"pk": "process"},
    "pipeline:draft": {"pk": "process"},
}
# Addresses whose row belongs to the outsider alone: whoever does not see him gets 404.
HIS_OWN = re.compile(
    r"^(customers:(page|edit|claim|release|new_contact|edit_contact)"
    r"|daily:(plan_page|visit|report_page)"
    r"|files:(attach|fetch|remove)"
    r"|pipeline:(opportunity|edit|needs|next_step|drop|move|advance|win|lose|reopen|undo|change_process))$"
)


@dataclass(frozen=True)
class Address:
    """One address that can be asked for."""

    name: str
    path: str
    access: Access
    has_parameters: bool

    @property
    def is_his_own(self) -> bool:
        """True when it leads to a row of the outsider."""
        return bool(HIS_OWN.match(self.name))


def addresses(rows: dict[str, int]) -> list[Address]:
    """Every address that the product answers, without those of libraries."""
    found = []
    for route in declared_routes():
        if FOREIGN.match(route.name):
            continue
        assert route.access is not None, route.pattern
        path = route.pattern
        for parameter in PARAMETER.finditer(route.pattern):
            path = path.replace(parameter[0], _value(route.name, parameter[1], rows))
        found.append(Address(route.name, f"/{path}", route.access, path != route.pattern))
    return found


def unexplained() -> list[str]:
    """The parameters that MEANINGS says nothing of."""
    return [
        f"{route.name}: {parameter}"
        for route in declared_routes()
        if not FOREIGN.match(route.name)
        for parameter in PARAMETER.findall(route.pattern)
        if parameter not in _meanings(route.name)
    ]


def _meanings(name: str) -> dict[str, str]:
    return MEANINGS.get(name.partition(":")[0], {}) | MEANINGS.get(name, {})


def _value(name: str, parameter: str, rows: dict[str, int]) -> str:
    meaning = _meanings(name)[parameter]
    return str(rows.get(meaning, meaning))
