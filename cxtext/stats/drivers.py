"""Drivers with their uncertainty: respondents are drawn again and again, and everything is computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from cxtext.errors import OptionError
from cxtext.stats.explained import MOST_EXACT, MOST_SAMPLED, shapley, slopes
from cxtext.stats.resampling import in_threads, percentiles, resampled_sums

#: quadrants of the matrix of importance and performance: important and poor, important and good, neither, good only
QUADRANTS = ("improve", "keep", "low", "overkill")
#: kinds of drivers: felt when it fails, felt either way, felt when it delights
ASYMMETRIES = ("basic", "performance", "excitement")
#: parts of all resamples at a time
_PARTS = 10
#: an index of asymmetry beyond this is not even
_EVEN = 0.2


@dataclass(frozen=True)
class Importance:
    """What each driver explains of an outcome.

    Attributes
    ----------
    value, low, high : array of shape (k,)
        In parts of the variance of the outcome, with percentile intervals.
    ranks : array of shape (k, k)
        Probability that driver i takes place r (0 is the most important).
    above_noise : array of shape (k,)
        Share of resamples in which it explains more than a driver of pure noise.
    r2 : float
        The sum of the values.
    n : int
        Respondents.
    method : {"LMG", "LMG, sampled orders", "relative weights"}
    samples : array of shape (B, k)
        The values of the resamples.
    covariances : array of shape (1 + B, v + 1, v + 1)
        Of the variables and the outcome, in the data and the resamples; see `asymmetry`.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    ranks: np.ndarray
    above_noise: np.ndarray
    r2: float
    n: int
    method: str
    samples: np.ndarray
    covariances: np.ndarray


