"""Phases decoded over a whole document."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.tag.decoding import fit_chain, runs


def chain(strength=1.0):
    """A chain of three states that mostly stay."""
    states = np.repeat([0, 1, 2, 0, 1, 2], 10)
    return fit_chain(states, ["a"] * 30 + ["b"] * 30, 3, strength=strength)


@given(st.lists(st.sampled_from("abc"), max_size=20))
def test_runs_cover_all_rows_in_order(documents):
    """Each row belongs to exactly one run of one document."""
    slices = list(runs(documents))
    assert [row for s in slices for row in range(s.start, s.stop)] == list(range(len(documents)))
    assert all(len(set(documents[s])) == 1 for s in slices)


def test_a_doubtful_sentence_follows_its_neighbours():
    """Between clear sentences of a phase in an interview, one that says nothing gets that phase."""
    sure, unsure = [0.05, 0.9, 0.05], [0.34, 0.33, 0.33]
    decoded = chain().posterior(np.array([sure, unsure] * 5 + [sure]), ["d"] * 11)
    assert decoded.argmax(axis=1).tolist() == [1] * 11
    assert decoded.sum(axis=1) == pytest.approx(1)


def test_other_documents_do_not_count():
    """The neighbours of another document say nothing."""
    sure, unsure = [0.05, 0.9, 0.05], [0.5, 0.25, 0.25]
    decoded = chain().posterior(np.array([sure] * 10 + [unsure] * 10), ["d"] * 10 + ["e"] * 10)
    assert decoded[10:].argmax(axis=1).tolist() == [0] * 10


def test_a_survey_answer_is_left_as_its_sentences_tell():
    """In a document of a few sentences each keeps its own probabilities; such documents teach no order."""
    own = np.array([[0.05, 0.9, 0.05], [0.34, 0.33, 0.33], [0.05, 0.9, 0.05]])
    assert chain().posterior(own, ["d"] * 3) == pytest.approx(own)
    short = fit_chain(np.array([0, 1, 2]), ["d"] * 3, 3)
    assert np.exp(short.step) == pytest.approx(1 / 3)


def test_without_strength_the_segment_speaks_alone():
    """Strength zero leaves the probabilities as they are."""
    own = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]] * 5)
    assert replace(chain(), strength=0.0).posterior(own, ["d"] * 10) == pytest.approx(own, abs=1e-6)


def test_thousands_of_segments_do_not_underflow():
    """A very long document gives finite probabilities."""
    own = np.full((5000, 3), 1e-9)
    own[:, 2] = 1
    decoded = chain().posterior(own, ["d"] * 5000)
    assert np.isfinite(decoded).all()
    assert (decoded.argmax(axis=1) == 2).all()
