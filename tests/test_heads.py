"""Heads over the tokens of a segment, each with its own attention."""

import numpy as np
import pytest

from cxtext.tag.encoder import Encoded
from cxtext.tag.neural import Heads

VECTORS = np.random.default_rng(0).normal(size=(9, 4)).astype(np.float32)
ENCODED = Encoded(VECTORS, np.array([0, 2, 3, 9]), [(0, 1)] * 9)
WEIGHTS, BIAS = VECTORS[:4, :2], np.array([0.5, -1.0], dtype=np.float32)


def heads(size):
    """Heads that look at where the first feature is high, more so for a larger size."""
    return Heads(WEIGHTS, BIAS, np.eye(4, 2, dtype=np.float32) * size)


def test_a_head_without_a_query_reads_the_mean():
    """Without queries the logits are those of the mean vector, as models before version 5 have them."""
    assert heads(0).logits(ENCODED) == pytest.approx(ENCODED.means() @ WEIGHTS + BIAS, abs=1e-5)


def test_a_head_reads_the_word_it_looks_for():
    """A sharp query takes one token of the segment, however many others there are."""
    best = [max(range(a, b), key=lambda i: VECTORS[i, 0]) for a, b in ((0, 2), (2, 3), (3, 9))]
    assert heads(1e4).logits(ENCODED)[:, 0] == pytest.approx(VECTORS[best] @ WEIGHTS[:, 0] + BIAS[0], abs=1e-4)


def test_what_tokens_add_is_the_logit():
    """What is shown as evidence adds up to the score, and each segment is read by itself."""
    parts = heads(1).parts(ENCODED)
    assert parts[3:].sum(axis=0) + BIAS == pytest.approx(heads(1).logits(ENCODED)[2], abs=1e-5)
    alone = Encoded(VECTORS[2:3], np.array([0, 1]), [(0, 1)])
    assert heads(1).logits(alone)[0] == pytest.approx(heads(1).logits(ENCODED)[1], abs=1e-5)
