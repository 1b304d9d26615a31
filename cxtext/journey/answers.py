"""What documents say about themselves: the attributes that the journey uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat

import numpy as np
import pandas as pd

from cxtext.errors import OptionError
from cxtext.records import Notice
from cxtext.tables import TEXT

_SCORE = re.compile(r"\s*(\d{1,3})(?:[.,]0+)?\s*(?:[-–(:].*)?")


def by_document(documents: pd.DataFrame | None, column: str) -> pd.Series:
    """Attribute of each document.

    Parameters
    ----------
    documents : pandas.DataFrame or None
        From `cxtext.tables.documents_table`.
    column : str
        Such as ``"@touchpoint"``.

    Returns
    -------
    pandas.Series
        Text by document; empty where there is no such column.

    Examples
    --------
    >>> by_document(None, "@touchpoint").tolist()
    []
    """
    if documents is None or column not in documents:
        return pd.Series(dtype=TEXT)
    return documents.set_index("document")[column].str.strip()


def labels(ids: pd.Series, known: pd.Series) -> pd.Series:
    """Label of each row, by its document or segment.

    Parameters
    ----------
    ids : pandas.Series
        Of documents, or of segments.
    known : pandas.Series
        Label by id, such as `by_document` gives.

    Returns
    -------
    pandas.Series
        Text, in the index of `ids`; ``""`` where there is none.

    Examples
    --------
    >>> labels(pd.Series(["a", "b"]), pd.Series({"b": "Helpdesk"})).tolist()
    ['', 'Helpdesk']
    """
    by = dict(zip(known.index.to_numpy(dtype=object), known.to_numpy(dtype=object), strict=True))
    return pd.Series(list(map(by.get, ids.to_numpy(dtype=object), repeat(""))), index=ids.index, dtype=TEXT)


def among(ids: pd.Series, known: Iterable[object]) -> np.ndarray:
    """Whether each id is one of those that are known: `pandas.Series.isin`, fast for many texts.

    Parameters
    ----------
    ids : pandas.Series
    known : iterable of str

    Returns
    -------
    array of bool, shape (n,)

    Examples
    --------
    >>> among(pd.Series(["a", "b"]), ["b"]).tolist()
    [False, True]
    """
    held = set(known.to_numpy(dtype=object) if isinstance(known, pd.Series | pd.Index) else known)
    return np.fromiter(map(held.__contains__, ids.to_numpy(dtype=object)), dtype=bool, count=len(ids))


def joined(by: pd.Series, ids: pd.Series) -> pd.Series:
    """Ids of each group in their order, joined by ``;``.

    Parameters
    ----------
    by, ids : pandas.Series
        Group and id of each row.

    Returns
    -------
    pandas.Series
        Text by group.

    Examples
    --------
    >>> joined(pd.Series(["a", "b", "a"]), pd.Series(["1", "2", "3"])).to_dict()
    {'a': '1;3', 'b': '2'}
    """
    held: dict[object, list[str]] = {}
    for group, id in zip(by.to_numpy(dtype=object), ids.to_numpy(dtype=object), strict=True):
        held.setdefault(group, []).append(id)
    return pd.Series({group: ";".join(own) for group, own in held.items()}, dtype=TEXT)


def numbers(documents: pd.DataFrame, column: str) -> pd.Series:
    """Attribute of each document as a number, with a point or a comma; NaN where it is none.

    Parameters
    ----------
    documents : pandas.DataFrame
    column : str

    Returns
    -------
    pandas.Series
        By document.

    Raises
    ------
    OptionError
        There is no such column.

    Examples
    --------
    >>> numbers(pd.DataFrame({"document": ["a", "b"], "ces": ["4,5", "n.v.t."]}), "ces").tolist()
    [4.5, nan]
    """
    if column not in documents:
        known = ", ".join(name for name in documents.columns if name != "document")
        msg = f"The documents have no column {column!r}. Choose one of: {known}."
        raise OptionError(msg)
    if column == "@nps":
        return by_document(documents, column).map(_score).astype("float64")
    texts = documents.set_index("document")[column].astype(TEXT).str.strip().str.replace(",", ".")
    return pd.to_numeric(texts, errors="coerce").astype("float64")


def rows_of_answers(documents: pd.DataFrame) -> pd.Series:
    """Which documents are answers of one row of a table to several open questions: its scores were given once.

    Parameters
    ----------
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.

    Returns
    -------
    pandas.Series
        By document, the first document of its row; the document itself where it has none beside it.

    Examples
    --------
    >>> answers = pd.DataFrame({"document": ["a/1/why", "a/1/how", "a/2/why"], "kind": "survey", "source": "a.csv"})
    >>> rows_of_answers(answers.assign(name=["1", "1", "2"], case=["a/1", "a/1", "a/2"])).tolist()
    ['a/1/why', 'a/1/why', 'a/2/why']
    """
    ids = documents["document"].astype(TEXT)
    first = pd.Series(ids.to_numpy(dtype=object), index=ids.to_numpy(dtype=object), dtype=TEXT)
    if not {"kind", "source", "name", "case"} <= set(documents):
        return first
    answers = documents[documents["kind"].eq("survey") & documents.duplicated(["source", "name", "case"], keep=False)]
    given = ["source", "name", "case", *(column for column in answers if str(column).startswith("@"))]
    if len(answers):
        first[answers["document"]] = answers.groupby(given, sort=False)["document"].transform("first").to_numpy()
    return first


def given_once(documents: pd.DataFrame) -> pd.DataFrame:
    """Leave out the documents whose scores another one of the same row has too; see `rows_of_answers`.

    Parameters
    ----------
    documents : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> given_once(pd.DataFrame({"document": ["a"]}))["document"].tolist()
    ['a']
    """
    first = rows_of_answers(documents)
    return documents[first.to_numpy(dtype=object) == first.index.to_numpy(dtype=object)]


def nps_answers(documents: pd.DataFrame | None) -> tuple[pd.DataFrame, list[Notice]]:
    """Readable answers to the NPS question, and what was left out.

    Parameters
    ----------
    documents : pandas.DataFrame or None
        From `cxtext.tables.documents_table`.

    Returns
    -------
    answers : pandas.DataFrame
        Columns ``case``, ``touchpoint``, ``wave`` and ``score`` (0-10), by document; the score of a row is there once,
        however many of its answers were read.
    notices : list of Notice

    Examples
    --------
    >>> nps_answers(None)[0].columns.tolist()
    ['case', 'touchpoint', 'wave', 'score']
    """
    documents = documents if documents is None else given_once(documents)
    answers = by_document(documents, "@nps")
    answers = answers[answers != ""]
    columns = ["case", "touchpoint", "wave", "score"]
    if documents is None or answers.empty:
        return pd.DataFrame(columns=columns), []
    numbers = answers.map(_score).astype("float64")
    notices = []
    if wrong := answers[numbers.isna()].tolist():
        examples = ", ".join(repr(answer) for answer in dict.fromkeys(wrong[:3]))
        notices.append(
            Notice("NPS", f"{len(wrong)} of {len(answers)} scores are no whole number from 0 to 10: {examples}.")
        )
    kept = numbers.dropna()
    rows = where_given(documents, kept)
    several = len(rows) - rows["case"].nunique()
    if several:
        notices.append(
            Notice(
                "NPS", f"{several} scores are further answers of a respondent; the intervals take them for new ones."
            )
        )
    return rows, notices


def where_given(documents: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """Tell of each score who gave it, where and when.

    Parameters
    ----------
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.
    scores : pandas.Series
        By document.

    Returns
    -------
    pandas.DataFrame
        Columns ``case``, ``touchpoint``, ``wave`` and ``score``, by document; ``""`` where a document does not tell.

    Examples
    --------
    >>> documents = pd.DataFrame({"document": ["a"], "case": ["r1"], "@wave": ["2025"]})
    >>> where_given(documents, pd.Series({"a": 4.0})).astype(str).loc["a"].tolist()
    ['r1', '', '2025', '4.0']
    """
    return pd.DataFrame({
        "case": documents.set_index("document")["case"].reindex(scores.index),
        "touchpoint": by_document(documents, "@touchpoint").reindex(scores.index, fill_value=""),
        "wave": by_document(documents, "@wave").reindex(scores.index, fill_value=""),
        "score": scores,
    })  # fmt: skip


def moments(documents: pd.DataFrame) -> pd.Series:
    """Date and time of each document, day before month; NaT where they cannot be read.

    Parameters
    ----------
    documents : pandas.DataFrame
        With ``@date``, and ``@time`` where it is there.

    Returns
    -------
    pandas.Series
        Of timestamps, by document.

    Examples
    --------
    >>> moments(pd.DataFrame({"document": ["a", "b"], "@date": ["03-04-2025", "2025-04-05"]})).dt.month.tolist()
    [4, 4]
    """
    day, time = by_document(documents, "@date"), by_document(documents, "@time")
    if day.empty:
        return pd.Series(pd.NaT, index=documents["document"])
    iso = pd.to_datetime(day, format="ISO8601", errors="coerce")
    dates = iso.fillna(pd.to_datetime(day.where(iso.isna()), format="mixed", dayfirst=True, errors="coerce"))
    if time.empty:
        return dates
    of_day = pd.to_timedelta(time.where(time.str.count(":") == 2, time + ":00"), errors="coerce")
    return dates.dt.normalize() + of_day.fillna(pd.Timedelta(0)) if dates.notna().any() else dates


@lru_cache(1_000)
def _score(answer: str) -> float:
    found = _SCORE.fullmatch(answer)
    return float(found[1]) if found and int(found[1]) <= 10 else float("nan")
