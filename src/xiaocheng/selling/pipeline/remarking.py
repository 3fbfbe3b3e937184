"""Who keeps the processes, and what waits for them: a to-do for each process with remarks to decide."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import Person, next_workday, people
from xiaocheng.selling.tasks import commands as tasks
from xiaocheng.selling.tasks.queries import was_pushed

from .access import MANAGE_PROCESS
from .models import Process, ProcessRemark, RemarkSupport
from .models.remarks import WAITING
from .remark_events import RemarkWaitsAgain
from .rules import PipelineRules

TODO = "pipeline.remarks"


def keepers() -> list[Person]:
    """Those who keep the processes and are here."""
    return [row for row in people(SYSTEM).select_related("role") if MANAGE_PROCESS in row.role.capabilities]


def waiting_of(process_id: int) -> QuerySet[ProcessRemark]:
    """The remarks on a process that wait for a decision, the oldest first."""
    return ProcessRemark.objects.filter(stage__version__process=process_id, state=WAITING).order_by("pk")


def told_of(remark: ProcessRemark) -> tuple[int, ...]:
    """Whoever is to hear what becomes of a remark: its author and who supported it."""
    supporters = RemarkSupport.objects.filter(remark=remark).order_by("pk").values_list("person_id", flat=True)
    return (remark.author_id, *supporters)


def put_on_lists(actor: Actor, process: Process) -> None:
    """One to-do for each keeper as long as remarks on the process wait; another one when the oldest was decided."""
    about, oldest = f"pipeline.process:{process.pk}", waiting_of(process.pk).first()
    occurrence = f"{oldest.pk}.{oldest.edit_version}:" if oldest else ""  # the same one may wait a second time
    if oldest is None or not was_pushed(actor, TODO, about, occurrence):
        tasks.withdraw(actor, TODO, [about])
    if oldest is not None:
        days = rules(PipelineRules, clock.today()).remark_days
        due = next_workday(clock.today(), days)
        tasks.push(actor, [
            tasks.TaskDraft(kind=TODO, about=about, person_id=person.pk, title=_title(person, process), due_on=due,
                            occurrence=f"{occurrence}{person.pk}")
            for person in keepers()
        ])  # fmt: skip


def wait_again(actor: Actor, remarks: Collection[ProcessRemark]) -> None:
    """Let decided remarks wait for another decision, and those who keep the processes know of it."""
    ProcessRemark.objects.filter(pk__in=[row.pk for row in remarks]).update(state=WAITING, until=None, version=None)
    processes = {row.stage.version.process_id: row.stage.version.process for row in remarks}
    record(actor, *(
        RemarkWaitsAgain(remark_id=row.pk, process_id=row.stage.version.process_id,
                         process=row.stage.version.process.name, stage=row.stage.name)
        for row in remarks
    ))  # fmt: skip
    for process in processes.values():
        put_on_lists(actor, process)


def _title(person: Person, process: Process) -> str:
    with translation.override(person.language):
        return _("流程「%(process)s」有意见等您决定") % {"process": process.name}
