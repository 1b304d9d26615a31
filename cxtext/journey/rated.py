"""Questions that are answered with a score: satisfaction, effort and expectations, known by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from cxtext.journey.answers import given_once, numbers

#: scales that scores are given on, the narrowest first
SCALES = ((1, 5), (1, 7), (1, 10), (0, 10))
_EASY = re.compile(r"gemakkelijk|makkelijk|\beas[ey]", re.IGNORECASE)
#: the first that fits counts
_KINDS = {
    "effort": re.compile(r"\bces\b|moeite|effort|gemakkelijk|makkelijk|\beas[ey]", re.IGNORECASE),
    "satisfaction": re.compile(r"\bcsat\b|tevreden|satisf", re.IGNORECASE),
    "importance": re.compile(r"belang|importan", re.IGNORECASE),
    "expected": re.compile(r"verwacht|\bexpect", re.IGNORECASE),
    "promised": re.compile(r"beloof|belofte|toegezegd|\bpromise", re.IGNORECASE),
    "delivered": re.compile(
        r"geleverd|uiteindelijk|in werkelijkheid|\bdelivered|\bin the end\b|\bactual", re.IGNORECASE
    ),
}
#: those whose scores are reported by themselves
SCORED = ("satisfaction", "effort")


@dataclass(frozen=True)
class Rated:
    """A question that is answered with a score.

    Attributes
    ----------
    column : str
        Of the documents.
    kind : {"satisfaction", "effort", "importance", "expected", "promised", "delivered"}
    scale : tuple of int
        Worst and best answer; the narrowest of `SCALES` that holds all.
    easy : bool
        Whether a high score of effort means easy.
    values : pandas.Series
        Scores by document, one per row of a table.
    """

    column: str
    kind: str
    scale: tuple[int, int]
    easy: bool
    values: pd.Series


def scale_of(values: pd.Series) -> tuple[int, int] | None:
    """Scale that scores are on: the narrowest of `SCALES` that holds all.

    Parameters
    ----------
    values : pandas.Series
        Of numbers.

    Returns
    -------
    tuple of int or None
        None where there are no scores, or others than whole numbers of a scale.

    Examples
    --------
    >>> scale_of(pd.Series([2.0, 5.0])), scale_of(pd.Series([2.0, 9.0])), scale_of(pd.Series([99.0]))
    ((1, 5), (1, 10), None)
    """
    known = values.dropna()
    return next((scale for scale in SCALES if len(known) and known.between(*scale).all()), None)


def rated_questions(documents: pd.DataFrame) -> Iterator[Rated]:
    """Find the questions about satisfaction, effort, importance and expectations, in the order of the columns.

    Parameters
    ----------
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.

    Yields
    ------
    Rated

    Examples
    --------
    >>> answers = pd.DataFrame({"document": ["a", "b"], "Hoe tevreden bent u?": ["4", "2"], "Wijk": ["1", "2"]})
    >>> [(one.column, one.kind, one.scale) for one in rated_questions(answers)]
    [('Hoe tevreden bent u?', 'satisfaction', (1, 5))]
    """
    once = given_once(documents)
    for column in map(str, documents.columns):
        kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(column)), "")
        if column.startswith("@") or not kind:
            continue
        values = numbers(once, column).dropna()
        scale = scale_of(values)
        if scale is not None:
            yield Rated(column, kind, scale, bool(_EASY.search(column)), values)
