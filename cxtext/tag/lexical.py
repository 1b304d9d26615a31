"""The lexical part of the ``standard`` engine: linear heads over the words of a segment and of those before it.

The encoder reads meaning; names of channels, fixed phrases and rare words it blurs are what this part holds on to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cxtext.tag.calibration import target_of
from cxtext.tag.engines import Arrays
from cxtext.tag.examples import Examples
from cxtext.tag.vocabulary import Vocabulary

#: how much the words of the segments before count: one back, two back, three back
BEFORE = (0.6, 0.4, 0.3)
#: groups that are left to the encoder: words added nothing there on the development figures
_ENCODER_ONLY = frozenset({"sentiment"})
#: what stands in fewer segments is left out
_RARE_WORDS, _RARE_CHARACTERS = 3, 8
_C = 0.3


@dataclass(frozen=True)
class LexicalPart:
    """Linear heads over words and character n-grams.

    Attributes
    ----------
    vocabulary : Vocabulary
    weights : numpy.ndarray
        Shape (width, k): rows for the words and characters of a segment, then for the words of those before it.
    bias : numpy.ndarray
        Shape (k,).
    """

    vocabulary: Vocabulary
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, segments: pd.DataFrame) -> NDArray[np.float32]:
        """What the words of segments add to the logits; shape (n, k)."""
        return np.asarray(_features(self.vocabulary, segments) @ self.weights + self.bias, dtype=np.float32)

    def added(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """See `Vocabulary.added`."""
        return self.vocabulary.added(texts, self.weights[: self.vocabulary.width])

    def scaled(self, factors: NDArray[np.float32]) -> LexicalPart:
        """The same with every head times a factor; shape (k,)."""
        return LexicalPart(self.vocabulary, self.weights * factors, self.bias * factors)

    def save(self, folder: Path) -> dict[str, NDArray[Any]]:
        """Write the vocabulary; return the weights, in 8 bits per column."""
        scale = np.maximum(np.abs(self.weights).max(axis=0), 1e-9) / 127
        return {
            **self.vocabulary.save(folder),
            "lexical": np.rint(self.weights / scale).astype(np.int8),
            "lexical_scale": scale.astype(np.float32),
            "lexical_bias": self.bias,
        }

    @classmethod
    def load(cls, folder: Path, arrays: Arrays) -> LexicalPart:
        """Read what `save` wrote."""
        weights = arrays["lexical"] * arrays["lexical_scale"]
        return cls(Vocabulary.load(folder, arrays), weights, arrays["lexical_bias"])


def fit_lexical(examples: Examples, tasks: Sequence[Sequence[str]]) -> LexicalPart:
    """Fit a linear support vector machine for every output.

    Parameters
    ----------
    examples : Examples
    tasks : sequence of sequence of str
        See `cxtext.tag.calibration.outputs_of`.

    Returns
    -------
    LexicalPart
    """
    vocabulary = Vocabulary.of(
        examples.segments["text"].tolist(), rare_words=_RARE_WORDS, rare_characters=_RARE_CHARACTERS
    )
    matrix = _features(vocabulary, examples.segments)
    weights, bias = zip(*(_head(matrix, target) for target in _targets(examples, tasks)), strict=True)
    return LexicalPart(vocabulary, np.stack(weights, axis=1).astype(np.float32), np.array(bias, dtype=np.float32))


def _head(matrix: sparse.csr_matrix, target: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of one output; none where it always or never holds."""
    from sklearn.svm import LinearSVC

    if target.all() or not target.any():
        return np.zeros(matrix.shape[1]), 0.0
    model = LinearSVC(C=_C).fit(matrix, target)
    return model.coef_[0], float(model.intercept_[0])


def balance(
    parts: Sequence[NDArray[np.float32]], examples: Examples, tasks: Sequence[Sequence[str]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much each part counts for each output, by logistic regression on segments that no part was fitted on.

    Parameters
    ----------
    parts : sequence of numpy.ndarray
        Logits, shape (n, k) each; the first is that of the encoder.
    examples : Examples
        The segments with their labels.
    tasks : sequence of sequence of str

    Returns
    -------
    factors : numpy.ndarray
        Shape (parts, k).
    offset : numpy.ndarray
        Shape (k,).
    """
    from sklearn.linear_model import LogisticRegression

    logits = np.stack(parts, axis=2)
    names = [name for task in tasks for name in task]
    factors, offset = np.zeros(logits.shape[:0:-1], dtype=np.float32), np.zeros(len(names), dtype=np.float32)
    factors[0] = 1
    for output, target in enumerate(_targets(examples, tasks)):
        if names[output].split("/")[0] not in _ENCODER_ONLY and target.any() and not target.all():
            model = LogisticRegression(C=10).fit(logits[:, output], target)
            factors[:, output], offset[output] = model.coef_[0], model.intercept_[0]
    return factors, offset


def _targets(examples: Examples, tasks: Sequence[Sequence[str]]) -> list[NDArray[np.bool_]]:
    """Where each output holds."""
    return [
        target == number if len(task) > 1 else target.astype(bool)
        for task in tasks
        for target in [target_of(examples, task)]
        for number in range(len(task))
    ]


def _features(vocabulary: Vocabulary, segments: pd.DataFrame) -> sparse.csr_matrix:
    texts, documents = segments["text"].tolist(), segments["document"].tolist()
    own = vocabulary.transform(texts)
    words = own[:, : len(vocabulary.words.vocabulary_)]
    return sparse.hstack([own, _before(documents) @ words], format="csr").astype(np.float32)


def _before(documents: Sequence[str]) -> sparse.csr_matrix:
    """Weights that add up the rows before each row of the same document; shape (n, n)."""
    names = np.asarray(documents, dtype=object)
    n = len(names)
    matrix = sparse.csr_matrix((n, n), dtype=np.float32)
    for back, weight in enumerate(BEFORE[: max(0, n - 1)], start=1):
        same = (names[back:] == names[:-back]).astype(np.float32)
        matrix = matrix + weight * sparse.diags_array(same, offsets=-back, shape=(n, n))
    return matrix.tocsr()
