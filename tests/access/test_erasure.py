"""Whoever is erased is in no table any more, under no name; figures stay as they were."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Q

from tests.access.rows import MARKER, MONDAY, rows_of_the_outsider
from tests.support.places import places_of
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry, MeasureMonth
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.commands import Outcome, erase, erase_contact, note_consent, undo_merge
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.pipeline.commands import RemarkDraft, TacticDraft, lose, remark, write_tactic
from xiaocheng.selling.pipeline.models import Closing

# Texts that people wrote in their own name about their day, and the file as it was uploaded, which goes after 30 days.
KEPT = {
    "org.Delegation.reason": "the organisation's own",
    "org.ApiToken.name": "the organisation's own",
    "fieldwork.AttendanceRequest": "why a colleague is away",
    "reports.DailyReport": "a report about a whole day",
    "reports.ReportEdition": "a report about a whole day",
    "targets.Target.basis": "what a target of a whole month rests on",
    "customers.CustomerGroup": "how the owner of a group speaks of the whole group",
    "customers.Handover": "what a supervisor says about a whole handover",
    "fields.SavedView": "what somebody searched for",
    "trade.Order.number": "given by the company",
    "trade.Receipt.number": "the document of the bookkeeping",
    "trade.SaleLine.number": "the document of the bookkeeping",
    "trade.SaleLine.product_text": "what was sold",
    "insight.ProcessReview": "a review of a whole process",
    "insight.ReviewAction": "a review of a whole process",
    "insight.ForecastCall": "what somebody expects of a whole month",
    "approvals.SignOff.comment": "what a supervisor says about a whole day",
    "import_export.ImportJob": "an upload, deleted after 30 days",
}
PERSON = "13912345678"


@pytest.fixture
def rows(world: World) -> dict[str, int]:
    """The outsider's rows; his customer is a person, with a consent, and nothing open."""
    rows = rows_of_the_outsider(world)
    mine = Customer.objects.visible_to(world.actor("director")).filter(pk__in=[rows["customer"], rows["other"]])
    mine.update(is_person=True)
    assert erased(world, rows["other"]).refusal is None
    # his own names for tokens, groups and views
    own = Q(kind="org.TokenIssued") | Q(kind__startswith="customers.Group") | Q(kind="fields.ViewSaved")
    JournalEntry.objects.filter(own).delete()
    rep = world.actor("south_rep")
    note_consent(rep, rows["customer"], "phone", is_given=True, note=MARKER)
    write_tactic(rep, rows["won"], TacticDraft(MARKER, MARKER))
    remark(rep, rows["stage"], RemarkDraft("slow", MARKER, opportunity_id=rows["opportunity"]))
    return rows


def erased(world: World, pk: int, reason: str = "本人要求") -> Outcome:
    return erase(world.actor("administrator"), [pk], reason)[0]


def unexplained(text: str) -> set[str]:
    return {place for place in places_of(text) if place not in KEPT and place.rpartition(".")[0] not in KEPT}


def test_nothing_in_any_table_tells_of_an_erased_person_and_figures_stay(world: World, rows: dict[str, int]) -> None:
    director = world.actor("director")
    lose(director, rows["opportunity"], "price", note=MARKER)
    won = Closing.objects.visible_to(director).values_list("pk", "amount", "booked_on", "credit_person")
    before, measures = list(won), set(MeasureMonth.objects.values_list("key", "person_id", "month", "value"))
    assert len(unexplained(MARKER)) > 9  # the search finds it where it is
    outcome = erased(world, rows["customer"])
    assert outcome.refusal is None
    assert unexplained(MARKER) == set() == set(places_of(PERSON))
    assert list(won) == before
    assert set(MeasureMonth.objects.values_list("key", "person_id", "month", "value")) == measures
    assert timeline("customers.customer", rows["customer"])[0].sentence == "清除了个人信息:本人要求"


def test_whom_an_erased_person_was_merged_with_cannot_come_back(world: World, rows: dict[str, int]) -> None:
    lose(world.actor("director"), rows["opportunity"], "price")
    assert erased(world, rows["customer"]).refusal is None
    with clock.as_of(clock.instant(MONDAY, dt.time(20))), pytest.raises(RuleBroken, match="已经清除"):
        undo_merge(world.actor("director"), rows["merge"])


