"""Codes by attribute and codes together: what is counted, and of how many."""

import math

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from test_project import coding, codings, document

from cxtext.cli import main
from cxtext.crosstab import co_occurrence, code_by_attribute, coded_segments
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.records import Corpus
from cxtext.segmentation import segment
from cxtext.stats import wilson

TALK = document(
    "samen",
    ("I", "interviewer", "En u?"),
    ("Anna", "respondent", "Ik wachtte lang. Het was koud."),
    ("Bram", "respondent", "Bij mij ging het snel."),
)
ALONE = document("alleen", ("", "respondent", "Lang gewacht. Wel vriendelijk. Goed."))
SEGMENTS = segment([TALK, ALONE])
FIRST = SEGMENTS.to_dict("records")


def stretch(start, end, code, document="samen"):
    """A coding of a stretch that is not a segment."""
    return {"document": document, "start": start, "end": end, "group": "kind", "code": code}


GIVEN = codings(
    coding(FIRST[0], "pain"), coding(FIRST[0], "need"), coding(FIRST[0], "pain", coder="Sem"),
    coding(FIRST[1], "pain"), coding(FIRST[2], "gain"), coding(FIRST[3], "pain"), coding(FIRST[4], "gain"),
)  # fmt: skip


def test_a_coding_counts_for_the_segments_that_it_touches():
    """A person may code any stretch: part of a sentence, or several; a question of the interviewer is no segment."""
    table = coded_segments(
        codings(stretch(8, 13, "pain"), stretch(20, 44, "need"), stretch(0, 5, "gain"), stretch(0, 9, "gain", "weg")),
        SEGMENTS,
    )
    places = {row["segment"]: at for at, row in enumerate(FIRST)}
    assert [(places[row["segment"]], row["code"]) for row in table.to_dict("records")] == [
        (0, "kind/pain"), (0, "kind/need"), (1, "kind/need"), (2, "kind/need"),
    ]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=6))
def test_touching_is_sharing_a_character(stretches):
    """The quick way finds the same segments as comparing each with each."""
    table = coded_segments(codings(*(stretch(at, at + size, "pain") for at, size in stretches)), SEGMENTS)
    same = {
        row["segment"]
        for row in FIRST
        for at, size in stretches
        if row["document"] == "samen" and at < row["end"] and row["start"] < at + size
    }
    assert set(table["segment"]) == same
    assert len(table) == len(same)


def test_codes_together_in_a_segment():
    """Two coders who give the same code are one; Jaccard is both of either."""
    table = co_occurrence(GIVEN, SEGMENTS)
    assert table.to_dict("records") == [{
        "code": "kind/need", "other": "kind/pain", "together": 1, "with_code": 1, "with_other": 3,
        "jaccard": pytest.approx(1 / 3), "respondents": 1, "of_respondents": 3,
    }]  # fmt: skip


def test_codes_together_in_a_conversation_and_with_a_respondent():
    """In a group two codes may stand in one document without one respondent who mentions both."""
    table = co_occurrence(GIVEN, SEGMENTS, within="document")
    found = {(row["code"], row["other"]): (row["together"], row["respondents"]) for row in table.to_dict("records")}
    assert found == {
        ("kind/gain", "kind/pain"): (2, 1), ("kind/gain", "kind/need"): (1, 0), ("kind/need", "kind/pain"): (1, 1),
    }  # fmt: skip
    table = co_occurrence(GIVEN, SEGMENTS, within="case")
    found = {(row["code"], row["other"]): (row["together"], row["respondents"]) for row in table.to_dict("records")}
    assert found == {("kind/gain", "kind/pain"): (1, 1), ("kind/need", "kind/pain"): (1, 1)}


def test_nothing_coded_is_an_empty_table():
    """The columns are there without rows."""
    assert co_occurrence(codings(), SEGMENTS).empty
    assert code_by_attribute(codings(), SEGMENTS, ["x"] * len(SEGMENTS)).empty


def test_together_within_what_is_named():
    """Another unit is refused."""
    with pytest.raises(OptionError, match="within is 'turn'"):
        co_occurrence(GIVEN, SEGMENTS, within="turn")


def test_codes_by_attribute_have_respondents_as_denominator():
    """Each value counts its own respondents, also those who do not mention the code; few get no percentage."""
    values = ["Zuid", "Zuid", "", "Zuid", "Zuid", "Zuid"]
    table = code_by_attribute(GIVEN, SEGMENTS, values)
    counts = table[["code", "value", "respondents", "of_respondents", "segments"]].to_numpy().tolist()
    assert counts == [
        ["kind/gain", "", 1, 1, 1], ["kind/gain", "Zuid", 1, 2, 1],
        ["kind/need", "", 0, 1, 0], ["kind/need", "Zuid", 1, 2, 1],
        ["kind/pain", "", 0, 1, 0], ["kind/pain", "Zuid", 2, 2, 3],
    ]  # fmt: skip
    assert table[["share", "low", "high"]].isna().all(axis=None)


