"""The bootstrap: respondents are drawn with replacement, and what is drawn is a count per respondent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_array, vstack
from threadpoolctl import ThreadpoolController

#: numbers drawn at a time, which a processor can hold near it
_AT_A_TIME = 500_000
#: from so many respondents they are drawn in random groups, of which there are so many
LARGE, GROUPS = 10_000, 5_000
_DENSE = 0.2
#: sums that are held at a time
_HELD = 2**20

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_threads(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Do the same with several parts on all processors.

    Parameters
    ----------
    work : callable
        Of numpy, which lets others run meanwhile.
    parts : iterable

    Returns
    -------
    list
        In the order of the parts, whatever the number of processors.

    Examples
    --------
    >>> in_threads(abs, [-1, 2])
    [1, 2]
    """
    with _libraries().limit(limits=1), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, parts))


@cache
def _libraries() -> ThreadpoolController:
    """Those of numpy that have threads of their own; looking for them takes longer than most work."""
    return ThreadpoolController()


def resampled_sums(columns: np.ndarray | csr_array, *, n_resamples: int, seed: int) -> np.ndarray:
    """Sums over respondents who are drawn with replacement, again and again.

    Parameters
    ----------
    columns : array or sparse array of shape (m, n)
        What is summed, a column per respondent. A row of ones tells how many were drawn.
    n_resamples : int
    seed : int
        The same seed draws the same respondents, whatever the rows.

    Returns
    -------
    array of shape (B, m)
        NaN without respondents.

    Notes
    -----
    From 10,000 respondents they are first put into 5,000 random groups, and groups are drawn: a sum varies as much
    as with single respondents, up to some 1 % of its standard error (random groups; Wolter, 2007, chapter 2).
    Each part has a seed of its own, so that the figures do not depend on the number of processors.

    Examples
    --------
    >>> resampled_sums(np.ones((1, 4)), n_resamples=3, seed=0).tolist()
    [[4.0], [4.0], [4.0]]
    """
    return np.concatenate(list(resampled_parts(columns, n_resamples=n_resamples, seed=seed)))


def resampled_parts(columns: np.ndarray | csr_array, *, n_resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Give the sums of `resampled_sums` some resamples at a time, as all may take much memory.

    Parameters
    ----------
    columns : array or sparse array of shape (m, n)
        Of respondents, or of their `random_groups`.
    n_resamples : int
    seed : int

    Yields
    ------
    array of shape (b, m)
        Together B resamples.
    """
    sums = csr_array(columns, dtype=float)
    groups = random_groups(sums.shape[1], seed)
    sums = sums if groups is None else sums @ groups
    m, n = sums.shape
    if not n:
        yield np.full((n_resamples, m), np.nan)
        return
    held = sums.toarray() if sums.nnz > _DENSE * m * n else sums
    drawn = _drawn(n, n_resamples, seed)
    step = max(1, _HELD // max(1, m * drawn[0].shape[1]))
    for start in range(0, len(drawn), step):
        yield np.vstack(in_threads(lambda counts: (held @ counts.astype(float)).T, drawn[start : start + step]))


def random_groups(n: int, seed: int) -> csr_array | None:
    """Random groups of many respondents, which are drawn in their place; see `resampled_sums`.

    Parameters
    ----------
    n : int
        Respondents.
    seed : int

    Returns
    -------
    sparse array of shape (n, 5000) or None
        One in the column of the group of each respondent; None below 10,000 respondents.
    """
    if n < LARGE:
        return None
    group = np.random.default_rng(seed).permutation(n) % GROUPS
    return csr_array((np.ones(n), (np.arange(n), group)), shape=(n, GROUPS))


@lru_cache(1)
def _drawn(n: int, n_resamples: int, seed: int) -> list[np.ndarray]:
    """How often each of n is drawn: shape (n, some resamples) each. The last are kept, as many figures need them."""
    step = max(1, _AT_A_TIME // n)

    def part(start: int) -> np.ndarray:
        rng, count = np.random.default_rng([seed, start]), min(step, n_resamples - start)
        places = rng.integers(0, n, (count, n)) * count + np.arange(count)[:, None]
        return np.bincount(places.ravel(), minlength=count * n).reshape(n, count).astype(np.uint16)

    return in_threads(part, range(0, n_resamples, step))


def resampled_means(values: np.ndarray, *, n_resamples: int, seed: int) -> np.ndarray:
    """Means of columns in resamples of their rows, each of the values that are there.

    Parameters
    ----------
    values : array of shape (n, k)
        NaN is no value.
    n_resamples : int
    seed : int

    Returns
    -------
    array of shape (B, k)
        NaN where a resample has no value.

    Examples
    --------
    >>> resampled_means(np.array([[1.0, np.nan], [1.0, np.nan]]), n_resamples=2, seed=0).tolist()
    [[1.0, nan], [1.0, nan]]
    """
    row, column = np.nonzero(~np.isnan(values))
    values, shape = values[row, column], values.shape[::-1]
    parts = vstack([csr_array((given, (column, row)), shape=shape) for given in (np.ones(len(row)), values)])
    total, sums = np.hsplit(resampled_sums(parts, n_resamples=n_resamples, seed=seed), 2)
    return np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0)


def percentiles(samples: np.ndarray, *, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Percentile interval of resampled figures; NaN where fewer than half of the resamples have a value.

    Parameters
    ----------
    samples : array of shape (B, ...)
        NaN where a resample has no value.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of two arrays of shape (...)

    Examples
    --------
    >>> low, high = percentiles(np.arange(101.0)[:, None], confidence=0.9)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([5.0], [95.0])
    """
    samples = np.asarray(samples, dtype=float)
    missing = np.isnan(samples).mean(axis=0) > 0.5 if samples.size else np.ones(samples.shape[1:], dtype=bool)
    quantiles = 0.5 - confidence / 2, 0.5 + confidence / 2
    known = np.where(missing, 0.0, samples)
    low, high = np.nanquantile(known, quantiles, axis=0) if samples.size else np.full((2, *missing.shape), np.nan)
    return np.where(missing, np.nan, low), np.where(missing, np.nan, high)


def share_lowest(means: np.ndarray) -> np.ndarray:
    """How often each of several figures is the lowest of its resample; ties are shared.

    Parameters
    ----------
    means : array of shape (B, k)
        NaN where a resample has no value.

    Returns
    -------
    array of shape (k,)
        Shares, which sum to 1; NaN where no resample has any value.

    Examples
    --------
    >>> share_lowest(np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 1.0]])).tolist()
    [0.5, 0.25, 0.25]
    """
    known = np.where(np.isnan(means), np.inf, means)
    known = known[np.isfinite(known).any(axis=1)]
    if not len(known):
        return np.full(means.shape[1], np.nan)
    lowest = known == known.min(axis=1, keepdims=True)
    return (lowest / lowest.sum(axis=1, keepdims=True)).mean(axis=0)
