"""The pages of winning tactics: the offer at the win, the library, the card on a later deal."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import edit_role
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import TacticDraft
from xiaocheng.selling.pipeline.models import Opportunity

SECRET = "绝密客户公司"


@pytest.fixture
def row(deals: Deals) -> Opportunity:
    """A deal about to be won from the quote."""
    row = deals.opened(name="绝密商机", customer_id=deals.customer(name=SECRET))
    return deals.move(row, "quote")


def win(deals: Deals, row: Opportunity, **more: str) -> None:
    form = {"seen": str(deals.fresh(row).span_seq), "reason": "交期短两周", "amount": "2,000", "tactic": "", **more}
    answer = deals.world.client("east_rep").post(f"/opportunities/{row.pk}/win/", form)
    assert answer.status_code == 302, answer.content.decode()


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_win_asks_at_most_five_things_and_no_reason_twice(deals: Deals, row: Opportunity) -> None:
    shown = page(deals.world.client("east_rep"), f"/opportunities/{row.pk}/win/")
    names = [name for name in ("amount", "reason", "tactic", "tactic_stage", "text") if f'name="{name}"' in shown]
    assert names == ["amount", "reason", "tactic", "tactic_stage"]
    assert '<option value="quote" selected>' in shown and 'value="won"' not in shown


def test_a_win_without_a_title_leaves_no_tactic_and_with_one_it_does(deals: Deals, row: Opportunity) -> None:
    win(deals, row, tactic_stage="quote")
    assert not queries.library(SYSTEM).exists()
    rep = deals.world.client("east_rep")
    assert "写下打法" in page(rep, f"/opportunities/{row.pk}/")
    form = page(rep, f"/opportunities/{row.pk}/tactics/new/")
    assert "交期短两周" in form and '<option value="quote" selected>' in form
    rep.post(f"/opportunities/{row.pk}/tactics/new/", {"title": "先谈交期", "text": "比价之前", "stage": "needs"})
    other = deals.move(deals.opened(), "quote")
    win(deals, other, tactic="带样机上门", tactic_stage="contact")
    found = [(item.title, item.text, item.stage.code) for item in queries.library(SYSTEM)]
    assert found == [("带样机上门", "交期短两周", "contact"), ("先谈交期", "比价之前", "needs")]
    assert "先谈交期" in page(rep, f"/opportunities/{row.pk}/")


def test_whoever_sees_opportunities_reads_the_library_but_not_the_deal_behind(deals: Deals, row: Opportunity) -> None:
    win(deals, row, tactic="先谈交期", tactic_stage="quote")
    url = f"/tactics/{queries.library(SYSTEM).get().pk}/"
    outsider, manager = deals.world.client("south_rep"), deals.world.client("east_manager")
    for shown in (page(outsider, "/tactics/"), page(outsider, url)):
        assert "先谈交期" in shown and SECRET not in shown and "绝密商机" not in shown and "2,000" not in shown
    seen = page(manager, url)
    assert SECRET in seen and "绝密商机" in seen and f"/opportunities/{row.pk}/" in seen
    assert "withdraw" not in page(outsider, url) and "withdraw" not in seen
    assert "withdraw" in page(deals.world.client("east_rep"), url)
    assert deals.world.client("promoter").get("/tactics/").status_code == 403


def test_a_deal_at_the_stage_is_offered_it_says_why_and_takes_it_with_one_tap(deals: Deals, row: Opportunity) -> None:
    win(deals, row, tactic="先谈交期", tactic_stage="quote")
    tactic = queries.library(SYSTEM).get()
    later, rep = deals.opened("south_rep"), deals.world.client("south_rep")
    url = f"/opportunities/{later.pk}/"
    assert "先谈交期" not in page(rep, url)
    deals.move(later, "quote", "south_rep")
    shown = page(rep, url)
    assert "先谈交期" in shown and "同一产品" in shown and f"{url}tactics/{tactic.pk}/use/" in shown
    rep.post(f"{url}tactics/{tactic.pk}/use/")
    assert f"{url}tactics/{tactic.pk}/unuse/" in page(rep, url)
    assert "1 个商机" in page(rep, "/tactics/")
    rep.post(f"{url}tactics/{tactic.pk}/unuse/")
    assert f"{url}tactics/{tactic.pk}/use/" in page(rep, url)


def test_a_percentage_is_shown_from_five_closed_deals_on(deals: Deals, row: Opportunity) -> None:
    win(deals, row, tactic="先谈交期", tactic_stage="quote")
    tactic, rep = queries.library(SYSTEM).get(), deals.world.actor("east_rep")
    for number in range(5):
        later = deals.move(deals.opened(), "quote")
        commands.use_tactic(rep, later.pk, tactic.pk)
        shown = page(deals.world.client("east_rep"), "/tactics/")
        assert "%" not in shown.partition("<tbody>")[2].partition("</tbody>")[0]
        commands.win(rep, later.pk, "好") if number < 4 else commands.lose(rep, later.pk, "price")
    assert "赢 4 / 5 单 (80%)" in page(deals.world.client("east_rep"), "/tactics/")


def test_the_library_is_searched_narrowed_and_taken_out(deals: Deals, row: Opportunity, tmp_path: Path) -> None:
    win(deals, row, tactic="先谈交期", tactic_stage="quote")
    rep = deals.world.actor("east_rep")
    commands.write_tactic(rep, row.pk, TacticDraft("带样机上门", "现场试用", "contact"))
    client = deals.world.client("east_rep")
    for query, shown, hidden in (
        ("q=xtjq", "先谈交期", "带样机上门"),
        ("q=试用", "带样机上门", "先谈交期"),
        ("stage=contact", "带样机上门", "先谈交期"),
        (f"product={deals.product_id}", "先谈交期", "没有符合"),
        ("industry=finance", "没有符合", "先谈交期"),
    ):
        found = page(client, f"/tactics/?{query}")
        assert shown in found and hidden not in found, query
    assert client.get("/tactics/export/").status_code == 403
    role = deals.world.role("rep")
    edit_role(SYSTEM, role.pk, role.edit_version, name=role.name, allowed=[*role.capabilities, EXPORT])
    answer = deals.world.client("east_rep").get("/tactics/export/?stage=contact")
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    lines = [line for _number, line in read_file(file, tmp_path / "spool", "out.xlsx")[0].rows()]
    assert [line[:3] for line in lines] == [["带样机上门", "现场试用", "接触"]]
    assert SECRET not in str(lines)


def test_its_author_edits_it_on_its_page(deals: Deals, row: Opportunity) -> None:
    win(deals, row, tactic="先谈交期", tactic_stage="quote")
    tactic = queries.library(SYSTEM).get()
    url, rep = f"/tactics/{tactic.pk}/edit/", deals.world.client("east_rep")
    form = {"title": "先谈交期再谈价", "text": "", "stage": "needs", "_version": "1"}
    assert deals.world.client("east_peer").post(url, form).status_code == 422
    assert rep.post(url, form).status_code == 302
    assert rep.post(url, form | {"title": "又改"}).status_code == 409
    assert rep.post(f"/tactics/{tactic.pk}/withdraw/").status_code == 302
    assert rep.get(f"/tactics/{tactic.pk}/").status_code == 404
