"""Drivers: what respondents speak about that goes with a high or a low score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.errors import OptionError
from cxtext.journey.answers import among, by_document, labels, numbers, places
from cxtext.journey.mentions import evidence_by, mentions
from cxtext.records import Notice
from cxtext.showing import html_table
from cxtext.stats import (
    ASYMMETRIES,
    QUADRANTS,
    asymmetry,
    correlations,
    importance,
    inflation,
    nps,
    percentiles,
    quadrants,
    resampled_means,
)
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.themes import Themes

DRIVERS: dict[str, str] = {
    "level": TEXT, "item": TEXT, "name": TEXT, "respondents": "int64", "of_respondents": "int64",
    "importance": "float64", "low": "float64", "high": "float64", "first": "float64", "top3": "float64",
    "above_noise": "float64", "difference": "float64", "inflation": "float64", "penalty": "float64",
    "reward": "float64", "kind": TEXT, "kind_p": "float64", "performance": "float64", "performance_low": "float64",
    "performance_high": "float64", "quadrant": TEXT, "quadrant_p": "float64", "impact": "float64", "reason": TEXT,
    "quotes": TEXT,
}  # fmt: skip
RANKS: dict[str, str] = {"level": TEXT, "item": TEXT, "rank": "int64", "p": "float64"}

#: fewer respondents with a score, or fewer per variable, and there are no figures
FEWEST, FEWEST_PER_VARIABLE = 20, 3
#: fewer respondents per driver, and there is a warning
FEW_PER_DRIVER = 10
_SHOWN = (
    "level", "name", "respondents", "of_respondents", "importance", "low", "high", "first", "above_noise",
    "performance", "quadrant", "quadrant_p", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Drivers:
    """What goes with a high or low score, with its uncertainty. Spoken of together is no proof of a cause.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per ``level`` (``""``: everybody) and ``item``: how many ``respondents`` mention it, of how many with a
        score; ``importance`` (LMG: part of the variance of the outcome) with its interval, the probability of being the
        ``first`` and in the ``top3``, and of explaining more than noise (``above_noise``); ``difference`` of the
        outcome between who mentions it and who does not; variance ``inflation``; ``penalty`` and ``reward`` of speaking
        ill and well of it, which ``kind`` that makes it (`cxtext.stats.ASYMMETRIES`) and how sure; ``performance``
        (mean valence of who mentions it), the ``quadrant`` (`cxtext.stats.QUADRANTS`) and how sure; ``impact``: NPS of
        all less that of all who do not mention it, which is descriptive only; ``reason`` where there are no figures;
        ``quotes``: ids of its segments.
    ranks : pandas.DataFrame
        ``level``, ``item``, ``rank`` (1 is the most important) and its probability ``p``.
    outcome, method : str
    notices : tuple of Notice
        What was left out, and warnings.
    language : str
    """

    table: pd.DataFrame
    ranks: pd.DataFrame
    outcome: str
    method: str
    notices: tuple[Notice, ...] = ()
    language: str = "nl"

    def plot(self, level: str = "", *, score: str = "", language: str | None = None) -> Figure:
        """Draw the importance of each driver with its interval.

        Parameters
        ----------
        level : str
        score : str
            What is driven, for the title.
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import driver_bars

        return driver_bars(self.table[self.table["level"] == level], method=self.method, score=score,
                           language=language or self.language)  # fmt: skip

    def plot_matrix(self, level: str = "", *, score: str = "", language: str | None = None) -> Figure:
        """Draw importance against performance.

        Parameters
        ----------
        level : str
        score : str
            What is driven, for the title.
        language : {"nl", "en"}, optional

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import importance_matrix

        return importance_matrix(self.table[self.table["level"] == level], score=score,
                                 language=language or self.language)  # fmt: skip

    def __repr__(self) -> str:
        known = self.table[self.table["importance"].notna()]
        best = known.drop_duplicates("level")
        told = "; ".join(
            f"{level or 'all'}: {name} ({p:.0%} first)"
            for level, name, p in zip(best["level"], best["name"], best["first"], strict=True)
        )
        return f"Drivers of {self.outcome} by {self.method} ({told or 'too few respondents'})"

    def _repr_html_(self) -> str:
        notes = [notice.message for notice in self.notices]
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self), notes=notes)


def drivers(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    outcome: str = "@nps",
    by: str = "",
    themes: Themes | None = None,
    groups: Sequence[str] = ("channel",),
    least: int = 5,
    most: int = 12,
    n_resamples: int = 2000,
    seed: int = 0,
    language: str = "nl",
) -> Drivers:
    """Find what drives a score: how respondents speak of themes, or of codes.

    Parameters
    ----------
    segments, codings, scores
        As for `cxtext.journey.map_journey`.
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.
    outcome : str
        Column of `documents` with numbers, high is good: ``"@nps"``, or one of satisfaction.
    by : str
        Column of `documents`, such as ``"@touchpoint"``: drivers per value, after those of everybody.
    themes : Themes, optional
        With them the themes are the drivers, else the codes of `groups`.
    groups : sequence of str
        Of the codebook, or columns of `documents` such as ``"@touchpoint"``: where respondents speak ill or well.
    least : int
        Respondents that a driver needs.
    most : int
        Drivers of a level, those that most respondents mention; up to 12 are computed exactly.
    n_resamples : int
    seed : int
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    Drivers

    Raises
    ------
    OptionError
        There is no such column.

    Notes
    -----
    Each driver is a pair of 0/1 variables per respondent, spoken ill of and spoken well of (the sign of their mean
    valence), that enter together; the outcome is the mean of the respondent's answers, not its three groups.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> segments, scores = make_table([], SEGMENTS), pd.DataFrame({"segment": [], "valence": []})
    >>> documents = pd.DataFrame({"document": ["a"], "case": ["a"], "@nps": ["9"]})
    >>> drivers(segments, make_table([], CODINGS), scores, documents)
    Drivers of @nps by LMG (too few respondents)
    """
    value, level = numbers(documents, outcome), by_document(documents, by)
    if by and level.empty and len(documents):
        msg = f"The documents have no column {by!r}. Leave out 'by', or give a column such as '@touchpoint'."
        raise OptionError(msg)
    held = mentions(
        segments,
        codings,
        scores,
        groups=() if themes is not None else groups,
        themes=themes,
        documents=documents,
        language=language,
    )
    notices: list[Notice] = []
    rows: list[dict[str, Any]] = []
    ranks: list[dict[str, Any]] = []
    methods = []
    said = segments.loc[segments["role"] != "interviewer", "document"]
    spoke = value[among(value.index.to_series(), said)]
    if missing := int(spoke.isna().sum()):
        notices.append(Notice(outcome, f"{missing} of {len(spoke)} documents have no number there; they do not count."))
    levels = labels(spoke.index.to_series(), level).to_numpy(dtype=object)
    case, cases = pd.factorize(labels(spoke.index.to_series(), documents.set_index("document")["case"]), sort=True)
    held = held.assign(place=places(held["document"], spoke.index), who=places(held["case"], cases))
    held = held.drop(columns=["document", "case"]).assign(case=held["who"])  # texts take much memory
    held = held[(held["place"] >= 0) & (held["who"] >= 0)]
    for name in ["", *level[level != ""].unique()]:
        chosen = (levels == name) | (name == "")
        y = spoke[chosen].groupby(case[chosen]).mean().dropna()
        own = _of(held, chosen[held["place"]] & np.isin(held["who"], y.index))
        counts = own.groupby("item")["who"].nunique()
        few = counts[counts < least]
        if len(few):
            where = f"{by} {name}".strip() or outcome
            notices.append(
                Notice(where, f"{len(few)} items that fewer than {least} respondents mention were left out.")
            )
        kept = counts[counts >= least].sort_values(ascending=False, kind="stable")
        if len(kept) > most:
            notices.append(
                Notice(f"{by} {name}".strip() or outcome,
                       f"The {most} items of most respondents are compared; {len(kept) - most} others were left out.")
            )  # fmt: skip
        own = _of(own, own["item"].isin(kept.index[:most]).to_numpy())
        found, order, method = _level(own, y, n_resamples=n_resamples, seed=seed, scores_nps=outcome == "@nps")
        if method and len(y) < FEW_PER_DRIVER * len(found):
            notices.append(
                Notice(f"{by} {name}".strip() or outcome,
                       f"{len(y)} respondents for {len(found)} drivers: fewer than {FEW_PER_DRIVER} each, so that "
                       "importance is overstated. Merge themes, or read the ranks only.")
            )  # fmt: skip
        rows += [row | {"level": name} for row in found]
        ranks += [row | {"level": name} for row in order]
        methods += [method] if method else []
    return Drivers(
        table=make_table(rows, DRIVERS),
        ranks=make_table(ranks, RANKS),
        outcome=outcome,
        method=methods[0] if methods else "LMG",
        notices=tuple(notices),
        language=language,
    )


def _of(rows: pd.DataFrame, mask: np.ndarray) -> pd.DataFrame:
    """Some rows; without a copy where it is all of them."""
    return rows if mask.all() else rows[mask]


def _level(
    own: pd.DataFrame, y: pd.Series, *, n_resamples: int, seed: int, scores_nps: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Rows, ranks and method of one level; the most important driver first."""
    rows, n = [], len(y)
    names = own.drop_duplicates("item").set_index("item")["name"].sort_index()
    person, column = y.index.get_indexer(pd.Index(own["who"])), pd.factorize(own["item"], sort=True)[0]
    said = np.zeros((n, len(names)), dtype=bool)
    said[person, column] = True
    felt = own["valence"].groupby([person, column]).mean()
    values = np.full(said.shape, np.nan)
    values[felt.index.get_level_values(0), felt.index.get_level_values(1)] = felt.to_numpy()
    outcome, quotes = y.to_numpy(dtype=float), evidence_by(own, own["item"])
    for mentioned, (item, name) in zip(said.T, names.items(), strict=True):
        rows.append({
            "item": item, "name": name, "kind": "", "quadrant": "", "reason": "",
            "respondents": int(mentioned.sum()), "of_respondents": n,
            "difference": _gap(outcome, mentioned), "quotes": quotes[item],
            "impact": _impact(outcome, mentioned) if scores_nps else math.nan,
        })  # fmt: skip
    variables = 2 * len(rows)
    if n < max(FEWEST, FEWEST_PER_VARIABLE * variables) or not rows or np.ptp(outcome) == 0:
        reason = (
            "all scores are equal"
            if n and np.ptp(outcome) == 0
            else f"{n} respondents with a score, for {len(rows)} drivers; at least "
            f"{max(FEWEST, FEWEST_PER_VARIABLE * variables)} are needed"
        )
        return [row | {"reason": reason} for row in rows], [], ""
    x = np.empty((n, variables), dtype=bool)
    x[:, 0::2], x[:, 1::2] = values < 0, said & ~(values < 0)
    found = importance(x, outcome, blocks=[2] * len(rows), n_resamples=n_resamples, seed=seed)
    penalty, reward, kinds = asymmetry(found.coefficients)
    pairs = np.arange(0, variables + 1, 2)
    vif = inflation(correlations(np.add.reduceat(np.add.reduceat(found.covariance, pairs), pairs, axis=1)))
    known = (~np.isnan(values)).sum(axis=0)
    performance = np.divide(np.nansum(values, axis=0), known, out=np.full(len(rows), np.nan), where=known > 0)
    samples = resampled_means(values, n_resamples=n_resamples, seed=seed)
    cells = quadrants(found.samples, samples) if len(rows) > 1 else np.full((4, 1), np.nan)
    low, high = percentiles(np.where(np.isnan(samples), performance, samples))
    ranks, varies = [], np.any(x, axis=0) & ~np.all(x, axis=0)
    for j, row in enumerate(rows):
        row |= {
            "importance": found.value[j], "low": found.low[j], "high": found.high[j], "first": found.ranks[j, 0],
            "top3": found.ranks[j, :3].sum(), "above_noise": found.above_noise[j], "inflation": vif[j],
            "penalty": penalty[0, j] if x[:, 2 * j].any() else math.nan,
            "reward": reward[0, j] if x[:, 2 * j + 1].any() else math.nan,
            "performance": performance[j], "performance_low": low[j], "performance_high": high[j],
            **_surest("kind", ASYMMETRIES, kinds[:, j] if varies[2 * j : 2 * j + 2].all() else None),
            **_surest("quadrant", QUADRANTS, cells[:, j]),
        }  # fmt: skip
        ranks += [{"item": row["item"], "rank": r + 1, "p": p} for r, p in enumerate(found.ranks[j].tolist())]
    return sorted(rows, key=lambda row: -row["importance"]), ranks, found.method


def _surest(column: str, names: Sequence[str], chances: np.ndarray | None) -> dict[str, Any]:
    """The most probable of several names, or none."""
    if chances is None or np.isnan(chances).any():
        return {column: "", f"{column}_p": math.nan}
    best = int(np.argmax(chances))
    return {column: names[best], f"{column}_p": float(chances[best])}


def _gap(y: np.ndarray, mentioned: np.ndarray) -> float:
    return float(y[mentioned].mean() - y[~mentioned].mean()) if 0 < mentioned.sum() < len(y) else math.nan


def _impact(y: np.ndarray, mentioned: np.ndarray) -> float:
    """NPS of all less that of all who do not mention it."""
    return nps(y.round()).score - nps(y[~mentioned].round()).score if not mentioned.all() else math.nan
