"""Text to vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from cxtext.embedding import encode, load_backend, normalise
from cxtext.errors import ModelError


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=[])), max_size=6))
def test_any_text_gives_finite_vectors_of_unit_length(texts):
    """Control characters, lone surrogates and emoji are no reason to fail."""
    vectors = encode(texts)
    assert vectors.shape == (len(texts), 512)
    assert np.isfinite(vectors).all()
    lengths = np.linalg.norm(vectors, axis=1)
    assert all(length == pytest.approx(1, abs=1e-3) or length == 0 for length in lengths)


def test_a_text_gets_the_same_vector_in_any_batch():
    """Batch size and order do not matter."""
    texts = [f"Zin nummer {i} over de wachttijd" + " en nog wat" * (i % 5) for i in range(150)]
    together = encode(texts)
    assert np.abs(together[77] - encode([texts[77]])[0]).max() < 1e-4


def test_many_texts_get_the_vectors_that_few_get():
    """Texts that are shared out among threads have the vectors that they have in a batch of their own."""
    texts = [f"Na {n} dagen kwam er een brief over mijn aanvraag." for n in range(300)]
    assert np.abs(encode(texts)[::50] - encode(texts[::50])).max() < 1e-4


def test_the_encoder_of_english_reads_every_text_by_itself():
    """A text gets the very same vector whatever stands beside it, and what means the same lies near."""
    questions = ["My card has not arrived.", "Where is my new bank card?"]
    texts = [*questions, "The soup was cold.", "", "\ud800 " + "wait " * 300]
    together = encode(texts, backend="minilm")
    assert together.shape == (5, 384)
    assert all((encode([text], backend="minilm")[0] == row).all() for text, row in zip(texts, together, strict=True))
    assert together[0] @ together[1] > together[0] @ together[2] + 0.2


def test_an_endless_text_is_embedded_in_windows():
    """100,000 words are the mean of windows, in bounded memory."""
    assert np.linalg.norm(encode(["wachten " * 100_000])[0]) == pytest.approx(1, abs=1e-3)


def test_dutch_and_english_of_one_meaning_lie_close():
    """The encoder is multilingual."""
    dutch, english, other = encode(["Ik stond lang in de wacht", "I was on hold for a long time", "De soep was lekker"])
    assert dutch @ english > dutch @ other + 0.2


def test_shouting_is_lowered():
    """Capitals change the vector less than the words do."""
    assert normalise("NOOIT MEER!!") == "nooit meer!!"
    assert normalise("De NS belde") == "De NS belde"


def test_unknown_backend_is_refused_with_the_choices():
    """The message names what there is."""
    with pytest.raises(ModelError, match=r"no embedding backend named 'nope'.*minilm, use"):
        load_backend("nope")


def test_encoding_leaves_the_thread_settings_alone():
    """The trap of too many BLAS threads is avoided without changing settings for others."""
    before = [pool["num_threads"] for pool in threadpool_info()]
    encode(["een zin"])
    encode([f"Zin {n} van vele." for n in range(300)])
    after = [pool["num_threads"] for pool in threadpool_info()]
    assert after[: len(before)] == before
