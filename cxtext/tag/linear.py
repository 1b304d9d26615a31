"""The ``fast`` engine: linear heads over a frozen sentence vector, n-grams and cues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.tag.cues import Cue
from cxtext.tag.engines import Arrays
from cxtext.tag.evidence import find_evidence, word_spans
from cxtext.tag.features import FeatureExtractor
from cxtext.tag.vocabulary import Vocabulary


@dataclass
class LinearReading:
    """See `cxtext.tag.engines.Reading`."""

    logits: NDArray[np.float32]
    texts: list[str]
    cues: list[list[Cue]]
    engine: LinearEngine

    def evidence(self, row: int, output: int, code: str) -> str:
        """Cues, and what each word by itself adds to a logit."""
        text = self.texts[row]
        words = self._added
        moved = {span: float(words[text[slice(*span)].lower()][output]) for span in word_spans(text)}
        return find_evidence(text, self.cues[row], code, moved)

    @cached_property
    def _added(self) -> dict[str, NDArray[np.float32]]:
        """What each word adds to the logits; worked out at once for all texts."""
        vocabulary = self.engine.extractor.vocabulary
        return vocabulary.added(self.texts, self.engine.weights[: vocabulary.width])


@dataclass(frozen=True)
class LinearEngine:
    """Linear heads over a frozen sentence vector, n-grams and cues.

    Attributes
    ----------
    extractor : FeatureExtractor
    weights : numpy.ndarray
        Shape (width, k).
    bias : numpy.ndarray
        Shape (k,).
    """

    extractor: FeatureExtractor
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    name: str = "fast"

    def read(self, segments: pd.DataFrame) -> LinearReading:
        """See `cxtext.tag.engines.Engine`."""
        features = self.extractor.transform(segments)
        logits = np.asarray(features.matrix @ self.weights + self.bias, dtype=np.float32)
        return LinearReading(logits, segments["text"].tolist(), features.cues, self)

    def save(self, folder: Path) -> tuple[dict[str, Any], Arrays]:
        """See `cxtext.tag.engines.Engine`; writes ``words.txt`` and ``characters.txt``."""
        idf = self.extractor.vocabulary.save(folder)
        about = {"backend": self.extractor.backend, "codes": self.extractor.codes}
        return about, {"weights": self.weights.astype(np.float16), "bias": self.bias, **idf}

    @classmethod
    def load(cls, folder: Path, about: Mapping[str, Any], arrays: Arrays, threads: int) -> LinearEngine:
        """Read what `save` wrote."""
        extractor = FeatureExtractor(about["codes"], about["backend"], Vocabulary.load(folder, arrays))
        return cls(extractor, arrays["weights"], arrays["bias"])
