"""Which codings stand on which segments, or on other stretches of the documents."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: more than the length of any document
APART = 2**32


def in_order(segments: pd.DataFrame) -> pd.DataFrame:
    """Segments of all roles in the order of the conversation, rows numbered from 0."""
    return segments.sort_values(["document", "start", "segment"], kind="stable", ignore_index=True)


def overlaps(codings: pd.DataFrame, places: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Which codings share a character with which places.

    Parameters
    ----------
    codings : pandas.DataFrame
        With ``document``, ``start``, ``end``.
    places : pandas.DataFrame
        The same; in order within documents.

    Returns
    -------
    tuple of two arrays of int
        Row numbers of places and of codings, one pair for each overlap, by codings and then by places.

    Examples
    --------
    >>> places = pd.DataFrame({"document": ["d", "d"], "start": [0, 10], "end": [9, 19]})
    >>> row, of = overlaps(pd.DataFrame({"document": ["d"], "start": [5], "end": [12]}), places)
    >>> row.tolist(), of.tolist()
    ([0, 1], [0, 0])
    """
    documents = pd.Index(places["document"].unique())
    at = documents.get_indexer(places["document"]).astype(np.int64) * APART
    place_starts, place_ends = at + places["start"].to_numpy(), at + places["end"].to_numpy()
    rows = documents.get_indexer(codings["document"]).astype(np.int64)
    starts, ends = rows * APART + codings["start"].to_numpy(), rows * APART + codings["end"].to_numpy()
    first = np.searchsorted(np.maximum.accumulate(place_ends), starts, side="right")
    last = np.searchsorted(place_starts, ends, side="left")
    count = np.where(rows >= 0, np.maximum(last - first, 0), 0)
    of = np.repeat(np.arange(len(codings)), count)
    row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    real = (place_starts[row] < ends[of]) & (starts[of] < place_ends[row])
    return row[real], of[real]
