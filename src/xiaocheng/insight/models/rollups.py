"""Rollups of the pipeline: how often a stage was entered in a month and how it was left, what was closed out of it.

Exits belong to the month of entry (a cohort), closings to the month in which they are booked. Amounts are integers of
ten-thousandths, so sums are exact; so are the numbers of closings, of which several people may have shares. Ids, not
foreign keys: these rows are derived and say nothing of their own.
"""

from __future__ import annotations

from django.db import models

COMPANY = 0  # as a department: the whole company
NONE = 0  # as a product: no product


class StageMonth(models.Model):
    """What is counted of one stage and month."""

    stage_id = models.BigIntegerField()
    month = models.IntegerField()  # 202601
    # spans entered in the month, by how they were left
    advanced = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    back = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    moved = models.BigIntegerField(default=0)
    staying = models.BigIntegerField(default=0)
    # the same in money, as at entry
    advanced_amount = models.BigIntegerField(default=0)
    skipped_amount = models.BigIntegerField(default=0)
    back_amount = models.BigIntegerField(default=0)
    lost_amount = models.BigIntegerField(default=0)
    moved_amount = models.BigIntegerField(default=0)
    staying_amount = models.BigIntegerField(default=0)
    # the same of stays that ended as invalid: in none of the counts above or below, but for `opened`
    invalid = models.BigIntegerField(default=0)
    invalid_amount = models.BigIntegerField(default=0)
    firsts = models.BigIntegerField(default=0)  # opportunities that were never in the stage before
    opened = models.BigIntegerField(default=0)  # opportunities opened in it
    timed = models.BigIntegerField(default=0)  # advanced, with both times recorded
    timed_seconds = models.BigIntegerField(default=0)
    # wins and losses out of the stage that are booked in the month, reversals taken off; all in ten-thousandths
    deals_won = models.BigIntegerField(default=0)
    deals_won_amount = models.BigIntegerField(default=0)
    deals_lost = models.BigIntegerField(default=0)
    deals_lost_amount = models.BigIntegerField(default=0)
    deals_invalid = models.BigIntegerField(default=0)
    # of the wins and losses those whose path is known; by how it agrees with the process
    judged = models.BigIntegerField(default=0)
    conforming = models.BigIntegerField(default=0)  # nothing but moves that the process allows
    straight = models.BigIntegerField(default=0)  # of these: no stage left out, no way back
    skipping = models.BigIntegerField(default=0)  # some stage left out
    returning = models.BigIntegerField(default=0)  # some way back
    # stays left in the month whose stage required steps: all done by then, or all but for what was recorded later
    stays_due = models.BigIntegerField(default=0)
    stays_done = models.BigIntegerField(default=0)
    stays_late = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class PersonStageMonth(StageMonth):
    """By the person and department credited."""

    person_id = models.BigIntegerField()
    department_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "department_id", "month", "stage_id"], name="person_stage_month_once"
            ),
        ]
        indexes = [models.Index(fields=["department_id", "month"], name="person_stage_month_department")]


class DepartmentStageMonth(StageMonth):
    """By the department credited, and once more for the whole company."""

    department_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department_id", "month", "stage_id"], name="department_stage_month_once"),
        ]


class OfferStageMonth(StageMonth):
    """By product, source and department, and once more for the whole company."""

    department_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "product_id", "month", "source", "stage_id"], name="offer_stage_month_once"
            ),
        ]
        indexes = [models.Index(fields=["department_id", "source", "month"], name="offer_stage_month_source")]


class StageAge(models.Model):
    """How old things became, by the department credited, and once more for the whole company.

    What has ended is counted by its `age`, in tenths of a day of two significant digits; what goes on by the day on
    which it began, so that its age is that of the day of asking. Only where the times were recorded. Counted by the
    month of the beginning, and once more by its year: the cells of a year are a fourth of those of its months.
    """

    department_id = models.BigIntegerField()
    period = models.IntegerField()  # of the beginning: 202601 a month, 2026 a year
    stage_id = models.BigIntegerField()
    exit = models.CharField(max_length=10)
    age = models.IntegerField()  # 0 of what goes on
    entered_on = models.IntegerField()  # 20260131; 0 of what has ended
    n = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class DepartmentStageAge(StageAge):
    """How long stays in a stage last, and how it was left."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "period", "stage_id", "exit", "age", "entered_on"],
                name="department_stage_age_once",
            ),
        ]


class DepartmentCohort(StageAge):
    """What became of the deals opened in a stage, and how long after: won, lost, or still open; without invalid ones.

    Credited as the opening was; what is reopened is open again.
    """

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "period", "stage_id", "exit", "age", "entered_on"],
                name="department_cohort_once",
            ),
        ]


class DepartmentStageStep(models.Model):
    """How often a stage was left for which other: by the department credited, and once more for the whole company."""

    department_id = models.BigIntegerField()
    month = models.IntegerField()  # 202601, of the entry
    stage_id = models.BigIntegerField()
    next_stage_id = models.BigIntegerField()
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "month", "stage_id", "next_stage_id"], name="department_stage_step_once"
            ),
        ]


class DepartmentPath(models.Model):
    """Which way deals went until they were closed: by the department credited, and once more for the whole company.

    Wins and losses by the period in which they are booked, reversals taken off; without invalid ones and those whose
    path is not known. `age`, from opening to closing, and the cells of a year are as those of DepartmentStageAge.
    """

    department_id = models.BigIntegerField()
    period = models.IntegerField()  # of the closing: 202601 a month, 2026 a year
    stage_id = models.BigIntegerField()  # closed from
    path = models.CharField(max_length=210)  # as a closing keeps it
    verdict = models.CharField(max_length=10)
    age = models.IntegerField()  # -1: opened on a day that is not known
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "period", "stage_id", "path", "verdict", "age"], name="department_path_once"
            ),
        ]
