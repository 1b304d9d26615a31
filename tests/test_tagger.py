"""The default tagger on text of all kinds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxtext.codebook import load_codebook
from cxtext.tables import CODINGS, SEGMENTS, make_table
from cxtext.tag import Tagger


@pytest.fixture(scope="module")
def tagger():
    """The model that comes with cxtext."""
    return Tagger.load()


def segments(*texts, document="d", language="nl"):
    """A segments table of one document."""
    return make_table(
        [
            {
                "segment": f"{document}:{i}", "document": document, "case": document, "position": i, "turn": i,
                "speaker": "R", "role": "respondent", "start": 0, "end": len(text), "text": text, "time_start": None,
                "time_end": None, "language": language, "prompt": "",
            }
            for i, text in enumerate(texts)
        ],
        SEGMENTS,
    )  # fmt: skip


def given_codes(tags, at=0):
    """Code paths of a segment."""
    rows = tags.codings[tags.codings["segment"] == f"d:{at}"]
    return set(rows["group"] + "/" + rows["code"])


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("Ik heb drie kwartier in de wacht gestaan en toen werd de verbinding verbroken.", "nl",
         {"kind/pain", "sentiment/negative", "channel/phone"}),
        ("De monteur dacht echt mee en binnen een uur was het opgelost.", "nl", {"kind/gain", "sentiment/positive"}),
        ("Het zou fijn zijn als je dat zelf kunt aanpassen in de app.", "nl", {"kind/need", "channel/app"}),
        ("Hoe weet ik nu of mijn aanvraag goed is aangekomen?", "nl", {"kind/question"}),
        ("BELACHELIJK!! Nooit meer bij deze oplichters!!!", "nl", {"emotion/anger", "sentiment/negative"}),
        ("I waited three weeks for an answer and nobody called me back.", "en", {"kind/pain", "sentiment/negative"}),
        ("The nurses were lovely and explained everything.", "en", {"kind/gain", "sentiment/positive"}),
    ],
)  # fmt: skip
def test_plain_sentences_get_their_codes(tagger, text, language, codes):
    """Sentences that leave no doubt are coded as a researcher would."""
    assert codes <= given_codes(tagger.tag(segments(text, language=language)))


def test_tables_keep_their_contract(tagger):
    """Codings have the agreed columns; scores are probabilities for every code of the codebook that was learned."""
    tags = tagger.tag(segments("Ik stond in de wacht.", "Prima hoor.", ""))
    assert list(tags.codings.columns) == list(CODINGS)
    assert (tags.codings["status"] == "suggested").all()
    assert (tags.codings["coder"] == tagger.coder).all()
    probabilities = tags.scores.drop(columns=["segment", "valence"])
    assert set(probabilities.columns) <= {code.path for code in load_codebook()}
    assert probabilities.to_numpy().min() >= 0
    assert probabilities.to_numpy().max() <= 1
    assert tags.scores["valence"].between(-2, 2).all()


def test_exactly_one_sentiment_and_at_most_one_phase(tagger):
    """Groups with one code per segment have one; a segment without text has none."""
    codings = tagger.tag(segments("Goed geholpen, maar duur.", "Ja.", "👍", " ")).codings
    counts = codings.groupby(["segment", "group"]).size().unstack(fill_value=0)
    assert counts["sentiment"].to_dict() == {"d:0": 1, "d:1": 1, "d:2": 1}
    assert counts.get("phase", pd.Series([0])).max() <= 1


def test_every_coding_shows_its_evidence_in_the_text(tagger):
    """Evidence is made of stretches of the sentence."""
    text = "Ik heb wéér drie keer gebeld 😡 en niemand wist iets!"
    codings = tagger.tag(segments(text)).codings
    for evidence in codings["evidence"]:
        for part in evidence.split("; "):
            assert part in text or part == "context"
    pain = codings.set_index("code").loc["pain", "evidence"]
    assert "niemand" in pain or "gebeld" in pain


def test_positive_is_above_negative_valence(tagger):
    """Valence orders sentences, each read by itself, from bad to good."""
    said = ("Wat een waardeloze puinhoop, ik ben woedend!", "Ik ben klant sinds 2019.", "Super blij mee, geweldig!")
    low, middle, high = (tagger.tag(segments(text)).scores["valence"].iloc[0] for text in said)
    assert low < -0.4 < middle < 0.4 < high


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_any_text_gives_finite_scores(tagger, texts):
    """Control characters, emoji and other scripts are no reason to fail."""
    tags = tagger.tag(segments(*texts))
    assert np.isfinite(tags.scores.drop(columns="segment").to_numpy()).all()


@pytest.mark.parametrize(
    "text", ["woord " * 10_000, "<b>html</b> &amp; {code();}", "Ich verstehe das nicht.", "a\x00b\x1bc"]
)
def test_odd_text_is_survived(tagger, text):
    """Ten thousand words without a full stop, markup, another language, broken characters."""
    assert len(tagger.tag(segments(text)).scores) == 1


def test_no_segments_give_empty_tables(tagger):
    """An empty table in, empty tables with all columns out."""
    tags = tagger.tag(segments())
    assert list(tags.codings.columns) == list(CODINGS)
    assert len(tags.scores) == 0


def test_batch_size_does_not_matter(tagger, monkeypatch):
    """A document cut into small pieces of work gets the codes that it gets in one."""
    texts = [f"Zin {i}: ik heb gebeld over de rekening en dat duurde lang." for i in range(40)]
    whole = tagger.tag(segments(*texts))
    monkeypatch.setattr("cxtext.tag.tagger.SLICE", 7)
    pieces = tagger.tag(segments(*texts))
    pd.testing.assert_frame_equal(whole.codings, pieces.codings)
    pd.testing.assert_frame_equal(whole.scores, pieces.scores)
