"""What changed between two measurements: of other people, and of the same people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtr, ndtri, stdtr, stdtrit

from cxtext.errors import OptionError
from cxtext.stats.promoters import NetPromoterScore, tickets
from cxtext.stats.shares import wilson

_EXACT = 12
_FEW_PAIRS = 30


@dataclass(frozen=True)
class Difference:
    """The second measurement less the first.

    Attributes
    ----------
    value, low, high : float
        Difference and the bounds of its interval; NaN where there is none.
    p : float
        Two-sided; NaN where there is none.
    n, n_second : int
        Respondents of the two measurements; with pairs both are the number of pairs.
    method : str
        Names of interval and test.
    """

    value: float
    low: float
    high: float
    p: float
    n: int
    n_second: int
    method: str


def nps_difference(first: NetPromoterScore, second: NetPromoterScore, *, confidence: float = 0.95) -> Difference:
    """Difference of the NPS of two independent waves (adjusted Wald; Rocks, 2016; Sauro and Lewis).

    Parameters
    ----------
    first, second : NetPromoterScore
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Difference
        In points. The value is that of the raw scores, the interval lies around that of the adjusted ones. Where all
        are promoters the test hardly ever finds anything.

    Examples
    --------
    >>> from cxtext.stats import nps
    >>> before, after = nps([9] * 54 + [7] * 36 + [3] * 30), nps([9] * 84 + [7] * 42 + [3] * 24)
    >>> found = nps_difference(before, after)
    >>> round(found.value, 1), round(found.low, 1), round(found.high, 1), round(found.p, 5)
    (20.0, 1.1, 38.3, 0.03796)
    """
    if not first.n or not second.n:
        return Difference(math.nan, math.nan, math.nan, math.nan, first.n, second.n, "adjusted Wald")
    error = math.sqrt(first.variance / (first.n + 3) + second.variance / (second.n + 3))
    centre = second.adjusted - first.adjusted
    half = float(ndtri(0.5 + confidence / 2)) * error
    return Difference(
        value=second.score - first.score,
        low=max(-200.0, centre - half),
        high=min(200.0, centre + half),
        p=2 * float(ndtr(-abs(centre / error))),
        n=first.n,
        n_second=second.n,
        method="adjusted Wald",
    )


def nps_change(
    first: Iterable[float], second: Iterable[float], *, variant: Literal["standard", "eu"] = "standard", seed: int = 0
) -> Difference:
    """Change of the NPS of the same respondents; see `mean_change`.

    Parameters
    ----------
    first, second : iterable of float
        Answers from 0 to 10 of the same respondents in the same order; NaN is no answer.
    variant : {"standard", "eu"}
    seed : int

    Returns
    -------
    Difference
        In points.

    Examples
    --------
    >>> round(nps_change([9, 8, 3, 4, 7, 10, 2, 8], [10, 9, 7, 5, 9, 9, 8, 7]).value)
    50
    """
    pairs = (100 * tickets(scores, variant=variant) for scores in (first, second))
    return mean_change(*pairs, seed=seed)


def share_difference(k: int, n: int, k_second: int, n_second: int, *, confidence: float = 0.95) -> Difference:
    """Difference of two independent shares: Newcombe's interval (1998, method 10) and the N - 1 chi-square test.

    Parameters
    ----------
    k, n, k_second, n_second : int
        Respondents who have it, and all, in the first and the second wave.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Difference

    Notes
    -----
    The test is Pearson's with (N - 1) / N (Campbell, 2007), which keeps its level in small samples.

    Examples
    --------
    >>> found = share_difference(48, 80, 56, 70)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    one, two = wilson(k, n, confidence=confidence), wilson(k_second, n_second, confidence=confidence)
    value = two.value - one.value
    total, hits = n + n_second, k + k_second
    p = math.nan
    if n and n_second:
        pooled = hits / total * (1 - hits / total) * (1 / n + 1 / n_second) * total / (total - 1)
        p = 2 * float(ndtr(-abs(value) / math.sqrt(pooled))) if pooled else 1.0
    return Difference(
        value=value,
        low=value - math.hypot(two.value - two.low, one.high - one.value),
        high=value + math.hypot(two.high - two.value, one.value - one.low),
        p=p,
        n=n,
        n_second=n_second,
        method="Newcombe, chi-square N - 1",
    )


