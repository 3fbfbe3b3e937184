"""Nobody's edit is lost."""

from __future__ import annotations

import pytest

from tests.foundation.kernel.conftest import Note
from tests.support.threads import at_once, rounds
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.foundation.kernel.versions import save_edit


def note() -> Note:
    return Note.objects.add(Note(title="first", owner=1))


def stored(row: Note) -> Note:
    return Note.objects.one(SYSTEM, row.pk)


def test_an_edit_raises_the_version(notes: None) -> None:
    row = note()
    assert save_edit(row, 1, title="second").edit_version == 2
    assert (stored(row).title, stored(row).edit_version) == ("second", 2)


def test_an_edit_of_a_former_version_is_refused_with_what_stands_now(notes: None) -> None:
    row = note()
    same = stored(row)
    save_edit(row, 1, title="Ann's")
    with pytest.raises(EditConflict) as refused:
        save_edit(same, 1, title="Ben's", owner=2)
    assert refused.value.current == {"title": "Ann's", "owner": 1}
    assert (stored(row).title, stored(row).owner) == ("Ann's", 1)


def test_an_edit_of_a_row_that_is_gone_finds_nothing(notes: None) -> None:
    row = note()
    gone = stored(row)
    row.delete()
    with pytest.raises(NotFound):
        save_edit(gone, 1, title="x")


def test_a_value_that_does_not_fit_is_not_saved(notes: None) -> None:
    row = note()
    with pytest.raises(RuleBroken):
        save_edit(row, 1, title="a title of more than twenty characters")
    assert stored(row).title == "first"


@rounds(1)
def test_of_simultaneous_edits_one_is_saved(lasting_notes: None, rounds: int) -> None:
    row = note()
    for version in range(1, rounds + 1):

        def edit(number: int, version: int = version) -> str:
            mine = stored(row)
            return save_edit(mine, version, title=f"edit {number} of {version}").title

        answers = at_once(edit)
        [won] = [answer for answer in answers if isinstance(answer, str)]
        assert sum(isinstance(answer, EditConflict) for answer in answers) == len(answers) - 1
        assert stored(row).title == won
