"""Every win and loss gets its path from the moves that led to it; a stay that ended as invalid says so."""

from django.db import migrations
from django.db.models import Exists, OuterRef

LONGEST = 200
SET = 2000


def path_of(moves, stages):
    """(path, stages left out, ways back, moves past a gate) as the product of this version finds it."""
    codes, left_out, went_back, breaches = [], set(), 0, 0
    for move in moves:
        here, to = stages.get(move.from_stage_id), stages[move.to_stage_id]
        if move.kind == "import" and here is not None:
            return "", 0, 0, 0
        if here is not None and here.version_id != to.version_id:
            if here.code != to.code:
                codes, left_out, went_back, breaches = ["", to.code], set(), 0, 0
            continue
        left_out.update(move.skipped)
        breaches += move.is_bypass and move.kind == "move"
        if to.kind != "open":
            continue
        went_back += here is not None and move.kind == "move" and to.position < here.position
        if codes[-1:] != [to.code]:
            codes.append(to.code)
    path = ">".join(codes)
    if len(path) > LONGEST:
        path = path[: path.rindex(">", 0, LONGEST)] + ">…"
    return path, len(left_out), went_back, breaches


def keep_paths(apps, schema_editor):
    """Some thousands of opportunities at a time, so that memory does not grow with the years."""
    closings = apps.get_model("pipeline", "Closing")._base_manager
    transitions = apps.get_model("pipeline", "StageTransition")._base_manager
    stages = {stage.pk: stage for stage in apps.get_model("pipeline", "Stage")._base_manager.defer("steps", "guidance")}
    after = 0
    while some := list(
        closings.filter(opportunity_id__gt=after).order_by("opportunity_id")
        .values_list("opportunity_id", flat=True).distinct()[:SET]
    ):
        after = some[-1]
        moves = {pk: [] for pk in some}
        for move in transitions.filter(opportunity__in=some).exclude(kind__in=["correction", "undo"]).order_by("pk"):
            moves[move.opportunity_id].append(move)
        rows = list(closings.filter(opportunity__in=some).order_by("opportunity_id", "pk"))
        found = ("", 0, 0, 0)
        for row in rows:
            if row.sign == 1:
                found = path_of((m for m in moves[row.opportunity_id] if m.pk <= row.transition_id), stages)
            row.path, row.left_out, row.went_back, row.breaches = found
        closings.bulk_update(rows, ["path", "left_out", "went_back", "breaches"], batch_size=200)


def mark_invalid(apps, schema_editor):
    """The stay out of which an opportunity was lost as invalid or twice there."""
    closings = apps.get_model("pipeline", "Closing")._base_manager.filter(
        opportunity=OuterRef("opportunity"), verdict="lost", reason="invalid", occurred_at=OuterRef("left_at")
    )
    spans = apps.get_model("pipeline", "StageSpan")._base_manager.filter(exit_kind="lost")
    spans.filter(Exists(closings)).update(exit_kind="invalid")


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0009_paths'),
    ]

    operations = [
        migrations.RunPython(keep_paths, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(mark_invalid, migrations.RunPython.noop, elidable=True),
    ]
