"""What the heads see of a segment: its vector, that of its context, its words, its cues and its form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from cxtext.embedding import encode
from cxtext.tag.cues import Cue, find_cues
from cxtext.tag.vocabulary import Vocabulary

#: the blocks of features in their order, with their weights
BLOCKS = {"vocabulary": 1.0, "own": 2.0, "context": 1.0, "cues": 2.0, "form": 0.3}
#: how many segments before one count as its context
CONTEXT = 2
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


@dataclass(frozen=True)
class Features:
    """Features of some segments.

    Attributes
    ----------
    matrix : scipy.sparse.csr_matrix
        Shape (n, width).
    cues : list of list of Cue
        Per segment.
    """

    matrix: sparse.csr_matrix
    cues: list[list[Cue]]


@dataclass(frozen=True)
class FeatureExtractor:
    """Turns segments into features.

    Attributes
    ----------
    codes : list of str
        Code paths; each gives two cue features.
    backend : str
        The embedding.
    vocabulary : Vocabulary
    """

    codes: list[str]
    backend: str
    vocabulary: Vocabulary

    def transform(self, segments: pd.DataFrame) -> Features:
        """Features of segments.

        Parameters
        ----------
        segments : pandas.DataFrame
            `cxtext.tables.SEGMENTS`; rows of one document stand together, in order.

        Returns
        -------
        Features
        """
        texts = segments["text"].tolist()
        own = encode(texts, backend=self.backend)
        cues = find_cues(segments)
        blocks = {
            "vocabulary": self.vocabulary.transform(texts),
            "own": sparse.csr_matrix(own),
            "context": sparse.csr_matrix(context_vectors(own, segments["document"].tolist())),
            "cues": self._cue_matrix(cues),
            "form": sparse.csr_matrix(form(segments)),
        }
        matrix = sparse.hstack([blocks[name] * weight for name, weight in BLOCKS.items()], format="csr")
        return Features(matrix.astype(np.float32), cues)

    def _cue_matrix(self, cues: list[list[Cue]]) -> sparse.csr_matrix:
        column = {code: i for i, code in enumerate(self.codes)}
        width = len(self.codes)
        matrix = sparse.lil_matrix((len(cues), 2 * width + 1), dtype=np.float32)
        for row, found in enumerate(cues):
            for cue in found:
                matrix[row, column[cue.code] + (width if cue.negated else 0)] = 1
                if cue.intensified:
                    matrix[row, 2 * width] = 1
        return matrix.tocsr()


def context_vectors(own: np.ndarray, documents: Sequence[str]) -> np.ndarray:
    """Vectors of the two segments before each one in its document, the nearest counting double.

    Parameters
    ----------
    own : numpy.ndarray
        Shape (n, d).
    documents : sequence of str
        Document of each row.

    Returns
    -------
    numpy.ndarray
        Shape (n, d); zero at the start of a document.
    """
    context = np.zeros_like(own)
    for back, weight in ((1, 2 / 3), (2, 1 / 3)):
        for row in range(back, len(documents)):
            if documents[row] == documents[row - back]:
                context[row] += weight * own[row - back]
    return context


def form(segments: pd.DataFrame) -> np.ndarray:
    """Length, punctuation, capitals, emoji and place in the document; shape (n, 10)."""
    rows = []
    for text, position, prompt in zip(segments["text"], segments["position"], segments["prompt"], strict=True):
        letters = [c for c in text if c.isalpha()]
        words = len(text.split())
        rows.append([
            np.log1p(words), words <= 3, "?" in text, "!" in text, text.count("!") > 1, "..." in text or "…" in text,
            bool(_EMOJI.search(text)), len(letters) > 3 and sum(c.isupper() for c in letters) > 0.7 * len(letters),
            1 / (1 + position), bool(prompt),
        ])  # fmt: skip
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), 10)
