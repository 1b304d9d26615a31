"""Agreement on where codes begin and end: Krippendorff's family of alphas for units on a continuum.

Krippendorff, Mathet, Bouvry and Widlöcher (2016), Quality & Quantity 50; Krippendorff, Content Analysis, 4th edition,
section 12.6. A continuum is a text of some length; a unit is a stretch of it ``(start, end, value)``, end exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cxtext.errors import OptionError

#: a stretch of a text with its value: start, end (exclusive), value
Unit = tuple[float, float, str]
_NOTHING = 1e-9


@dataclass(frozen=True)
class UnitizingAlpha:
    """The family of alphas for units; NaN where there is none.

    Attributes
    ----------
    value : float
        u-alpha: where the units lie and which value they have.
    boundaries : float
        |u-alpha: what is a unit and what is none, whatever its value.
    coding : float
        cu-alpha: the values alone, where the coders have units both.
    codes : dict of str to float
        (k)u-alpha: the same for one value at a time.
    """

    value: float
    boundaries: float
    coding: float
    codes: dict[str, float] = field(default_factory=dict)


def unitizing_alpha(coders: Sequence[Sequence[Unit]], length: float) -> UnitizingAlpha:
    """Krippendorff's u-alpha, |u-alpha, cu-alpha and (k)u-alpha.

    With ``l_ck`` the length that one coder gives c and another k (sums over ordered pairs of coders, over m - 1), and
    ``C_c`` what units share with themselves (the sum of their squared lengths, for gaps of their lengths), what chance
    gives is ``e_ck = (l_c. l_.k - [c = k] C_c) / (l.. - sum C / l..)``, and
    ``u-alpha = 1 - (l.. - sum l_kk) / (e.. - sum e_kk)``. |u-alpha takes all values for one; cu-alpha leaves out the
    gaps; (k)u-alpha takes the column of one value of the same table.

    Parameters
    ----------
    coders : sequence of sequences of (start, end, value)
        Of each coder; the units of one coder do not overlap, in any order.
    length : float
        Of the continuum; units lie within ``[0, length]``.

    Returns
    -------
    UnitizingAlpha

    Raises
    ------
    OptionError
        There are fewer than two coders, or units overlap or lie outside the continuum.

    Examples
    --------
    >>> one = [(10, 40, "pijn"), (60, 80, "behoefte"), (100, 130, "pijn")]
    >>> other = [(12, 44, "pijn"), (60, 78, "pijn"), (103, 130, "pijn"), (150, 160, "behoefte")]
    >>> alpha = unitizing_alpha([one, other], 200)
    >>> round(alpha.value, 5), round(alpha.boundaries, 5), round(alpha.coding, 5)
    (0.64783, 0.79034, 0.05597)
    """
    if len(coders) < 2:
        msg = f"Agreement on units needs at least two coders, and got {len(coders)}."
        raise OptionError(msg)
    layers = [_in_order(units, length) for units in coders]
    values = sorted({value for _, _, names in layers for value in names})
    number = {value: k for k, value in enumerate(values, 1)}  # 0 is a gap
    kinds = [np.array([number[value] for value in names], dtype=int) for _, _, names in layers]
    edges = np.unique(
        np.concatenate([[0, length], *(places for starts, ends, _ in layers for places in (starts, ends))])
    )
    sizes = np.diff(edges)
    given = np.zeros((len(layers), len(sizes)), dtype=int)
    for coder, (starts, ends, _) in enumerate(layers):
        if len(starts):
            unit = np.searchsorted(starts, edges[:-1], side="right") - 1
            given[coder] = np.where((unit >= 0) & (edges[:-1] < ends[unit]), kinds[coder][unit], 0)
    held = (given[:, None] == np.arange(1 + len(values))[:, None]).astype(float)
    gaps = held[:, 0].sum(axis=0)
    own, met = np.zeros(1 + len(values)), np.zeros(1 + len(values))
    for coder, (starts, ends, _) in enumerate(layers):
        shared = np.append(0, np.cumsum(sizes * (gaps - held[coder, 0] < len(layers) - 1)))
        both = shared[np.searchsorted(edges, ends)] - shared[np.searchsorted(edges, starts)]
        np.add.at(own, kinds[coder], (ends - starts) ** 2)
        np.add.at(met, kinds[coder], both**2)
    own[0] = gaps @ sizes
    coincidences = _coincidences(held, sizes)
    whether = _coincidences(np.stack([held[:, 0], 1 - held[:, 0]], axis=1), sizes)
    coding = coincidences[1:, 1:]
    by_chance = _by_chance(coding, met[1:])
    return UnitizingAlpha(
        _alpha(coincidences, _by_chance(coincidences, own)),
        _alpha(whether, _by_chance(whether, np.array([own[0], own[1:].sum()]))),
        _alpha(coding, by_chance),
        {value: _alpha(coding[:, [k]], by_chance[:, [k]], k) for k, value in enumerate(values)},
    )


def _in_order(units: Sequence[Unit], length: float) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Starts, ends and values of the units of one coder."""
    ordered = sorted(units)
    starts, ends = np.array([(start, end) for start, end, _ in ordered], dtype=float).reshape(-1, 2).T
    fits = (np.append(0, ends)[:-1] <= starts) & (starts < ends) & (ends <= length)
    if not fits.all():
        start, end, value = ordered[int(np.argmin(fits))]
        msg = (
            f"The unit {start:g}-{end:g} ({value}) overlaps the one before it, is empty, or lies outside the "
            f"continuum of length {length:g}. Merge the units of one coder that overlap, and take one layer of "
            "codes at a time."
        )
        raise OptionError(msg)
    return starts, ends, [value for *_, value in ordered]


def _coincidences(held: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Lengths on which one coder gives c and another k, from (m, K, stretches) to (K, K)."""
    every = held.sum(axis=0)
    same = ((held * sizes) @ held.transpose(0, 2, 1)).sum(axis=0)
    return ((every * sizes) @ every.T - same) / (len(held) - 1)


def _by_chance(coincidences: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Coincidences that chance gives, from the margins and from what units share with themselves."""
    margins = coincidences.sum(axis=0)
    total = margins.sum()
    left = total - own.sum() / total if total else 0.0
    return (np.outer(margins, margins) - np.diag(own)) / left if left else np.full_like(coincidences, np.nan)


def _alpha(observed: np.ndarray, expected: np.ndarray, row: int = 0) -> float:
    """Alpha of two tables of coincidences, or of one column of them whose own row is `row`."""
    differ = observed.sum() - np.trace(observed[row:]), expected.sum() - np.trace(expected[row:])
    return float(1 - differ[0] / differ[1]) if differ[1] > _NOTHING else float("nan")