def covariances(table: np.ndarray, *, n_resamples: int, seed: int) -> np.ndarray:
    """Covariances of columns in the data and in resamples of its rows.

    Parameters
    ----------
    table : array of shape (n, v)
        Without NaN. Columns of mostly zeros cost little.
    n_resamples : int
    seed : int

    Returns
    -------
    array of shape (1 + B, v, v)
        Those of the data first; the divisor is n.

    Examples
    --------
    >>> covariances(np.array([[0.0, 1.0], [1.0, 3.0]]), n_resamples=2, seed=0).shape
    (3, 2, 2)
    """
    table = np.array(table, dtype=float)
    n, v = table.shape
    for column in table.T:
        column -= np.median(column)
    moments = vstack([_moments(table), csr_array(np.ones((1, n)))])
    del table  # of many respondents it is large
    sums = np.vstack([moments.sum(axis=1), resampled_sums(moments, n_resamples=n_resamples, seed=seed)])
    sums /= sums[:, -1:].copy()
    found, first = np.empty((len(sums), v, v)), v
    for i in range(v):
        found[:, i, i:] = found[:, i:, i] = sums[:, first : first + v - i]
        first += v - i
    for i in range(v):
        found[:, i] -= sums[:, i, None] * sums[:, :v]
    return found


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Correlations of covariances; zeros for a column that does not vary.

    Parameters
    ----------
    covariance : array of shape (..., v, v)

    Returns
    -------
    array of shape (..., v, v)

    Examples
    --------
    >>> correlations(np.array([[4.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    spread = np.sqrt(np.where(variance > 1e-12, variance, np.inf))
    found: np.ndarray = covariance / spread[..., :, None]
    found /= spread[..., None, :]
    return found


def importance(
    variables: np.ndarray,
    outcome: np.ndarray,
    *,
    blocks: Sequence[int] | None = None,
    n_resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Importance:
    """Importance of drivers with intervals, probabilities of their ranks, and a comparison with noise.

    Parameters
    ----------
    variables : array of shape (n, v)
        One row a respondent.
    outcome : array of shape (n,)
        Such as the answer from 0 to 10, not its three groups.
    blocks : sequence of int, optional
        Sizes of drivers of several neighbouring variables; see `cxtext.stats.shapley`.
    n_resamples : int
    confidence : float
        Between 0 and 1.
    seed : int

    Returns
    -------
    Importance

    Raises
    ------
    OptionError
        Rows do not match, a value is missing, or the outcome is the same for everybody.

    Notes
    -----
    Case bootstrap with percentile intervals; these bounds are above 0 always, hence the comparison with a driver of
    noise (Tonidandel, LeBreton and Johnson, 2009), in the first quarter of the resamples. The noise is tossed with a
    coin, in as many variables as the largest driver has.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.integers(0, 2, (200, 2)).astype(float)
    >>> found = importance(x, 7 - 3 * x[:, 0] + rng.normal(size=200), n_resamples=200)
    >>> bool(found.value[0] > 0.5), found.ranks[0].tolist(), bool(found.above_noise[0] > 0.99), found.method
    (True, [1.0, 0.0], True, 'LMG')
    """
    sizes = list(blocks) if blocks is not None else [1] * np.shape(variables)[1]
    k, n, tossed = len(sizes), len(outcome), max(sizes, default=1)
    if np.isnan(variables).any() or np.isnan(outcome).any():
        msg = "Drivers need a value of every variable for every respondent. Leave out respondents without an answer."
        raise OptionError(msg)
    if not n or np.ptp(outcome) == 0:
        msg = "All respondents have the same outcome, so that nothing can drive it. Choose another outcome."
        raise OptionError(msg)
    noise = np.random.default_rng([seed, 1]).integers(0, 2, (n, tossed))
    beside = covariances(np.column_stack([noise, variables, outcome]), n_resamples=n_resamples, seed=seed)
    spread = beside[:, tossed:, tossed:]
    value, samples = (
        shapley(part, blocks=sizes, seed=seed)
        for part in (correlations(spread[0]), correlations(spread[1:]).astype(np.float32))
    )
    low, high = percentiles(samples, confidence=confidence)
    order = np.argsort(np.argsort(-samples, axis=1, kind="stable"), axis=1)
    ranks = np.stack([(order == rank).mean(axis=0) for rank in range(k)], axis=1)
    few = correlations(beside[1 : 1 + max(1, n_resamples // 4)]).astype(np.float32)
    rivals = shapley(few, blocks=[tossed, *sizes], seed=seed)
    return Importance(
        value=value,
        low=low,
        high=high,
        ranks=ranks,
        above_noise=(rivals[:, 1:] > rivals[:, :1]).mean(axis=0),
        r2=float(value.sum()),
        n=n,
        method="LMG" if k <= MOST_EXACT else "LMG, sampled orders" if k <= MOST_SAMPLED else "relative weights",
        samples=samples,
        covariances=spread,
    )


def asymmetry(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Penalty of a driver that is spoken ill of, its reward when spoken well of, and which kind it is (PRCA).

    The outcome is regressed on both at once (Brandt, 1988); the index (reward - penalty) / (reward + penalty) goes from
    -1 (basic: it costs when it fails) to 1 (excitement: it pays when it delights) (Mikulić and Prebežac, 2008).

    Parameters
    ----------
    covariance : array of shape (1 + B, 2k + 1, 2k + 1)
        Of `covariances`; columns are negative and positive mentions in turn, and the outcome last.

    Returns
    -------
    penalty : array of shape (1 + B, k)
        What a negative mention does to the outcome, usually below 0.
    reward : array of shape (1 + B, k)
        What a positive mention does.
    kinds : array of shape (3, k)
        Probability of each of `ASYMMETRIES` over the resamples, from an index below -0.2, up to 0.2, and above; NaN
        where neither a penalty nor a reward is ever found.

    Examples
    --------
    >>> covariance = np.array([[1.0, 0.0, -3.0], [0.0, 1.0, 0.5], [-3.0, 0.5, 9.0]])
    >>> penalty, reward, kinds = asymmetry(np.stack([covariance] * 3))
    >>> penalty[0].round(9).tolist(), reward[0].round(9).tolist(), kinds[:, 0].tolist()
    ([-3.0], [0.5], [1.0, 0.0, 0.0])
    """
    found = np.vstack(in_threads(slopes, np.array_split(covariance, _PARTS)))
    penalty, reward = found[:, 0::2], found[:, 1::2]
    costs, pays = np.maximum(-penalty[1:], 0.0), np.maximum(reward[1:], 0.0)
    index = np.divide(pays - costs, pays + costs, out=np.full(costs.shape, np.nan), where=pays + costs > 1e-9)
    known = (~np.isnan(index)).sum(axis=0)
    counts = np.stack([(index < -_EVEN).sum(axis=0), (np.abs(index) <= _EVEN).sum(axis=0), (index > _EVEN).sum(axis=0)])
    return penalty, reward, np.divide(counts, known, out=np.full(counts.shape, np.nan), where=known > 0)


def quadrants(importances: np.ndarray, performances: np.ndarray, *, middle: float | None = None) -> np.ndarray:
    """Probability of each quadrant of the matrix of importance and performance (Martilla and James, 1977).

    Parameters
    ----------
    importances, performances : array of shape (B, k)
        Of resamples, the same respondents in both; NaN where a resample has none.
    middle : float, optional
        Of the scale of performance; the mean over the drivers where it is left out. That of importance is the mean.

    Returns
    -------
    array of shape (4, k)
        In the order of `QUADRANTS`; NaN where a driver has no values.

    Examples
    --------
    >>> quadrants(np.array([[0.6, 0.2]]), np.array([[-1.0, 1.0]])).tolist()
    [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    """
    known = ~np.isnan(importances) & ~np.isnan(performances)
    counted = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centre = np.where(known, performances, 0.0).sum(axis=1, keepdims=True) / counted if middle is None else middle
    important = importances >= np.where(known, importances, 0.0).sum(axis=1, keepdims=True) / counted
    good = performances >= centre
    cells = np.stack([important & ~good, important & good, ~important & ~good, ~important & good]) & known
    total = known.sum(axis=0)
    return np.divide(cells.sum(axis=1), total, out=np.full((4, total.size), np.nan), where=total > 0)


def _moments(table: np.ndarray) -> csr_array:
    """Columns, then products of each column with itself and with the later ones, as rows; zeros are not held."""
    (n, v), held = table.shape, csr_array(table)
    row, column, values = np.repeat(np.arange(n, dtype=np.int32), np.diff(held.indptr)), held.indices, held.data
    parts = [(column, row, values)]
    left = np.arange(len(row))
    for ahead in range(v):  # pairs of what a respondent has, by how many are between them
        left = left[: np.searchsorted(left, len(row) - ahead)]
        left = left[row[left] == row[left + ahead]]
        i, j = column[left], column[left + ahead]
        parts.append((v + i * v - i * (i - 1) // 2 + j - i, row[left], values[left] * values[left + ahead]))
    places, rows, products = (np.concatenate(one) for one in zip(*parts, strict=True))
    return csr_array((products, (places, rows)), shape=(v + v * (v + 1) // 2, n))
