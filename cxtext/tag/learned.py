"""The ``learned`` engine: heads for a researcher's own codes, from a few dozen codings or from descriptions alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.codebook import Code
from cxtext.embedding import encode
from cxtext.resources import model_path
from cxtext.tag.encoder import Encoder
from cxtext.tag.engines import Arrays
from cxtext.tag.evidence import find_evidence, word_spans

#: encoders whose vectors the heads see
BACKEND, BASE = "use", "standard"
#: dimensions of the vectors of both encoders
WIDTH = 512 + 384
#: logit of a code without codings: how far the nearest of its phrases lies above a chance resemblance
_STEEPNESS, _CHANCE = 12.0, 0.45
#: how much the blocks of features weigh: general vector, vector of the tuned encoder, likeness to each code
_OWN, _TUNED, _LIKENESS = 2.0, 1.0, 2.0


@dataclass(frozen=True)
class Phrases:
    """What describes the codes.

    Attributes
    ----------
    texts : list of str
        Names, definitions and examples.
    owners : list of int
        Number of the code that each describes.
    """

    texts: list[str]
    owners: list[int]

    @classmethod
    def of(cls, codes: Sequence[Code]) -> Phrases:
        """Phrases of codes: every name, every sentence of a definition, every example."""
        pairs = [(text, owner) for owner, code in enumerate(codes) for text in _describe(code)]
        return cls([text for text, _ in pairs], [owner for _, owner in pairs])


@dataclass
class LearnedReading:
    """See `cxtext.tag.engines.Reading`."""

    logits: NDArray[np.float32]
    texts: list[str]
    engine: LearnedEngine
    _losses: dict[int, NDArray[np.float32]] = field(default_factory=dict)

    def evidence(self, row: int, output: int, code: str) -> str:
        """The words without which the text is less like the code, by the nearest phrase."""
        if row not in self._losses:
            self._losses[row] = self._without_each_word(self.texts[row])
        loss = self._losses[row][:, output].tolist()
        return find_evidence(self.texts[row], [], code, dict(zip(word_spans(self.texts[row]), loss, strict=True)))

    def _without_each_word(self, text: str) -> NDArray[np.float32]:
        """How much less a text is like each code without each of its words; shape (words, k)."""
        without = [text, *(f"{text[:start]} {text[end:]}" for start, end in word_spans(text))]
        likeness = self.engine.likeness(encode(without, backend=BACKEND))
        return np.asarray(likeness[0] - likeness[1:])


@dataclass(frozen=True)
class LearnedEngine:
    """Linear heads over the vectors of two encoders and the likeness to the descriptions of the codes.

    Attributes
    ----------
    phrases : Phrases
    weights : numpy.ndarray
        Shape (width, k).
    bias : numpy.ndarray
        Shape (k,).
    trained : numpy.ndarray of bool
        Shape (k,): the codes with enough codings; the others go by their descriptions.
    threads : int
    """

    phrases: Phrases
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    trained: NDArray[np.bool_]
    threads: int = 0
    name: str = "learned"

    @classmethod
    def untrained(cls, phrases: Phrases, codes: int) -> LearnedEngine:
        """Go by the descriptions alone."""
        width = WIDTH + codes
        return cls(
            phrases,
            np.zeros((width, codes), dtype=np.float32),
            np.zeros(codes, dtype=np.float32),
            np.zeros(codes, dtype=bool),
        )

    def read(self, segments: pd.DataFrame) -> LearnedReading:
        """See `cxtext.tag.engines.Engine`."""
        features = self.features(segments)
        described = _STEEPNESS * (features[:, -len(self.trained) :] / _LIKENESS - _CHANCE)
        logits = np.where(self.trained, features @ self.weights + self.bias, described).astype(np.float32)
        return LearnedReading(logits, segments["text"].tolist(), self)

    def features(self, segments: pd.DataFrame) -> NDArray[np.float32]:
        """What the heads see; shape (n, width), the last k columns are the likeness to each code."""
        own = encode(segments["text"].tolist(), backend=BACKEND)
        tuned = self._encoder.read(segments).means()
        tuned = tuned / np.maximum(np.linalg.norm(tuned, axis=1, keepdims=True), 1e-6)
        return np.hstack([_OWN * own, _TUNED * tuned, _LIKENESS * self.likeness(own)]).astype(np.float32)

    def likeness(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine with the nearest phrase of each code; shape (n, k)."""
        cosines = vectors @ self._phrase_vectors.T
        owners = np.asarray(self.phrases.owners)
        columns = [cosines[:, owners == code].max(axis=1) for code in range(len(self.trained))]
        return np.stack(columns, axis=1).astype(np.float32)

    @cached_property
    def _phrase_vectors(self) -> NDArray[np.float32]:
        return encode(self.phrases.texts, backend=BACKEND)

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(model_path(BASE), self.threads)

    def save(self, folder: Path) -> tuple[dict[str, Any], Arrays]:
        """See `cxtext.tag.engines.Engine`."""
        about = {"phrases": self.phrases.texts, "owners": self.phrases.owners, "base": BASE, "backend": BACKEND}
        return about, {"weights": self.weights, "bias": self.bias, "trained": self.trained.astype(np.float32)}

    @classmethod
    def load(cls, folder: Path, about: Mapping[str, Any], arrays: Arrays, threads: int) -> LearnedEngine:
        """Read what `save` wrote."""
        phrases = Phrases(about["phrases"], about["owners"])
        return cls(phrases, arrays["weights"], arrays["bias"], arrays["trained"] > 0, threads)


def _describe(code: Code) -> list[str]:
    texts = [*code.names.values(), *code.definitions.values(), *code.examples]
    return list(dict.fromkeys(text.strip() for text in texts if text.strip())) or [code.id]
