"""The ``standard`` engine: linear heads over a fine-tuned sentence encoder, and over words."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
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
from cxtext.tag.examples import Examples
from cxtext.tag.lexical import LexicalPart, balance

if TYPE_CHECKING:
    from cxtext.tag.cues import Cue


@dataclass
class EncoderReading:
    """See `cxtext.tag.engines.Reading`."""

    logits: NDArray[np.float32]
    encoded: Encoded
    segments: pd.DataFrame
    engine: EncoderEngine

    @cached_property
    def _cues(self) -> list[list[Cue]]:
        """Cues of each segment: they take no part in the score, but are named first as evidence."""
        from cxtext.tag.cues import find_cues

        return find_cues(self.segments)

    @cached_property
    def _added(self) -> dict[str, NDArray[np.float32]]:
        """What each word adds to the logits as a word; worked out at once for all texts."""
        return self.engine.lexical.added(self.segments["text"].tolist())

    def evidence(self, row: int, output: int, code: str) -> str:
        """Cues, and what each word adds to a logit, as a word and by its tokens: the head sees the mean of these."""
        text = self.segments["text"].iloc[row]
        tokens = slice(self.encoded.first[row], self.encoded.first[row + 1])
        spans = np.asarray(self.encoded.spans[tokens], dtype=np.int64).reshape(-1, 2)
        own = spans[:, 0] < spans[:, 1]  # closing tokens stand on nothing
        starts, ends = spans[own].T
        added = (self.encoded.vectors[tokens][own] @ self.engine.weights[:, output]).tolist()
        words = word_spans(text)
        first = np.searchsorted(ends, [start for start, _ in words], side="right")
        last = np.searchsorted(starts, [end for _, end in words], side="left")
        moved = {
            span: max(added[a:b], default=0.0) + float(self._added[text[slice(*span)].lower()][output])
            for span, a, b in zip(words, first, last, strict=True)
        }
        return find_evidence(text, self._cues[row], code, moved)


@dataclass(frozen=True)
class EncoderEngine:
    """Linear heads over a fine-tuned encoder, and over words.

    Attributes
    ----------
    encoder : Encoder
    weights : numpy.ndarray
        Shape (d, k).
    bias : numpy.ndarray
        Shape (k,).
    lexical : LexicalPart
        Its logits are added.
    """

    encoder: Encoder
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    lexical: LexicalPart
    name: str = "standard"

    def read(self, segments: pd.DataFrame) -> EncoderReading:
        """See `cxtext.tag.engines.Engine`."""
        encoded = self.encoder.read(segments)
        logits = encoded.means() @ self.weights + self.bias + self.lexical.logits(segments)
        return EncoderReading(logits, encoded, segments, self)

    def save(self, folder: Path) -> tuple[dict[str, Any], Arrays]:
        """See `cxtext.tag.engines.Engine`; copies the files of the encoder and writes the vocabulary."""
        for name in Encoder.FILES:
            if self.encoder.folder.resolve() != folder.resolve():
                shutil.copyfile(self.encoder.folder / name, folder / name)
        return {}, {"weights": self.weights, "bias": self.bias, **self.lexical.save(folder)}

    @classmethod
    def load(cls, folder: Path, about: Mapping[str, Any], arrays: Arrays, threads: int) -> EncoderEngine:
        """Read what `save` wrote."""
        return cls(Encoder(folder, threads), arrays["weights"], arrays["bias"], LexicalPart.load(folder, arrays))


def join(
    encoder: Encoder,
    weights: NDArray[np.float32],
    bias: NDArray[np.float32],
    lexical: LexicalPart,
    held_out: Examples,
    tasks: Sequence[Sequence[str]],
) -> EncoderEngine:
    """Make an engine of two heads per output; segments that neither was fitted on show how much each counts.

    Parameters
    ----------
    encoder : Encoder
    weights, bias : numpy.ndarray
        Heads over the encoder, shapes (d, k) and (k,).
    lexical : LexicalPart
    held_out : Examples
    tasks : sequence of sequence of str
        See `cxtext.tag.calibration.outputs_of`.

    Returns
    -------
    EncoderEngine
    """
    segments = held_out.segments
    parts = (encoder.read(segments).means() @ weights + bias, lexical.logits(segments))
    (own, words), offset = balance(parts, held_out, tasks)
    return EncoderEngine(encoder, weights * own, bias * own + offset, lexical.scaled(words))
