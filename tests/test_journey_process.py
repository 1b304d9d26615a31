"""Principles, the desired experience, the outside-in check, the questions people ask, and when they make contact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from coded_people import People, people
from hypothesis import given
from hypothesis import strategies as st
from test_plots import words

from cxtext.errors import OptionError, ReadError
from cxtext.journey import (
    contact_log,
    contact_peaks,
    experience_gap,
    opening_hours,
    outside_in,
    principles_card,
    questions,
)
from cxtext.journey.contacts import PEAKS
from cxtext.journey.desired import GAPS
from cxtext.journey.principles import PRINCIPLES
from cxtext.journey.questions import QUESTIONS
from cxtext.journey.wording import SOURCES, WORDING
from cxtext.phases import load_phases
from cxtext.stats import peaks, star_groups
from cxtext.tables import CODINGS, SEGMENTS, make_table

PHASES = load_phases()
TOPICS = {"opzeg": 0, "abonnement": 0, "geld": 1, "monteur": 2}


def topic_vectors(texts: list[str]) -> np.ndarray:
    """A stand-in for the encoder: one direction per topic."""
    rows = np.zeros((len(texts), 8))
    for row, text in zip(rows, texts, strict=True):
        row[next((at for word, at in TOPICS.items() if word in text.casefold()), 3 + len(text) % 5)] = 1.0
    return rows


def told(lines: list[tuple[str, str]], documents: dict[str, dict[str, str]] | None = None) -> People:
    """Each line one answer of another document: what was said, and its codes."""
    said = [(f"d{i}", codes, "", 0.0) for i, (_, codes) in enumerate(lines)]
    found = people(said, documents or {f"d{i}": {"case": f"k{i}"} for i in range(len(lines))})
    return replace(found, segments=found.segments.assign(text=[text for text, _ in lines]))


def card_of(found: People):
    """The card, with every segment in the phase of service."""
    assigned = pd.Series("service", index=found.segments["segment"])
    return principles_card(*found.tables, phases=PHASES, assigned=assigned)


def test_a_principle_is_kept_or_broken_by_respondent() -> None:
    """Gains keep a principle and pains break it, each respondent once; the verdict needs a clear interval."""
    lines = [("Makkelijk.", "principle/effort kind/gain")] * 1 + [("Veel gedoe.", "principle/effort kind/pain")] * 11
    card = card_of(told(lines))
    assert all(part in card._repr_html_() for part in ("1 of 10 principles", "<td", "broken"))
    table = card.table
    assert table.dtypes.astype(str).to_dict() == PRINCIPLES
    row = table.set_index(["principle", "phase"]).loc[("effort", "service")]
    assert (row["kept"], row["broken"], row["respondents"], row["of_respondents"]) == (1, 11, 12, 12)
    assert row["verdict"] == "broken"
    assert len(row["quotes_broken"].split(";")) == 11
    assert table.set_index(["principle", "phase"]).loc[("effort", "use"), "respondents"] == 0


@pytest.mark.parametrize(("respondents", "verdict"), [(2, ""), (3, "unsure"), (10, "kept")])
def test_few_respondents_give_no_verdict(respondents: int, verdict: str) -> None:
    """Below 3 respondents there is no verdict, below 10 no share."""
    row = card_of(told([("Fijn.", "principle/social kind/gain")] * respondents)).table.query("respondents > 0").iloc[0]
    assert row["verdict"] == verdict
    assert np.isnan(row["share_kept"]) == (respondents < 10)


def test_a_principle_without_a_pain_or_gain_follows_the_sentiment() -> None:
    """Sentiment decides where nothing is a pain or gain; both sides of one respondent are told as both."""
    lines = [("A", "principle/control sentiment/negative"), ("B", "principle/control sentiment/positive")]
    found = told(lines, {"d0": {"case": "k"}, "d1": {"case": "k"}})
    assert card_of(found).table.query("phase == '' and principle == 'control'")["both"].tolist() == [1]


def test_the_gap_between_the_desired_and_the_realised_experience() -> None:
    """Set by the organisation it is realised less desired; wished by respondents it is the change within them."""
    had = pd.DataFrame({"case": list("abcde"), "phase": "use", "mean": [0.1, 0.2, 0.3, 0.2, 0.2]})
    found = experience_gap(had, {"use": 1.0, "service": 1.0}, phases=PHASES)
    assert found.table.dtypes.astype(str).to_dict() == GAPS
    rows = found.table.set_index("phase")
    assert rows.loc["use", "gap"] == pytest.approx(-0.8)
    assert rows.loc[["use", "service", "loyalty"], "verdict"].tolist() == ["short", "", ""]
    assert "ExperienceGap(use -0.80" in found._repr_html_()
    wished = pd.DataFrame({"case": list("abcx"), "phase": "use", "desired": [1.1, 1.2, 1.3, 2.0]})
    paired = experience_gap(had, wished, phases=PHASES).table.set_index("phase").loc["use"]
    assert (paired["pairs"], paired["n_desired"], round(paired["gap"], 6)) == (3, 4, -1.0)
    assert "gewenst" in words(found.plot())


@pytest.mark.parametrize(("desired", "told"), [({"nergens": 1}, "no phase 'nergens'"), ({"use": 3}, "outside -2 to 2")])
def test_a_desired_experience_that_cannot_be(desired: dict[str, float], told: str) -> None:
    """A phase or value that there is not is refused."""
    with pytest.raises(OptionError, match=told):
        experience_gap(pd.DataFrame({"case": [], "phase": [], "mean": []}), desired, phases=PHASES)


def test_the_desired_experience_stands_in_the_file_of_the_journey(tmp_path) -> None:
    """A phase may say what people are meant to experience; what is no number from -2 to 2 is refused with its place."""
    path = tmp_path / "reis.yaml"
    path.write_text("phases:\n- {id: a, description: x, desired: 1.5}\n- {id: b, description: y}\n", encoding="utf-8")
    assert [phase.desired for phase in load_phases(path)] == [1.5, None]
    path.write_text("phases:\n- {id: a, description: x, desired: veel}\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"phase 1 \(a\) has a desired experience 'veel'"):
        load_phases(path)


def test_words_of_the_inside_with_what_to_say_instead() -> None:
    """Product and department words in names and questions come with what customers say; theirs come first."""
    found = told([("Ik wilde gaan verhuizen.", "")] * 12)
    segments = found.segments.assign(prompt="Hoe verliep uw hypotheekaanvraag?")
    documents = found.documents.assign(**{"@touchpoint": "Hypotheekgesprek", "@owner": "Afdeling Acceptatie"})
    result = outside_in(segments, documents, encode=topic_vectors)
    assert result.words.dtypes.astype(str).to_dict() == WORDING
    assert "hypotheekgesprek" in result._repr_html_()
    rows = result.words.set_index("word")
    assert rows.loc["hypotheekaanvraag", ["kind", "questions", "names", "respondents"]].tolist() == ["product", 1, 0, 0]
    assert rows.loc["hypotheekgesprek", "say"].startswith("verhuizen")
    assert rows.loc["hypotheekgesprek", "say_respondents"] == 12
    assert {"afdeling", "acceptatie"} <= set(rows.index[rows["kind"] == "department"])
    speech = result.speech.set_index("source")
    assert list(speech.index) == list(SOURCES)
    assert speech.loc["answers", ["units", "inside", "experience"]].tolist() == [12, 0, 12]


def test_a_list_of_words_that_is_none(tmp_path) -> None:
    """A list of words of another form is refused with its name."""
    path = tmp_path / "woorden.yaml"
    path.write_text("product: nee\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"woorden\.yaml: it is no list of words"):
        outside_in(make_table([], SEGMENTS), wording=path)


def test_the_same_question_in_other_words_and_again() -> None:
    """Questions are grouped by what they ask; asked again within the days by the same respondent counts as repeated."""
    lines = [
        ("Hoe zeg ik mijn abonnement op?", "kind/question emotion/confusion"),
        ("Kan ik ook online opzeggen?", "kind/question"),
        ("Hoe werkt opzeggen? Ik kreeg geen antwoord.", "kind/question"),
        ("Wanneer krijg ik mijn geld terug?", "kind/question"),
        ("Ik vond het prettig.", "kind/gain"),
    ]
    documents = {
        f"d{i}": {"case": case, "@date": date, "@owner": "Service"}
        for i, (case, date) in enumerate(
            [("a", "01-03-2025"), ("a", "05-03-2025"), ("b", "01-03-2025"), ("c", "01-03-2025"), ("d", "")]
        )
    }
    spoken = told(lines, documents)
    found = questions(*spoken.tables[:2], spoken.documents, encode=topic_vectors)
    assert found.table.dtypes.astype(str).to_dict() == QUESTIONS
    first = found.table.iloc[0]
    assert (first["questions"], first["wordings"], first["respondents"], first["of_respondents"]) == (3, 3, 2, 4)
    assert (first["repeated"], first["unanswered"], first["confused"], first["unclear"]) == (1, 1, 1, 2)
    assert first["verdict"] == ""
    assert "Questions(4 questions" in found._repr_html_()
    shorter = questions(*spoken.tables[:2], spoken.documents, encode=topic_vectors, days=3)
    assert shorter.table["repeated"].tolist() == [0, 0]


def test_a_question_that_is_passed_on_twice_is_hard() -> None:
    """In a log of contacts, the same question with a third owner counts as hard; with a second one it does not."""
    lines = [("Wanneer krijg ik mijn geld terug?", "kind/question")] * 3
    for owners, hard in ((("A", "B", "C"), 3), (("A", "B", "B"), 0)):
        documents = {f"d{i}": {"case": "k", "@owner": owner} for i, owner in enumerate(owners)}
        found = told(lines, documents)
        assert questions(*found.tables[:2], found.documents, encode=topic_vectors).table["hard"].tolist() == [hard]


@given(st.lists(st.integers(0, 5), max_size=30), st.floats(0.1, 1.0))
def test_every_member_of_a_group_is_like_its_centre(directions: list[int], least: float) -> None:
    """Groups of near-duplicates have no chains."""
    angles = np.array(directions) * 0.25
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    centre = star_groups(vectors, least=least)
    assert all(vectors[i] @ vectors[c] >= least - 1e-5 for i, c in enumerate(centre))
    assert (centre[centre] == centre).all()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), min_size=1, max_size=20))
def test_expected_contacts_add_up_to_those_within_the_exposure(cells: list[tuple[int, int]]) -> None:
    """Whatever the exposure, expected counts sum to the counted ones, and p lies between 0 and 1."""
    counts, exposure = zip(*cells, strict=True)
    found = peaks(counts, exposure)
    assert found.n + found.outside == sum(counts)
    assert np.isclose(found.expected.sum(), found.n)
    assert ((found.p[~np.isnan(found.p)] >= 0) & (found.p[~np.isnan(found.p)] <= 1)).all()


def test_an_even_rate_has_no_peak() -> None:
    """Twice as many contacts in twice as many hours is no peak, and a count is tested as the binomial it is."""
    assert np.allclose(peaks([20, 10], [2, 1]).residuals, 0)
    assert peaks([9, 1], [1, 1]).p[0] == pytest.approx(2 * 2 * 11 / 1024)


def log(times: list[str]) -> pd.DataFrame:
    """Contacts at these moments, each of another customer."""
    rows = [{"document": f"d{i}", "case": f"k{i}", "@date": at, "@channel": "telefoon"} for i, at in enumerate(times)]
    return pd.DataFrame(rows, columns=["document", "case", "@date", "@channel"])


def test_contacts_peak_against_the_opening_hours() -> None:
    """An hour with far more contacts than the opening hours bring is a peak; one outside them is told apart."""
    found = contact_peaks(
        log(["03-02-2025 09:10"] * 30 + ["04-02-2025 14:00"] * 4 + ["03-02-2025 21:00"]), opening="ma-vr 9-17"
    )
    assert found.table.dtypes.astype(str).to_dict() == PEAKS
    rows = found.table.set_index(["weekday", "hour"])
    assert rows.loc[(0, 9), "verdict"] == "peak"
    assert rows.loc[(0, 21), "verdict"] == "closed"
    assert rows.loc[(0, 9), "documents"].count(";") == 29
    assert (found.result.outside, found.result.n) == (1, 34)
    assert any("maandag" in text for text in words(found.plot()))
    shown = found._repr_html_()
    assert shown.index(">peak<") < shown.index(">closed<")


@pytest.mark.parametrize("times", [[], ["03-02-2025 09:10"], ["geen datum"]])
def test_hardly_any_contacts(times: list[str]) -> None:
    """No contact, one, or none with a date: no peak, no crash."""
    found = contact_peaks(log(times))
    assert set(found.table["verdict"]) <= {""}
    assert np.isnan(found.result.p_all)
    assert found.plot() is not None


def test_when_a_survey_was_filled_in_is_no_contact() -> None:
    """Only rows with a time, a channel, owner or touchpoint, and no NPS are contacts."""
    documents = log(["03-02-2025 09:10", "03-02-2025 09:10", "03-02-2025"]).assign(**{"@nps": ["", "8", ""]})
    assert contact_log(documents)["document"].tolist() == ["d0"]


@pytest.mark.parametrize("text", ["altijd", "ma 17-9", "xx 9-17", "ma-vr 9-25"])
def test_opening_hours_that_cannot_be(text: str) -> None:
    """Opening hours that are none are refused with an example."""
    with pytest.raises(OptionError, match="Write days and hours such as"):
        opening_hours(text)


def test_nothing_said_at_all() -> None:
    """An empty study gives empty tables and plots that say so."""
    segments, codings = make_table([], SEGMENTS), make_table([], CODINGS)
    card = principles_card(segments, codings, phases=PHASES, assigned=pd.Series(dtype="str"))
    assert "Niemand" in " ".join(words(card.plot()))
    gap = experience_gap(pd.DataFrame({"case": [], "phase": [], "mean": []}), {}, phases=PHASES)
    assert "geen gewenste" in " ".join(words(gap.plot()))
    assert outside_in(segments).words.empty
