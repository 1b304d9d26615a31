"""Phases: reading them from YAML, and giving them to segments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_study import coding, fake_study, segment

from cxtext.codebook import load_codebook
from cxtext.errors import ReadError
from cxtext.phases import Phase, assign_phases, load_phases
from cxtext.tables import CODINGS, SEGMENTS, make_table

DEFAULT = [code.id for code in load_codebook().group("phase").codes]


def tables(rows: Sequence[tuple[str, str]], **more: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Segments from pairs of text and phase code (or none)."""
    segments = [segment(f"s{i}", text, start=10 * i, **more) for i, (text, _) in enumerate(rows)]
    codings = [coding(f"s{i}", f"phase/{code}") for i, (_, code) in enumerate(rows) if code]
    return make_table(segments, SEGMENTS), make_table(codings, CODINGS)


def never(texts: Sequence[str]) -> np.ndarray:
    """Stand in for an encoder that should not be needed."""
    pytest.fail(f"asked for vectors of {list(texts)}")


def colours(texts: Sequence[str]) -> np.ndarray:
    """Stand in for an encoder that tells red, green and blue apart."""
    rows = np.array([[word in text for word in ("red", "green", "blue")] for text in texts], dtype=np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


def test_default_phases_are_those_of_the_codebook() -> None:
    """The default set has the ids and names of the codebook, each from itself."""
    phases = load_phases(language="nl")
    codes = load_codebook().group("phase").codes
    assert [(p.id, p.name) for p in phases] == [(c.id, c.name("nl")) for c in codes]
    assert [p.origins for p in phases] == [(code,) for code in DEFAULT]


@pytest.mark.parametrize("name", ["default", "four", "government"])
def test_sets_that_come_with_cxtext_are_complete(name: str) -> None:
    """Every phase has both languages, and examples in both; together they cover the default phases."""
    phases = load_phases(name)
    assert {origin for phase in phases for origin in phase.origins} == set(DEFAULT)
    for phase in phases:
        assert set(phase.names) == set(phase.descriptions) == {"nl", "en"}
        assert len(phase.examples) >= 5


def test_default_phases_are_the_coding_and_need_no_vectors() -> None:
    """Where every phase has its own origin, the phase coding decides alone; without one there is no phase."""
    segments, codings = tables([("a", "use"), ("b", ""), ("c", "loyalty")])
    assigned = assign_phases(segments, codings, load_phases(), encode=never)
    assert assigned.to_dict() == {"s0": "use", "s1": "", "s2": "loyalty"}
    assert assigned.dtype == "str"


def test_people_overrule_the_machine_and_rejected_codings_do_not_count() -> None:
    """A coding without a score is a person's; the surest coding wins; a rejected one never does."""
    segments, _ = tables([("a", ""), ("b", ""), ("c", "")])
    codings = make_table(
        [
            coding("s0", "phase/use", score=0.99),
            coding("s0", "phase/service", score=np.nan, coder="Anna", status="accepted"),
            coding("s1", "phase/use", score=0.6),
            coding("s1", "phase/loyalty", score=0.7),
            coding("s2", "phase/use", score=0.9, status="rejected"),
        ],
        CODINGS,
    )
    assert assign_phases(segments, codings, load_phases()).tolist() == ["service", "loyalty", ""]


def test_phases_with_the_same_origin_are_told_apart_by_meaning() -> None:
    """In the four-phase set, orientation is split into awareness and consideration; the rest maps as it is."""
    rows = [
        ("Ik kende ze alleen van een reclame op de radio.", "orientation"),
        ("Ik heb drie aanbieders vergeleken op prijs en voorwaarden.", "orientation"),
        ("Het contract had ik zo getekend.", "transaction"),
        ("Toen heb ik de klantenservice gebeld.", "service"),
    ]
    parts = [tables([row]) for row in rows]
    segments = pd.concat([s.assign(segment=f"s{i}", document=f"d{i}") for i, (s, _) in enumerate(parts)])
    codings = pd.concat([c.assign(segment=f"s{i}") for i, (_, c) in enumerate(parts)])
    assigned = assign_phases(segments, codings, load_phases("four"))
    assert assigned.tolist() == ["awareness", "consideration", "purchase", "loyalty"]


def test_phases_without_origin_are_found_by_meaning() -> None:
    """What is clearly like one phase gets it, whatever it was coded; what is like none, or like two, keeps its own."""
    phases = [
        Phase("red", {"en": "red"}, examples=("red",)),
        Phase("green", {"en": "green"}, examples=("green",)),
        Phase("used", {"en": "used"}, examples=("blue",), origins=("use",)),
    ]
    segments, codings = tables([("red", ""), ("green", "use"), ("none", ""), ("red green", ""), ("blue", "use")])
    segments = segments.assign(document=[f"d{i}" for i in range(5)])
    assert assign_phases(segments, codings, phases, encode=colours).tolist() == ["red", "green", "", "", "used"]


def test_the_sentences_around_and_the_question_help() -> None:
    """An elliptic sentence takes the phase of what stands before it, and of the question it answers."""
    phases = [Phase(name, {"en": name}, examples=(name,)) for name in ("red", "green")]
    segments, codings = tables([("red", ""), ("yes", ""), ("green", ""), ("yes", "")])
    segments = segments.assign(document=["a", "a", "b", "c"], prompt=["", "", "", "green?"])
    assert assign_phases(segments, codings, phases, encode=colours).tolist() == ["red", "red", "green", "green"]


def test_order_of_rows_does_not_matter() -> None:
    """Context follows the place in the document, not the row of the table."""
    study = fake_study()
    phases = load_phases("four")
    straight = assign_phases(study.segments, study.codings, phases)
    mixed = study.segments.sample(frac=1, random_state=1)
    assert assign_phases(mixed, study.codings, phases).sort_index().to_dict() == straight.sort_index().to_dict()


def test_nothing_to_assign() -> None:
    """No segments, no phases, no failure."""
    empty = assign_phases(make_table([], SEGMENTS), make_table([], CODINGS), load_phases("four"), encode=never)
    assert empty.empty


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """Names and descriptions may be a text or a text per language; the rest is optional."""
    path = tmp_path / "eigen.yaml"
    path.write_text(
        "phases:\n"
        "  - {id: aan, name: Aanmelden, from: [transaction]}\n"
        "  - {id: op, name: {nl: Opname, en: Admission}, description: Opgenomen., examples: [Ik kreeg een bed.]}\n",
        encoding="utf-8",
    )
    first, second = load_phases(path, language="en")
    assert (first.name, first.description, first.origins) == ("Aanmelden", "", ("transaction",))
    assert (second.name, second.texts) == ("Admission", ("Opgenomen.", "Ik kreeg een bed."))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("phases: [", "cannot be read"),
        ("- een lijst", "no list of phases under the key 'phases'"),
        ("phases: []", "no list of phases under the key 'phases'"),
        ("phases: [{name: zonder}]", "phase 1 has no id"),
        ("phases: [{id: a, from: [use]}, {id: a, from: [use]}]", "'a' is there twice"),
        ("phases: [{id: a, form: [use]}]", "has a key 'form', which is none of description, desired, examples, from"),
        ("phases: [{id: a, from: [aankoop]}]", "comes from 'aankoop', which is none of the default phases orientation"),
        ("phases: [{id: a, from: use}]", "needs lists under 'examples' and 'from'"),
        ("phases: [{id: a}]", "so that no segment can be found for it"),
        ("phases: [{id: a, name: [b], from: [use]}]", "the name of phase 1 (a) is neither a text"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, message: str) -> None:
    """A file of the wrong form is refused with the place, and with where to see the right form."""
    path = tmp_path / "fout.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        load_phases(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "four.yaml" in str(caught.value)


def test_missing_file_names_the_sets_there_are() -> None:
    """A name that is no set and no file is answered with the names of the sets."""
    with pytest.raises(ReadError, match=r"vijf: there is no such file.*default, four, government"):
        load_phases("vijf")


def test_language_of_names() -> None:
    """A phase can be shown in another language than it was loaded in."""
    assert load_phases("four", language="nl")[0].name == "bewustwording"
    assert Phase("a", {"nl": "aa"}, language="en").name == "aa"
