"""Co-owners on the pages and in the API: agreed by the owner, shown with their shares, worked on as one's own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from tests.selling.pipeline.deals import Deals
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import CoOwner
from xiaocheng.selling.pipeline.models import Opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(deals: Deals) -> Opportunity:
    """A deal of 张三."""
    return deals.opened(name="换线合作项目")


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def sent(deals: Deals, who: str, share: str) -> dict[str, str]:
    return {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-person_id": str(deals.world.id(who)),
        "lines-0-share": share,
    }


def test_the_owner_agrees_shares_on_the_page_and_both_have_the_deal(deals: Deals, row: Opportunity) -> None:
    owner, address = deals.world.client("east_rep"), f"/opportunities/{row.pk}/"
    assert "约定共同负责" in page(owner, f"{address}shares/")
    assert owner.post(f"{address}shares/", sent(deals, "south_rep", "40")).status_code == 302
    shown = page(owner, address)
    assert '张三 <span class="soft">60%</span>' in shown and '钱外人 <span class="soft">40%</span>' in shown
    other = deals.world.client("south_rep")
    assert "换线合作项目" in page(other, "/opportunities/?tab=mine")
    assert "换线合作项目" in page(other, "/opportunities/board/?tab=mine")
    its = page(other, address)
    assert f"{address}win/" in its and f"{address}shares/" not in its and "hand-over/?ids" not in its
    assert 'value="40' in page(owner, f"{address}shares/")


def test_a_share_that_makes_no_sense_is_refused_with_its_sentence(deals: Deals, row: Opportunity) -> None:
    answer = deals.world.client("east_rep").post(f"/opportunities/{row.pk}/shares/", sent(deals, "south_rep", "100"))
    assert answer.status_code == 422 and "小于 100" in answer.content.decode()
    assert deals.world.client("east_peer").get(f"/opportunities/{row.pk}/shares/").status_code == 404


def test_a_part_of_a_win_is_a_part_of_a_deal_on_the_pages_of_figures(deals: Deals, row: Opportunity) -> None:
    commands.agree_shares(deals.world.actor("east_rep"), row.pk, [CoOwner(deals.world.id("south_rep"), Decimal(40))])
    commands.win(deals.world.actor("east_rep"), row.pk, "一起拿下")
    lead = deals.world.client("south_manager")
    shown = page(lead, "/insight/revenue/?by=person")
    assert ">0.4</a>" in shown and "400 元" in shown
    rows = page(lead, "/insight/rows/closings/?verdict=won")
    assert "40%" in rows and "400 元" in rows and f"/opportunities/{row.pk}/" not in rows
    assert "100%" in page(deals.world.client("director"), "/insight/rows/closings/?verdict=won")
    assert '张三 <span class="soft">60%</span>' in page(deals.world.client("east_rep"), f"/opportunities/{row.pk}/")


def test_a_program_agrees_and_reads_shares(deals: Deals, row: Opportunity) -> None:
    owner, address = deals.world.client("east_rep"), f"/api/v1/opportunities/{row.pk}/shares"
    body = {"co_owners": [{"person_id": deals.world.id("south_rep"), "share": "33.33"}]}
    answer = owner.put(address, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert [(it["share"], it["is_owner"]) for it in answer.json()] == [("66.67", True), ("33.33", False)]
    assert deals.world.client("south_rep").get(address).json() == answer.json()
    assert deals.world.client("east_peer").get(address).status_code == 404
    body["co_owners"][0]["share"] = "33.333"
    assert owner.put(address, body, content_type="application/json").status_code == 422
