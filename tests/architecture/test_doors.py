"""Every read and every write says who is asking; the second door is used where this file says, and nowhere else."""

from __future__ import annotations

import ast

import pytest

from .source import modules, public_functions

# function -> why it needs no actor. Names and calendars of one's own company are no secret.
WITHOUT_ACTOR: dict[str, str] = {
    "foundation/org/queries/arrangements.py:deputies_of": "who stands in for whom is no secret",
    "foundation/org/queries/calendar.py:anybody_on_duty": "the roster hangs in the showroom",
    "foundation/org/queries/calendar.py:is_on_duty": "the roster hangs in the showroom",
    "foundation/org/queries/calendar.py:duty_days": "the roster hangs in the showroom",
    "foundation/org/queries/calendar.py:everybody_on_duty": "the roster hangs in the showroom",
    "foundation/org/queries/calendar.py:day_name": "the company's calendar is on every wall",
    "foundation/org/queries/calendar.py:is_workday": "the company's calendar is on every wall",
    "foundation/org/queries/calendar.py:last_workday_before": "the company's calendar is on every wall",
    "foundation/org/queries/calendar.py:next_workday": "the company's calendar is on every wall",
    "foundation/org/queries/calendar.py:on_duty": "the roster hangs in the showroom",
    "foundation/org/queries/calendar.py:workdays_between": "the company's calendar is on every wall",
    "foundation/org/queries/departments.py:departments_above": "ids of the tree that everybody sees",
    "foundation/org/queries/departments.py:department_and_below": "ids of the tree that everybody sees",
    "foundation/fields/queries/coded.py:choices": "the company's option lists are no secret",
    "foundation/fields/queries/fields.py:forget_cached": "reads nothing",
    "foundation/fields/queries/coded.py:default_of": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:forget_options": "reads nothing",
    "foundation/fields/queries/fields.py:changed_keys": "compares what the caller was already given",
    "foundation/fields/queries/fields.py:field_names": "the names of a company's fields are no secret",
    "foundation/fields/queries/coded.py:names": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:options": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:former_names": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:resolved": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:standing": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:tone_of": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:usable": "the company's option lists are no secret",
    "foundation/fields/queries/coded.py:wording": "the company's option lists are no secret",
    "foundation/files/queries.py:content_of": "of a file that the caller was already given",
    "control/targets/queries/pace.py:pace_of": "asks the company's calendar alone",
    "foundation/files/queries.py:path_of": "the place of a digest",
    "insight/queries/forecast_calls.py:months_to_call": "asks the clock alone",
    "insight/queries/variants.py:variants": "counts of its argument, which were made for an actor",
    "selling/catalogue/commands.py:tokens_of": "a pure function of its argument",
    "selling/customers/commands/contacts.py:editable": "reads what the caller was given",
    "selling/customers/commands/receptions.py:contacted": "a reception that the caller was already given, as a contact",
    "selling/customers/commands/turns.py:checked_reason": "a pure function of its argument",
    "selling/customers/commands/turns.py:not_their_turn": "the roster hangs in the showroom",
    "selling/customers/commands/pools.py:standard_pool": "a pool's row without its customers",
    "selling/customers/queries/sleeping.py:start_is_due": "whether a day has come",
    "selling/customers/queries/details.py:masked": "makes less of what the caller was already given",
    "selling/fieldwork/commands/lines.py:check_open": "judges a plan that the caller was already given",
    "selling/fieldwork/commands/visits.py:completed": "the event of a visit that the caller was already given",
    "selling/pipeline/queries/pace.py:asks_for_quote": "judges a stage that the caller was already given",
    "selling/pipeline/queries/pace.py:lacks_step": "judges an opportunity that the caller was already given",
    "selling/pipeline/queries/pace.py:stale_limit": "judges a stage that the caller was already given",
    "foundation/org/queries/holdings.py:holds": "a declaration",
    "foundation/org/queries/holdings.py:shown_keys": "what was declared",
    "foundation/org/queries/people.py:demo_company": "asked before anybody has signed in",
    "foundation/org/queries/people.py:demo_people": "offered before anybody has signed in",
    "foundation/org/queries/people.py:names_of": "colleagues' names are no secret",
    "foundation/org/queries/people.py:person_by_username": "asked before anybody has signed in",
    "foundation/org/queries/people.py:person_signed_in": "asked to learn who the actor is",
    "foundation/org/queries/supervisors.py:supervisor_of": "who signs for whom is no secret",
    "foundation/org/queries/supervisors.py:supervisors_of": "who signs for whom is no secret",
    "foundation/org/queries/tokens.py:person_of_token": "asked before anybody has signed in",
    "foundation/org/queries/tokens.py:token_digest": "a digest of its argument",
}

