"""Whoever tries the product sees the demo company first: it is made, opens with one click, and goes without a trace."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from xiaocheng.foundation.org.models import Person
from xiaocheng.foundation.org.queries import demo_company, person_by_username
from xiaocheng.interface.cli.demo.company import LOGINS
from xiaocheng.interface.cli.demo.load import older_history

LINK = re.compile(r' href="(/[^"#]*)"')
NOT_A_PAGE = re.compile(r"^/(static|account|api)/")
# What Django keeps of every model, and the files in which SQLite keeps an index of words, be it empty or not.
KEPT = re.compile(r"^(django_migrations|django_content_type|auth_permission|.*_search_(config|data|idx))$")


@pytest.mark.once
@pytest.mark.django_db(transaction=True)  # as at the command line: every step is committed
def test_the_demo_company_opens_with_one_click_for_everybody_it_offers_and_goes_without_a_trace(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("demo", recent_only=True, stdout=StringIO())
    _live_the_last_workday_and_pay()
    assert {"org_person", "customers_customer", "pipeline_opportunity", "kernel_journalentry"} <= _filled_tables()
    assert any(path.is_file() for path in tmp_path.rglob("*"))
    deeper: set[str] = set()
    for username in LOGINS:
        assert len(_opened_by(username, deeper)) > 10
    assert {"customers:page", "pipeline:opportunity", "daily:plan_page"} <= deeper

    call_command("demo", remove=True, stdout=StringIO())
    assert _filled_tables() == set()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    for username in LOGINS:
        assert Client().post("/account/demo/", {"username": username}).status_code == 404
    assert "/account/demo/" not in Client().get("/account/login/").content.decode()


def _live_the_last_workday_and_pay() -> None:
    """The first of the older steps, a workday of every rep among them, and the last ones."""
    demo = demo_company()
    assert demo is not None
    *steps, _paid, _valued = older_history(demo)
    reps = Person.objects.filter(username__startswith="rep", role__code="rep").count()
    for step in (*steps[: 1 + reps], _paid, _valued):
        with transaction.atomic():
            step()


def _opened_by(username: str, deeper: set[str]) -> set[str]:
    """Sign in and open whatever the home page leads to, and from there what nobody has opened before; by view name."""
    client = Client()
    assert f'value="{username}"' in client.get("/account/login/").content.decode()
    client.post("/account/demo/", {"username": username})
    person = person_by_username(username)
    assert person is not None
    assert client.session["_auth_user_id"] == str(person.pk)
    opened: set[str] = set()
    for link in _links(client, "/"):
        if _name(link) not in opened:
            opened.add(_name(link))
            for further in _links(client, link):
                if _name(further) not in deeper:
                    deeper.add(_name(further))
                    _links(client, further)
    return opened


def _links(client: Client, path: str) -> list[str]:
    """Open a page, which has to succeed, and give the addresses of the pages that it links to."""
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, f"{path} gave {answer.status_code}"
    if not answer["Content-Type"].startswith("text/html"):
        return []
    return [link for link in LINK.findall(answer.content.decode()) if not NOT_A_PAGE.match(link)]


def _name(path: str) -> str:
    return resolve(path.partition("?")[0]).view_name


def _filled_tables() -> set[str]:
    """The tables that hold rows."""
    filled = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0] and not KEPT.match(table):
                filled.add(table)
    return filled
