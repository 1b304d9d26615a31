"""The ``standard`` engine: linear heads over the tokens of a fine-tuned encoder, and over words."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True)
class Heads:
    """Linear heads over the tokens of a segment, of which each looks at other tokens (label-wise attention).

    The logit of an output is the mean of what the tokens say by `weights`, weighed by the softmax of what they say by
    `queries` (Mullenbach et al., 2018, "Explainable prediction of medical codes from clinical text"); queries of zero
    weigh all tokens alike.

    Attributes
    ----------
    weights, bias : numpy.ndarray
        Shapes (d, k) and (k,).
    queries : numpy.ndarray
        Shape (d, k).
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    queries: NDArray[np.float32]

    def parts(self, encoded: Encoded) -> NDArray[np.float32]:
        """What each token adds to the logits of its segment; shape (t, k)."""
        return encoded.attention(self.queries) * (encoded.vectors @ self.weights)

    def logits(self, encoded: Encoded) -> NDArray[np.float32]:
        """Logits of segments; shape (n, k)."""
        sums = np.add.reduceat(self.parts(encoded), encoded.first[:-1], axis=0) + self.bias
        return np.asarray(sums, dtype=np.float32)

    def scaled(self, factors: NDArray[np.float32], offset: NDArray[np.float32]) -> Heads:
        """The same with every logit times a factor, and more; shapes (k,)."""
        return Heads(self.weights * factors, self.bias * factors + offset, self.queries)


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

    @cached_property
    def _parts(self) -> NDArray[np.float32]:
        """What each token adds to the logits."""
        return self.engine.heads.parts(self.encoded)

    def evidence(self, row: int, output: int, code: str) -> str:
        """Cues, and what each word adds to a logit, as a word and by its tokens (times how many tokens there are)."""
        text = self.segments["text"].iloc[row]
        tokens = slice(self.encoded.first[row], self.encoded.first[row + 1])
        spans = np.asarray(self.encoded.spans[tokens], dtype=np.int64).reshape(-1, 2)
        own = spans[:, 0] < spans[:, 1]  # closing tokens stand on nothing
        starts, ends = spans[own].T
        added = (self._parts[tokens, output][own] * len(own)).tolist()
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
    heads : Heads
    lexical : LexicalPart
        Its logits are added.
    """

    encoder: Encoder
    heads: Heads
    lexical: LexicalPart
    name: str = "standard"

    def read(self, segments: pd.DataFrame) -> EncoderReading:
        """See `cxtext.tag.engines.Engine`."""
        encoded = self.encoder.read(segments)
        return EncoderReading(self.heads.logits(encoded) + self.lexical.logits(segments), encoded, segments, self)

    def save(self, folder: Path) -> tuple[dict[str, Any], Arrays]:
        """See `cxtext.tag.engines.Engine`; copies the files of the encoder and writes the vocabulary."""
        for name in Encoder.FILES:
            if self.encoder.folder.resolve() != folder.resolve():
                shutil.copyfile(self.encoder.folder / name, folder / name)
        return {}, {**asdict(self.heads), **self.lexical.save(folder)}

    @classmethod
    def load(cls, folder: Path, about: Mapping[str, Any], arrays: Arrays, threads: int) -> EncoderEngine:
        """Read what `save` wrote."""
        heads = Heads(arrays["weights"], arrays["bias"], arrays["queries"])
        return cls(Encoder(folder, threads), heads, LexicalPart.load(folder, arrays))


def join(
    encoder: Encoder,
    heads: Heads,
    lexical: LexicalPart,
    held_out: Examples,
    tasks: Sequence[Sequence[str]],
) -> EncoderEngine:
    """Make an engine of two heads per output; segments that neither was fitted on show how much each counts.

    Parameters
    ----------
    encoder : Encoder
    heads : Heads
    lexical : LexicalPart
    held_out : Examples
    tasks : sequence of sequence of str
        See `cxtext.tag.calibration.outputs_of`.

    Returns
    -------
    EncoderEngine
    """
    segments = held_out.segments
    parts = (heads.logits(encoder.read(segments)), lexical.logits(segments))
    (own, words), offset = balance(parts, held_out, tasks)
    return EncoderEngine(encoder, heads.scaled(own, offset), lexical.scaled(words))
