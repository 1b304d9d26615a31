"""How much each of several correlated drivers explains of an outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

#: up to so many drivers all orders are computed, up to so many a sample of them; above that relative weights
MOST_EXACT, MOST_SAMPLED = 13, 20
_ORDERS = 100
_PIVOT = 1e-9


def shapley(correlations: np.ndarray, *, blocks: Sequence[int] | None = None, seed: int = 0) -> np.ndarray:
    """Share out R² over drivers, by the mean of what each adds over all orders of entering (LMG).

    The same figure as general dominance (Budescu, 1993) and the Shapley value of R² (Lipovetsky and Conklin, 2001):
    sum over S of |S|! (k - |S| - 1)! / k! (R²(S and j) - R²(S)).

    Parameters
    ----------
    correlations : array of shape (..., v + 1, v + 1)
        Of the v variables and, last, the outcome; a constant variable has zeros. Any number of matrices at once.
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
    correlations = np.asarray(correlations, dtype=float)
    lead, v = correlations.shape[:-2], correlations.shape[-1] - 1
    sizes = list(blocks) if blocks is not None else [1] * v
    flat = correlations.reshape(-1, v + 1, v + 1)
    if len(sizes) > MOST_EXACT:
        return _sampled(flat, sizes, seed).reshape(*lead, len(sizes))
    step = max(1, 2**17 // 2 ** len(sizes))
    parts = [_exact(flat[start : start + step], sizes) for start in range(0, len(flat), step)]
    return np.concatenate(parts).reshape(*lead, len(sizes))


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
    correlations = np.asarray(correlations, dtype=float)
    values, vectors = np.linalg.eigh(correlations[..., :-1, :-1])
    root = np.sqrt(np.maximum(values, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > math.sqrt(_PIVOT))
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
    inverse = np.linalg.pinv(covariances[..., :-1, :-1], rcond=1e-8, hermitian=True)
    found: np.ndarray = (inverse @ covariances[..., :-1, -1:])[..., 0]
    return found


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


def _exact(flat: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """LMG of matrices (n, v + 1, v + 1): all subsets grow together, as what they leave of the others."""
    left, k = flat[None], len(sizes)
    for size in sizes:
        known = left
        for _ in range(size):
            known = _without_first(known)
        left = np.concatenate([left[..., size:, size:], known])
    explained = flat[:, -1, -1] - left[..., 0, 0]
    subsets = np.arange(2**k)
    held = np.array([int(subset).bit_count() for subset in subsets])
    share = np.array([1 / (k * math.comb(k - 1, size)) for size in range(k)])
    result = np.empty((len(flat), k))
    for j in range(k):
        without = subsets[(subsets >> j) & 1 == 0]
        result[:, j] = share[held[without]] @ (explained[without | (1 << j)] - explained[without])
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
        left = flat[:, places][:, :, places]
        for j in order:
            before = left[:, -1, -1]
            for _ in range(sizes[j]):
                left = _without_first(left)
            result[:, j] += (before - left[:, -1, -1]) / _ORDERS
    return result


def _without_first(left: np.ndarray) -> np.ndarray:
    """What remains of the other variables once the first one is known."""
    pivot, column = left[..., 0, 0], left[..., 0, 1:]
    inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > _PIVOT)
    rest: np.ndarray = left[..., 1:, 1:] - column[..., :, None] * (column * inverse[..., None])[..., None, :]
    return rest
