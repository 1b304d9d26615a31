"""The lexical part of the standard engine: what words add."""

import numpy as np
import pytest

from cxtext.codebook import load_codebook
from cxtext.tag.calibration import outputs_of
from cxtext.tag.examples import read_examples
from cxtext.tag.lexical import LexicalPart, balance, fit_lexical

CALL = "Ik belde en {} nam op. | activity | - | neutral | service | phone | -"
LETTER = "Er kwam een brief over {}. | activity | - | neutral | service | letter | -"
NAMES = ["Noor", "Bram", "Ilse", "Joost", "Fatma", "Karel", "Lotte", "Omar", "Pleun", "Rik", "Saar", "Teun"]


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """Two dozen sentences about calls and letters, in twelve documents."""
    text = "\n\n".join(
        "\n".join([f"## id=d{i} lang=nl style=interview org=test", CALL.format(name), LETTER.format(name)])
        for i, name in enumerate(NAMES)
    )
    path = tmp_path_factory.mktemp("lexical") / "training.txt"
    path.write_text(text, encoding="utf-8")
    return read_examples([path])


@pytest.fixture(scope="module")
def tasks(examples):
    """What is learned from them."""
    return outputs_of(examples, load_codebook())


@pytest.fixture(scope="module")
def part(examples, tasks):
    """The fitted part."""
    return fit_lexical(examples, tasks)


def column(tasks, output):
    """Number of the column of an output."""
    return [name for task in tasks for name in task].index(output)


def test_words_tell_channels_apart(part, examples, tasks):
    """A sentence with the words of a code scores higher on it than every sentence without them."""
    phone = part.logits(examples.segments)[:, column(tasks, "channel/phone")]
    called = examples.labels["channel/phone"].to_numpy()
    assert phone[called].min() > phone[~called].max()


def test_words_of_another_document_do_not_count(part, examples):
    """A document is scored the same alone as among others."""
    alone = examples.segments[examples.segments["document"] == "d5"]
    rows = (examples.segments["document"] == "d5").to_numpy()
    np.testing.assert_allclose(part.logits(alone), part.logits(examples.segments)[rows], rtol=1e-5)


def test_the_words_before_count(part, examples):
    """The same sentence scores otherwise after another one than at the start of a document."""
    second = examples.segments.iloc[[1]]
    assert np.abs(part.logits(second) - part.logits(examples.segments.iloc[:2])[1:]).max() > 1e-3


def test_a_saved_part_scores_the_same(part, examples, tmp_path):
    """Weights in eight bits move a logit by less than a fiftieth."""
    arrays = {name: array.astype(np.float32) for name, array in part.save(tmp_path).items()}
    again = LexicalPart.load(tmp_path, arrays)
    np.testing.assert_allclose(again.logits(examples.segments), part.logits(examples.segments), atol=0.02)


def test_a_part_counts_for_what_it_knows(examples, tasks):
    """Noise hardly counts beside a part that is right; sentiment is left to the encoder."""
    width = sum(map(len, tasks))
    noise = np.random.default_rng(0).normal(size=(len(examples), width)).astype(np.float32)
    right = noise[::-1].copy()
    phone, sentiment = column(tasks, "channel/phone"), column(tasks, "sentiment/neutral")
    right[:, phone] = np.where(examples.labels["channel/phone"], 2, -2)
    (encoder, words), _ = balance((noise, right), examples, tasks)
    assert words[phone] > 1 > 5 * abs(encoder[phone])
    assert (encoder[sentiment], words[sentiment]) == (1, 0)
