"""Segments of a study, by the stretches that lie in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from cxtext.project.frames import read_segments


class Segments:
    """Finds the segment of a coding.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    documents : sequence of str, optional
        All of the study where it is left out.
    """

    def __init__(self, connection: Connection, documents: Sequence[str] | None = None) -> None:
        self._of: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        table = read_segments(connection, documents)
        for document, start, end, id in table[["document", "start", "end", "segment"]].itertuples(index=False):
            self._of[document].append((start, end, id))

    def holding(self, document: str, start: int, end: int) -> str:
        """Segment in which all of a stretch lies; empty where there is none."""
        return next((id for low, high, id in self._of[document] if low <= start and end <= high), "")

    def touches(self, segment: str, document: str, start: int, end: int) -> bool:
        """Whether there is such a segment in a document, and a stretch shares something with it."""
        return any(id == segment and start < high and low < end for low, high, id in self._of[document])
