from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.sentences import sentence_spans

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "sentences.yaml").read_text(encoding="utf-8"))

PIECES = st.sampled_from(
    [" ", "\n", "\n\n", ".", "...", "…", "!", "?", '"', "'", "(", ")", "[", "]", "- ", "1. ", ":-)", "😀",
     "''", ",", "\t", "Ik", "dat", "bijv", "J", "8", "bol.com", "enz", "en toen", "(lacht)", "[onverstaanbaar]",
     "\u00a0", "é", "𝒳"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


def split(text: str, language: str = "nl") -> list[str]:
    """Sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text, language)]


def parameter(case: dict[str, Any]) -> Any:
    """Test parameter of a case, marked where it is known to fail."""
    marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
    return pytest.param(case["text"], case["language"], case["sentences"], id=case["name"], marks=marks)


@pytest.mark.parametrize(("text", "language", "sentences"), [parameter(case) for case in CASES])
def test_case(text: str, language: str, sentences: list[str]) -> None:
    """A sentence of the regression file is split as written there."""
    assert split(text, language) == sentences


@pytest.mark.parametrize("text", ["", " ", "\n \t\n\u00a0"])
def test_no_text_has_no_sentences(text: str) -> None:
    """White space alone has no sentences."""
    assert sentence_spans(text, "nl") == []


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["nl", "en", "", "de"]))
def test_spans_hold_every_character(text: str, language: str) -> None:
    """Spans are in order, do not overlap, begin and end in a character, and lose nothing but white space."""
    spans = sentence_spans(text, language)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@settings(deadline=None)
@given(st.lists(st.sampled_from(["en", "toen", "maar", "ja", "dus", "gebeld,", "ik", "want", "huis"]), max_size=400))
def test_long_speech_is_cut_between_words(words: list[str]) -> None:
    """Speech without end punctuation keeps its words whole, in pieces of at most 120 words."""
    pieces = split(" ".join(words))
    assert " ".join(pieces).split() == words
    assert all(len(piece.split()) <= 120 for piece in pieces)


def test_speech_without_punctuation_has_pieces_of_some_length() -> None:
    """Recognised speech full of cues is cut into pieces of 8 to 30 words."""
    text = "ik had dus een paar keer gebeld naar dat nummer en toen kreeg ik weer iemand anders aan de lijn " * 20
    assert all(8 <= len(piece.split()) <= 30 for piece in split(text))


def test_speech_of_45_words_stays_whole() -> None:
    """Without end punctuation, 45 words are still one segment."""
    text = " ".join(["en toen was het klaar geloof ik"] * 6 + ["heel vreemd allemaal"])
    assert len(text.split()) == 45
    assert split(text) == [text]


def test_a_punctuated_sentence_of_60_words_stays_whole() -> None:
    """A long sentence with a full stop and commas is not cut."""
    text = ", ".join(["en toen belde ik weer met die meneer van de winkel"] * 9) + "."
    assert split(text) == [text]


def test_a_punctuated_sentence_of_200_words_is_cut_at_a_comma() -> None:
    """No segment is longer than 120 words; a sentence with commas is cut after one."""
    text = ", ".join(["de monteur van het bedrijf kwam gisteren niet op tijd"] * 20) + "."
    pieces = split(text)
    assert len(pieces) > 1
    assert all(len(piece.split()) <= 120 for piece in pieces)
    assert all(piece.endswith(",") for piece in pieces[:-1])


def test_words_without_any_cue_are_cut_at_the_cap() -> None:
    """Where nothing tells where to cut, a piece has 120 words."""
    assert [len(piece.split()) for piece in split("woord " * 300)] == [120, 120, 60]


@pytest.mark.parametrize(
    "piece",
    ["w", ". ", ".", "(", "a.b.", "\n", '." ', "woord\n", "😀", ":", "( a. ", "en toen ", "- ", 'a. " ', "1. "],
)
def test_time_grows_with_length_only(piece: str) -> None:
    """Four times as long a text takes about four times as long, also where it is strange."""
    times = []
    for length in (25_000, 100_000):
        text = piece * (length // len(piece))
        begin = time.process_time()
        sentence_spans(text, "nl")
        times.append(time.process_time() - begin)
    assert times[1] < 8 * times[0] + 0.1


def test_a_megabyte_without_a_stop_takes_less_than_two_seconds() -> None:
    """Speech of one megabyte without punctuation is split at once."""
    text = "de monteur kwam weer niet en toen heb ik zelf maar gebeld " * 17_500
    begin = time.process_time()
    sentence_spans(text, "nl")
    assert time.process_time() - begin < 2
