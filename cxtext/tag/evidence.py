"""Why a code was given: the words that moved its score most."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from cxtext.language import stop_words
from cxtext.tag.cues import Cue
from cxtext.tag.features import BLOCKS
from cxtext.tag.heads import Heads

#: so many stretches of text at most
MOST = 3
_WORD = re.compile(r"\w[\w'’-]*|[?!]+|[^\w\s.,;:()\"'’-]")
_NO_EVIDENCE = frozenset(stop_words("nl")) | frozenset(stop_words("en"))


class EvidenceFinder:
    """Finds the words behind a coding: matched cues first, then the words with the largest linear contribution.

    Texts are read first (see `read`), then asked about.

    Parameters
    ----------
    heads : Heads
    """

    def __init__(self, heads: Heads) -> None:
        self._column = {output: i for i, output in enumerate(heads.outputs)}
        self._weights = {name: heads.weights[rows] * BLOCKS[name] for name, rows in heads.extractor.places().items()}
        self._vectorizers = heads.extractor.vectorizers
        self._contributions: dict[str, np.ndarray] = {}

    def find(self, text: str, cues: Sequence[Cue], code: str) -> str:
        """Evidence for a code on a text.

        Parameters
        ----------
        text : str
        cues : sequence of Cue
            The cues found in the text.
        code : str
            Path ``group/code``.

        Returns
        -------
        str
            Up to three stretches of the text, joined by ``"; "``; empty where no word of the text stands out.
        """
        spans = [(cue.start, cue.end) for cue in cues if cue.code == code and not cue.negated][:MOST]
        free = [m for m in _WORD.finditer(text) if not any(s < m.end() and m.start() < e for s, e in spans)]
        moved = {m.span(): self._contribution(m.group(), code) for m in free if m.group().lower() not in _NO_EVIDENCE}
        best = sorted((span for span, value in moved.items() if value > 0), key=lambda span: -moved[span])
        if best and len(spans) < MOST:
            enough = 0.5 * moved[best[0]]
            spans += [span for span in best[: MOST - len(spans)] if moved[span] >= enough]
        return "; ".join(text[start:end] for start, end in sorted(spans))

    def read(self, texts: Iterable[str]) -> None:
        """Work out what the words of some texts add to each logit, all at once.

        Parameters
        ----------
        texts : iterable of str
        """
        words = sorted({match.group().lower() for text in texts for match in _WORD.finditer(text)})
        added = sum(v.transform(words) @ self._weights[name] for name, v in self._vectorizers.items()) if words else []
        self._contributions = dict(zip(words, added, strict=True))

    def _contribution(self, word: str, code: str) -> float:
        """What a word by itself adds to the logit of a code."""
        return float(self._contributions[word.lower()][self._column[code]])
