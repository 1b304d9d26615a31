"""Who mentions what: the long table that touchpoints, drivers, waves, priorities and saturation are counted from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.codebook import load_codebook
from cxtext.coded import codes_of, of_respondents
from cxtext.errors import OptionError
from cxtext.journey.answers import among, by_document, labels
from cxtext.journey.lanes import best_quotes, quotes_by, readable
from cxtext.stats import MIN_PERCENTAGE, wilson
from cxtext.tables import TEXT, make_table
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.themes import Themes

MENTIONS: dict[str, str] = {
    "case": TEXT, "document": TEXT, "segment": TEXT, "item": TEXT, "name": TEXT, "valence": "float64",
    "readable": "bool",
}  # fmt: skip
FREQUENCIES: dict[str, str] = {
    "item": TEXT, "name": TEXT, "segments": "int64", "of_segments": "int64", "documents": "int64",
    "of_documents": "int64", "respondents": "int64", "of_respondents": "int64", "share": "float64", "low": "float64",
    "high": "float64", "quotes": TEXT,
}  # fmt: skip


def mentions(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame | None = None,
    *,
    groups: Sequence[str] = ("kind", "emotion"),
    themes: Themes | None = None,
    documents: pd.DataFrame | None = None,
    language: str = "nl",
) -> pd.DataFrame:
    """List which respondent says what in which segment.

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS` and `cxtext.tables.CODINGS`; interviewers and rejected codings do not count.
    scores : pandas.DataFrame, optional
        Columns ``segment`` and ``valence`` (from -2 to 2).
    groups : sequence of str
        Of the codebook, or columns of `documents` such as ``"@touchpoint"``.
    themes : Themes, optional
        Their members are items too, ``"theme/..."``; those in no theme are not.
    documents : pandas.DataFrame, optional
        From `cxtext.tables.documents_table`.
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    pandas.DataFrame
        Columns `MENTIONS`, one row per segment and item (``"kind/pain"``).

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> mentions(make_table([], SEGMENTS), make_table([], CODINGS)).columns.tolist()
    ['case', 'document', 'segment', 'item', 'name', 'valence', 'readable']
    """
    said = of_respondents(segments, "case", "document", "segment", "text")
    said = said.assign(valence=valences(said["segment"], scores), readable=readable(said["text"])).drop(columns="text")
    known = {code.path: code.name(language) for code in load_codebook()}
    parts = []
    for group in groups:
        if group.startswith("@"):
            value = labels(said["document"], by_document(documents, group))
            own = pd.DataFrame({"segment": said["segment"], "item": f"{group}/" + value})[value != ""]
            known |= {item: item.removeprefix(f"{group}/") for item in own["item"].unique()}
            parts.append(own)
            continue
        item = f"{group}/" + codes_of(codings, group).set_index("segment")["code"].astype(TEXT)
        parts.append(item.rename("item").reset_index())
    if themes is not None:
        members = themes.members[themes.members["theme"] != OUTLIERS]
        parts.append(pd.DataFrame({"segment": members["segment"], "item": "theme/" + members["theme"]}))
        named = zip(themes.table["theme"], themes.table["name"], strict=True)
        known |= {f"theme/{theme}": name for theme, name in named}
    items = pd.concat(parts) if parts else pd.DataFrame({"segment": [], "item": []}, dtype=TEXT)
    rows = said.merge(items.astype(TEXT), on="segment")
    number, found = pd.factorize(rows["item"])
    names = pd.array([known.get(item, item) for item in found], dtype=TEXT)
    rows = rows.assign(name=names.take(number))
    return make_table({column: rows[column] for column in MENTIONS}, MENTIONS)


def valences(segments: pd.Series, scores: pd.DataFrame | None) -> np.ndarray:
    """Valence of each segment; NaN where there is none.

    Parameters
    ----------
    segments : pandas.Series
        Ids.
    scores : pandas.DataFrame or None
        Columns ``segment`` and ``valence``.

    Returns
    -------
    array of float, shape (n,)

    Raises
    ------
    OptionError
        A column is missing.

    Examples
    --------
    >>> valences(pd.Series(["a", "b"]), pd.DataFrame({"segment": ["b"], "valence": [1.0]})).tolist()
    [nan, 1.0]
    """
    if scores is None:
        return np.full(len(segments), np.nan)
    if not {"segment", "valence"} <= set(scores.columns):
        msg = "The scores need the columns 'segment' and 'valence' (from -2 to 2). Take the scores of the tagger."
        raise OptionError(msg)
    known = scores.assign(segment=scores["segment"].astype(TEXT)).drop_duplicates("segment").set_index("segment")
    return segments.map(known["valence"].astype("float64")).to_numpy(dtype=float)


def frequencies(segments: pd.DataFrame, mentioned: pd.DataFrame) -> pd.DataFrame:
    """Count each item with the right denominators: segments, documents and respondents.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`: those of one phase or touchpoint, to count of who reached it.
    mentioned : pandas.DataFrame
        From `mentions`; what is in other segments is left out.

    Returns
    -------
    pandas.DataFrame
        Columns `FREQUENCIES`, the item of most respondents first; ``share`` with its Wilson interval is that of the
        respondents, NaN where they are fewer than 10; ``quotes`` are the ids of all segments, the best to quote first.
        It counts what was mentioned, which does not say what is absent.

    Examples
    --------
    >>> from cxtext.tables import SEGMENTS
    >>> frequencies(make_table([], SEGMENTS), make_table([], MENTIONS)).empty
    True
    """
    said = of_respondents(segments, "case", "document", "segment")
    here = mentioned[among(mentioned["segment"], said["segment"])]
    whole = {
        "of_segments": len(said),
        "of_documents": said["document"].nunique(),
        "of_respondents": said["case"].nunique(),
    }
    grouped = here.groupby("item", sort=True)
    counts = grouped[["segment", "document", "case"]].nunique()
    names, quotes = grouped["name"].first(), evidence_by(here, here["item"])
    rows = [
        {"item": item, "name": names[item], "segments": segments, "documents": documents, "respondents": people,
         "quotes": quotes[item], **whole, **share_of(people, whole["of_respondents"])}
        for item, segments, documents, people in counts.itertuples()
    ]  # fmt: skip
    return make_table(sorted(rows, key=lambda row: (-row["respondents"], -row["segments"])), FREQUENCIES)


def share_of(k: int, n: int) -> dict[str, float]:
    """Share of respondents with its Wilson interval as columns; NaN where `n` is below 10.

    Parameters
    ----------
    k, n : int

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> share_of(7, 12)["share"], share_of(7, 9)
    (0.583..., {'share': nan, 'low': nan, 'high': nan})
    """
    if n < MIN_PERCENTAGE:
        return {"share": math.nan, "low": math.nan, "high": math.nan}
    found = wilson(k, n)
    return {"share": found.value, "low": found.low, "high": found.high}


def evidence(rows: pd.DataFrame) -> str:
    """Ids of the segments of some mentions, joined by ``;``, the best to quote first.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``segment``, ``case``, ``valence`` and ``readable``, such as `mentions` gives.

    Returns
    -------
    str

    Examples
    --------
    >>> evidence(make_table([], MENTIONS))
    ''
    """
    if rows.empty:
        return ""
    return ";".join(best_quotes(rows.assign(strength=rows["valence"].abs())))


def evidence_by(rows: pd.DataFrame, groups: pd.Series) -> dict[Any, str]:
    """Ids of the segments of many groups of mentions, each as `evidence` gives them.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `evidence`.
    groups : pandas.Series
        Group of each row, such as its ``item``.

    Returns
    -------
    dict of object to str
        By group.

    Examples
    --------
    >>> evidence_by(make_table([], MENTIONS), pd.Series(dtype="str"))
    {}
    """
    number, names = pd.factorize(groups)
    chosen = quotes_by(rows.assign(strength=rows["valence"].abs()), number)
    return {names[group]: ";".join(ids) for group, ids in chosen}
