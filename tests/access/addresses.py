"""Every address of the product with the ids of the outsider's rows put into it.

Operations of the API explain themselves: `customer_id` is the row "customer" of rows.py, and a body is made from the
schema. A new family of pages says in MEANINGS what its parameters are; the tests refuse what nobody explained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from xiaocheng.interface.api.api import api
from xiaocheng.interface.web.shell.access import OWN_DOOR, Access, declared_routes

from .bodies import fitting_body, fitting_query, mentions
from .rows import SEEN_BY

# Pages that libraries wrote; their own parameters (keys of a mail, providers) lead nowhere without a secret.
FOREIGN = re.compile(r"^(account_|mfa_|socialaccount_|openid_connect_|api:openapi|api:api-root|demo-login)")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
IN_BRACES = re.compile(r"{(\w+)}")

# By view name, or by namespace: parameter -> key of tests/access/rows.py, or after a "=" the value itself.
MEANINGS: dict[str, dict[str, str]] = {
    "api": {
        "year": "=2026",
        "key": "=ClockRules.time_zone",
        "day": "=2026-03-02",
        "note_id": "notification",
        "job_id": "import",
        "sort": "=delegation",
        "arrangement_id": "delegation",
        "review_id": "process_review",
        "change_id": "expected_change",
        "kind": "=customers.customer",
        "row_id": "customer",
        "list_key": "=customers.source",
        "table_key": "=customers.customer",
        "code": "=referral",
        "template": "=short",
        "step_key": "=identify-1",
    },
    "daily": {"pk": "plan", "day": "=2026-03-02", "customer": "customer", "kind": "=plan", "person": "person"},
    "daily:edit_line": {"pk": "line"},
    "daily:drop_line": {"pk": "line"},
    "daily:move_line": {"pk": "line"},
    "daily:settle_line": {"pk": "line"},
    "daily:visit": {"pk": "visit"},
    "daily:check_out": {"pk": "visit"},
    "daily:result": {"pk": "visit"},
    "daily:add_photos": {"pk": "visit"},
    "daily:place_customer": {"pk": "visit"},
    "daily:request": {"pk": "attendance_request"},
    "daily:withdraw_request": {"pk": "attendance_request"},
    "daily:grant_request": {"pk": "attendance_request"},
    "daily:refuse_request": {"pk": "attendance_request"},
    "daily:report_page": {"pk": "report"},
    "daily:sign_report": {"pk": "report"},
    "daily:return_report": {"pk": "report"},
    "daily:comment_report": {"pk": "report"},
    "daily:revise_report": {"pk": "report"},
    "notifications": {"pk": "notification"},
    "admin": {"pk": "person", "token": "token"},
    "admin:end": {"kind": "=delegation", "pk": "delegation"},
    "admin:department-edit": {"pk": "department"},
    "admin:headcount": {"pk": "department"},
    "admin:role-edit": {"pk": "role"},
    "admin:rule": {"key": "=ClockRules.time_zone"},
    "admin:calendar-day": {"day": "=2026-03-02"},
    "admin:duty-site": {"pk": "site"},
    "admin:journal-entry": {"pk": "entry"},
    "admin:token-revoke": {"pk": "token"},
    "catalogue": {"pk": "product"},
    "customers": {"pk": "customer"},
    "customers:contact": {"pk": "contact"},
    "insight:decisions_of": {"pk": "customer"},
    "insight": {"pk": "process_review"},
    **{f"insight:{name}": {"pk": "expected_change"} for name in ("edit_expected_change", "drop_expected_change")},
    "customers:merge": {"pk": "customer", "other": "other"},
    "customers:merged": {"pk": "merge"},
    "customers:undo_merge": {"pk": "merge"},
    **{f"customers:{name}": {"pk": "pair"} for name in ("duplicate", "tell_apart", "look_again")},
    "customers:edit_contact": {"pk": "contact"},
    "customers:take_back_contact": {"pk": "contact"},
    "customers:choose_merge_contact": {"pk": "contact"},
    "customers:merge_contacts": {"pk": "contact", "other": "other_contact"},
    "customers:erase_contact": {"pk": "contact"},
    "customers:edit_field": {"pk": "customer", "name": "=level"},
    "customers:edit_pool": {"pk": "pool"},
    **{f"customers:{name}": {"pk": "group"} for name in ("group", "export_group", "edit_group", "drop_group")},
    "customers:edit_rule_group": {"pk": "rule_group"},
    "customers:pool": {"pk": "pool"},
    **{
        f"customers:{name}": {"pk": "dispute"}
        for name in ("dispute", "answer_dispute", "decide_dispute", "withdraw_dispute")
    },
    **{f"customers:{name}": {"pk": "restore"} for name in ("restore_offer", "restore", "decline_restore")},
    **{f"customers:{name}": {"pk": "question"} for name in ("question", "answer_question", "withdraw_question")},
    **{f"customers:{name}": {"pk": "customer_note"} for name in ("edit_note", "remove_note")},
    "customers:grant_extension": {"pk": "extension"},
    "customers:refuse_extension": {"pk": "extension"},
    "handovers": {"pk": "handover"},
    "files": {"pk": "file", "kind": "=customers.customer", "row_id": "customer"},
    "imports": {"pk": "import", "sheet": "=0", "target": "=customers"},
    "options": {
        "key": "=customers.source",
        "code": "=referral",
        "into": "=partner",
        "table": "=customers.customer",
        "pk": "field",
    },
    "options:edit_view": {"pk": "view"},
    "options:open_with": {"pk": "view"},
    "options:remove_view": {"pk": "view"},
    "receptions": {"pk": "reception", "site": "site"},
    "trade": {"pk": "receipt"},
    **{f"trade:{name}": {"pk": "order"} for name in ("order", "cancel_order")},
    "market": {"pk": "market_report"},
    "service": {"pk": "complaint"},
    "expenses": {"pk": "expense"},
    "pick": {"name": "=customers"},
    "pipeline": {"pk": "opportunity", "stage": "stage", "version": "version", "key": "=identify-1"},
    "pipeline:column": {"code": "=contact"},
    **{f"pipeline:{name}": {"pk": "tactic"} for name in ("tactic", "edit_tactic", "withdraw_tactic")},
    **{f"pipeline:{name}": {"pk": "competitor"} for name in ("competitor", "edit_competitor", "merge_competitor")},
    "pipeline:install": {"key": "=short"},
    "pipeline:process": {"pk": "process"},
    **{
        f"pipeline:{name}": {"pk": "remark"}
        for name in ("remark", "edit_remark", "withdraw_remark", "support_remark", "unsupport_remark", "decide_remark")
    },
    "pipeline:edit_process": {"pk": "process"},
    "pipeline:carry_over": {"pk": "process"},
    "pipeline:sheet": {"pk": "process"},
    "pipeline:sheet_export": {"pk": "process"},
    "pipeline:draft": {"pk": "process"},
}
API = re.compile(r"^api:")
# What pages need behind the question mark, without which they show nobody anything.
MARCH = "first=2026-03-01&last=2026-03-31"
QUERIES = {
    "numbers:lines": f"key=fieldwork.planned&{MARCH}",
    "numbers:visits": f"key=fieldwork.visited&{MARCH}",
    "numbers:customers": f"key=customers.registered&{MARCH}",
    "numbers:receptions": f"key=customers.received&{MARCH}",
    "numbers:opened": f"key=pipeline.opened&{MARCH}",
    "numbers:closings": f"key=pipeline.won&{MARCH}",
    "numbers:sales": f"key=trade.sales&{MARCH}",
    "numbers:orders": f"key=trade.orders&{MARCH}",
    "numbers:receipts": f"key=trade.received&{MARCH}",
    "numbers:expenses": f"key=expenses.amount&{MARCH}",
    "numbers:complaints": f"key=service.raised&{MARCH}",
    "numbers:settled": f"key=service.closed&{MARCH}",
}
QUERIES |= {f"{name}_export": query for name, query in QUERIES.items()}
QUERIES |= dict.fromkeys(("options:new_view", "options:edit_view"), "list=customers:list")
# What pages are sent that would otherwise refuse everybody alike.
FORMS = {
    "pipeline:drop": {"to": "stage"},
    "daily:add_suggested": {"customer": "customer"},
    "customers:ungroup": {"group": "group", "ids": "customer"},
}


@dataclass(frozen=True)
class Address:
    """One address that can be asked for, with the bodies that its operations of the API take."""

    name: str
    path: str
    access: Access
    kinds: tuple[str, ...] = ()  # the rows of the outsider to which its parameters lead
    operations: dict[str, str] = field(default_factory=dict)  # of the API, by method: their ids
    bodies: dict[str, Any] = field(default_factory=dict)  # by method; most pages are sent an empty form
    mentioned: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by method: his rows that the body names
    has_parameters: bool = False

    @property
    def is_api(self) -> bool:
        """True for an address that answers with JSON and says itself who may use which operation."""
        return self.access == OWN_DOOR

    def is_seen_by(self, person: str) -> bool:
        """True when the person sees every row of the outsider to which the address leads."""
        return all(person in SEEN_BY[kind] for kind in self.kinds)

    def body_is_seen_by(self, person: str, method: str) -> bool:
        """True when the person sees every row of the outsider that the body names."""
        return all(person in SEEN_BY[kind] for kind in self.mentioned.get(method, ()))


def addresses(rows: dict[str, int]) -> list[Address]:
    """Every address that the product answers, without those of libraries."""
    return _pages(rows) + _operations(rows)


def _pages(rows: dict[str, int]) -> list[Address]:
    found = []
    for route in declared_routes():
        if FOREIGN.match(route.name) or API.match(route.name):
            continue
        assert route.access is not None, route.pattern
        path, kinds = _filled(route.name, PARAMETER, route.pattern, rows)
        query = f"?{QUERIES[route.name]}" if route.name in QUERIES else ""
        form = {name: rows[kind] for name, kind in FORMS.get(route.name, {}).items()}
        found.append(
            Address(route.name, f"/{path}{query}", route.access, kinds, {}, {"POST": form}, {}, path != route.pattern)
        )
    return found


def _operations(rows: dict[str, int]) -> list[Address]:
    schema: Any = api.get_openapi_schema()
    found = []
    for pattern, operations in schema["paths"].items():
        path, kinds = _filled("api", IN_BRACES, pattern, rows)
        by_method = {method.upper(): operation for method, operation in operations.items()}
        bodies = {method: fitting_body(schema, operation, rows) for method, operation in by_method.items()}
        found.append(
            Address(
                name=" ".join(operation["operationId"] for operation in operations.values()),
                path=path + fitting_query(schema, by_method, rows),
                access=OWN_DOOR,
                kinds=kinds,
                operations={method: operation["operationId"] for method, operation in by_method.items()},
                bodies=bodies,
                mentioned={method: mentions(body, SEEN_BY) for method, body in bodies.items()},
                has_parameters=path != pattern,
            )
        )
    return found


def unexplained(rows: dict[str, int]) -> list[str]:
    """The parameters that MEANINGS says nothing of, with what to do."""
    asked = [(r.name, p) for r in declared_routes() if not FOREIGN.match(r.name) for p in PARAMETER.findall(r.pattern)]
    return [
        f"{name}: say in MEANINGS of tests/access/addresses.py what {parameter} is, and make the row in rows.py"
        for name, parameter in asked
        if _meaning(name, parameter, rows) is None
    ]


def _filled(name: str, brackets: re.Pattern[str], pattern: str, rows: dict[str, int]) -> tuple[str, tuple[str, ...]]:
    """The address with values for its parameters, and the kinds of the outsider's rows among them."""
    kinds = []
    for parameter in brackets.finditer(pattern):
        meaning = _meaning(name, parameter[1], rows) or "=0"
        pattern = pattern.replace(parameter[0], meaning[1:] if meaning.startswith("=") else str(rows[meaning]))
        kinds += [meaning] if meaning in SEEN_BY else []
    return pattern, tuple(kinds)


def _meaning(name: str, parameter: str, rows: dict[str, int]) -> str | None:
    """What a parameter is: the key of a row, or the value itself; `task_id` is the row "task" when nobody says else."""
    said = MEANINGS.get(name.partition(":")[0], {}) | MEANINGS.get(name, {})
    of_that_name = parameter.removesuffix("_id")
    return said.get(parameter, of_that_name if of_that_name in rows else None)
