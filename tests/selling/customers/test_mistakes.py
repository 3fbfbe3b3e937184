"""What was typed by mistake goes again, as long as nothing has been done with it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.measures import totals
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.models import Contact, Customer, OwnershipEpisode
from xiaocheng.selling.fieldwork.commands import ContactDraft as Call
from xiaocheng.selling.fieldwork.commands import log_contact
from xiaocheng.selling.tasks.commands import note

pytestmark = pytest.mark.django_db


DAY = dt.timedelta(days=1)


@pytest.fixture
def mistake(world: World) -> Customer:
    with clock.as_of(clock.now() - DAY):
        return _registered(world)


def _registered(world: World) -> Customer:
    row = commands.register(world.actor("east_rep"), CustomerDraft(name="打错的公司", phone="021-55556666"))
    commands.add_contact(world.actor("east_rep"), ContactDraft(customer_id=row.pk, name="某人"))
    return row


def test_a_mistaken_customer_goes_with_its_contacts_and_is_counted_no_more(world: World, mistake: Customer) -> None:
    rep, day = world.actor("east_rep"), clock.today()
    commands.take_back_registration(rep, mistake.pk)
    assert not Customer.rows.filter(pk=mistake.pk).exists() and not Contact.rows.exists()
    assert not OwnershipEpisode.rows.exists()
    assert queries.choices(rep, "打错") == []
    commands.register(rep, CustomerDraft(name="打错的公司"))  # no duplicate of what is gone
    counted = totals(world.actor("director"), ["customers.registered"], Period(day - DAY, day))
    assert counted == {"customers.registered": 1}


@pytest.mark.parametrize("what", ["call", "task", "file", "handed_on", "closed"])
def test_what_was_worked_with_stays(world: World, mistake: Customer, what: str) -> None:
    rep = world.actor("east_rep")
    if what == "call":
        log_contact(rep, Call(customer_id=mistake.pk, kind="call", outcome="not_met"))
    if what == "task":
        note(rep, "回电", clock.today(), customer_id=mistake.pk)
    if what == "file":
        attach(rep, "customers.customer", mistake.pk, "报价.txt", b"1")
    if what == "handed_on":
        commands.assign(world.actor("east_manager"), [mistake.pk], world.id("east_peer"))
        rep = world.actor("east_peer")
    if what == "closed":
        change_rule(SYSTEM, "PeriodRules.closed_through", str(clock.today() - DAY), since=clock.today())
    with pytest.raises(RuleBroken, match="不能撤销" if what == "closed" else "不能删除"):
        commands.take_back_registration(rep, mistake.pk)
    assert Customer.rows.filter(pk=mistake.pk).exists() and Contact.rows.count() == 1


def test_the_owner_and_those_above_take_it_back_and_nobody_else(world: World, mistake: Customer) -> None:
    with pytest.raises(NotFound):
        commands.take_back_registration(world.actor("south_rep"), mistake.pk)
    pooled = commands.register(SYSTEM, CustomerDraft(name="公海的", pool_id=commands.standard_pool("public").pk))
    with pytest.raises(RuleBroken, match="由负责人或其上级"):
        commands.take_back_registration(world.actor("east_rep"), pooled.pk)
    commands.take_back_registration(world.actor("east_manager"), mistake.pk)


def test_a_mistaken_contact_goes_unless_somebody_was_in_touch(world: World, mistake: Customer) -> None:
    rep = world.actor("east_rep")
    wrong, met = (
        commands.add_contact(rep, ContactDraft(customer_id=mistake.pk, name=name)) for name in ("打错的人", "见过的人")
    )
    log_contact(rep, Call(customer_id=mistake.pk, kind="call", outcome="met_other", contact_id=met.pk))
    commands.take_back_contact(rep, wrong.pk)
    with pytest.raises(RuleBroken, match="不能删除"):
        commands.take_back_contact(rep, met.pk)
    with pytest.raises(NotFound):
        commands.take_back_contact(world.actor("south_rep"), met.pk)
    assert sorted(Contact.rows.values_list("name", flat=True)) == ["某人", "见过的人"]


def test_the_page_offers_it_until_somebody_was_in_touch(world: World, mistake: Customer) -> None:
    client, url = world.client("east_rep"), f"/customers/{mistake.pk}/"
    assert f'action="{url}take-back/"' in client.get(url).content.decode()
    other = commands.register(world.actor("east_rep"), CustomerDraft(name="联系过的"))
    log_contact(world.actor("east_rep"), Call(customer_id=other.pk, kind="call", outcome="met_other"))
    assert "take-back" not in client.get(f"/customers/{other.pk}/").content.decode()
    done = client.post(f"{url}take-back/")
    assert (done.status_code, done.headers["Location"]) == (302, "/customers/")
    assert client.delete(f"/api/v1/customers/{other.pk}").status_code == 422
    assert client.get(url).status_code == 404
