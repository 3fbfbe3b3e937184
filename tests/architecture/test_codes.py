"""Every column that could hold a code of an option list says whether it does: a merge of two values forgets none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from xiaocheng.foundation.fields.holders import InRule, holders
from xiaocheng.foundation.fields.lists import option_lists
from xiaocheng.foundation.fields.tables import LONGEST_CODE, OptionField, tables
from xiaocheng.foundation.kernel.rules import Rules, rule_fields

# column or rule -> what it holds instead; a model stands for all its columns
NO_CODES = {
    "kernel.Grant": "why a row was opened to somebody, in the product's own words",
    **dict.fromkeys(
        ("kernel.MeasureDay", "kernel.MeasureMonth", "kernel.MeasureDepartment", "kernel.MeasureSubject"),
        "measures; none is kept by the value of a list",
    ),
    "kernel.GaugeValue": "gauges",
    "kernel.JournalEntry": "what was so when it happened; the names of merged values stay known",
    "kernel.IdempotencyKey": "an answer as it was given",
    "kernel.JobProgress": "how a job ended",
    "org.Role": "names, capabilities, skills",
    "org.Person": "skills, as one writes them",
    "org.DemoCompany": "login names",
    "fields.Option": "the lists themselves, which know what stands for what",
    "fields.CustomField": "roles; a field with options has the default of its list",
    "fields.SavedView.columns": "keys of columns",
    "import_export.ImportJob.folder": "a folder",
    "import_export.ImportJob.target": "what the rows are",
    "import_export.ImportedSet": "ids",
    "insight.ProcessReview.departments": "ids",
    "insight.ProcessReview.people": "ids",
    "insight.ProcessReview.figures": "figures of the time; the names of merged reasons stay known",
    "customers.Customer.phone": "a number",
    "customers.Customer.phone_key": "a number",
    "customers.Contact.phone": "a number",
    "customers.Contact.phone_key": "a number",
    "customers.Reception": "numbers",
    "customers.Handover": "how many rows of which table",
    "customers.CustomerMerge.moved": "ids",
    "customers.CustomerMerge.left": "ids",
    "customers.CustomerMerge.counted": "measures",
    "customers.CustomerMerge.corrections": "measures",
    "tasks.Task": "which module pushed it, and for which day",
    "pipeline.Stage.name": "a name",
    "pipeline.Stage.enter_fields": "names of fields",
    "pipeline.Stage.leave_fields": "names of fields",
    "pipeline.Stage.movers": "roles",
    "pipeline.StageTransition.skipped": "ids of stages",
    "pipeline.StageTransition.unmet": "names of fields and keys of steps",
    "pipeline.Opportunity.number": "of the former system",
    "insight.ForecastRun": "figures, and which window",
    "insight.WinChance": "figures, and what raises or lowers them; made anew every night",
    "insight.SkipEffect": "figures, and of which stage and outcome",
    "fieldwork.PlanLine.former": "times, a purpose of the product's own words, texts",
    "trade.SaleLine": "of the document",
    "reports.ReportEdition": "figures by measure",
    "targets.Target.measure": "the key of a measure",
    "notifications.NotificationChoice": "ways by topic, both of the product's own words",
    "notifications.Cursor": "who reads the journal",
    "notifications.Notification": "of an event, as the journal has it",
    **dict.fromkeys(
        (f"import_export.ImportJob.{name}" for name in ("columns", "options", "counts", "made", "notes")),
        "how a file is read, and what came of it",
    ),
    "ClockRules.time_zone": "a place",
    "AttendanceRules.office_place": "a place",
    "AttendanceRules.by_role": "roles and ways, of the product's own words",
    "PeriodRules.closed_through": "a day",
    "ValueRules.score": "criteria",
    "SuggestionRules.court": "traits, of the product's own words",
    "SuggestionRules.drop": "traits, of the product's own words",
}


def could_hold_codes(field: models.Field) -> bool:
    """A text as long as a code that has no choices of its own, or JSON."""
    is_text = isinstance(field, models.CharField) and field.max_length == LONGEST_CODE and not field.choices
    return isinstance(field, models.JSONField) or (is_text and not isinstance(field, models.SlugField))


def columns(of: Iterable[type[models.Model]]) -> Iterator[str]:
    for model in of:
        if model.__module__.startswith(("xiaocheng.", __name__)):
            yield from (f"{model._meta.label}.{f.name}" for f in model._meta.local_fields if could_hold_codes(f))


def rules_in_words() -> Iterator[str]:
    """The rules that are written as free text."""
    fields = (item for kind in Rules.registry.values() for item in rule_fields(kind))
    return (item.key for item in fields if item.kind is str and not item.choices)


def declared() -> set[str]:
    places = holders()
    said = {f"{place.model}.{name}" for place in places for name in place.columns}
    return said | {place.rule for place in places if isinstance(place, InRule)}


def undeclared(found: Iterable[str]) -> list[str]:
    known = declared()
    return [name for name in found if name not in known | NO_CODES.keys() and name.rpartition(".")[0] not in NO_CODES]


def test_every_column_that_could_hold_codes_says_so_or_is_known_to_hold_something_else() -> None:
    assert undeclared(columns(apps.get_models())) == []


def test_every_rule_in_words_says_whether_it_names_values_of_a_list() -> None:
    assert undeclared(rules_in_words()) == []


def test_nothing_is_said_of_what_is_not_there_or_holds_codes_after_all() -> None:
    there = {*columns(apps.get_models()), *rules_in_words()}
    there |= {name.rpartition(".")[0] for name in there}
    assert set(NO_CODES) - there == set()
    assert set(NO_CODES) & declared() == set()


def test_a_column_names_a_list_that_there_is_and_the_field_of_its_table_the_same_one() -> None:
    known = {item.key for item in option_lists()}
    found = [f for model in apps.get_models() for f in model._meta.local_fields if isinstance(f, OptionField)]
    assert [str(field) for field in found if field.list_key not in known or not field.counted] == []
    built_in = {
        (apps.get_model(table.key)._meta.label, item.key): item.list_key for table in tables() for item in table.fields
    }
    for field in found:
        told = built_in.get((field.model._meta.label, field.name))
        assert told in {None, field.list_key}, str(field)
    coded = {place for place, key in built_in.items() if key}
    assert coded <= {(field.model._meta.label, field.name) for field in found}


@isolate_apps("xiaocheng.foundation.fields")
@pytest.mark.parametrize(
    ("fault", "caught"),
    [
        (models.CharField(max_length=40, blank=True), True),
        (models.JSONField(default=list), True),
        (models.CharField(max_length=40, choices=[("a", "A")]), False),
        (models.CharField(max_length=200), False),
    ],
)
def test_a_column_that_nobody_declared_is_found(fault: models.Field, caught: bool) -> None:
    meta = type("Meta", (), {"app_label": "fields"})
    planted = type("Planted", (models.Model,), {"__module__": __name__, "Meta": meta, "reason": fault})
    assert (undeclared(columns([planted])) == ["fields.Planted.reason"]) is caught