# file -> how many times it looks beyond the actor's sight
SECOND_DOOR: dict[str, int] = {
    "control/reports/measures.py": 1,
    "foundation/import_export/jobs.py": 1,
    "insight/commands.py": 2,
    "insight/deciding.py": 3,
    "insight/forecasting/history.py": 6,
    "insight/forecasting/open_deals.py": 3,
    "insight/measures/values.py": 3,
    "insight/cohorting.py": 2,
    "insight/credited.py": 1,
    "insight/moving.py": 3,
    "insight/queries/checking.py": 1,
    "insight/queries/decisions.py": 1,
    "insight/queries/matrix.py": 2,
    "insight/queries/movement.py": 1,
    "insight/queries/newcomers.py": 2,
    "insight/queries/rows.py": 1,
    "insight/queries/sources.py": 2,
    "insight/queries/worth.py": 1,
    "insight/reactions.py": 3,
    "insight/reminding.py": 2,
    "insight/skipping.py": 3,
    "insight/rollups.py": 3,
    "insight/valuing.py": 7,
    "interface/notifications/choosing.py": 1,
    "interface/notifications/commands.py": 1,
    "interface/notifications/reactions.py": 1,
    "selling/customers/claiming.py": 2,
    "selling/customers/consenting.py": 1,
    "selling/customers/commands/claims.py": 1,
    "selling/customers/commands/consents.py": 2,
    "selling/customers/commands/contacted.py": 4,
    "selling/customers/commands/contacts.py": 1,
    "selling/customers/commands/dispute_ends.py": 3,
    "selling/customers/commands/disputes.py": 3,
    "selling/customers/commands/duplicates.py": 1,
    "selling/customers/commands/erase.py": 12,
    "selling/customers/commands/guests.py": 1,
    "selling/customers/commands/hand_out.py": 1,
    "selling/customers/commands/handovers.py": 2,
    "selling/customers/commands/lapse.py": 3,
    "selling/customers/commands/merge.py": 3,
    "selling/customers/commands/ownership.py": 3,
    "selling/customers/commands/papers.py": 2,
    "selling/customers/commands/question_ends.py": 2,
    "selling/customers/commands/questions.py": 1,
    "selling/customers/commands/reception_changes.py": 1,
    "selling/customers/commands/receptions.py": 1,
    "selling/customers/commands/restores.py": 3,
    "selling/customers/commands/team.py": 5,
    "selling/customers/commands/undo.py": 1,
    "selling/customers/commands/unmerge.py": 4,
    "selling/customers/disputing.py": 2,
    "selling/customers/duplicates.py": 1,
    "selling/customers/feeding.py": 1,
    "selling/customers/handing.py": 2,
    "selling/customers/keys.py": 2,
    "selling/customers/measures.py": 4,
    "selling/customers/merging.py": 1,
    "selling/customers/pairing.py": 2,
    "selling/customers/queries/access_log.py": 2,
    "selling/customers/queries/consents.py": 1,
    "selling/customers/queries/contacts.py": 1,
    "selling/customers/queries/customers.py": 3,
    "selling/customers/queries/disputes.py": 1,
    "selling/customers/queries/duplicates.py": 2,
    "selling/customers/queries/evidence.py": 4,
    "selling/customers/queries/groups.py": 1,
    "selling/customers/queries/handovers.py": 1,
    "selling/customers/queries/merges.py": 1,
    "selling/customers/queries/pools.py": 1,
    "selling/customers/queries/team.py": 1,
    "selling/customers/reactions.py": 14,
    "selling/customers/sharing.py": 2,
    "selling/customers/sleeping.py": 2,
    "selling/customers/tokens.py": 3,
    "selling/expenses/measures.py": 1,
    "selling/expenses/reactions.py": 2,
    "selling/fieldwork/commands/handed_over.py": 3,
    "selling/fieldwork/commands/places.py": 2,
    "selling/fieldwork/measures.py": 2,
    "selling/fieldwork/queries/evidence.py": 1,
    "selling/fieldwork/commands/market.py": 1,
    "selling/fieldwork/reactions.py": 10,
    "selling/pipeline/carrying.py": 1,
    "selling/pipeline/paths.py": 2,
    "selling/pipeline/queries/carry_over.py": 1,
    "selling/pipeline/commands/evidence.py": 2,
    "selling/pipeline/commands/history.py": 1,
    "selling/pipeline/commands/undo_history.py": 2,
    "selling/pipeline/measures.py": 3,
    "selling/pipeline/numbers.py": 1,
    "selling/pipeline/opened.py": 4,
    "selling/pipeline/proofs.py": 2,
    "selling/pipeline/queries/lists.py": 1,
    "selling/pipeline/queries/shares.py": 1,
    "selling/pipeline/sharing.py": 4,
    "selling/pipeline/reactions.py": 14,
    "selling/pipeline/rivals.py": 3,
    "selling/tasks/commands.py": 2,
    "selling/tasks/queries.py": 2,
    "selling/tasks/reactions.py": 4,
    "selling/service/measures.py": 3,
    "selling/service/reactions.py": 5,
    "selling/trade/commands/history.py": 2,
    "selling/trade/debts.py": 1,
    "selling/trade/commands/order_files.py": 1,
    "selling/trade/commands/orders.py": 1,
    "selling/trade/commands/receipt_files.py": 1,
    "selling/trade/firsts.py": 2,
    "selling/trade/measures.py": 3,
    "selling/trade/reactions.py": 6,
}


