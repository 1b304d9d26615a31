"""Which segments hold which codes, whoever coded them."""

from __future__ import annotations

import pandas as pd


def codes_of(codings: pd.DataFrame, group: str) -> pd.DataFrame:
    """Codes of one group by segment.

    Parameters
    ----------
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    group : str
        A group of the codebook.

    Returns
    -------
    pandas.DataFrame
        Columns ``segment``, ``code``, ``score``: one row per segment and code, with the highest score of its coders.
        Rejected codings and codings of no segment are left out.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, make_table
    >>> list(codes_of(make_table([], CODINGS), "kind").columns)
    ['segment', 'code', 'score']
    """
    chosen = (codings["group"] == group) & (codings["status"] != "rejected") & (codings["segment"] != "")
    rows = codings.loc[chosen, ["segment", "code", "score"]]
    return rows.groupby(["segment", "code"], sort=True)["score"].max().reset_index()


def of_respondents(segments: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Segments that respondents said, in the order of the conversation.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    *columns : str
        Those that are needed, as texts take much memory; all where they are left out.

    Returns
    -------
    pandas.DataFrame
        Sorted by document and place, so that the order of the input does not matter; rows numbered from 0.
    """
    places = segments[["document", "start", "segment"]].reset_index(drop=True)
    places = places[segments["role"].ne("interviewer").to_numpy()]
    order = places.sort_values(["document", "start", "segment"], kind="stable").index.to_numpy()
    return segments[list(columns or segments.columns)].take(order).reset_index(drop=True)
