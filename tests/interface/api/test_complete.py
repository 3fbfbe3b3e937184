"""Whatever the product can do, a program can do: every command has an operation of the API, or says here why not."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.architecture.source import modules, public_functions

SETS = "the pages act on one row; sets come by imports, which the API has"
UNDONE = "part of taking an import back, which the API has"
PUSHED = "a consequence of another module's act, never asked for by a person"
KEEPING = "done by the worker and the command line as the system"
# command -> why a program does not call it by itself
WITHOUT_OPERATION: dict[str, str] = {
    "foundation/approvals:climb": KEEPING,
    "foundation/approvals:comment": "each kind of paper has its own act of commenting",
    "foundation/approvals:decide": "each kind of paper has its own acts of signing and returning",
    "foundation/approvals:end_alarms": PUSHED,
    "foundation/approvals:forget_comments": "follows when personal data is erased",
    "foundation/approvals:raise_alarm": PUSHED,
    "foundation/channels:post": PUSHED,
    "selling/fieldwork:add_suggested": "an operation adds lines, whatever suggested them",
    "selling/customers:begin_clocks": KEEPING,
    "selling/customers:find_duplicates": KEEPING,
    "selling/customers:forget_merged": KEEPING,
    "selling/customers:shorten_access_log": KEEPING,
    "foundation/files:hand_on": PUSHED,
    "selling/customers:renew_keys": "a new version and the command line do it, as the system",
    "foundation/channels:send_due": KEEPING,
    "foundation/fields:index_found_words": "work of the house after a field is searched, or no more",
    "foundation/fields:mend_field_indexes": "the worker does it, when a field is to be filtered by",
    "foundation/fields:merge_late": "the worker does it, a little after two values were merged",
    "foundation/files:discard": "follows when personal data is erased",
    "foundation/files:remove_everything": "the demo company is made and removed at the command line",
    "foundation/import_export:check": "the worker does it, when it is asked for",
    "foundation/import_export:forget_changes": "what an erasure calls",
    "foundation/import_export:note_export": "programs read the lists themselves, part by part",
    "foundation/import_export:run": "the worker does it, when it is asked for",
    "foundation/import_export:undo": "the worker does it, when it is asked for",
    "foundation/org:add_people": SETS,
    "foundation/org:hand_on_work": "part of a handover, which the API has",
    "foundation/org:mark_demo": "the demo company is made and removed at the command line",
    "foundation/org:note_demo_step": "the demo company is made and removed at the command line",
    "foundation/org:note_missing_holidays": KEEPING,
    "foundation/org:offer_demo_logins": "the demo company is made and removed at the command line",
    "foundation/org:offer_new_capabilities": KEEPING,
    "foundation/org:recompute_sight": KEEPING,
    "foundation/org:set_up_company": "before it nobody is there who could ask",
    "foundation/org:undo_people": UNDONE,
    "insight:count_values": KEEPING,
    "insight:estimate_skipping": KEEPING,
    "insight:fill_new_rollups": KEEPING,
    "insight:learn_stays": KEEPING,
    "insight:make_forecasts": KEEPING,
    "insight:rebuild": KEEPING,
    "insight:remind_of_process_reviews": KEEPING,
    "insight:remind_of_reviews": KEEPING,
    "insight:tell_chances": KEEPING,
    "interface/notifications:forget": KEEPING,
    "interface/notifications:send_digests": KEEPING,
    "interface/notifications:something_new": KEEPING,
    "interface/notifications:tell": KEEPING,
    "selling/catalogue:add_products": SETS,
    "selling/catalogue:tokens_of": "a pure function of its argument",
    "selling/catalogue:undo_products": UNDONE,
    "selling/customers:add_contacts": SETS,
    "selling/customers:edit_contacts": "what an import with a key calls; a program sends the file, or edits one by one",
    "selling/pipeline:edit_many": "what an import with a key calls; a program sends the file, or edits one by one",
    "selling/customers:edit_many": "what an import with a key calls; a program sends the file, or edits one by one",
    "selling/customers:drop_claims": "what follows when somebody leaves",
    "selling/customers:drop_questions": "what follows when somebody leaves",
    "selling/customers:end_waiting": KEEPING,
    "selling/customers:offer_restores": PUSHED,
    "selling/customers:hand_out_by_turn": KEEPING,
    "selling/customers:grant_extensions": "a program agrees to each by itself",
    "selling/customers:hand_on_memberships": "what follows when somebody leaves",
    "selling/customers:hand_over_groups": "what follows when somebody leaves",
    "selling/customers:note_handover": "the record of a closed account",
    "control/reports:put_off": "part of granting a late return, which the API has",
    "selling/fieldwork:hand_over_lines": "part of a handover, which the API has",
    "selling/customers:hand_over": "what follows when somebody leaves; a program assigns",
    "selling/customers:lapse_overdue": KEEPING,
    "selling/customers:note_contacts": PUSHED,
    "selling/customers:note_first_deals": PUSHED,
    "selling/customers:note_debts": PUSHED,
    "selling/fieldwork:escalate_market": KEEPING,
    "selling/fieldwork:forget_places": KEEPING,
    "selling/service:escalate_complaints": KEEPING,
    "selling/trade:remind_unpaid": KEEPING,
    "selling/trade:settle": PUSHED,
    "selling/customers:standard_pool": PUSHED,
    "selling/customers:undo_contacts": UNDONE,
    "selling/customers:undo_first_deals": UNDONE,
    "selling/customers:warn_owners": KEEPING,
    "selling/customers:undo_registrations": UNDONE,
    "selling/fieldwork:plan_line": "a program begins the plan first, then adds lines",
    "selling/fieldwork:submit_day": "a program submits the plan that it has begun",
    "selling/pipeline:open_customers_anew": KEEPING,
    "selling/pipeline:find_paths_again": KEEPING,
    "selling/pipeline:keep_stale_days": KEEPING,
    "selling/fieldwork:add_line": "the operation adds several lines at once, also one",
    "selling/fieldwork:log_contacts_many": SETS,
    "selling/pipeline:import_history": "done by an import, which the API has",
    "selling/pipeline:note_evidence": PUSHED,
    "selling/pipeline:note_proofs": PUSHED,
    "selling/pipeline:plan_next_steps": PUSHED,
    "selling/pipeline:prove_instead": PUSHED,
    "selling/pipeline:open_many": SETS,
    "selling/pipeline:remind_of_remarks": KEEPING,
    "selling/pipeline:undo_history": UNDONE,
    "selling/tasks:push": PUSHED,
    "selling/trade:import_orders": "done by an import, which the API has",
    "selling/trade:import_receipts": "done by an import, which the API has",
    "selling/trade:record_sales": "done by an import, which the API has",
    "selling/trade:undo_orders": UNDONE,
    "selling/trade:undo_receipts": UNDONE,
    "selling/trade:undo_sales": UNDONE,
    "selling/tasks:withdraw": PUSHED,
}

Source = list[tuple[str, ast.Module]]


def public_commands(source: Source) -> set[str]:
    """What a module's commands offer, as "wing/module:name": its __all__, else its public functions."""
    found: set[str] = set()
    for path, tree in source:
        if path.endswith(("/commands.py", "/commands/__init__.py")) and "management" not in path:
            module = path.removesuffix(".py").removesuffix("/__init__").removesuffix("/commands")
            names = declared(tree) or [function.name for function in public_functions(tree)]
            found |= {f"{module}:{name}" for name in names if name.islower()}  # classes and constants are no acts
    return found


