"""When contacts peak: counts against what the time that one was open would bring."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, chdtrc

from cxtext.errors import OptionError
from cxtext.stats.waves import holm

#: with a smaller expected count in any cell the p of all cells together is simulated
_ENOUGH_EXPECTED = 5
_DRAWS = 1_999

_Values = NDArray[np.float64]


@dataclass(frozen=True)
class Peaks:
    """Counts of cells against their expectation.

    Attributes
    ----------
    expected : numpy.ndarray
        Count of each cell if contacts came evenly over the exposure; same shape as the counts.
    residuals : numpy.ndarray
        (count - expected) / sqrt(expected); NaN where there is no exposure.
    p : numpy.ndarray
        Two-sided exact binomial p of each cell, adjusted for the number of cells (Holm); NaN where there is none.
    chi_square : float
        Sum of the squared residuals; NaN where nothing can be tested.
    df : int
    p_all : float
        Of all cells together: of the chi-square distribution, or of simulated counts where an expected count is
        below 5.
    n, outside : int
        Contacts within the exposure, and those in cells without exposure.
    """

    expected: _Values
    residuals: _Values
    p: _Values
    chi_square: float
    df: int
    p_all: float
    n: int
    outside: int


def peaks(counts: Any, exposure: Any, *, seed: int = 0) -> Peaks:
    """Compare counts with an even rate over the exposure.

    Parameters
    ----------
    counts : array of int
        Contacts per cell, such as weekday by hour.
    exposure : array of float, of the same shape
        How long one could be reached in each cell, in any unit.
    seed : int
        Of the simulated p.

    Returns
    -------
    Peaks

    Raises
    ------
    OptionError
        The shapes differ, or a number is negative.

    Examples
    --------
    >>> found = peaks([[30, 10], [10, 10]], [[1, 1], [1, 1]])
    >>> found.expected.tolist(), found.residuals.round(2).tolist(), round(found.chi_square, 2)
    ([[15.0, 15.0], [15.0, 15.0]], [[3.87, -1.29], [-1.29, -1.29]], 20.0)
    >>> peaks([8, 8, 2], [2, 2, 0]).outside
    2
    """
    count, open_ = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    if count.shape != open_.shape or (count < 0).any() or (open_ < 0).any():
        msg = "Peaks need counts and exposure of the same shape, and no negative ones. Give hours open for every cell."
        raise OptionError(msg)
    inside = open_ > 0
    n, outside = int(count[inside].sum()), int(count[~inside].sum())
    share = open_ / open_.sum() if inside.any() else open_
    expected = n * share
    residuals, p = np.full(count.shape, np.nan), np.full(count.shape, np.nan)
    cells = int(inside.sum())
    if not n or cells < 2:
        return Peaks(expected, residuals, p, math.nan, max(0, cells - 1), math.nan, n, outside)
    residuals[inside] = (count[inside] - expected[inside]) / np.sqrt(expected[inside])
    above = np.where(count[inside] > 0, bdtrc(count[inside] - 1, n, share[inside]), 1.0)
    p[inside] = holm(np.minimum(1.0, 2 * np.minimum(bdtr(count[inside], n, share[inside]), above)).tolist())
    chi_square = float(np.nansum(residuals**2))
    return Peaks(expected, residuals, p, chi_square, cells - 1, _p_all(chi_square, n, share[inside], seed), n, outside)


def _p_all(chi_square: float, n: int, share: _Values, seed: int) -> float:
    expected = n * share
    if expected.min() >= _ENOUGH_EXPECTED:
        return float(chdtrc(len(share) - 1, chi_square))
    drawn = np.random.default_rng(seed).multinomial(n, share, size=_DRAWS)
    found = ((drawn - expected) ** 2 / expected).sum(axis=1)
    return float((1 + (found >= chi_square - 1e-9).sum()) / (1 + _DRAWS))
