from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.errors import OptionError
from cxtext.records import Document, Role, Turn, clean_text
from cxtext.segmentation import segment
from cxtext.tables import SEGMENTS

ROLES: list[Role] = ["interviewer", "respondent", "unknown"]


def interview(*said: tuple[Role, str], prompt: str = "", **columns: str) -> Document:
    """Make an interview of turns, one a line, each after its label."""
    text, turns = "", []
    for number, (role, words) in enumerate(said):
        text += f"{role[0].upper()}: "
        turns.append(Turn(len(text), len(text) + len(words), role[0].upper(), role, float(number), None))
        text += words + "\n"
    parts = {name: name for name in columns}
    return Document("gesprek", "gesprek", "interview", "a.txt", text, tuple(turns), "nl", columns, parts, prompt)


TALK = interview(
    ("respondent", "Hallo. Fijn dat het kon."),
    ("interviewer", " Hoe ging het? "),
    ("respondent", "Nou... ja, dat ging wel. Snel ook."),
    ("unknown", "Koffie?"),
    ("respondent", "   "),
    ("respondent", "Graag."),
    prompt="Wat vond u ervan?",
)


def test_only_respondents_have_segments_in_order() -> None:
    """Sentences of respondents are numbered through the document; the others have none."""
    table = segment([TALK])
    assert list(table.text) == ["Hallo.", "Fijn dat het kon.", "Nou... ja, dat ging wel.", "Snel ook.", "Graag."]
    assert list(table.position) == [0, 1, 2, 3, 4]
    assert list(table.segment) == [f"gesprek:{number}" for number in range(1, 6)]
    assert list(table.turn) == [0, 0, 2, 2, 5]
    assert set(table.role) == {"respondent"}
    assert set(table.speaker) == {"R"}
    assert set(table.language) == {"nl"}


def test_prompt_is_the_last_question() -> None:
    """The prompt is what the interviewer said last, before that the question of the document."""
    assert list(segment([TALK]).prompt) == ["Wat vond u ervan?"] * 2 + ["Hoe ging het?"] * 3


def test_times_of_the_turn() -> None:
    """A segment has the times of its turn, none where the turn has none."""
    table = segment([TALK])
    assert list(table.time_start) == [0.0, 0.0, 2.0, 2.0, 5.0]
    assert all(math.isnan(time) for time in table.time_end)


def test_turns_as_units() -> None:
    """With unit="turn" every turn of a respondent is one stripped segment, also where it is empty."""
    table = segment([TALK], unit="turn")
    assert list(table.text) == ["Hallo. Fijn dat het kon.", "Nou... ja, dat ging wel. Snel ook.", "", "Graag."]
    assert list(table.turn) == [0, 2, 4, 5]
    assert all(TALK.text[row.start : row.end] == row.text for row in table.itertuples())


def test_case_is_the_respondent() -> None:
    """The case is the one that the file names, else the document."""
    assert set(segment([TALK]).case) == {"gesprek"}
    assert set(segment([interview(("respondent", "Ja."), case="R07")]).case) == {"R07"}


def test_positions_begin_anew_in_each_document() -> None:
    """Positions and ids are those of the document, and documents keep their order."""
    first = Document("b:2", "2", "survey", "b.csv", "Goed. Snel.", (Turn(0, 11, "", "respondent"),), "nl")
    second = Document("a:1", "1", "survey", "a.csv", "Duur.", (Turn(0, 5, "", "respondent"),), "nl")
    table = segment(document for document in (first, second))
    assert list(table.segment) == ["b:2:1", "b:2:2", "a:1:1"]


@pytest.mark.parametrize("documents", [[], [interview(("interviewer", "Ja?"))], [interview(("respondent", " "))]])
def test_no_segments_keep_the_contract(documents: list[Document]) -> None:
    """A table without rows has the columns and the types of the contract."""
    table = segment(documents)
    assert len(table) == 0
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == SEGMENTS


def test_types_of_the_table() -> None:
    """Columns, their order and their types are those of the contract."""
    table = segment([TALK])
    assert list(table.columns) == list(SEGMENTS)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == SEGMENTS


def test_unknown_unit() -> None:
    """Another unit is refused with the units that there are."""
    with pytest.raises(OptionError, match=r'unit is \'word\'; expected "sentence" or "turn"'):
        segment([TALK], unit="word")  # type: ignore[arg-type]


def spoken() -> Iterator[st.SearchStrategy[str]]:
    """Strategies of what is said in a turn."""
    yield st.text(max_size=40)
    yield st.lists(st.sampled_from(["Ja. ", "nou... ", "\n", "- ", "(lacht) ", "😀 ", "o.a. ", "Nee!", '"'])).map(
        "".join
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(ROLES), st.one_of(*spoken()).map(clean_text)), max_size=6))
def test_segments_hold_all_that_respondents_say(said: list[tuple[Role, str]]) -> None:
    """Offsets point to the text; the segments of a turn hold its characters in order and do not overlap."""
    document = interview(*said)
    table = segment([document])
    for number, turn in enumerate(document.turns):
        rows = list(table[table.turn == number].itertuples())
        spoken_by_respondent = document.text[turn.start : turn.end] if turn.role == "respondent" else ""
        assert all(document.text[row.start : row.end] == row.text == row.text.strip() for row in rows)
        assert all(before.end <= after.start for before, after in pairwise(rows))
        assert all(turn.start <= row.start < row.end <= turn.end for row in rows)
        assert "".join("".join(row.text.split()) for row in rows) == "".join(spoken_by_respondent.split())