def declared(tree: ast.Module) -> list[str]:
    """The names of a file's __all__."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            return list(ast.literal_eval(node.value))
    return []


def called_by_operations(source: Source) -> set[str]:
    """The commands that some function of the API names after importing them or their module."""
    return {name for path, tree in source if path.startswith("interface/api/") for name in commands_called(tree)}


def commands_called(tree: ast.Module) -> Iterator[str]:
    """What a file calls of the commands of other modules."""
    modules_known: dict[str, str] = {}  # alias -> wing/module
    names_known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xiaocheng."):
            module = (node.module or "").removeprefix("xiaocheng.").replace(".", "/")
            for alias in node.names:
                if alias.name == "commands":
                    modules_known[alias.asname or alias.name] = module
                elif module.endswith("/commands"):
                    names_known[alias.asname or alias.name] = f"{module.removesuffix('/commands')}:{alias.name}"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            if node.func.value.id in modules_known:
                yield f"{modules_known[node.func.value.id]}:{node.func.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names_known:
            yield names_known[node.func.id]


def missing(source: Source, excused: Iterable[str]) -> set[str]:
    """The commands without an operation that nobody has excused."""
    return public_commands(source) - called_by_operations(source) - set(excused)


@pytest.fixture(scope="module")
def source() -> Source:
    return list(modules())


def test_every_public_command_has_an_operation_or_says_why_not(source: Source) -> None:
    assert missing(source, WITHOUT_OPERATION) == set()


def test_no_excuse_is_out_of_date(source: Source) -> None:
    assert set(WITHOUT_OPERATION) <= public_commands(source) - called_by_operations(source)


@pytest.mark.parametrize("call", ["", "commands.write_off", "def write_off(): pass", "other.write_off()"])
def test_a_command_that_no_operation_calls_is_found(source: Source, call: str) -> None:
    planted = ("selling/trade/commands.py", ast.parse("def write_off(actor): pass\ndef _part(actor): pass"))
    operation = ("interface/api/trade.py", ast.parse(f"from xiaocheng.selling.trade import commands\n{call}"))
    assert missing([*source, planted, operation], WITHOUT_OPERATION) == {"selling/trade:write_off"}


@pytest.mark.parametrize(
    "operation",
    [
        "from xiaocheng.selling.trade import commands\ncommands.write_off(1)",
        "from xiaocheng.selling.trade import commands as trade\ntrade.write_off(1)",
        "from xiaocheng.selling.trade.commands import write_off\nwrite_off(1)",
    ],
)
def test_a_command_that_an_operation_calls_is_not_missed(source: Source, operation: str) -> None:
    planted = ("selling/trade/commands.py", ast.parse('__all__ = ["write_off", "Draft"]'))
    assert not missing([*source, planted, ("interface/api/trade.py", ast.parse(operation))], WITHOUT_OPERATION)
