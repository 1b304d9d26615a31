"""The fine-tuned sentence encoder: an ONNX graph, run by onnxruntime on the CPU."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.onnx import load_session, load_tokenizer
from cxtext.tag.windows import NOBODY, Window, cut

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

#: what stands before a question, to tell it from an answer
QUESTION_MARK = "? "


@dataclass(frozen=True)
class Encoded:
    """What the encoder makes of some segments.

    Attributes
    ----------
    vectors : numpy.ndarray
        Shape (t, d): one row per token of all segments, in order.
    first : numpy.ndarray
        Shape (n + 1,): tokens of segment i are rows ``first[i]`` to ``first[i + 1]``.
    spans : list of tuple of int
        Place of each token in the text of its segment; (0, 0) for the end tokens.
    """

    vectors: NDArray[np.float32]
    first: NDArray[np.int64]
    spans: list[tuple[int, int]]

    def means(self) -> NDArray[np.float32]:
        """Mean of the tokens of each segment; shape (n, d)."""
        counts = np.diff(self.first)[:, None]
        return (np.add.reduceat(self.vectors, self.first[:-1], axis=0) / counts).astype(np.float32)

    def attention(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much each head looks at each token of a segment, which adds up to 1; shapes (d, k) and (t, k)."""
        scores, first, counts = self.vectors @ queries, self.first[:-1], np.diff(self.first)
        weights = np.exp(scores - np.repeat(np.maximum.reduceat(scores, first, axis=0), counts, axis=0))
        weights /= np.repeat(np.add.reduceat(weights, first, axis=0), counts, axis=0)
        return np.asarray(weights, dtype=np.float32)


class Encoder:
    """Reads segments in their context.

    Parameters
    ----------
    folder : pathlib.Path
        With ``encoder.onnx`` and ``tokenizer.json``.
    threads : int
        Windows that are read at a time; 0 is one per core. The result does not depend on it.
    """

    FILES = ("encoder.onnx", "tokenizer.json")

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.folder = folder
        self.threads = threads or os.cpu_count() or 1

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return load_tokenizer(self.folder / "tokenizer.json")

    @cached_property
    def _session(self) -> InferenceSession:
        return load_session(self.folder / "encoder.onnx")

    def read(self, segments: pd.DataFrame) -> Encoded:
        """Read segments.

        Parameters
        ----------
        segments : pandas.DataFrame
            `cxtext.tables.SEGMENTS`, at least one row; rows of one document stand together, in order.

        Returns
        -------
        Encoded
        """
        texts = [readable(text) for text in segments["text"]]
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        questions = self.questions(segments["prompt"].tolist())
        windows = list(cut([e.ids for e in encodings], questions, segments["document"].tolist()))
        states = self._states(windows)
        kept = [
            state[np.asarray(window.owners) != NOBODY] for window, state in zip(windows, states, strict=True)
        ]  # segments stand in their order, over windows too
        owners = np.concatenate([np.asarray(w.owners) for w in windows])
        first = np.searchsorted(owners[owners != NOBODY], np.arange(len(texts) + 1))
        return Encoded(np.concatenate(kept), first, self._spans(windows, encodings))

    def questions(self, prompts: Sequence[str]) -> list[list[int]]:
        """Tokens of questions; none for an empty one."""
        known = {prompt: readable(QUESTION_MARK + prompt) for prompt in dict.fromkeys(prompts) if prompt.strip()}
        encoded = self._tokenizer.encode_batch(list(known.values()), add_special_tokens=False)
        tokens = {prompt: encoding.ids for prompt, encoding in zip(known, encoded, strict=True)}
        return [tokens.get(prompt, []) for prompt in prompts]

    def _states(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        """Vectors of the tokens of each window; equal windows are read once, each by itself, whatever the batch."""
        unique = {tuple(window.tokens): None for window in windows}
        session = self._session

        def run(tokens: tuple[int, ...]) -> NDArray[np.float32]:
            return np.asarray(session.run(None, {"tokens": np.asarray([tokens], dtype=np.int64)})[0][0])

        if self.threads == 1:
            states = dict(zip(unique, map(run, unique), strict=True))
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                states = dict(zip(unique, pool.map(run, unique), strict=True))
        return [states[tuple(window.tokens)] for window in windows]

    @staticmethod
    def _spans(windows: Sequence[Window], encodings: Sequence[object]) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        places = [iter(encoding.offsets) for encoding in encodings]  # type: ignore[attr-defined]
        for window in windows:
            for at, owner in enumerate(window.owners):
                if owner != NOBODY:
                    closes = at + 1 == len(window.owners) or window.owners[at + 1] != owner
                    spans.append((0, 0) if closes else next(places[owner]))
        return spans


def readable(text: str) -> str:
    r"""Text of the same length without characters that a tokenizer cannot take (lone surrogates, controls).

    Examples
    --------
    >>> readable("ja\x00nee")
    'ja nee'
    """
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} else c for c in text)
