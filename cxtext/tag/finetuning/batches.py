"""Labelled documents as batches: windows of changing cuts, several in a row of fixed length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxtext.tag.decoding import runs
from cxtext.tag.encoder import QUESTION_MARK, readable
from cxtext.tag.examples import Examples
from cxtext.tag.windows import LIMIT, NOBODY, Window, cut

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: longest windows that are tried, the usual one more often
LIMITS = (40, 80, LIMIT, LIMIT, LIMIT)
#: share of documents that are read without their questions, and of sentences without capitals and punctuation
WITHOUT_QUESTIONS, UNPUNCTUATED = 0.4, 0.08
#: rows of a batch that are still open while windows are laid in
_OPEN = 12
_PADDING = 1
#: what keeps a token from seeing another
HIDDEN = -1e9


@dataclass(frozen=True)
class Batch:
    """Rows of tokens.

    Attributes
    ----------
    tokens, places, owners, windows : numpy.ndarray
        Shape (rows, limit): the tokens, their places within their windows, the segments they belong to, and the
        number of the window within the row.
    """

    tokens: NDArray[np.int64]
    places: NDArray[np.int64]
    owners: NDArray[np.int64]
    windows: NDArray[np.int64]

    @property
    def bias(self) -> NDArray[np.float32]:
        """Shape (rows, 1, limit, limit): 0 within a window, `HIDDEN` between two."""
        together = self.windows[:, None, :, None] == self.windows[:, None, None, :]
        return np.where(together, 0, HIDDEN).astype(np.float32)


class Text:
    """Labelled segments as tokens.

    Parameters
    ----------
    examples : Examples
    tokenizer : tokenizers.Tokenizer
    """

    def __init__(self, examples: Examples, tokenizer: Tokenizer) -> None:
        def tokens(texts: Sequence[str]) -> list[list[int]]:
            encoded = tokenizer.encode_batch([readable(text) for text in texts], add_special_tokens=False)
            return [encoding.ids for encoding in encoded]

        texts = examples.segments["text"].tolist()
        prompts = examples.segments["prompt"].tolist()
        self.documents: list[str] = examples.segments["document"].tolist()
        self.segments = tokens(texts)
        self.unpunctuated = tokens([re.sub(r"[^\w\s'’]", "", text).lower() for text in texts])
        self.questions = [
            ids if prompt else []
            for ids, prompt in zip(tokens([QUESTION_MARK + p for p in prompts]), prompts, strict=True)
        ]

    def windows(self, random: Random) -> list[Window]:
        """Windows of all documents, cut anew each time, so that context is long, short or missing."""
        return [window for rows in runs(self.documents) for window in self._windows(rows, random)]

    def _windows(self, rows: slice, random: Random) -> Iterator[Window]:
        limit = random.choice(LIMITS)
        asked = random.random() >= WITHOUT_QUESTIONS
        start = random.randrange(rows.start, rows.stop)
        for part in (slice(rows.start, start), slice(start, rows.stop)):
            numbers = range(part.start, part.stop)
            segments = [(self.unpunctuated if random.random() < UNPUNCTUATED else self.segments)[i] for i in numbers]
            questions = [self.questions[i] if asked else [] for i in numbers]
            for window in cut(segments, questions, [""] * len(segments), limit=limit, before=0):
                window.owners = [owner if owner == NOBODY else owner + part.start for owner in window.owners]
                yield window


def batches(windows: Sequence[Window], rows: int) -> Iterator[Batch]:
    """Lay windows into rows, each where it fits best, and rows into batches; the last, incomplete one is left out.

    Parameters
    ----------
    windows : sequence of Window
    rows : int
        Rows of a batch.

    Yields
    ------
    Batch
    """
    full: list[list[Window]] = []
    free: list[tuple[int, list[Window]]] = []
    for window in windows:
        fitting = [i for i, (room, _) in enumerate(free) if room >= len(window)]
        if fitting:
            best = min(fitting, key=lambda i: free[i][0])
            room, row = free.pop(best)
        else:
            room, row = LIMIT, []
            full.append(row)
        row.append(window)
        free.append((room - len(window), row))
        if len(free) > _OPEN:
            free.remove(min(free, key=lambda item: item[0]))
    for at in range(0, len(full) - rows + 1, rows):
        yield _batch(full[at : at + rows])


def _batch(rows: Sequence[Sequence[Window]]) -> Batch:
    shape = (len(rows), LIMIT)
    tokens = np.full(shape, _PADDING, dtype=np.int64)
    places, owners, number = (np.full(shape, value, dtype=np.int64) for value in (0, NOBODY, -1))
    for row, windows in enumerate(rows):
        at = 0
        for count, window in enumerate(windows):
            part = slice(at, at + len(window))
            tokens[row, part], owners[row, part] = window.tokens, window.owners
            places[row, part], number[row, part] = np.arange(len(window)), count
            at += len(window)
    return Batch(tokens, places, owners, number)
