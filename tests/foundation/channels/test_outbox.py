from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from tests.world import World
from xiaocheng.foundation.channels.commands import WAITS, Message, post, send_due
from xiaocheng.foundation.channels.jobs import something_is_due
from xiaocheng.foundation.channels.models import OutboxMessage
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM

NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


def message(world: World, key: str = "a") -> Message:
    return Message(world.id("east_rep"), "zhang@example.com", "计划已签核\n多一行", "请看。", key)


def test_a_message_with_the_same_key_leaves_the_house_once(world: World) -> None:
    post(SYSTEM, [message(world), message(world)])
    post(SYSTEM, [message(world)])
    assert send_due(SYSTEM) == 1
    assert send_due(SYSTEM) == 0
    assert [(sent.subject, sent.to) for sent in mail.outbox] == [("计划已签核 多一行", ["zhang@example.com"])]


def test_whoever_has_no_address_gets_no_message(world: World) -> None:
    post(SYSTEM, [Message(world.id("east_rep"), "", "s", "b", "k")])
    assert not something_is_due()


def test_a_failure_is_tried_again_later_and_given_up_at_last(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailMessage) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    at, waited = NOON, []
    with clock.as_of(at):
        post(SYSTEM, [message(world)])
    while (row := OutboxMessage.objects.get()).due_at is not None:
        waited.append(row.due_at - at)
        at = row.due_at
        with clock.as_of(at):
            assert send_due(SYSTEM) == 0
    assert [int(wait.total_seconds()) // 60 for wait in waited] == [0, *WAITS]
    assert (row.attempts, row.sent_at) == (len(WAITS) + 1, None)
    assert "no mail server" in row.fault


def test_a_message_is_taken_by_one_worker_only(world: World) -> None:
    from xiaocheng.foundation.channels.commands import _take

    post(SYSTEM, [message(world)])
    first, second = OutboxMessage.objects.get(), OutboxMessage.objects.get()
    assert [_take(first), _take(second)] == [True, False]
