"""The ``standard`` engine: linear heads over a fine-tuned sentence encoder."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.tag.encoder import Encoded, Encoder
from cxtext.tag.engines import Arrays
from cxtext.tag.evidence import find_evidence, word_spans

if TYPE_CHECKING:
    from cxtext.tag.cues import Cue


@dataclass
class EncoderReading:
    """See `cxtext.tag.engines.Reading`."""

    logits: NDArray[np.float32]
    encoded: Encoded
    weights: NDArray[np.float32]
    segments: pd.DataFrame

    @cached_property
    def _cues(self) -> list[list[Cue]]:
        """Cues of each segment: they take no part in the score, but are named first as evidence."""
        from cxtext.tag.cues import find_cues

        return find_cues(self.segments)

    def evidence(self, row: int, output: int, code: str) -> str:
        """Cues, and what the tokens of each word add to a logit: the head is linear in the mean of their vectors."""
        text = self.segments["text"].iloc[row]
        tokens = slice(self.encoded.first[row], self.encoded.first[row + 1])
        added = (self.encoded.vectors[tokens] @ self.weights[:, output]).tolist()
        places = self.encoded.spans[tokens]
        moved = {
            (start, end): max(
                (v for v, (a, b) in zip(added, places, strict=True) if a < end and start < b), default=0.0
            )
            for start, end in word_spans(text)
        }
        return find_evidence(text, self._cues[row], code, moved)


@dataclass(frozen=True)
class EncoderEngine:
    """Linear heads over a fine-tuned encoder.

    Attributes
    ----------
    encoder : Encoder
    weights : numpy.ndarray
        Shape (d, k).
    bias : numpy.ndarray
        Shape (k,).
    """

    encoder: Encoder
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    name: str = "standard"

    def read(self, segments: pd.DataFrame) -> EncoderReading:
        """See `cxtext.tag.engines.Engine`."""
        encoded = self.encoder.read(segments)
        return EncoderReading(encoded.means() @ self.weights + self.bias, encoded, self.weights, segments)

    def save(self, folder: Path) -> tuple[dict[str, Any], Arrays]:
        """See `cxtext.tag.engines.Engine`; copies the files of the encoder."""
        for name in Encoder.FILES:
            if self.encoder.folder.resolve() != folder.resolve():
                shutil.copyfile(self.encoder.folder / name, folder / name)
        return {}, {"weights": self.weights, "bias": self.bias}

    @classmethod
    def load(cls, folder: Path, about: Mapping[str, Any], arrays: Arrays, threads: int) -> EncoderEngine:
        """Read what `save` wrote."""
        return cls(Encoder(folder, threads), arrays["weights"], arrays["bias"])
