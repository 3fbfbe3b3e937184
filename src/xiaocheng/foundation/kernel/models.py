"""Tables of the kernel. They point at rows by kind and id, never by foreign key: the kernel knows no other module."""

from __future__ import annotations

from django.db import models

from .rows import Row


class RuleValue(models.Model):
    """A company's own value for a rule, valid from a day on; later rows win."""

    key = models.CharField(max_length=100, db_index=True)
    value = models.JSONField()
    since = models.DateField()
    person_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()


class SightRow(models.Model):
    """A viewer sees a person or a department, perhaps only between two days."""

    viewer_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["viewer_id"], name="sight_viewer")]


class Grant(models.Model):
    """One record opened to one person (assisting, approving, standing in), perhaps only between two days."""

    kind = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    decides = models.BooleanField(default=False)  # also to decide about it, not only to look at it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "kind", "row_id", "reason"], name="grant_once"),
        ]
        indexes = [models.Index(fields=["kind", "row_id"], name="grant_row")]


class JournalEntry(Row):
    """Something that happened: who did it, on whose behalf, and its ids and figures. Append-only."""

    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    personal = models.JSONField(null=True)  # the one column that erasure may empty

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-id"], name="journal_person"),
            models.Index(fields=["kind", "-id"], name="journal_kind"),
        ]


class JournalSubject(Row):
    """A row that a journal entry is about."""

    entry = models.ForeignKey(JournalEntry, models.CASCADE, db_index=False, related_name="subjects")
    kind = models.CharField(max_length=60)
    row_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "row_id", "-entry"], name="journal_subject"),
            models.Index(fields=["entry"], name="journal_subject_entry"),
        ]


class MeasureDay(models.Model):
    """What a person, credited to a department, did on a day; `value` in ten-thousandths, so sums are exact."""

    key = models.CharField(max_length=40)
    person_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    day = models.IntegerField()  # 20260131
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "day", "person_id", "department_id"], name="measure_day_once"),
        ]
        indexes = [models.Index(fields=["person_id", "key", "day"], name="measure_day_person")]


class MeasureMonth(models.Model):
    """The same by month, so that a year of a team costs few rows."""

    key = models.CharField(max_length=40)
    person_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    month = models.IntegerField()  # 202601
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "month", "person_id", "department_id"], name="measure_month_once"),
        ]
        indexes = [models.Index(fields=["person_id", "key", "month"], name="measure_month_person")]


class MeasureDepartment(models.Model):
    """The same summed per department and month."""

    key = models.CharField(max_length=40)
    department_id = models.BigIntegerField()
    month = models.IntegerField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "department_id", "month"], name="measure_department_once"),
        ]


class MeasureSubject(models.Model):
    """For the measures that declare it: the same by product or customer, person, department and month."""

    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    month = models.IntegerField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "kind", "month", "subject_id", "person_id", "department_id"], name="measure_subject_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject_id", "key"], name="measure_subject_row")]


class GaugeValue(models.Model):
    """The present value of something about one customer; `value` in ten-thousandths.

    A gauge that is counted by the clock keeps the day of its last count (a day key) as the value of customer 0.
    """

    key = models.CharField(max_length=40)
    customer_id = models.BigIntegerField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer_id", "key"], name="gauge_once")]
        indexes = [models.Index(fields=["key", "value", "customer_id"], name="gauge_value")]


class IdempotencyKey(models.Model):
    """The answer that a request with this key was given; the same key again gets the same answer."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="idempotency_once")]


class JobSlot(models.Model):
    """A scheduled job was queued for this slot; the unique row makes it once across all workers."""

    name = models.CharField(max_length=100)
    slot = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="job_slot_once")]


class WorkerBeat(models.Model):
    """A worker process was alive at this instant."""

    worker_id = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()


class JobProgress(models.Model):
    """A long work that somebody asked for: how far it is and how it ended."""

    kind = models.CharField(max_length=60)
    person_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default="waiting")  # waiting, running, done, failed
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    result = models.JSONField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
