"""The pages of a new edition: what it changes, what publishing leaves behind, and moving that over."""

from __future__ import annotations

from django.test import Client

from tests.selling.pipeline.deals import Deals
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import ProcessVersion


def drafted(deals: Deals) -> ProcessVersion:
    """A draft without the needs analysis, in which a deal stands."""
    deals.move(deals.opened(name="老单"), "needs")
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    commands.drop_stage(SYSTEM, draft.pk, draft.stages.get(code="needs").pk)
    return draft


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_a_draft_tells_what_it_changes_and_publishing_warns(deals: Deals) -> None:
    director, url = deals.world.client("director"), f"/processes/{deals.process.pk}/?version=2"
    drafted(deals)
    page = text_of(director, url)
    assert "与使用中的第 1 版相比" in page
    assert "去掉阶段「需求分析」。" in page
    assert page.count("去掉的阶段「需求分析」还有 1 个进行中的商机") == 2  # on the page, and before it is published
    assert "去掉阶段" not in text_of(director, f"/processes/{deals.process.pk}/?version=1")
    commands.discard_draft(SYSTEM, deals.process.versions.get(number=2).pk)
    commands.draft_version(SYSTEM, deals.process.pk)
    assert "还没有不同。" in text_of(director, url)


def test_open_opportunities_are_moved_after_a_look_at_what_that_does(deals: Deals) -> None:
    director = deals.world.client("director")
    version = commands.publish(SYSTEM, drafted(deals).pk)
    row = deals.opened(name="新单")
    page = f"/processes/{deals.process.pk}/"
    assert f"{page}carry-over/" in text_of(director, page)
    preview = text_of(director, f"{page}carry-over/")
    assert "以前版本里您看得到的进行中商机有 1 个,共 1,000 元" in preview
    for said in ("新版本没有这个阶段", "张三 1 个", "「需求分析」的商机转到", "留在原来的版本", "改用第 2 版"):
        assert said in preview
    to = version.stages.get(code="introduce").pk
    sent = {"version": version.pk, "to-needs": to, "reason": "改用第 2 版"}
    assert director.post(f"{page}carry-over/", sent | {"to-needs": 10**6}).status_code == 422
    assert director.post(f"{page}carry-over/", sent | {"reason": ""}).status_code == 422
    assert director.post(f"{page}carry-over/", sent | {"version": 2**70}).status_code == 422
    assert director.post(f"{page}carry-over/", sent).headers["Location"] == page
    assert "已转移 1 个商机,其中 1 个换了阶段。" in text_of(director, page)
    assert "您看得到的进行中商机都已经在第 2 版。" in text_of(director, f"{page}carry-over/")
    assert row.version_id == version.pk


def test_only_who_keeps_the_process_moves_them(deals: Deals) -> None:
    version = commands.publish(SYSTEM, drafted(deals).pk)
    for key in ("east_rep", "east_manager"):
        client = deals.world.client(key)
        assert client.get(f"/processes/{deals.process.pk}/carry-over/").status_code == 403
        assert client.post(f"/processes/{deals.process.pk}/carry-over/", {"version": version.pk}).status_code == 403
        assert "carry-over" not in text_of(client, f"/processes/{deals.process.pk}/")
    assert deals.world.client("director").get("/processes/99/carry-over/").status_code == 404
