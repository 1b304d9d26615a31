"""What the heads see of a segment: its vector, that of its context, its words, its cues and its form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from cxtext.embedding import encode, normalise
from cxtext.tag.cues import Cue, find_cues

#: the blocks of features in their order, with their weights
BLOCKS = {"words": 1.0, "characters": 1.0, "own": 2.0, "context": 1.0, "cues": 2.0, "form": 0.3}
#: how many segments before one count as its context
CONTEXT = 2
_WORD = r"(?u)\b\w[\w'’-]*|[?!]+|[^\w\s,.;:()\"'’-]"
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


class FeatureExtractor:
    """Turns segments into features.

    Parameters
    ----------
    codes : sequence of str
        Code paths; each gives two cue features.
    backend : str
        The embedding.
    words, characters : TfidfVectorizer, optional
        Fitted vocabularies; see `fit`.
    """

    def __init__(
        self,
        codes: Sequence[str],
        backend: str,
        words: TfidfVectorizer | None = None,
        characters: TfidfVectorizer | None = None,
    ) -> None:
        self.codes = list(codes)
        self.backend = backend
        self.words = words or word_vectorizer()
        self.characters = characters or character_vectorizer()

    @property
    def vectorizers(self) -> dict[str, TfidfVectorizer]:
        """The vocabularies by block."""
        return {"words": self.words, "characters": self.characters}

    def places(self) -> dict[str, slice]:
        """Columns of the vocabularies in the matrix."""
        words, characters = (len(vectorizer.vocabulary_) for vectorizer in self.vectorizers.values())
        return {"words": slice(0, words), "characters": slice(words, words + characters)}

    def fit(self, texts: Sequence[str]) -> FeatureExtractor:
        """Learn the vocabularies from training text."""
        lowered = [normalise(text).lower() for text in texts]
        for vectorizer in self.vectorizers.values():
            vectorizer.fit(lowered)
        return self

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
        lowered = [normalise(text).lower() for text in texts]
        blocks = {
            **{name: vectorizer.transform(lowered) for name, vectorizer in self.vectorizers.items()},
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


def word_vectorizer(**given: Any) -> TfidfVectorizer:
    """Words and pairs of words."""
    return TfidfVectorizer(token_pattern=_WORD, ngram_range=(1, 2), min_df=2, sublinear_tf=True, **given)


def character_vectorizer(**given: Any) -> TfidfVectorizer:
    """Character n-grams within words: spelling variants and compounds."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=4, sublinear_tf=True, **given)


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
