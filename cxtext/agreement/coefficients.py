"""Coefficients of agreement, each with its formula: pure functions on an array of ratings.

All take `ratings` (n units, m coders): numbers that stand for categories, NaN where a coder did not judge the unit; and
`weights`: how often each unit counts, one number a unit, or one row a resample, so that 2,000 resamples are one product
of matrices. Where a coefficient has no value (nothing to compare, or chance alone would give full agreement) it is NaN.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from cxtext.errors import OptionError

Ratings = Sequence[Sequence[float]] | np.ndarray
Metric = Literal["nominal", "ordinal", "interval"]
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval")
_NOTHING = 1e-12
_BLOCK = 512


def percent_agreement(ratings: Ratings, *, weights: np.ndarray | None = None) -> float | np.ndarray:
    """Share of the pairs of coders within a unit that agree, as a mean over units with at least two coders.

    ``p_o = mean_u sum_k n_uk (n_uk - 1) / (m_u (m_u - 1))``, with ``n_uk`` of the ``m_u`` coders giving category k.

    Parameters
    ----------
    ratings : array of shape (n, m)
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Examples
    --------
    >>> percent_agreement([[1, 1], [1, 0], [0, 0], [1, float("nan")]])
    0.6666666666666666
    """
    values = _values(ratings)
    return _plain(_observed(values, _rows(weights, values)), weights)


def cohen_kappa(ratings: Ratings, *, weights: np.ndarray | None = None) -> float | np.ndarray:
    """Kappa of two coders (Cohen, 1960): chance is that of their own marginals.

    ``(p_o - p_e) / (1 - p_e)``, ``p_e = sum_k p_1k p_2k``, over the units that both judged.

    Parameters
    ----------
    ratings : array of shape (n, 2)
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Raises
    ------
    OptionError
        There are not two coders.

    Examples
    --------
    >>> round(cohen_kappa([[1, 1]] * 90 + [[1, 0]] * 3 + [[0, 1]] * 4 + [[0, 0]] * 3), 4)
    0.4243
    """
    values = np.asarray(ratings, dtype=float)
    if values.ndim != 2 or values.shape[1] != 2:
        msg = f"Cohen's kappa is for two coders, and got shape {values.shape}. Take alpha, or pairs of coders."
        raise OptionError(msg)
    weight = _rows(weights, values)
    both = ~np.isnan(values).any(axis=1)
    categories, index = np.unique(values[both], return_inverse=True)
    first, second = (np.eye(len(categories))[coder] for coder in index.reshape(-1, 2).T)
    weight = weight[:, both]
    n = weight.sum(axis=1)
    agreed = _ratio(weight @ (first * second).sum(axis=1), n)
    chance = _ratio(((weight @ first) * (weight @ second)).sum(axis=1), n**2)
    return _plain(_ratio(agreed - chance, 1 - chance), weights)


def brennan_prediger(
    ratings: Ratings, *, categories: int | None = None, weights: np.ndarray | None = None
) -> float | np.ndarray:
    """Kappa of Brennan and Prediger (1981), which MAXQDA calls kappa: chance is one over the number of categories.

    ``(p_o - 1/q) / (1 - 1/q)``.

    Parameters
    ----------
    ratings : array of shape (n, m)
    categories : int, optional
        How many could be given; as many as were given where it is left out.
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Examples
    --------
    >>> brennan_prediger([[1, 1], [1, 0], [0, 0], [0, 0]])
    0.5
    """
    values = _values(ratings)
    q = _categories(categories, np.unique(values[~np.isnan(values)]))
    agreed = _observed(values, _rows(weights, values))
    return _plain((agreed - 1 / q) / (1 - 1 / q) if q > 1 else agreed * np.nan, weights)


def gwet_ac1(
    ratings: Ratings, *, categories: int | None = None, weights: np.ndarray | None = None
) -> float | np.ndarray:
    """First-order agreement coefficient AC1 (Gwet, 2008), for any number of coders and with missing judgements.

    ``(p_o - p_e) / (1 - p_e)``, ``p_e = sum_k pi_k (1 - pi_k) / (q - 1)``, where ``pi_k`` is the mean over units of the
    share of their coders that give k.

    Parameters
    ----------
    ratings : array of shape (n, m)
    categories : int, optional
        How many could be given; as many as were given where it is left out.
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Examples
    --------
    >>> round(gwet_ac1([[1, 1]] * 90 + [[1, 0]] * 3 + [[0, 1]] * 4 + [[0, 0]] * 3), 4)
    0.9203
    """
    values, counts = _tally(ratings)
    q = _categories(categories, values)
    weight = _rows(weights, counts)
    agreed = _observed(_values(ratings), weight)
    judged = counts.sum(axis=1)
    share = _ratio(counts, judged[:, None])
    mean = _ratio(weight @ np.nan_to_num(share), (weight @ (judged > 0))[:, None])
    chance = (mean * (1 - mean)).sum(axis=1) / (q - 1) if q > 1 else agreed * np.nan
    return _plain(_ratio(agreed - chance, 1 - chance), weights)


def specific_agreement(ratings: Ratings, category: float, *, weights: np.ndarray | None = None) -> float | np.ndarray:
    """Agreement on one category: positive agreement for "yes", negative agreement for "no".

    ``sum_u n_uk (n_uk - 1) / sum_u n_uk (m_u - 1)``; with two coders ``2a / (2a + b + c)`` (Cicchetti and Feinstein,
    1990).

    Parameters
    ----------
    ratings : array of shape (n, m)
    category : float
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Examples
    --------
    >>> specific_agreement([[1, 1], [1, 0], [0, 0], [0, 0]], 1)
    0.6666666666666666
    """
    values, counts = _tally(ratings)
    given = counts[:, values == category].sum(axis=1)
    weight = _rows(weights, counts)
    others = np.maximum(counts.sum(axis=1) - 1, 0)
    return _plain(_ratio(weight @ (given * (given - 1)), weight @ (given * others)), weights)


def krippendorff_alpha(
    ratings: Ratings, *, metric: Metric = "nominal", weights: np.ndarray | None = None
) -> float | np.ndarray:
    """Krippendorff's alpha, for any number of coders and with missing judgements.

    ``1 - D_o / D_e`` with coincidences ``o_ck = sum_u (pairs c, k in u) / (m_u - 1)``, ``D_o = sum o_ck d_ck`` and
    ``D_e = sum n_c n_k d_ck / (n - 1)`` (Krippendorff, Content Analysis). The squared difference ``d_ck`` is 1 for
    nominal categories, ``(c - k)^2`` for intervals, and the squared number of judgements between two ranks (theirs
    for a half) for ordinal ones.

    Parameters
    ----------
    ratings : array of shape (n, m)
    metric : {"nominal", "ordinal", "interval"}
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Raises
    ------
    OptionError
        Another metric.

    Examples
    --------
    >>> krippendorff_alpha([[1, 1], [0, 0], [1, 0], [1, float("nan")]])
    0.4444444444444444
    """
    if metric not in METRICS:
        msg = f"There is no metric {metric!r}. Choose one of: {', '.join(METRICS)}."
        raise OptionError(msg)
    values, counts = _tally(ratings)
    difference = (values[:, None] - values) ** 2
    if metric == "nominal":
        difference = (difference > 0).astype(float)
    return _plain(_alpha(counts, None if metric == "ordinal" else difference, _rows(weights, counts)), weights)


def set_alpha(
    sets: Sequence[Sequence[Collection[str] | None]], *, weights: np.ndarray | None = None
) -> float | np.ndarray:
    """Krippendorff's alpha of sets of codes, with the MASI distance between sets (Passonneau, 2006).

    Parameters
    ----------
    sets : n units of m coders each
        The codes that a coder gives to the unit, perhaps none; None where they did not judge it.
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Examples
    --------
    >>> set_alpha([[{"pain"}, {"pain"}], [{"need"}, {"need"}], [{"pain", "need"}, {"pain"}]])
    0.6428571428571428
    """
    distinct = sorted({tuple(sorted(s)) for unit in sets for s in unit if s is not None})
    number = {s: float(i) for i, s in enumerate(distinct)}
    codes = sorted({code for s in distinct for code in s})
    held = np.array([[code in s for code in codes] for s in distinct], dtype=bool).reshape(len(distinct), len(codes))
    ratings = [[np.nan if s is None else number[tuple(sorted(s))] for s in unit] for unit in sets]
    return alpha_of_sets(np.array(ratings, dtype=float), held, weights=weights)


def alpha_of_sets(ratings: np.ndarray, held: np.ndarray, *, weights: np.ndarray | None = None) -> float | np.ndarray:
    """`set_alpha` of sets that are numbered already.

    Parameters
    ----------
    ratings : array of shape (n, m)
        Numbers of sets; NaN where a coder did not judge.
    held : array of bool, shape (sets, codes)
        Which codes each set holds.
    weights : array of shape (n,) or (B, n), optional

    Returns
    -------
    float, or array of shape (B,)

    Examples
    --------
    >>> alpha_of_sets(np.array([[0.0, 0.0], [1.0, 1.0]]), np.eye(2, dtype=bool))
    1.0
    """
    weight, judged = _rows(weights, ratings), ~np.isnan(ratings)
    others = judged.sum(axis=1) - 1
    judged &= (others > 0)[:, None]
    used = np.unique(ratings[judged])
    number, held = np.searchsorted(used, ratings), held[used.astype(int)].astype(float)
    place = number[judged], np.nonzero(judged)[0]
    margins = (csr_array((np.ones(len(place[0])), place), shape=(len(used), len(ratings))) @ weight.T).T
    expected, within = np.zeros(len(weight)), np.zeros(len(ratings))
    for begin in range(0, len(held), _BLOCK):  # there may be thousands of sets: never all distances at once
        block = slice(begin, begin + _BLOCK)
        distance = masi_distance(held[begin:], held[block])
        distance[_BLOCK:] *= 2  # those of sets in later blocks stand for both orders
        expected += ((margins[:, begin:] @ distance) * margins[:, block]).sum(axis=1)
    for i, j in combinations(range(ratings.shape[1]), 2):
        both = np.flatnonzero(judged[:, i] & judged[:, j])
        first, second = held[number[both, i]], held[number[both, j]]
        within[both] += 2 * _masi(first.sum(axis=1), second.sum(axis=1), (first * second).sum(axis=1))
    observed = weight @ (within / np.maximum(others, 1))
    return _plain(1 - _ratio(observed * (margins.sum(axis=1) - 1), expected), weights)


def masi_distance(held: np.ndarray, others: np.ndarray) -> np.ndarray:
    """MASI distance between sets: 1 - J M, with J the Jaccard index and M how the sets lie to each other.

    M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing.

    Parameters
    ----------
    held : array of bool, shape (sets, codes)
    others : array of bool, shape (other sets, codes)

    Returns
    -------
    array of shape (sets, other sets)

    Examples
    --------
    >>> sets = np.array([[1, 0], [1, 1]])
    >>> masi_distance(sets, sets).round(3).tolist()
    [[0.0, 0.667], [0.667, 0.0]]
    """
    first, second = np.asarray(held, dtype=float), np.asarray(others, dtype=float)
    return _masi(first.sum(axis=1)[:, None], second.sum(axis=1), first @ second.T)


def _masi(size: np.ndarray, other_size: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """MASI distance from the sizes of sets and how many codes they share."""
    union = size + other_size - shared
    lie = np.where(shared == union, 1.0, np.where(shared == np.minimum(size, other_size), 2 / 3, 1 / 3))
    jaccard = np.divide(shared, union, out=np.ones_like(union), where=union > 0)
    return 1 - jaccard * lie


def _alpha(counts: np.ndarray, difference: np.ndarray | None, weight: np.ndarray) -> np.ndarray:
    """Alpha from counts (n, q) and differences (q, q), which for ranks follow from the margins; shape (B,)."""
    paired = counts.sum(axis=1) > 1
    counts, weight = counts[paired], weight[:, paired]
    others = counts.sum(axis=1) - 1
    margins = weight @ counts
    n = margins.sum(axis=1)
    if difference is None:
        within = counts[:, :, None] * counts[:, None, :] / others[:, None, None]
        together = np.tensordot(weight, within, axes=1)
        between = _rank_differences(margins)
        observed = (together * between).sum(axis=(1, 2))
        expected = (margins[:, :, None] * margins[:, None, :] * between).sum(axis=(1, 2))
    else:
        observed = weight @ (((counts @ difference) * counts).sum(axis=1) / others)
        expected = ((margins @ difference) * margins).sum(axis=1)
    return 1 - _ratio(observed * (n - 1), expected)


def _rank_differences(margins: np.ndarray) -> np.ndarray:
    """Squared number of judgements from rank c to rank k, those of c and k for a half; shape (B, q, q)."""
    middle = np.cumsum(margins, axis=1) - margins / 2
    return (middle[:, :, None] - middle[:, None, :]) ** 2


def _values(ratings: Ratings) -> np.ndarray:
    """Ratings (n, m) as an array."""
    values = np.asarray(ratings, dtype=float)
    if values.ndim != 2:
        msg = f"Ratings need one row per unit and one column per coder, and got shape {values.shape}."
        raise OptionError(msg)
    return values


def _tally(ratings: Ratings) -> tuple[np.ndarray, np.ndarray]:
    """Categories in order (q,), and how many coders of each unit give each (n, q)."""
    values = _values(ratings)
    categories = np.unique(values[~np.isnan(values)])
    counts = np.zeros((len(values), len(categories)))
    for coder in values.T:
        judged = ~np.isnan(coder)
        counts[judged, np.searchsorted(categories, coder[judged])] += 1
    return categories, counts


def _observed(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Percent agreement of ratings (n, m); shape (B,)."""
    judged = (~np.isnan(values)).sum(axis=1)
    alike = np.zeros(len(values))  # pair by pair: sets may be of thousands of categories
    for i, j in combinations(range(values.shape[1]), 2):
        alike += values[:, i] == values[:, j]
    agreed = alike / np.maximum(judged * (judged - 1) / 2, 1)
    return _ratio(weight @ agreed, weight @ (judged > 1).astype(float))


def _rows(weights: np.ndarray | None, units: np.ndarray) -> np.ndarray:
    """Weights as rows (B, n); every unit once where there are none."""
    return np.ones((1, len(units))) if weights is None else np.atleast_2d(np.asarray(weights, dtype=float))


def _plain(figures: np.ndarray, weights: np.ndarray | None) -> float | np.ndarray:
    """One number for one set of units, an array for resamples."""
    return figures if weights is not None and np.ndim(weights) == 2 else float(figures[0])


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Quotient that is NaN where the denominator is nothing."""
    top, bottom = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=np.abs(bottom) > _NOTHING)


def _categories(categories: int | None, values: np.ndarray) -> int:
    if categories is not None and categories < len(values):
        msg = (
            f"categories is {categories}, and {len(values)} different ones were given. Count those that could be given."
        )
        raise OptionError(msg)
    return len(values) if categories is None else categories
