"""Gamma: agreement of two coders on units that may overlap, from the best alignment of their units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from cxtext.agreement.unitizing import Unit
from cxtext.errors import OptionError

#: disorder of a unit that is aligned with nothing
_ALONE = 1.0
_FEWEST, _MOST = 30, 1_000


@dataclass(frozen=True)
class Gamma:
    """Agreement of two coders by alignment.

    Attributes
    ----------
    value : float
        1 - disorder / expected; 1 is full agreement, 0 that of chance; NaN where there are no units.
    disorder : float
        Of the best alignment, per unit of a coder.
    expected : float
        Mean disorder of the random continua.
    samples : int
        How many of those there were.
    pairs : tuple of (int or None, int or None)
        The best alignment: numbers of the units of both coders, None where a unit stands alone.
    """

    value: float
    disorder: float
    expected: float
    samples: int
    pairs: tuple[tuple[int | None, int | None], ...]


def gamma(
    first: Sequence[Unit], second: Sequence[Unit], *, length: float, precision: float = 0.02, seed: int = 0
) -> Gamma:
    """Gamma of two coders (Mathet, Widlöcher and Métivier, 2015, Computational Linguistics 41).

    The dissimilarity of two units is ``((|start difference| + |end difference|) / (sum of lengths))^2``, plus 1 where
    their values differ; a unit alone costs 1. The best alignment is exact, an assignment problem. Chance is the mean
    of random continua: the units of a coder, drawn at random, moved round the continuum by a random distance. For more
    than two coders the problem has no such solution: compare them two at a time.

    Parameters
    ----------
    first, second : sequence of (start, end, value)
        Units of the two coders, which may overlap; end exclusive.
    length : float
        Of the continuum.
    precision : float
        Relative error of the expected disorder, with 95 % confidence; sets the number of random continua, at least
        30 and at most 1,000.
    seed : int
        Of the random continua.

    Returns
    -------
    Gamma

    Raises
    ------
    OptionError
        A unit is empty or lies outside the continuum, or the precision is not between 0 and 1.

    Examples
    --------
    >>> one = [(10, 40, "pijn"), (60, 80, "behoefte"), (100, 130, "pijn")]
    >>> gamma(one, one, length=200).value
    1.0
    """
    if not 0 < precision < 1:
        msg = f"precision is {precision:g}. Give a share between 0 and 1, such as 0.02."
        raise OptionError(msg)
    for start, end, value in (*first, *second):
        if not 0 <= start < end <= length:
            msg = f"The unit {start:g}-{end:g} ({value}) is empty, or lies outside the continuum of length {length:g}."
            raise OptionError(msg)
    codes = {value: code for code, value in enumerate(sorted({value for *_, value in (*first, *second)}))}
    coders = [
        np.array([(s, e, codes[v]) for s, e, v in units], dtype=float).reshape(-1, 3) for units in (first, second)
    ]
    coded = [units for units in coders if len(units)]
    if not coded:
        return Gamma(math.nan, math.nan, math.nan, 0, ())
    rng = np.random.default_rng(seed)
    sampled: list[float] = []
    wanted = _FEWEST
    while len(sampled) < wanted:
        sampled += [_disorder(*_shuffled(coded, length, rng))[0] for _ in range(wanted - len(sampled))]
        mean, deviation = float(np.mean(sampled)), float(np.std(sampled, ddof=1))
        wanted = min(_MOST, math.ceil((1.96 * deviation / mean / precision) ** 2)) if mean else 0
    disorder, pairs = _disorder(*coders)
    return Gamma(1 - disorder / mean if mean else math.nan, disorder, mean, len(sampled), pairs)


def _disorder(first: np.ndarray, second: np.ndarray) -> tuple[float, tuple[tuple[int | None, int | None], ...]]:
    """Disorder of the best alignment of units (n, 3), per unit of a coder, and that alignment."""
    a, b = first[:, None], second[None]
    shift = np.abs(a[..., 0] - b[..., 0]) + np.abs(a[..., 1] - b[..., 1])
    size = a[..., 1] - a[..., 0] + b[..., 1] - b[..., 0]
    apart = (shift / size) ** 2 + (a[..., 2] != b[..., 2])
    gained = np.minimum(apart - 2 * _ALONE, 0)
    rows, columns = linear_sum_assignment(gained)
    joined = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if gained[i, j] < 0}
    pairs: list[tuple[int | None, int | None]] = [(i, joined.get(i)) for i in range(len(first))]
    pairs += [(None, j) for j in range(len(second)) if j not in set(joined.values())]
    total = sum(apart[pair] for pair in joined.items()) + _ALONE * (len(pairs) - len(joined))
    return float(total / ((len(first) + len(second)) / 2)), tuple(pairs)


def _shuffled(coders: Sequence[np.ndarray], length: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Two random continua: a coder drawn for each, moved round by distances at least half a mean unit apart."""
    every = np.concatenate(coders)
    least = min(float((every[:, 1] - every[:, 0]).mean()) / 2, length / 4)
    moved = rng.uniform(0, length)
    by = moved + rng.uniform(least, length - least)
    continua = []
    for distance in (moved, by):
        units = coders[int(rng.integers(len(coders)))].copy()
        start = (units[:, 0] + distance) % length
        units[:, 1] += start - units[:, 0]
        units[:, 0] = start
        continua.append(units)
    return continua