def is_command_or_query(path: str) -> bool:
    parts = path.removesuffix(".py").split("/")
    return not {"kernel", "management"} & {*parts} and ("commands" in parts or "queries" in parts)


def without_actor(path: str, tree: ast.Module) -> list[str]:
    return [
        f"{path}:{function.name}"
        for function in public_functions(tree)
        if not function.args.args or function.args.args[0].arg != "actor"
    ]


def calls_of(tree: ast.Module, name: str) -> int:
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        for node in ast.walk(tree)
    )


def reads_rows_directly(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "rows" and _is_model(node.value) for node in ast.walk(tree)
    )


def _is_model(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id[:1].isupper()


def test_every_command_and_query_takes_the_actor_first() -> None:
    found = [name for path, tree in modules() if is_command_or_query(path) for name in without_actor(path, tree)]
    assert sorted(found) == sorted(WITHOUT_ACTOR)


def test_the_second_door_is_used_only_where_it_is_pinned() -> None:
    found = {path: calls_of(tree, "beyond_sight") for path, tree in modules() if calls_of(tree, "beyond_sight")}
    assert found == SECOND_DOOR


def test_nobody_reads_a_scoped_table_by_its_plumbing() -> None:
    assert [path for path, tree in modules() if "kernel" not in path and reads_rows_directly(tree)] == []


@pytest.mark.parametrize(
    ("fault", "caught"),
    [
        (
            "def sign(report_id, actor): ...",
            lambda tree: without_actor("x/commands.py", tree) == ["x/commands.py:sign"],
        ),
        ("Customer.objects.beyond_sight(because='x')", lambda tree: calls_of(tree, "beyond_sight") == 1),
        ("Customer.rows.all()", reads_rows_directly),
    ],
)
def test_a_planted_fault_is_caught(fault: str, caught: object) -> None:
    assert callable(caught)
    assert caught(ast.parse(fault))