def share_change(both: int, first_only: int, second_only: int, neither: int, *, confidence: float = 0.95) -> Difference:
    """Change of a share of the same respondents: Newcombe's paired interval (1998, method 10) and McNemar's mid-p test.

    Parameters
    ----------
    both, first_only, second_only, neither : int
        Respondents who have it in both waves, in the first only, in the second only, in neither.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Difference

    Notes
    -----
    The mid-p version of the exact test is that of Fagerland, Lydersen and Laake (2013).

    Examples
    --------
    >>> found = share_change(36, 2, 12, 0)
    >>> round(found.value, 2), round(found.low, 4), round(found.high, 4), round(found.p, 4)
    (0.2, 0.0569, 0.3404, 0.0074)
    """
    n = both + first_only + second_only + neither
    one = wilson(both + first_only, n, confidence=confidence)
    two = wilson(both + second_only, n, confidence=confidence)
    sizes = (both + first_only) * (second_only + neither) * (both + second_only) * (first_only + neither)
    cross = both * neither - first_only * second_only
    phi = (max(cross - n / 2, 0.0) if cross > 0 else cross) / math.sqrt(sizes) if sizes else 0.0
    value = (second_only - first_only) / n if n else math.nan

    def half(a: float, b: float) -> float:
        return math.sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))

    changed = first_only + second_only
    fewer = min(first_only, second_only)
    point = math.comb(changed, fewer) * 0.5**changed
    return Difference(
        value=value,
        low=value - half(two.value - two.low, one.high - one.value),
        high=value + half(two.high - two.value, one.value - one.low),
        p=(min(1.0, 2 * float(bdtr(fewer, changed, 0.5)) - point) if changed else 1.0) if n else math.nan,
        n=n,
        n_second=n,
        method="Newcombe paired, McNemar mid-p",
    )


def mean_difference(first: Iterable[float], second: Iterable[float], *, confidence: float = 0.95) -> Difference:
    """Difference of two independent means (Welch's t): one value a respondent.

    Parameters
    ----------
    first, second : iterable of float
        NaN is left out.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Difference
        Without bounds where a wave has fewer than two values, or all values of each wave are equal.

    Examples
    --------
    >>> found = mean_difference([1, 2, 3, 4], [3, 4, 5, 8])
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2), round(found.p, 3)
    (2.5, -0.75, 5.75, 0.105)
    """
    one, two = _known(first), _known(second)
    value = float(two.mean() - one.mean()) if one.size and two.size else math.nan
    parts = [float(part.var(ddof=1)) / part.size if part.size > 1 else math.nan for part in (one, two)]
    error = math.sqrt(sum(parts))
    if not error > 0:
        return Difference(value, math.nan, math.nan, math.nan, one.size, two.size, "Welch")
    degrees = sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, (one.size, two.size), strict=True))
    half = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    p = 2 * float(stdtr(degrees, -abs(value) / error))
    return Difference(value, value - half, value + half, p, one.size, two.size, "Welch")


def largest_difference(groups: Iterable[ArrayLike], *, confidence: float = 0.95) -> Difference:
    """Difference of the lowest and the highest of several means, reckoned with that they were chosen for it.

    Parameters
    ----------
    groups : iterable of array_like
        Two or more, one value a respondent.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Difference
        Welch's t with the bounds and p of Bonferroni over all pairs of groups.

    Examples
    --------
    >>> found = largest_difference([[1, 2, 3, 4], [2, 3, 4, 4], [3, 4, 5, 8]])
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2), round(found.p, 3)
    (2.5, -1.99, 6.99, 0.314)
    """
    ordered = sorted((np.asarray(group, dtype=float) for group in groups), key=lambda group: float(group.mean()))
    pairs = math.comb(len(ordered), 2)
    found = mean_difference(ordered[0], ordered[-1], confidence=1 - (1 - confidence) / pairs)
    return replace(found, p=min(found.p * pairs, 1.0))


