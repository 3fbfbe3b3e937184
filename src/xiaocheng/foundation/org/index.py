"""The search index of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xiaocheng.foundation.kernel.search import SearchIndex, digit_tokens, keeps, name_tokens

from .models import Person

PEOPLE = SearchIndex("org_person_search")


def index_people(people: Iterable[Person]) -> None:
    """Make people findable by name, pinyin (the surname read as a surname), login name and phone."""
    PEOPLE.put(
        (p.pk, name_tokens(p.name) | name_tokens(p.username) | digit_tokens(p.phone) | {p.sort_key[:24]})
        for p in people
    )


@keeps(PEOPLE, Person)
def index_again(ids: Collection[int]) -> None:
    """Make some people findable again."""
    index_people(Person.objects.filter(pk__in=ids))
