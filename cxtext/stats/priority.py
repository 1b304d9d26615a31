"""What to repair first: opportunity scores, and reach times severity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.errors import OptionError
from cxtext.stats.resampling import percentiles, resampled_sums
from cxtext.stats.shares import Estimate

#: from so many respondents severities are put into so many bins, which keeps their mean
_LARGE, _BINS = 100, 32
#: the most severe of the scale of Nielsen: 0 no problem, 1 cosmetic, 2 small, 3 large, 4 catastrophe
MOST_SEVERE = 4


@dataclass(frozen=True)
class Priorities:
    """Reach times severity of several problems.

    Attributes
    ----------
    median, low, high : array of shape (k,)
        Between 0 and 1, with the interval that holds 90 % of the draws; NaN for a problem of nobody.
    top : array of shape (k,)
        Probability of being among the first `places`.
    places : int
    """

    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    top: np.ndarray
    places: int


def opportunity(importance: float, satisfaction: float) -> float:
    """Opportunity score of Ulwick: importance + max(importance - satisfaction, 0), from 0 to 20.

    Parameters
    ----------
    importance, satisfaction : float
        10 times the share of respondents that answered 4 or 5 on 1-5.

    Returns
    -------
    float

    Examples
    --------
    >>> opportunity(8.7, 3.2), opportunity(9.0, 8.8), opportunity(4.0, 7.5)
    (14.2, 9.2, 4.0)
    """
    return round(importance + max(importance - satisfaction, 0.0), 10)


def opportunity_interval(
    important: np.ndarray, satisfied: np.ndarray, *, n_resamples: int = 2000, confidence: float = 0.95, seed: int = 0
) -> Estimate:
    """Opportunity score with a bootstrap interval over respondents; both answers of a person stay together.

    Parameters
    ----------
    important, satisfied : array of bool, shape (n,)
        Whether each respondent finds it important (4 or 5 of 5), and is satisfied with it.
    n_resamples : int
    confidence : float
        Between 0 and 1.
    seed : int

    Returns
    -------
    Estimate
        NaN without respondents.

    Examples
    --------
    >>> found = opportunity_interval(np.array([1, 1, 1, 0]), np.array([0, 1, 0, 0]), n_resamples=500)
    >>> found.value, found.low < 12.5 < found.high
    (12.5, True)
    """
    shares = 10 * np.column_stack([important, satisfied]).astype(float)
    n = len(shares)
    if not n:
        return Estimate(np.nan, np.nan, np.nan, 0, "bootstrap")
    drawn = resampled_sums(np.vstack([shares.T, np.ones(n)]), n_resamples=n_resamples, seed=seed)
    drawn = drawn[:, :2] / drawn[:, 2:]
    low, high = percentiles(drawn[:, 0] + np.maximum(drawn[:, 0] - drawn[:, 1], 0.0), confidence=confidence)
    return Estimate(opportunity(*shares.mean(axis=0).tolist()), float(low), float(high), n, "bootstrap")


def priorities(
    severities: Sequence[np.ndarray], exposed: Sequence[int], *, places: int = 3, n_draws: int = 4000, seed: int = 0
) -> Priorities:
    """Reach times severity, with what is uncertain about both.

    Per draw: reach from Beta(x + 1/2, n - x + 1/2), severity the mean of a bootstrap of the x respondents with the
    problem, over 4; from 100 of them, those within each of 32 parts of the scale have the mean of that part.

    Parameters
    ----------
    severities : sequence of array
        Per problem the severity, from 0 to 4, of each respondent who has it: their worst.
    exposed : sequence of int
        Per problem the respondents who could have had it: those who reached the phase or the touchpoint.
    places : int
    n_draws : int
    seed : int

    Returns
    -------
    Priorities

    Raises
    ------
    OptionError
        More respondents have a problem than could have, or a severity is not from 0 to 4.

    Examples
    --------
    >>> found = priorities([np.array([4.0] * 15), np.array([1.0] * 4), np.array([])], [20, 20, 20], places=1)
    >>> bool(0.6 < found.median[0] < 0.8), found.top.tolist()
    (True, [1.0, 0.0, 0.0])
    """
    rng = np.random.default_rng(seed)
    drawn = np.full((n_draws, len(severities)), np.nan)
    for j, (own, n) in enumerate(zip(severities, exposed, strict=True)):
        if len(own) > n:
            msg = f"{len(own)} respondents have a problem that only {n} could have. Count respondents once each."
            raise OptionError(msg)
        if len(own) and not (np.min(own) >= 0 and np.max(own) <= MOST_SEVERE):
            msg = f"A severity goes from 0 (no problem) to 4 (catastrophe), and got {np.min(own):g} to {np.max(own):g}."
            raise OptionError(msg)
        if len(own):
            values, counts = np.unique(own, return_counts=True)
            if len(own) >= _LARGE:
                values, counts = _binned(values, counts)
            mean = rng.multinomial(len(own), counts / len(own), size=n_draws) @ values / len(own)
            drawn[:, j] = rng.beta(len(own) + 0.5, n - len(own) + 0.5, n_draws) * mean / MOST_SEVERE
    low, high = percentiles(drawn, confidence=0.9)
    order = np.argsort(np.argsort(-np.nan_to_num(drawn, nan=-1.0), axis=1, kind="stable"), axis=1)
    known = ~np.isnan(low)
    median = np.where(known, np.median(np.nan_to_num(drawn), axis=0), np.nan)
    return Priorities(median, low, high, np.where(known, (order < places).mean(axis=0), 0.0), places)


def _binned(values: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of neighbouring values, and how many there are of each."""
    place = np.round((_BINS - 1) * values / MOST_SEVERE).astype(int)
    total = np.bincount(place, counts)
    held = total > 0
    return np.bincount(place, counts * values)[held] / total[held], total[held].astype(int)
