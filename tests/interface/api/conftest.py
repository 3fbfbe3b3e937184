"""Programs that ask the API as somebody of the world."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from tests.world import World
from xiaocheng.foundation.org.commands import issue_token


@dataclass(frozen=True)
class Answer:
    """Status and JSON of an answer."""

    status: int
    json: Any
    headers: Any


@dataclass(frozen=True)
class Program:
    """A program with a person's token."""

    secret: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request to /api/v1 and read the JSON of the answer."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            given["Authorization"] = f"Bearer {self.secret}"
        text = body if isinstance(body, (str, bytes)) else json.dumps(body) if body is not None else ""
        answer = Client().generic(method, f"/api/v1{path}", text, "application/json", headers=given)
        return Answer(answer.status_code, answer.json() if answer.content else None, answer.headers)

    def get(self, path: str) -> Any:
        """The JSON of an answer that must succeed."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        return answer.json


@pytest.fixture
def program(world: World) -> Callable[[str], Program]:
    """Make a program for a person."""

    def make(key: str) -> Program:
        return Program(issue_token(world.actor(key), "test")[1])

    return make


@pytest.fixture
def administrator(program: Callable[[str], Program]) -> Program:
    """One program for all cases of a test."""
    return program("administrator")


def profile(cases: int) -> settings:
    """So many cases, the same ones in every run."""
    return settings(
        max_examples=cases,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
