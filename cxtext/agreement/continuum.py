"""Codings as units on one continuum: the text of respondents, document after document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

from cxtext.agreement.unitizing import Unit
from cxtext.overlaps import APART, in_order


def continuum(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    group: str,
    coders: Sequence[str],
    documents: Collection[str] | None = None,
) -> tuple[list[list[Unit]], float]:
    """Units of each coder, for `unitizing_alpha` (after `layer`) and for `gamma`.

    What is in no segment of a respondent (the interviewer, white space between segments) is cut out of the text.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        Tables `cxtext.tables.CODINGS` and `cxtext.tables.SEGMENTS`; rejected codings are left out.
    group : str
    coders : sequence of str
    documents : collection of str, optional
        Those that all coders did; every document of the segments where it is left out.

    Returns
    -------
    tuple of (list of list of (start, end, code), float)
        Of each coder the units, in order; and the length of the continuum in characters.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS, make_table
    >>> continuum(make_table([], CODINGS), make_table([], SEGMENTS), group="kind", coders=["anna", "bram"])
    ([[], []], 0.0)
    """
    said = in_order(segments[segments["role"] != "interviewer"])
    said = said[said["document"].isin(said["document"] if documents is None else documents)]
    if said.empty:
        return [[] for _ in coders], 0.0
    names = pd.Index(said["document"].unique())
    at = names.get_indexer(said["document"]) * APART
    ends = np.maximum.accumulate(at + said["end"].to_numpy())
    starts = np.maximum(at + said["start"].to_numpy(), np.append(0, ends[:-1]))
    reached = np.cumsum(ends - starts)
    knots = np.stack([starts, ends], axis=1).reshape(-1)
    lengths = np.stack([np.append(0, reached[:-1]), reached], axis=1).reshape(-1)
    own = codings[(codings["group"] == group) & (codings["status"] != "rejected")]
    own = own[own["document"].isin(names) & own["coder"].isin(coders)].astype({"coder": object, "code": object})
    rows = names.get_indexer(own["document"]) * APART
    begin, stop = (np.interp(rows + own[side].to_numpy(), knots, lengths) for side in ("start", "end"))
    units: dict[str, set[Unit]] = {coder: set() for coder in coders}
    for coder, start, end, code in zip(own["coder"], begin.tolist(), stop.tolist(), own["code"], strict=True):
        if start < end:
            units[coder].add((start, end, code))
    return [sorted(units[coder]) for coder in coders], float(reached[-1])


def layer(units: Iterable[Unit], *, value: str | None = None) -> list[Unit]:
    """Units of one coder without overlap.

    Parameters
    ----------
    units : iterable of (start, end, value)
    value : str, optional
        Give all units this value, so that those that overlap become one.

    Returns
    -------
    list of (start, end, value)
        Overlapping units of one value are one; where values differ, the later unit begins where the earlier ends.

    Examples
    --------
    >>> layer([(0, 5, "pijn"), (3, 8, "pijn"), (6, 9, "behoefte")])
    [(0, 8, 'pijn'), (8, 9, 'behoefte')]
    """
    kept: list[Unit] = []
    for start, end, own in sorted(units):
        name = own if value is None else value
        if kept and start < kept[-1][1]:
            begin, reached, last = kept[-1]
            if name == last:
                kept[-1] = (begin, max(end, reached), name)
                continue
            start = reached
        if start < end:
            kept.append((start, end, name))
    return kept
