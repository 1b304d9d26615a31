"""Whether a machine codes some groups of respondents worse than others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.errors import OptionError
from cxtext.stats import share_difference, wilson
from cxtext.tables import attribute_values, make_table

#: codings and respondents that both sides of a comparison need for a verdict
ENOUGH_CODINGS, ENOUGH_RESPONDENTS = 10, 5
#: values of an attribute that can be compared
MOST_VALUES = 12
VERDICTS = ("too few", "no difference seen", "lower", "higher")

_FIGURES = {"n": "int64", "k": "int64", "share": "float64", "low": "float64", "high": "float64"}
_DIFFERENCE = {
    "respondents": "int64", "difference": "float64", "difference_low": "float64", "difference_high": "float64",
    "verdict": "str",
}  # fmt: skip
BIAS = {
    "group": "str", "code": "str", "value": "str", "measure": "str", **_FIGURES, "prompted": "int64", **_DIFFERENCE,
}  # fmt: skip


def bias_check(
    people: pd.DataFrame,
    machine: pd.DataFrame,
    segments: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    attribute: str,
    split: float | None = None,
    repeats: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare what a machine finds, and how often it is right, between the values of an attribute.

    A difference is that of one value with all other values together. Its interval is the wider of that of
    `cxtext.stats.share_difference` and of a percentile bootstrap over respondents, as what one respondent says is not
    independent.

    Parameters
    ----------
    people, machine : pandas.DataFrame
        `cxtext.tables.CODINGS`. What people accepted holds; the machine has what it suggested, whatever was decided
        about it.
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS` that both people and the machine have read; other codings are left out.
    documents : pandas.DataFrame
        `cxtext.tables.DOCUMENTS` with the attribute; documents without a value are left out.
    attribute : str
    split : float, optional
        Compare numbers below it with it and what is above.
    repeats : int
        Of the bootstrap.
    seed : int
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        `BIAS`. Per code, value and ``measure``: ``recall`` (of ``n`` codings by people the machine found ``k``) or
        ``precision`` (of ``n`` codings by the machine ``k`` are right), the ``share`` with the interval of Wilson,
        which takes codings as independent; how many of people's codings were ``prompted`` by the machine's own
        suggestion, which flatters it; ``respondents`` with such a coding; the ``difference`` with its 95 % interval;
        and the ``verdict`` about the difference: ``lower``, ``higher``, ``no difference seen``, or ``too few`` where
        one side has fewer than 10 codings or 5 respondents.

    Raises
    ------
    OptionError
        There is no such attribute, it has no two values, too many of them, or they are no numbers to split.
    """
    value = _values(documents, attribute, split)
    said = segments.assign(value=segments["document"].map(value))
    said = said[said["value"].notna()].reset_index(drop=True)
    values = sorted(said["value"].unique())
    if not 2 <= len(values) <= MOST_VALUES:
        some = f"{len(values)} values of {attribute!r} in what both people and the machine have read"
        msg = f"There are {some}, and 2 to {MOST_VALUES} can be compared. For numbers, give a value to split at."
        raise OptionError(msg)
    tables = (people[people["status"] == "accepted"], machine, machine[machine["status"] == "accepted"])
    paths = sorted({path for table in tables for path in table["group"] + "/" + table["code"]})
    holds, given, taken_over = (_matrix(table, said["segment"], paths) for table in tables)
    rows = []
    compare = _Comparison(said["case"].to_numpy(dtype=object), said["value"].to_numpy(dtype=object), repeats, seed)
    for measure, base in (("recall", holds), ("precision", given)):
        for at, path in enumerate(paths):
            counted = compare(base[:, at], (holds & given)[:, at])
            group, _, code = path.partition("/")
            rows += [
                {
                    "group": group, "code": code, "measure": measure,
                    "prompted": int((holds & taken_over)[compare.values == row["value"], at].sum()), **row,
                }
                for row in counted
            ]  # fmt: skip
    return make_table(rows, BIAS).sort_values(["group", "code", "measure", "value"], kind="stable", ignore_index=True)


class _Comparison:
    """Shares of the values of an attribute, side by side."""

    def __init__(self, cases: NDArray[np.object_], values: NDArray[np.object_], repeats: int, seed: int) -> None:
        self.values = values
        self._owner, self._seed, self._repeats = pd.factorize(cases)[0], seed, repeats

    def __call__(self, base: NDArray[np.bool_], hit: NDArray[np.bool_]) -> list[dict[str, object]]:
        """One row per value that has something to count: `hit` of `base`."""
        rows = []
        for value in sorted(set(self.values)):
            inside = self.values == value
            n, k = int((base & inside).sum()), int((hit & inside).sum())
            if not n:
                continue
            share = wilson(k, n)
            row = {"value": value, "n": n, "k": k, "share": share.value, "low": share.low, "high": share.high}
            rows.append(row | self._difference(base, hit, inside))
        return rows

    def _difference(
        self, base: NDArray[np.bool_], hit: NDArray[np.bool_], inside: NDArray[np.bool_]
    ) -> dict[str, object]:
        sides = [self._per_respondent(base & side, hit & side) for side in (inside, ~inside)]
        (k, n), (k_rest, n_rest) = ((int(hits.sum()), int(counts.sum())) for counts, hits in sides)
        difference = share_difference(k_rest, n_rest, k, n)
        found: dict[str, object] = {"respondents": len(sides[0][0]), "difference": difference.value}
        if any(len(counts) < ENOUGH_RESPONDENTS or counts.sum() < ENOUGH_CODINGS for counts, _ in sides):
            return found | {"verdict": VERDICTS[0]}
        random = np.random.default_rng(self._seed)
        drawn = []
        for counts, hits in sides:
            weights = random.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=self._repeats)
            drawn.append((weights @ hits) / (weights @ counts))
        low, high = np.quantile(drawn[0] - drawn[1], [0.025, 0.975])
        low, high = min(low, difference.low), max(high, difference.high)
        verdict = VERDICTS[2] if high < 0 else VERDICTS[3] if low > 0 else VERDICTS[1]
        return found | {"difference_low": low, "difference_high": high, "verdict": verdict}

    def _per_respondent(self, base: NDArray[np.bool_], hit: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Codings and hits of each respondent who has a coding."""
        counts = np.bincount(self._owner, weights=base.astype(np.float64))
        return counts[counts > 0], np.bincount(self._owner, weights=hit.astype(np.float64))[counts > 0]


def _values(documents: pd.DataFrame, attribute: str, split: float | None) -> dict[str, str]:
    """Value of the attribute of each document that has one."""
    values = {document: value for document, value in attribute_values(documents, attribute).items() if value}
    if split is None:
        return values
    names = (f"below {split:g}", f"{split:g} and above")
    try:
        return {id: names[float(value.replace(",", ".")) >= split] for id, value in values.items()}
    except ValueError as error:
        msg = f"{attribute!r} cannot be split at {split:g}, as a value is no number: {error}."
        raise OptionError(msg) from error


def _matrix(codings: pd.DataFrame, segments: pd.Series, paths: list[str]) -> NDArray[np.bool_]:
    """Which segments have which codes; shape (segments, paths)."""
    matrix = np.zeros((len(segments), len(paths)), dtype=bool)
    rows = pd.Index(segments).get_indexer(pd.Index(codings["segment"]))
    columns = pd.Index(paths).get_indexer(pd.Index(codings["group"] + "/" + codings["code"]))
    matrix[rows[rows >= 0], columns[rows >= 0]] = True
    return matrix
