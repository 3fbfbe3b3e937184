"""What is asked of the server: one table of pages, each with who asks, what exactly, and the target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse

from tests.bench.company import ADMIN, MANAGER, REP
from tests.bench.load import Request
from xiaocheng.foundation.kernel.text import syllables
from xiaocheng.foundation.org.models import Person
from xiaocheng.selling.catalogue.models import Product
from xiaocheng.selling.customers.models import Customer

NOBODY = ""
VARIED = 200  # customers and words that a page is asked for in turn


@dataclass(frozen=True)
class Facts:
    """What the addresses are made of."""

    customers: list[tuple[int, str, str]]  # of the rep: id, name, phone
    company: list[tuple[int, str, str]]  # of everybody
    products: list[int]

    @classmethod
    def read(cls) -> Facts:
        """From the database, the same ones in each run."""
        random = Random(7)
        rep = Person.objects.get(username=REP)
        own = list(Customer.rows.filter(owner=rep).order_by("pk").values_list("pk", "name", "phone_key"))
        last = Customer.rows.order_by("-pk").values_list("pk", flat=True)[0]
        some = [random.randint(1, last) for _ in range(VARIED)]
        company = list(Customer.rows.filter(pk__in=some).order_by("pk").values_list("pk", "name", "phone_key"))
        return cls(
            random.sample(own, min(VARIED, len(own))), company, list(Product.objects.values_list("pk", flat=True))
        )


Ask = Callable[[Facts], Iterator[Request]]


@dataclass(frozen=True)
class Page:
    """A line of the table; the target is milliseconds of one client and pages a second of eight."""

    key: str
    title: str
    who: str
    ask: Ask
    target: tuple[float, float] | None = None
    expect: int = 200


def _page(name: str, *queries: dict[str, str]) -> Ask:
    """A page by its name, with each of the query strings in turn."""

    def ask(facts: Facts) -> Iterator[Request]:
        address = reverse(name)
        return cycle([Request(f"{address}?{urlencode(query)}" if query else address) for query in queries or ({},)])

    return ask


def _search(whose: str, **query: str) -> Ask:
    """Part of a name, its pinyin, its initials, digits of a phone, in turn."""

    def ask(facts: Facts) -> Iterator[Request]:
        words = [_part(number, name, phone) for number, (_id, name, phone) in enumerate(getattr(facts, whose))]
        address = reverse("customers:list")
        return cycle([Request(f"{address}?{urlencode({**query, 'q': word})}") for word in words])

    return ask


def _part(number: int, name: str, phone: str) -> str:
    own = name[2:4]  # what follows the place
    read = syllables(name[2:5])
    return (own, "".join(read[:2]), "".join(syllable[0] for syllable in read), phone[3:8])[number % 4]


def _customer(facts: Facts) -> Iterator[Request]:
    return cycle([Request(reverse("customers:page", args=[pk])) for pk, _name, _phone in facts.customers])


def _typed(facts: Facts) -> Iterator[Request]:
    """What somebody types who registers a customer that is there already: a part of the name, all of it, the phone."""
    address = reverse("customers:likely")
    said = [
        ({"name": name[:4]}, {"name": name}, {"name": name, "phone": phone})[number % 3]
        for number, (_id, name, phone) in enumerate(facts.company)
    ]
    return cycle([Request(f"{address}?{urlencode(query)}") for query in said])


def _create(facts: Facts) -> Iterator[Request]:
    """The form as a browser sends it, each with an idempotency key of its own."""
    random, address = Random(11), reverse("pipeline:new")
    while True:
        form = {
            "customer": random.choice(facts.customers)[0],
            "product": random.choice(facts.products),
            "amount": random.randrange(1000, 900_000),
            "expected_close_on": "2031-03-31",
            "source": "referral",
            "next_step": "确认用量",
            "_key": uuid4().hex,
        }
        yield Request(address, urlencode(form))


PAGES = (
    Page("list", "customer list, a rep", REP, _page("customers:list"), (13, 150)),
    Page(
        "team-customers", "customers of a manager's team", MANAGER, _page("customers:list", {"tab": "team"}), (15, 120)
    ),
    Page(
        "team-opportunities",
        "opportunities of a manager's team",
        MANAGER,
        _page("pipeline:list", {"tab": "team"}),
        (15, 120),
    ),
    Page("search", "search by part of a name, a rep", REP, _search("customers"), (13, 150)),
    Page("search-all", "search by part of a name, everybody's", ADMIN, _search("company", tab="all"), (13, 150)),
    Page("search-common", "search a word of many names", ADMIN, _page("customers:list", {"tab": "all", "q": "科技"})),
    Page("board", "board of own opportunities", REP, _page("pipeline:board"), (25, 80)),
    Page(
        "funnel",
        "funnel of the company, five exits",
        ADMIN,
        _page("insight:funnel", {"kind": "quarter"}, {"kind": "year"}, {"kind": "all"}),
        (15, 120),
    ),
    Page(
        "health",
        "health of the company's process",
        ADMIN,
        _page("insight:health", {"kind": "quarter"}, {"kind": "year"}, {"kind": "all"}),
        (500, 0),
    ),
    Page(
        "cohorts",
        "win rate of the company by cohort",
        ADMIN,
        _page("insight:deal_cohorts", {"kind": "quarter"}, {"kind": "year"}, {"kind": "all"}),
    ),
    Page(
        "sources",
        "sources of the company's new customers",
        ADMIN,
        _page("insight:sources", {"kind": "quarter"}, {"kind": "year"}),
    ),
    Page("customer", "customer page", REP, _customer, (15, 120)),
    Page("duplicates", "duplicate check while typing", ADMIN, _typed, (20, 0)),
    Page("create", "create an opportunity", REP, _create, (12, 150), expect=302),
)
FLOORS = (
    Page("floor-empty", "empty view", NOBODY, _page("bench-empty")),
    Page("floor-signed-in", "empty view, a rep signed in", REP, _page("bench-empty")),
    Page("floor-row", "SELECT of 1 row", NOBODY, _page("bench-one-row")),
    Page("floor-insert", "INSERT of 1 row, committed", NOBODY, _page("bench-one-insert")),
    Page("floor-list", "plain list of 80 rows", NOBODY, _page("bench-eighty-rows")),
)
