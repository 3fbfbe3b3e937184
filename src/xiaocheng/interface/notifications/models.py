"""Notes to people about what happened, and how far the journal has been read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel


class Notification(ScopedModel):
    """One person is told of one journal entry; the sentence is put together in the reader's language."""

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)  # of the event
    data = models.JSONField(default=dict)
    about_kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {"person": "a note was for whom it was for"}

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "entry_id"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="told_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="told_unread"),
        ]


class Way(models.TextChoices):
    """How a person is told of a topic."""

    EMAIL = "email", _("站内和邮件")
    APP = "app", _("仅站内")
    OFF = "off", _("不通知")


class NotificationChoice(ScopedModel):
    """How one person wants to be told; whoever chose nothing is told of everything, by e-mail too."""

    person = models.OneToOneField("org.Person", models.CASCADE, related_name="+")
    ways = models.JSONField(default=dict)  # topic -> Way; what is not there is EMAIL
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    wants_digest = models.BooleanField(default=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {"person": "how somebody wants to be told is nobody else's wish"}

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_from_and_until",
            )
        ]

    def way(self, topic: str) -> str:
        """How the person is told of a topic."""
        return str(self.ways.get(topic, Way.EMAIL))


class Cursor(models.Model):
    """Journal entries up to this one are done with."""

    name = models.CharField(max_length=40, primary_key=True)
    entry_id = models.BigIntegerField(default=0)
