"""The pages of the option lists."""

from __future__ import annotations

from django.test import RequestFactory

from tests.world import World
from xiaocheng.foundation.fields import queries
from xiaocheng.foundation.fields.commands import FieldDraft, add_field, add_option
from xiaocheng.foundation.fields.models import Option
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.interface.web.options.codes import TABLES
from xiaocheng.interface.web.options.saved import lists_with_views
from xiaocheng.interface.web.shell.custom import CustomFilters
from xiaocheng.interface.web.shell.forms import Filters
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.models import Customer


def test_the_administrator_adds_rewords_and_retires_options(world: World) -> None:
    client = world.client("administrator")
    assert client.post("/options/customers.level/new/", {"name": "战略", "name_en": "Strategic"}).status_code == 302
    form = client.get("/options/customers.level/A/edit/").content.decode()
    assert 'value="A 级"' in form
    sent = {"name": "重点", "tone": "red", "is_default": "on", "is_active": "on", "_version": "0"}
    assert client.post("/options/customers.level/A/edit/", sent).status_code == 302
    assert client.post("/options/customers.level/A/edit/", sent).status_code == 409
    assert (
        client.post("/options/customers.level/D/edit/", {"name": "D 级", "tone": "grey", "_version": "0"}).status_code
        == 302
    )
    shown = client.get("/options/").content.decode()
    assert 'pill-red">重点' in shown and "战略" in shown and "停用" in shown and "默认" in shown
    assert '<option value="A" selected>重点' in world.client("east_rep").get("/customers/new/").content.decode()
    assert client.get("/options/no.such/new/").status_code == 404
    assert client.get("/options/customers.level/no-such/edit/").status_code == 404
    assert world.client("director").get("/options/").status_code == 403


def test_the_administrator_sees_what_a_merge_changes_and_merges(world: World) -> None:
    client, rep = world.client("administrator"), world.client("east_rep")
    gone, stays = (add_option(SYSTEM, "customers.source", name).code for name in ("展会二", "展览会"))
    for name in ("甲", "乙"):
        register(world.actor("east_rep"), CustomerDraft(name=name, source=gone))
    edit = client.get(f"/options/customers.source/{gone}/edit/").content.decode()
    choose, merge = f"/options/customers.source/{gone}/merge/", f"/options/customers.source/{gone}/merge/{stays}/"
    assert choose in edit
    assert "展览会" in client.get(choose).content.decode()
    assert client.post(choose, {"into": ""}).status_code == 422
    assert client.post(choose, {"into": stays}).headers["Location"] == merge
    page = client.get(merge).content.decode()
    assert "把「展会二」并入「展览会」" in page and "不能撤销" in page
    assert '<td>客户</td><td class="num">2</td>' in page
    sent = {"_version": "1", "into_version": "1"}
    late = client.post(merge, {**sent, "into_version": "0"})
    assert late.status_code == 409 and 'name="into_version" value="1"' in late.content.decode()
    assert client.post(merge, sent).headers["Location"] == "/options/#customers.source"
    assert set(Customer.rows.values_list("source", flat=True)) == {stays}
    shown = client.get("/options/").content.decode()
    assert "已并入:展会二 → 展览会" in shown and f"/options/customers.source/{gone}/edit/" not in shown
    assert client.get(f"/options/customers.source/{gone}/edit/").status_code == 404
    assert client.get(merge).status_code == 404
    assert "展会二" not in rep.get("/customers/new/").content.decode()
    assert "展会二" not in world.client("director").get("/insight/").content.decode()  # nobody narrows by it
    assert world.client("director").get(choose).status_code == 403


def test_a_value_by_which_the_product_acts_offers_no_merge(world: World) -> None:
    client = world.client("administrator")
    path = "/options/pipeline.lost_reason"
    assert f"{path}/invalid/merge/" not in client.get(f"{path}/invalid/edit/").content.decode()
    assert client.get(f"{path}/invalid/merge/").status_code == 422
    assert client.post(f"{path}/price/merge/", {"into": "invalid"}).status_code == 422  # nor does it take any
    assert client.get(f"{path}/price/merge/invalid/").status_code == 422
    assert not Option.objects.exists()


def coded(filters: Filters) -> dict[str, str]:
    """The filters that offer values of option lists, by name, with the list: each list has a value like no other."""
    marks = {code: key for key, code in Option.objects.filter(name="标记").values_list("list_key", "code")}
    offered = {name: dict(getattr(field, "choices", ())) for name, field in filters.form.fields.items()}
    return {name: key for name, words in offered.items() for code, key in marks.items() if code in words}


def test_filters_that_saved_views_keep_are_called_as_the_fields_whose_codes_a_merge_puts_in_their_place(
    world: World, rf: RequestFactory
) -> None:
    own = {table: add_field(SYSTEM, table, "one", FieldDraft(name="种类", is_filter=True)) for table in TABLES.values()}
    keys = [*(item.key for item in queries.lists(SYSTEM))]
    for number, key in enumerate(keys):
        Option.objects.create(list_key=key, code=f"mark{number}", name="标记")
    queries.forget_cached()
    request = rf.get("/")
    request.actor = world.actor("administrator")  # type: ignore[attr-defined]
    found = {screen.saved_as: screen for screen in lists_with_views()}
    assert found.keys() == TABLES.keys()
    for name, screen in found.items():
        assert screen.filters is not None and issubclass(screen.filters, CustomFilters)
        assert screen.filters.table == TABLES[name]
        fields = {item.key: item.list_key for item in queries.fields_of(SYSTEM, TABLES[name])}
        narrowing = coded(screen.filters({}, queryset=Customer.rows.none(), request=request))
        assert narrowing.items() <= fields.items(), name
        assert own[TABLES[name]].key in narrowing
