"""Why a code was given: the words that moved its score most."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cxtext.language import stop_words

if TYPE_CHECKING:
    from cxtext.tag.cues import Cue

#: so many stretches of text at most
MOST = 3
WORD = re.compile(r"\w[\w'’-]*|[?!]+|[^\w\s.,;:()\"'’-]")
_NO_EVIDENCE = frozenset(stop_words("nl")) | frozenset(stop_words("en"))

Span = tuple[int, int]


def find_evidence(text: str, cues: Sequence[Cue], code: str, moved: Mapping[Span, float]) -> str:
    """Evidence for a code on a text: matched cues first, then the words that moved the score most.

    Parameters
    ----------
    text : str
    cues : sequence of Cue
        The cues found in the text.
    code : str
        Path ``group/code``.
    moved : mapping of (start, end) to float
        What each word (see `word_spans`) added to the logit of the code.

    Returns
    -------
    str
        Up to three stretches of the text, joined by ``"; "``; empty where no word of the text stands out.
    """
    spans = [(cue.start, cue.end) for cue in cues if cue.code == code and not cue.negated][:MOST]
    free = {
        span: value
        for span, value in moved.items()
        if value > 0
        and text[slice(*span)].lower() not in _NO_EVIDENCE
        and not any(start < span[1] and span[0] < end for start, end in spans)
    }
    best = sorted(free, key=lambda span: (-free[span], span))
    if best and len(spans) < MOST:
        enough = 0.5 * free[best[0]]
        spans += [span for span in best[: MOST - len(spans)] if free[span] >= enough]
    return "; ".join(text[start:end] for start, end in sorted(spans))


def word_spans(text: str) -> list[Span]:
    """Where the words, marks and emoji of a text are, of which evidence is made."""
    return [match.span() for match in WORD.finditer(text)]
