"""Documents as windows of tokens: each segment is read with what stands around it.

A window begins with the start token; then come, each closed by the end token, earlier segments as context, and the
segments of its own, each after the interviewer's question where that is new. Every token knows its segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cxtext.tag.decoding import runs

#: tokens of a window, of the part that is only read as context, and of a question
LIMIT = 128
BEFORE = 40
QUESTION = 32
START, END = 0, 2
#: owner of a token that belongs to no segment of the window's own
NOBODY = -1


@dataclass
class Window:
    """Some tokens that are read together.

    Attributes
    ----------
    tokens : list of int
    owners : list of int
        Row of the segment that a token belongs to; `NOBODY` for context, questions and the start.
    """

    tokens: list[int] = field(default_factory=lambda: [START])
    owners: list[int] = field(default_factory=lambda: [NOBODY])

    def __len__(self) -> int:
        return len(self.tokens)

    def add(self, tokens: Sequence[int], owner: int) -> None:
        """Append a stretch and the end token."""
        self.tokens += [*tokens, END]
        self.owners += [owner] * (len(tokens) + 1)


def cut(
    segments: Sequence[Sequence[int]],
    questions: Sequence[Sequence[int]],
    documents: Sequence[str],
    *,
    limit: int = LIMIT,
    before: int = BEFORE,
) -> Iterator[Window]:
    """Cut documents into windows; every token of every segment is in exactly one window as its own.

    Parameters
    ----------
    segments, questions : sequence of sequence of int
        Tokens of each segment, and of the question that it answers (empty where there is none).
    documents : sequence of str
        Document of each segment; rows of one stand together, in order.
    limit : int
        Most tokens of a window.
    before : int
        Most tokens of earlier segments that a window repeats as context.

    Yields
    ------
    Window

    Examples
    --------
    >>> [window.owners for window in cut([[7, 8], [9]], [[], []], ["a", "b"])]
    [[-1, 0, 0, 0], [-1, 1, 1]]
    """
    for rows in runs(documents):
        row = rows.start
        while row < rows.stop:
            window = Window()
            asked: Sequence[int] = ()
            first = _context_start(segments, rows.start, row, before)
            for at in range(first, row):
                window.add(segments[at], NOBODY)
            for at in range(row, rows.stop):
                question = () if questions[at] == asked else questions[at][:QUESTION]
                size = len(segments[at]) + 1 + (len(question) + 1 if question else 0)
                if at > row and len(window) + size > limit:
                    break
                asked = questions[at]
                if question and len(window) + size <= limit:
                    window.add(question, NOBODY)
                pieces = _pieces(segments[at], limit - len(window) - 1, limit - 2)
                for piece in pieces[:-1]:
                    window.add(piece, at)
                    yield window
                    window = Window()
                window.add(pieces[-1], at)
                done = at + 1
            row = done
            yield window


def _context_start(segments: Sequence[Sequence[int]], first: int, row: int, budget: int) -> int:
    """First segment before a row from which the context fits the budget."""
    while row > first and (budget := budget - len(segments[row - 1]) - 1) >= 0:
        row -= 1
    return row


def _pieces(tokens: Sequence[int], room: int, limit: int) -> list[Sequence[int]]:
    """A segment as one piece, or where it is longer than a window as several."""
    if len(tokens) <= room:
        return [tokens]
    return [tokens[:room], *(tokens[at : at + limit] for at in range(room, len(tokens), limit))]