def mean_change(
    first: Iterable[float], second: Iterable[float], *, confidence: float = 0.95, seed: int = 0
) -> Difference:
    """Mean change of the same respondents: t-interval, and below 30 pairs a sign-flip permutation test.

    Parameters
    ----------
    first, second : iterable of float
        One value a respondent, in the same order; pairs with a NaN are left out.
    confidence : float
        Between 0 and 1.
    seed : int
        Of the permutations, which are all of them up to 12 pairs and 9,999 drawn ones above.

    Returns
    -------
    Difference
        Without bounds with fewer than two pairs, or where all changed equally.

    Raises
    ------
    OptionError
        The two are not equally long.

    Examples
    --------
    >>> found = mean_change([1, 0, -1, -1, 0, 1, -1, 0], [1, 1, 0, -1, 1, 1, 0, 0])
    >>> found.value, round(found.low, 3), round(found.high, 3), found.p
    (0.5, 0.053, 0.947, 0.125)
    """
    one, two = (np.asarray(list(values), dtype=float) for values in (first, second))
    if one.size != two.size:
        msg = f"Pairs need as many first as second values, and got {one.size} and {two.size}. Match them by respondent."
        raise OptionError(msg)
    change = _known(two - one)
    n = int(change.size)
    if n < 2 or not change.std():
        same = n > 1 and not change.any()
        value = float(change.mean()) if n else math.nan
        return Difference(value, math.nan, math.nan, 1.0 if same else math.nan, n, n, "paired t")
    value, error = float(change.mean()), float(change.std(ddof=1)) / math.sqrt(n)
    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * error
    if n < _FEW_PAIRS:
        return Difference(value, value - half, value + half, _sign_flip(change, seed), n, n, "paired t, sign-flip test")
    p = 2 * float(stdtr(n - 1, -abs(value) / error))
    return Difference(value, value - half, value + half, p, n, n, "paired t")


def holm(p: Sequence[float]) -> list[float]:
    """Adjust p-values for their number (Holm, 1979).

    Parameters
    ----------
    p : sequence of float
        NaN is no test: it stays NaN and does not count.

    Returns
    -------
    list of float
        In the same order, none below its own.

    Examples
    --------
    >>> [round(value, 3) for value in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, dtype=float)
    order = [int(place) for place in np.argsort(values, kind="stable") if not np.isnan(values[place])]
    adjusted, highest = np.full(values.size, np.nan), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * values[place]))
        adjusted[place] = highest
    return adjusted.tolist()


def required_n(variance: float, difference: float, *, power: float = 0.8, confidence: float = 0.95) -> int:
    """How many respondents each of two independent waves needs to find a difference of means, shares or NPS.

    2 variance (z_confidence + z_power)^2 / difference^2.

    Parameters
    ----------
    variance : float
        Of one answer, in the unit of `difference` squared: `NetPromoterScore.variance`, or p (1 - p) for a share.
    difference : float
        The one to find; not 0.
    power, confidence : float
        Between 0 and 1.

    Returns
    -------
    int
        Per wave, rounded up.

    Raises
    ------
    OptionError
        The difference is 0.

    Examples
    --------
    >>> required_n(6100, 10), required_n(6100, 20)
    (958, 240)
    """
    if not difference:
        msg = "No number of respondents is enough to find a difference of 0. Give the smallest one that matters."
        raise OptionError(msg)
    z = float(ndtri(0.5 + confidence / 2) + ndtri(power))
    return math.ceil(round(2 * variance * z * z / difference**2, 6))


def _known(values: Iterable[float]) -> np.ndarray:
    kept = np.asarray(list(values), dtype=float)
    return kept[~np.isnan(kept)]


def _sign_flip(change: np.ndarray, seed: int) -> float:
    """Two-sided p of the mean, had each change been as likely upwards as downwards."""
    moved = np.abs(change[change != 0])
    observed = abs(change.sum()) - 1e-9
    if moved.size <= _EXACT:
        signs = 1 - 2 * ((np.arange(2**moved.size)[:, None] >> np.arange(moved.size)) & 1)
        return float((np.abs(signs @ moved) >= observed).mean())
    signs = 1 - 2 * np.random.default_rng(seed).integers(0, 2, (9_999, moved.size))
    return float((1 + (np.abs(signs @ moved) >= observed).sum()) / 10_000)
