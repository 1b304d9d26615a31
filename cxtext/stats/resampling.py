"""The bootstrap: respondents are drawn with replacement, and what is drawn is a count per respondent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: numbers drawn at a time, which keeps memory under some tens of megabytes
_AT_A_TIME = 4_000_000


def resample_counts(n: int, *, n_resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Draw `n` of `n` respondents with replacement, again and again.

    Parameters
    ----------
    n : int
    n_resamples : int
    seed : int

    Yields
    ------
    array of float, shape (b, n)
        How often each respondent was drawn in each of the next `b` resamples; all `b` together are `n_resamples`.

    Examples
    --------
    >>> drawn = np.vstack(list(resample_counts(4, n_resamples=5, seed=0)))
    >>> drawn.shape, drawn.sum(axis=1).tolist()
    ((5, 4), [4.0, 4.0, 4.0, 4.0, 4.0])
    """
    rng = np.random.default_rng(seed)
    step = max(1, _AT_A_TIME // max(n, 1))
    for start in range(0, n_resamples if n else 0, step):
        count = min(step, n_resamples - start)
        places = rng.integers(0, n, (count, n)) + n * np.arange(count)[:, None]
        yield np.bincount(places.ravel(), minlength=count * n).reshape(count, n).astype(float)


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