def test_an_erased_customer_is_in_no_list_and_nobodys(world: World, rows: dict[str, int]) -> None:
    lose(world.actor("director"), rows["opportunity"], "price")
    assert erased(world, rows["customer"]).refusal is None
    for who in ("director", "south_rep", "administrator"):
        actor = world.actor(who)
        assert not queries.customers(actor, "all").filter(pk=rows["customer"]).exists()
        assert not queries.customers(actor, "all", MARKER).exists()
    last = queries.episodes(world.actor("director"), rows["customer"]).get(ended_cause="erasure")
    assert last.successor_id is None
    assert str(erased(world, rows["customer"]).refusal) != ""  # once is enough
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer WHERE erased_at IS NOT NULL")
        assert cursor.fetchone() == (2,)


def test_who_is_still_being_sold_to_is_not_erased_nor_is_a_company(world: World, rows: dict[str, int]) -> None:
    assert "进行中的商机" in str(erased(world, rows["customer"]).refusal)
    assert Customer.objects.visible_to(world.actor("director")).get(pk=rows["customer"]).phone == PERSON
    assert "原因" in str(erased(world, rows["customer"], " ").refusal)
    Customer.objects.visible_to(world.actor("director")).filter(pk=rows["customer"]).update(is_person=False)
    assert "不是个人信息" in str(erased(world, rows["customer"]).refusal)
    for who in ("south_rep", "south_manager", "director"):
        with pytest.raises(NotAllowed):
            erase(world.actor(who), [rows["customer"]], "本人要求")
        with pytest.raises(NotAllowed):
            erase_contact(world.actor(who), rows["contact"], "本人要求")


def test_a_contact_is_erased_alone(world: World, rows: dict[str, int]) -> None:
    erase_contact(world.actor("administrator"), rows["contact"], "本人要求")
    contact = Contact.objects.visible_to(world.actor("director")).get(pk=rows["contact"])
    assert (contact.name, contact.phone, contact.note) == (f"#{contact.pk}", "", "")
    found = queries.all_contacts(world.actor("director"), search=MARKER)
    assert [row.pk for row in found] == [rows["other_contact"]]
    assert queries.customers(world.actor("director"), search=MARKER).exists()
    assert timeline("customers.contact", rows["contact"])[-1].sentence == "新增了联系人「—」"


def test_who_never_bought_is_kept_as_long_as_the_company_says(world: World, rows: dict[str, int]) -> None:
    administrator, pk = world.actor("administrator"), rows["customer"]
    Customer.objects.visible_to(administrator).update(last_contact_at=None)
    assert not queries.kept_too_long(administrator).exists()  # no limit
    registered = Customer.objects.visible_to(administrator).filter(pk=pk)
    with clock.as_of(clock.instant(dt.date(2026, 10, 31), dt.time(12))):
        change_rule(administrator, "PersonalDataRules.keep_months", "6", clock.today())
        for day, is_kept_too_long in ((dt.date(2026, 3, 31), True), (dt.date(2026, 4, 1), False)):
            registered.update(registered_at=clock.instant(day, dt.time(12)), became_customer_on=None)
            assert queries.kept_too_long(administrator).filter(pk=pk).exists() is is_kept_too_long
        registered.update(registered_at=clock.instant(MONDAY, dt.time(12)), became_customer_on=MONDAY)
        assert not queries.kept_too_long(administrator).exists()  # who bought is kept
    with pytest.raises(NotAllowed):
        queries.kept_too_long(world.actor("director"))


def test_the_pages_ask_whether_it_is_meant_and_then_erase(world: World, rows: dict[str, int]) -> None:
    lose(world.actor("director"), rows["opportunity"], "price")
    client = world.client("administrator")
    drawer = f"/customers/erase/?ids={rows['customer']}"
    assert "不能恢复" in client.get(drawer).content.decode()
    form = {"ids": str(rows["customer"]), "reason": "本人要求"}
    assert client.post("/customers/erase/", form).status_code == 422
    assert client.post("/customers/erase/", form | {"is_meant": "on"}).status_code in (200, 204, 302)
    shown = client.get(f"/customers/{rows['customer']}/").content.decode()
    assert "个人信息已于" in shown and MARKER not in shown and "customers/erase" not in shown
    assert world.client("director").get(drawer).status_code == 403
    assert client.get("/customers/kept/").status_code == 200
