"""Steps and required activities of a stage become one list; ticks stand in the table of the evidence."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils.crypto import get_random_string

NAMES = {"visit": "有效拜访", "call": "电话沟通", "demo": "产品演示", "quote": "提交报价", "other": "其他凭据"}


def one_list(sentences, kinds, key_of, name_of):
    """The steps of a stage: each sentence ticked by hand, each required activity a required step that it proves."""
    told = [(text, "", False) for text in sentences] + [(name_of(kind), kind, True) for kind in kinds]
    return [
        {"text": text, "evidence": kind, "is_required": must, "key": key_of(text, kind)} for text, kind, must in told
    ]


def join_steps(apps, schema_editor):
    """The same stage of all editions of a process gives a step the same key; bypassed gates are named by it."""
    keys, activities = {}, {}
    own = {row.code: row.name for row in apps.get_model("fields", "Option").objects.filter(list_key="pipeline.evidence")}
    stages = apps.get_model("pipeline", "Stage")
    for stage in stages._base_manager.select_related("version").order_by("pk"):

        def key_of(text, kind, of=(stage.version.process_id, stage.code)):
            return keys.setdefault((*of, text, kind), get_random_string(8, "abcdefghijkmnpqrstuvwxyz23456789"))

        stage.steps = one_list(
            dict.fromkeys(stage.steps), stage.required_activities, key_of, lambda kind: own.get(kind) or NAMES.get(kind, kind)
        )
        stage.save(update_fields=["steps"])
        activities[stage.pk] = {step["evidence"]: step["key"] for step in stage.steps if step["evidence"]}
    moves = apps.get_model("pipeline", "StageTransition")
    for move in moves._base_manager.filter(is_bypass=True, from_stage__in=[pk for pk, found in activities.items() if found]):
        move.unmet = [activities[move.from_stage_id].get(name, name) for name in move.unmet]
        move.save(update_fields=["unmet"])


class Migration(migrations.Migration):

    dependencies = [
        ('fields', '0009_merged_options'),
        ('pipeline', '0007_remarks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evidence',
            name='note',
            field=models.CharField(blank=True, max_length=300, verbose_name='备注'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='kind',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='stagespan',
            name='required_steps',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='stagespan',
            name='done_steps',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='stagespan',
            name='late_steps',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(join_steps, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name='stage',
            name='required_activities',
        ),
    ]
