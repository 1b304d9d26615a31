"""Drivers with their uncertainty: respondents are drawn again and again, and everything is computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
from scipy.sparse import csr_array

from cxtext.errors import OptionError
from cxtext.stats.explained import MOST_EXACT, MOST_SAMPLED, shapley, slopes
from cxtext.stats.resampling import in_threads, percentiles, random_groups, resampled_parts

#: quadrants of the matrix of importance and performance: important and poor, important and good, neither, good only
QUADRANTS = ("improve", "keep", "low", "overkill")
#: kinds of drivers: felt when it fails, felt either way, felt when it delights
ASYMMETRIES = ("basic", "performance", "excitement")
#: parts of some resamples that are done side by side, and respondents whose products are made at a time
_PARTS, _ROWS = 4, 10_000
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
    covariance : array of shape (v + 1, v + 1)
        Of the variables and the outcome.
    coefficients : array of shape (1 + B, v)
        `slopes` of the outcome on the variables, in the data and the resamples; see `asymmetry`.
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
    covariance: np.ndarray
    coefficients: np.ndarray


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
    return np.concatenate(list(_covariances([table], n_resamples=n_resamples, seed=seed)))


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
    beside = _covariances([noise, variables, outcome], n_resamples=n_resamples, seed=seed)
    covariance = next(beside)[0, tossed:, tossed:]
    value = shapley(correlations(covariance), blocks=sizes, seed=seed)
    left, drawn, rivals, coefficients = max(1, n_resamples // 4), [], [], [slopes(covariance[None])]
    for some in beside:  # all of them would take much memory where there are many variables
        spread = some[:, tossed:, tossed:]
        drawn.append(shapley(correlations(spread).astype(np.float32), blocks=sizes, seed=seed))
        coefficients += in_threads(slopes, np.array_split(spread, _PARTS))
        if few := min(left, len(some)):
            rivals.append(shapley(correlations(some[:few]).astype(np.float32), blocks=[tossed, *sizes], seed=seed))
            left -= few
    samples, beaten = np.concatenate(drawn), np.concatenate(rivals)
    low, high = percentiles(samples, confidence=confidence)
    order = np.argsort(np.argsort(-samples, axis=1, kind="stable"), axis=1)
    ranks = np.stack([(order == rank).mean(axis=0) for rank in range(k)], axis=1)
    return Importance(
        value=value,
        low=low,
        high=high,
        ranks=ranks,
        above_noise=(beaten[:, 1:] > beaten[:, :1]).mean(axis=0),
        r2=float(value.sum()),
        n=n,
        method="LMG" if k <= MOST_EXACT else "LMG, sampled orders" if k <= MOST_SAMPLED else "relative weights",
        samples=samples,
        covariance=covariance,
        coefficients=np.concatenate(coefficients),
    )


def asymmetry(coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Penalty of a driver that is spoken ill of, its reward when spoken well of, and which kind it is (PRCA).

    The outcome is regressed on both at once (Brandt, 1988); the index (reward - penalty) / (reward + penalty) goes from
    -1 (basic: it costs when it fails) to 1 (excitement: it pays when it delights) (Mikulić and Prebežac, 2008).

    Parameters
    ----------
    coefficients : array of shape (1 + B, 2k)
        `slopes` of the outcome on negative and positive mentions in turn, in the data and in resamples.

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
    >>> penalty, reward, kinds = asymmetry(np.array([[-3.0, 0.5]] * 3))
    >>> penalty[0].tolist(), reward[0].tolist(), kinds[:, 0].tolist()
    ([-3.0], [0.5], [1.0, 0.0, 0.0])
    """
    penalty, reward = coefficients[:, 0::2], coefficients[:, 1::2]
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


def _covariances(tables: Sequence[np.ndarray], *, n_resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Covariances of the columns of tables side by side: those of the data first, then of some resamples at a time."""
    n = len(tables[0])
    middle = np.array([np.median(column) for table in tables for column in table.reshape(n, -1).T])
    groups = random_groups(n, seed)

    def moments(rows: slice) -> csr_array:
        own = _moments(np.column_stack([table[rows] for table in tables]) - middle)
        return own if groups is None else own @ groups[rows]

    starts = [0, n] if groups is None else [*range(0, n, _ROWS), n]
    sums = reduce(add, (moments(slice(*ends)) for ends in pairwise(starts)))  # all products at once take much memory
    yield _centred(np.asarray(sums.sum(axis=1))[None, :], len(middle))
    for some in resampled_parts(sums, n_resamples=n_resamples, seed=seed):
        yield _centred(some, len(middle))


def _centred(sums: np.ndarray, v: int) -> np.ndarray:
    """Covariances of v columns from their sums, those of their products, and the number of rows."""
    sums = sums / sums[:, -1:]
    found, first = np.empty((len(sums), v, v)), v
    for i in range(v):
        found[:, i, i:] = found[:, i:, i] = sums[:, first : first + v - i]
        first += v - i
    for i in range(v):
        found[:, i] -= sums[:, i, None] * sums[:, :v]
    return found


def _moments(table: np.ndarray) -> csr_array:
    """Columns, products of each with itself and with the later ones, and ones, as rows; zeros are not held."""
    (n, v), held = table.shape, csr_array(table)
    row, column, values = np.repeat(np.arange(n, dtype=np.int32), np.diff(held.indptr)), held.indices, held.data
    last, all_ = v + v * (v + 1) // 2, np.arange(n, dtype=np.int32)
    parts = [(column, row, values), (np.full(n, last, dtype=np.int32), all_, np.ones(n))]
    left = np.arange(len(row))
    for ahead in range(v):  # pairs of what a respondent has, by how many are between them
        left = left[: np.searchsorted(left, len(row) - ahead)]
        left = left[row[left] == row[left + ahead]]
        i, j = column[left], column[left + ahead]
        parts.append((v + i * v - i * (i - 1) // 2 + j - i, row[left], values[left] * values[left + ahead]))
    places, rows, products = (np.concatenate(one) for one in zip(*parts, strict=True))
    return csr_array((products, (places, rows)), shape=(last + 1, n))
