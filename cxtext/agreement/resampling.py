"""Intervals of coefficients: whole units, or clusters of them, are drawn with replacement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: fewer units, or a rarer code (or a rarer lack of it), and no interval can be trusted
FEWEST_UNITS, RAREST = 60, 0.10
#: fewer clusters, and intervals are too narrow
FEWEST_CLUSTERS = 13
_SHARE_UNDEFINED = 0.01


@dataclass(frozen=True)
class Resampled:
    """Units folded into the distinct patterns of judgements that occur.

    Attributes
    ----------
    patterns : array of shape (P, m)
        The distinct rows of ratings.
    weights : array of shape (1 + B, P)
        How often each occurs: in the data, then in each resample.
    clusters : int
        How many units or clusters were drawn from.
    """

    patterns: np.ndarray
    weights: np.ndarray
    clusters: int


@dataclass(frozen=True)
class Interval:
    """A coefficient with its percentile interval.

    Attributes
    ----------
    value, low, high : float
        NaN where there is none.
    undefined : float
        Share of the resamples in which it has no value.
    below : float
        Share of the other resamples in which it is below the limit.
    """

    value: float
    low: float
    high: float
    undefined: float
    below: float


def resample(
    ratings: np.ndarray, *, sizes: np.ndarray, clusters: np.ndarray | None, n_resamples: int, seed: int
) -> Resampled:
    """Draw units, or clusters of units, with replacement; all judgements of a unit stay together.

    Parameters
    ----------
    ratings : array of shape (n, m)
        NaN where a coder did not judge.
    sizes : array of shape (n,)
        How many units each row stands for.
    clusters : array of int, shape (n,), or None
        Number of the cluster of each unit; None to draw units.
    n_resamples : int
    seed : int

    Returns
    -------
    Resampled

    Examples
    --------
    >>> drawn = resample(np.array([[1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]), sizes=np.ones(3), clusters=None,
    ...                  n_resamples=5, seed=0)
    >>> drawn.patterns.tolist(), drawn.weights[0].tolist(), drawn.weights.sum(axis=1).tolist()
    ([[0.0, 0.0], [1.0, 1.0]], [1.0, 2.0], [3.0, 3.0, 3.0, 3.0, 3.0, 3.0])
    """
    pattern = np.zeros(len(ratings), dtype=np.int64)
    for coder in np.nan_to_num(ratings, nan=-1.0).T:
        given, category = np.unique(coder, return_inverse=True)
        _, first, pattern = np.unique(pattern * len(given) + category, return_index=True, return_inverse=True)
    patterns = ratings[first]
    total = np.bincount(pattern, weights=sizes)
    rng = np.random.default_rng(seed)
    drawn: np.ndarray
    if clusters is None:
        count = int(total.sum())
        drawn = rng.multinomial(count, total / count, size=n_resamples)
    else:
        count = int(clusters.max()) + 1
        table = np.zeros((count, len(patterns)))
        np.add.at(table, (clusters, pattern), sizes)
        drawn = rng.multinomial(count, np.full(count, 1 / count), size=n_resamples) @ table
    return Resampled(patterns, np.vstack([total, drawn]), count)


def interval(coefficient: Callable[..., float | np.ndarray], drawn: Resampled, *, limit: float = 0.667) -> Interval:
    """Percentile interval of a coefficient, 95 %.

    Parameters
    ----------
    coefficient : callable
        Takes ratings and ``weights=``, such as `cxtext.agreement.krippendorff_alpha`.
    drawn : Resampled
    limit : float
        Of which the share of resamples below it is told.

    Returns
    -------
    Interval
        Without bounds where there are fewer than two units or clusters to draw from, or no resample has a value.

    Examples
    --------
    >>> from cxtext.agreement.coefficients import percent_agreement
    >>> ratings = np.array([[1.0, 1.0], [1.0, 0.0]] * 50)
    >>> interval(percent_agreement, resample(ratings, sizes=np.ones(100), clusters=None, n_resamples=2000, seed=0))
    Interval(value=0.5, low=0.4, high=0.6, undefined=0.0, below=0.9...)
    """
    figures = np.asarray(coefficient(drawn.patterns, weights=drawn.weights))
    value, sampled = float(figures[0]), figures[1:]
    defined = sampled[~np.isnan(sampled)]
    if drawn.clusters < 2 or not len(defined) or np.isnan(value):
        return Interval(value, np.nan, np.nan, float(np.isnan(sampled).mean()) if len(sampled) else np.nan, np.nan)
    low, high = np.percentile(defined, [2.5, 97.5])
    return Interval(value, float(low), float(high), 1 - len(defined) / len(sampled), float((defined < limit).mean()))


def warning_of(alpha: Interval, *, n_units: int, prevalence: float, clusters: int | None) -> str:
    """Say in plain words why an alpha or its interval is not to be trusted, or nothing.

    The limits come from simulations of the coverage of intervals: with 2 to 4 coders, at least 60 units and a code in
    more than a tenth of them, percentile intervals held the true value in 93-95 % of samples; below that in 46-90 %.

    Parameters
    ----------
    alpha : Interval
    n_units : int
    prevalence : float
        Mean share of the units that hold the code; NaN where that says nothing.
    clusters : int or None
        How many clusters were drawn from; None where units were drawn.

    Returns
    -------
    str
        Sentences, or ``""``.

    Examples
    --------
    >>> warning_of(Interval(0.8, 0.6, 0.9, 0.0, 0.1), n_units=30, prevalence=0.3, clusters=None)
    'Only 30 units: the interval is too narrow; code at least 60.'
    """
    if np.isnan(alpha.value):
        return "Nobody's answer ever differs, so there is no variation and alpha cannot be computed."
    said = []
    if n_units < FEWEST_UNITS:
        said.append(f"Only {n_units} units: the interval is too narrow; code at least {FEWEST_UNITS}.")
    if min(prevalence, 1 - prevalence) <= RAREST:
        rare = "with" if prevalence <= RAREST else "without"
        share = min(prevalence, 1 - prevalence)
        said.append(
            f"Few units {rare} the code ({share:.0%}): alpha and kappa lean on those, and the interval is too narrow; "
            "look at positive and negative agreement too."
        )
    if clusters == 1:
        said.append("One cluster only: there is nothing to draw from, so there is no interval.")
    elif clusters is not None and clusters < FEWEST_CLUSTERS:
        said.append(f"Only {clusters} clusters were drawn from: the interval is too narrow.")
    if alpha.undefined >= _SHARE_UNDEFINED:
        said.append(f"In {alpha.undefined:.0%} of the resamples alpha cannot be computed.")
    return " ".join(said)
