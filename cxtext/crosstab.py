"""Which codes stand together, and with which respondents: tables that count respondents and segments.

Only what respondents said counts, whoever coded it: a coding belongs to the segments that it touches. That a code was
not given to a respondent means that it was not mentioned, not that it does not hold for them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from cxtext.errors import OptionError
from cxtext.overlaps import in_order, overlaps
from cxtext.stats import MIN_PERCENTAGE, wilson
from cxtext.tables import TEXT, make_table

Within = Literal["segment", "document", "case"]

CODED: dict[str, str] = {"segment": TEXT, "document": TEXT, "case": TEXT, "code": TEXT}
BY_ATTRIBUTE: dict[str, str] = {
    "code": TEXT, "value": TEXT, "respondents": "int64", "of_respondents": "int64", "segments": "int64",
    "share": "float64", "low": "float64", "high": "float64",
}  # fmt: skip
CO_OCCURRENCE: dict[str, str] = {
    "code": TEXT, "other": TEXT, "together": "int64", "with_code": "int64", "with_other": "int64",
    "jaccard": "float64", "respondents": "int64", "of_respondents": "int64",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def coded_segments(codings: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Find the segments that codings touch.

    Parameters
    ----------
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`; all of it counts, so choose the coders and the status before.
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.

    Returns
    -------
    pandas.DataFrame
        `CODED`: one row per segment and code (``group/code``), in the order of the codings. Codings that touch no
        segment (in a question of the interviewer) have no row.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> coded_segments(make_table([], CODINGS), make_table([], SEGMENTS)).empty
    True
    """
    ordered = in_order(segments)
    row, of = overlaps(codings, ordered)
    paths = (codings["group"] + "/" + codings["code"]).to_numpy()
    found = ordered.loc[row, ["segment", "document", "case"]].assign(code=pd.array(paths[of], dtype=TEXT))
    return found.drop_duplicates(ignore_index=True)


def code_by_attribute(codings: pd.DataFrame, segments: pd.DataFrame, values: Sequence[str]) -> pd.DataFrame:
    """Count per value of an attribute how many of its respondents mention each code.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        As `coded_segments` takes them.
    values : sequence of str
        Value of the attribute for each segment; ``""`` where it is not known, which is a value of its own. Of a
        respondent who has several (two waves), what was said under each value counts for that value.

    Returns
    -------
    pandas.DataFrame
        `BY_ATTRIBUTE`, by code and value (numbers by their size, before words), also where nobody mentions the code:
        of the ``of_respondents`` who said something under this value, ``respondents`` mention the code, in
        ``segments`` segments. ``share`` with its interval of Wilson, between 0 and 1, is NaN under
        `cxtext.stats.MIN_PERCENTAGE` respondents.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> said = make_table([{"segment": "a", "document": "d", "case": "r", "start": 0, "end": 4,
    ...                     "position": 0, "turn": 0}], SEGMENTS)
    >>> pain = make_table([{"document": "d", "start": 0, "end": 2, "group": "kind", "code": "pain"}], CODINGS)
    >>> code_by_attribute(pain, said, ["Zuid"])[["code", "value", "respondents", "of_respondents"]].values.tolist()
    [['kind/pain', 'Zuid', 1, 1]]
    """
    value_of = pd.Series(list(values), index=segments["segment"].to_numpy(), dtype=TEXT)
    of = segments.assign(value=value_of.to_numpy()).groupby("value")["case"].nunique()
    coded = coded_segments(codings, segments)
    grouped = coded.assign(value=coded["segment"].map(value_of)).groupby(["code", "value"])
    counts = grouped.agg(respondents=("case", "nunique"), segments=("segment", "nunique"))
    axes = [pd.Index(sorted(coded["code"].unique())), pd.Index(sorted(of.index, key=_size))]
    every = pd.MultiIndex.from_product(axes, names=["code", "value"])
    rows = [
        {"code": code, "value": value, "respondents": k, "segments": count, **_share(k, int(of[value]))}
        for (code, value), k, count in counts.reindex(every, fill_value=0).itertuples(name=None)
    ]
    return make_table(rows, BY_ATTRIBUTE)


def co_occurrence(codings: pd.DataFrame, segments: pd.DataFrame, *, within: Within = "segment") -> pd.DataFrame:
    """Count which codes stand together.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        As `coded_segments` takes them.
    within : {"segment", "document", "case"}
        What two codes have to share.

    Returns
    -------
    pandas.DataFrame
        `CO_OCCURRENCE`, one row per two codes that stand together anywhere, the most frequent first: ``together`` of
        the units (segments, documents or respondents) have both, ``with_code`` and ``with_other`` have the one and
        the other, and ``jaccard`` is both of either. ``respondents`` of ``of_respondents`` have both within one unit
        in what they said themselves.

    Raises
    ------
    OptionError
        `within` is none of these.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> co_occurrence(make_table([], CODINGS), make_table([], SEGMENTS)).empty
    True
    """
    if within not in get_args(Within):
        msg = f"within is {within!r}; expected one of {', '.join(get_args(Within))}."
        raise OptionError(msg)
    coded = coded_segments(codings, segments)
    column, codes = pd.factorize(coded["code"], sort=True)
    units = _incidence(coded[within], column)
    both = (units.T @ units).toarray()
    parts = coded[within] + "\0" + coded["case"]
    own = _incidence(parts, column)
    case_of = pd.factorize(coded["case"][~parts.duplicated()])[0]
    respondents = _respondents_of_both(own, case_of)
    said = segments["case"].nunique()
    rows = []
    for a, b in combinations(range(len(codes)), 2):
        if together := int(both[a, b]):
            rows.append({
                "code": codes[a], "other": codes[b], "together": together, "with_code": int(both[a, a]),
                "with_other": int(both[b, b]), "jaccard": together / (both[a, a] + both[b, b] - together),
                "respondents": int(respondents[a, b]), "of_respondents": said,
            })  # fmt: skip
    table = make_table(rows, CO_OCCURRENCE)
    return table.sort_values(["together", "jaccard"], ascending=False, kind="stable", ignore_index=True)


def _size(value: str) -> tuple[bool, bool, float, str]:
    """Sorts what is not known first, then numbers by their size, then words."""
    number = _NUMBER.fullmatch(value)
    return value != "", number is None, float(value.replace(",", ".")) if number else 0.0, value


def _incidence(units: pd.Series, column: np.ndarray) -> csr_array:
    """Which units have which codes: 1 or 0, units in the order in which they first come."""
    row, different = pd.factorize(units)
    shape = len(different), int(column.max(initial=-1)) + 1
    matrix = csr_array((np.ones(len(row), dtype=np.int64), (row, column)), shape=shape)
    matrix.data[:] = 1  # codes that a unit has more than once were added up
    return matrix


def _respondents_of_both(units: csr_array, case_of: np.ndarray) -> np.ndarray:
    """How many respondents have a unit with both codes, from units with their codes and respondents; (codes, codes)."""
    count = units.shape[1]
    both = np.zeros((count, count), dtype=np.int64)
    by_code = units.tocsc()
    for code in range(count):
        with_code = by_code.indices[by_code.indptr[code] : by_code.indptr[code + 1]]
        unit, other = units[with_code].nonzero()
        both[code] = np.bincount(np.unique(case_of[with_code[unit]] * count + other) % count, minlength=count)
    return both


def _share(k: int, n: int) -> dict[str, float]:
    share = wilson(k, n)
    value, low, high = (share.value, share.low, share.high) if n >= MIN_PERCENTAGE else (math.nan,) * 3
    return {"of_respondents": n, "share": value, "low": low, "high": high}
