"""How much each of several correlated drivers explains of an outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from cxtext.stats.resampling import in_threads

#: up to so many drivers all orders are computed, up to so many a sample of them; above that relative weights
MOST_EXACT, MOST_SAMPLED = 13, 20
_ORDERS = 100
_PIVOT = {"float32": 1e-5, "float64": 1e-9}
#: condition from which variables cannot be told apart
_ALIKE = 1e8
#: subsets of matrices that are computed at a time: few calls, and what a processor can hold near it
_AT_A_TIME = 2**18
#: matrices at a time where their subsets are not computed
_MANY = 100


def shapley(correlations: np.ndarray, *, blocks: Sequence[int] | None = None, seed: int = 0) -> np.ndarray:
    """Share out R² over drivers, by the mean of what each adds over all orders of entering (LMG).

    The same figure as general dominance (Budescu, 1993) and the Shapley value of R² (Lipovetsky and Conklin, 2001):
    sum over S of |S|! (k - |S| - 1)! / k! (R²(S and j) - R²(S)).

    Parameters
    ----------
    correlations : array of shape (..., v + 1, v + 1)
        Of the v variables and, last, the outcome; a constant variable has zeros. Any number of matrices at once; in
        single precision, which is right to six decimals and serves for resamples, they take half the time.
    blocks : sequence of int, optional
        Sizes of the drivers that consist of several neighbouring variables, which enter together; they sum to v.
        One variable each where it is left out.
    seed : int
        Of the orders that are drawn with more than 13 drivers (50 orders and their opposites).

    Returns
    -------
    array of shape (..., k)
        Per driver, in parts of the variance of the outcome; together R². A driver that is a sum of others shares with
        them.

    Examples
    --------
    >>> both = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.3], [0.6, 0.3, 1.0]])
    >>> shapley(both).round(4).tolist()
    [0.315, 0.045]
    """
    correlations = _floats(correlations)
    lead, v = correlations.shape[:-2], correlations.shape[-1] - 1
    sizes = list(blocks) if blocks is not None else [1] * v
    flat = correlations.reshape(-1, v + 1, v + 1)
    exact = len(sizes) <= MOST_EXACT
    step, gains = max(1, _AT_A_TIME >> len(sizes)) if exact else _MANY, _gains(len(sizes)) if exact else None

    def part(start: int) -> np.ndarray:
        own = flat[start : start + step]
        return _sampled(own, sizes, seed) if gains is None else _exact(own, sizes, gains)

    return np.concatenate(in_threads(part, range(0, len(flat), step))).reshape(*lead, len(sizes))


def relative_weights(correlations: np.ndarray) -> np.ndarray:
    """Share out R² over drivers by Johnson's relative weights (2000): fast, and close to `shapley`.

    With R = V L V', W = V L^(1/2) V' and b = W^-1 r: the weights are (W * W)(b * b).

    Parameters
    ----------
    correlations : array of shape (..., k + 1, k + 1)
        Of the drivers and, last, the outcome.

    Returns
    -------
    array of shape (..., k)
        Together R².

    Notes
    -----
    Thomas, Zumbo, Kwan and Schweitzer (2014) advise against them; they serve where there are too many drivers for
    `shapley`.

    Examples
    --------
    >>> both = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.3], [0.6, 0.3, 1.0]])
    >>> relative_weights(both).round(4).tolist()
    [0.315, 0.045]
    """
    correlations = _floats(correlations)
    values, vectors = np.linalg.eigh(correlations[..., :-1, :-1])
    root = np.sqrt(np.maximum(values, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > math.sqrt(_PIVOT[str(root.dtype)]))
    back = np.swapaxes(vectors, -1, -2)
    weights = (vectors * root[..., None, :]) @ back
    slopes = ((vectors * inverse[..., None, :]) @ back) @ correlations[..., :-1, -1:]
    shares: np.ndarray = ((weights**2) @ (slopes**2))[..., 0]
    return shares


def slopes(covariances: np.ndarray) -> np.ndarray:
    """Least-squares coefficients of an outcome on variables; what cannot be told apart shares evenly.

    Parameters
    ----------
    covariances : array of shape (..., v + 1, v + 1)
        Of the variables and, last, the outcome.

    Returns
    -------
    array of shape (..., v)
        0 for a constant variable.

    Examples
    --------
    >>> slopes(np.array([[1.0, 0.0, 2.0], [0.0, 4.0, 4.0], [2.0, 4.0, 9.0]])).round(6).tolist()
    [2.0, 1.0]
    """
    covariances = np.asarray(covariances, dtype=float)
    among, with_outcome = covariances[..., :-1, :-1], covariances[..., :-1, -1:]
    scale = np.diagonal(among, axis1=-2, axis2=-1).max(axis=-1, initial=0.0)[..., None, None]
    size = among.shape[-1]
    inverse = np.linalg.inv(among + np.where(scale > 0, 1e-13 * scale, 1.0) * np.eye(size))
    alike = np.abs(among).sum(axis=-1).max(axis=-1, initial=0) * np.abs(inverse).sum(axis=-1).max(axis=-1, initial=0)
    alike = alike > _ALIKE
    inverse[alike] = np.linalg.pinv(among[alike], rcond=1e-8, hermitian=True)
    found = inverse @ with_outcome
    found += inverse @ (with_outcome - among @ found)
    first: np.ndarray = found[..., 0]
    return first


def inflation(correlations: np.ndarray) -> np.ndarray:
    """Variance inflation factor of each driver: 1 / (1 - R²) of it on the others.

    Parameters
    ----------
    correlations : array of shape (k + 1, k + 1)
        Of the drivers and, last, the outcome.

    Returns
    -------
    array of shape (k,)
        Infinite where the others tell it wholly, NaN where it is constant.

    Examples
    --------
    >>> inflation(np.array([[1.0, 0.6, 0.1], [0.6, 1.0, 0.2], [0.1, 0.2, 1.0]])).round(4).tolist()
    [1.5625, 1.5625]
    """
    among = np.asarray(correlations, dtype=float)[:-1, :-1]
    found = np.full(len(among), np.nan)
    for j in np.flatnonzero(np.diag(among) > 0):
        others = np.delete(np.arange(len(among)), j)
        r = among[others, j]
        explained = float(r @ np.linalg.pinv(among[np.ix_(others, others)], rcond=1e-9, hermitian=True) @ r)
        found[j] = 1 / (1 - explained) if explained < 1 - 1e-9 else math.inf
    return found


def _floats(matrices: np.ndarray) -> np.ndarray:
    """As numbers of double precision, where they are not of single precision."""
    matrices = np.asarray(matrices)
    return matrices if matrices.dtype == np.float32 else matrices.astype(float)


@cache
def _gains(k: int) -> np.ndarray:
    """Weight of R² of each subset (a bit a driver) in the LMG of each driver: shape (k, 2**k)."""
    held = np.array([subset.bit_count() for subset in range(2**k)])
    inside = (np.arange(2**k) >> np.arange(k)[:, None]) & 1
    share = np.array([1 / (k * math.comb(k - 1, size)) for size in range(k)])
    return np.where(inside, share[held - inside], -share[np.minimum(held, k - 1)])


def _exact(flat: np.ndarray, sizes: Sequence[int], gains: np.ndarray) -> np.ndarray:
    """LMG of matrices (n, v + 1, v + 1): all subsets grow together, as what they leave of the others."""
    most = [2**number for number, size in enumerate(sizes) for _ in range(size)] + [2 ** len(sizes)]
    left = []
    for row, subsets in zip(_rows(flat), most, strict=True):
        left.append(np.empty((len(row), subsets, len(flat)), flat.dtype))
        left[-1][:, 0] = row
    for number, size in enumerate(sizes):
        known, left = [whole[:, : 2**number] for whole in left], left[size:]
        for _ in range(size - 1):
            known = _without_first(known)
        _without_first(known, [whole[:, 2**number : 2 ** (number + 1)] for whole in left])
    result: np.ndarray = (gains.astype(flat.dtype) @ (flat[:, -1, -1] - left[0][0])).T
    return result


def _sampled(flat: np.ndarray, sizes: Sequence[int], seed: int) -> np.ndarray:
    """The same from a sample of orders, each with its opposite."""
    if len(sizes) > MOST_SAMPLED:
        weights, ends = relative_weights(flat), np.cumsum(sizes)
        return np.stack([weights[:, end - size : end].sum(axis=1) for end, size in zip(ends, sizes, strict=True)], 1)
    rng, starts = np.random.default_rng(seed), np.concatenate([[0], np.cumsum(sizes)])
    result, v = np.zeros((len(flat), len(sizes))), flat.shape[-1] - 1
    orders = [rng.permutation(len(sizes)) for _ in range(_ORDERS // 2)]
    for order in [*orders, *(order[::-1] for order in orders)]:
        places = [*np.concatenate([np.arange(starts[j], starts[j + 1]) for j in order]), v]
        left = _rows(flat[:, places][:, :, places])
        for j in order:
            before = left[-1][0]
            for _ in range(sizes[j]):
                left = _without_first(left)
            result[:, j] += (before - left[-1][0]) / _ORDERS
    return result


def _rows(flat: np.ndarray) -> list[np.ndarray]:
    """Rows of symmetric matrices from the diagonal, the matrices along the last axis."""
    return [np.ascontiguousarray(flat[:, i, i:].T) for i in range(flat.shape[-1])]


def _without_first(left: Sequence[np.ndarray], out: list[np.ndarray] | None = None) -> list[np.ndarray]:
    """What remains of the other variables once the first one is known, see `_rows`; written into `out`, if given."""
    first, out = left[0], out or [np.empty_like(row) for row in left[1:]]
    inverse = np.divide(1.0, first[0], out=np.zeros_like(first[0]), where=first[0] > _PIVOT[str(first.dtype)])
    for i, (row, rest) in enumerate(zip(left[1:], out, strict=True), start=1):
        np.multiply(first[i:], first[i] * inverse, out=rest)
        np.subtract(row, rest, out=rest)
    return out