def test_values_that_are_numbers_are_in_their_order():
    """A ten comes after a nine, and words after the numbers."""
    table = code_by_attribute(GIVEN, SEGMENTS, ["10", "3", "", "weet niet", "7,5", "-1"])
    assert table["value"].unique().tolist() == ["", "-1", "3", "7,5", "10", "weet niet"]


def test_ten_respondents_get_a_share_with_its_interval():
    """From ten respondents on there is a share, with the interval of Wilson."""
    many = segment([document(f"r{number}", ("", "respondent", "Lang gewacht.")) for number in range(10)])
    table = code_by_attribute(codings(*map(coding, many.to_dict("records")[:4])), many, ["Zuid"] * 10)
    row, expected = table.iloc[0], wilson(4, 10)
    assert (row["share"], row["low"], row["high"]) == (0.4, expected.low, expected.high)
    assert not math.isnan(row["low"])


def test_a_respondent_counts_under_each_value_for_what_was_said_there():
    """Of a respondent in two waves, a code of the first does not count for the second."""
    table = code_by_attribute(codings(coding(FIRST[3])), SEGMENTS, ["", "", "", "nul", "her", "her"])
    counts = table[["value", "respondents", "of_respondents"]].to_numpy().tolist()
    assert counts == [["", 0, 2], ["her", 0, 1], ["nul", 1, 1]]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run cxtext beside a study of twelve answers in two neighbourhoods."""
    monkeypatch.chdir(tmp_path)
    answers = (
        document(f"r{number}", ("", "respondent", "Lang gewacht. Duur."), attributes={"wijk": "Zuid" if number else ""})
        for number in range(12)
    )
    with Project.create("s.cxt", coder="Noor", settings={"blind": True}) as project:
        project.add(Corpus(tuple(answers)))
        rows = project.segments().to_dict("records")
        project.add_codings(codings(*map(coding, rows[:10:2]), coding(rows[0], "need"), coding(rows[1], "gain")))
        project.add_codings(codings(coding(rows[5], "need", coder="Sem", status="suggested")))
        project.finish(["r2"])
    return lambda *arguments: CliRunner().invoke(main, ["codes", *arguments, "--coder", "Noor"])


def test_the_command_crosstab(run):
    """Counts and, of ten respondents or more, percentages; what is not counted is said."""
    result = run("crosstab", "s.cxt", "--by", "Wijk", "--code", "pijn", "--long")
    assert result.stdout.splitlines() == [
        "kind/pain", "  (not known)     1 of 1", "  Zuid            4 of 11    36% (15-65%)",
        "Respondents, by wijk. Not mentioned is not absent.",
    ]  # fmt: skip
    assert "Not counted: 1 suggestion that nobody decided about." in run("cooccurrence", "s.cxt").stderr
    assert "There is no attribute 'wyk'" in run("crosstab", "s.cxt", "--by", "wyk").output


def test_the_command_crosstab_is_a_matrix_where_it_fits(run, monkeypatch):
    """Codes by values on a terminal that is wide enough, and a line for each elsewhere."""
    assert run("crosstab", "s.cxt", "--by", "wijk", "--code", "pain").stdout.splitlines() == [
        "           (not known)  Zuid", "kind/pain          1/1  4/11",
        "Respondents, by wijk; percentages with --long. Not mentioned is not absent.",
    ]  # fmt: skip
    monkeypatch.setenv("COLUMNS", "20")
    assert "  Zuid            4 of 11" in run("crosstab", "s.cxt", "--by", "wijk").stdout


def test_the_command_cooccurrence(run, tmp_path):
    """On screen, or as a file."""
    line = "kind/need + kind/pain      1 of 5     segments  Jaccard 0.20  1 of 12 respondents"
    assert run("cooccurrence", "s.cxt").stdout.splitlines() == [line]
    shown = run("cooccurrence", "s.cxt", "--within", "case", "--top", "1").stdout.splitlines()
    assert (len(shown), shown[1]) == (2, "And 2 more pairs of codes; see more with --top, or all with -o FILE.")
    assert "3 suggestions" not in run("cooccurrence", "s.cxt", "--within", "case", "--suggested", "-o", "t.csv").output
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("code,other,together")
    assert "kind/need,kind/pain,2,2,5,0.4,2,12" in lines
    assert "is there already" in run("cooccurrence", "s.cxt", "-o", "t.csv").output


def test_a_blind_coder_counts_what_may_be_seen(run):
    """Codings of others in documents that are not finished do not count, and no accepted coding is said to be none."""
    result = CliRunner().invoke(main, ["codes", "cooccurrence", "s.cxt", "--coder", "Sem"])
    assert "No coding was accepted. 1 suggestion can be counted with --suggested." in result.output
