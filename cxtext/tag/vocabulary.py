"""Words, pairs of words and character n-grams, weighed by how rare they are in the training text (TF-IDF)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from cxtext.embedding import normalise
from cxtext.tag.evidence import word_spans

_WORD = r"(?u)\b\w[\w'’-]*|[?!]+|[^\w\s,.;:()\"'’-]"


@dataclass(frozen=True)
class Vocabulary:
    """What is counted of a text.

    Attributes
    ----------
    words, characters : TfidfVectorizer
        Fitted.
    """

    words: TfidfVectorizer
    characters: TfidfVectorizer

    @classmethod
    def of(cls, texts: Sequence[str], *, rare_words: int = 2, rare_characters: int = 4) -> Vocabulary:
        """Learn the vocabulary of training text; what stands in fewer texts than given is left out."""
        lowered = _lower(texts)
        return cls(
            word_vectorizer(min_df=rare_words).fit(lowered), character_vectorizer(min_df=rare_characters).fit(lowered)
        )

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.words.vocabulary_) + len(self.characters.vocabulary_)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Weights of words, then of characters; shape (n, width)."""
        lowered = _lower(texts)
        return sparse.hstack([self.words.transform(lowered), self.characters.transform(lowered)], format="csr")

    def added(self, texts: Sequence[str], weights: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """What each word of some texts, in lower case, adds to logits when it stands by itself.

        Parameters
        ----------
        texts : sequence of str
        weights : numpy.ndarray
            Shape (width, k).

        Returns
        -------
        dict of str to numpy.ndarray
            Shape (k,) each.
        """
        words = sorted({text[slice(*span)].lower() for text in texts for span in word_spans(text)})
        return dict(zip(words, np.asarray(self.transform(words) @ weights), strict=True))

    def save(self, folder: Path) -> dict[str, NDArray[np.float32]]:
        """Write ``words.txt`` and ``characters.txt``; return the weights of their lines."""
        idf = {}
        for name, vectorizer in (("words", self.words), ("characters", self.characters)):
            terms = vectorizer.get_feature_names_out()
            (folder / f"{name}.txt").write_text("\n".join(terms) + "\n", encoding="utf-8")
            idf[f"{name}_idf"] = vectorizer.idf_.astype(np.float32)
        return idf

    @classmethod
    def load(cls, folder: Path, arrays: Mapping[str, NDArray[np.float32]]) -> Vocabulary:
        """Read what `save` wrote."""
        makers = {"words": word_vectorizer, "characters": character_vectorizer}
        return cls(
            **{name: _fitted(make, folder / f"{name}.txt", arrays[f"{name}_idf"]) for name, make in makers.items()}
        )


def word_vectorizer(**given: Any) -> TfidfVectorizer:
    """Words and pairs of words."""
    return TfidfVectorizer(**{"token_pattern": _WORD, "ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True} | given)


def character_vectorizer(**given: Any) -> TfidfVectorizer:
    """Character n-grams within words: spelling variants and compounds."""
    return TfidfVectorizer(**{"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 4, "sublinear_tf": True} | given)


def _lower(texts: Sequence[str]) -> list[str]:
    return [normalise(text).lower() for text in texts]


def _fitted(make: Any, path: Path, idf: NDArray[np.float32]) -> TfidfVectorizer:
    terms = path.read_text(encoding="utf-8").split("\n")[:-1]
    vectorizer: TfidfVectorizer = make(vocabulary={term: i for i, term in enumerate(terms)})
    vectorizer.idf_ = idf.astype(np.float64)
    return vectorizer
