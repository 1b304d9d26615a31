"""Whether further interviews would bring new codes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass

import numpy as np

from cxtext.errors import OptionError

_MOST_POINTS = 200


@dataclass(frozen=True)
class NewInformation:
    """The new-information threshold of Guest, Namey and Chen (2020).

    Attributes
    ----------
    base : int
        Codes of the first interviews.
    shares : tuple of float
        New codes of each run over the codes of the base; NaN where the base has none.
    saturated_at : int or None
        Interviews after which the first run stays at or below the threshold; None where none does.
    run : int
        Interviews of a run: saturation is written as ``saturated_at`` +run.
    """

    base: int
    shares: tuple[float, ...]
    saturated_at: int | None
    run: int


@dataclass(frozen=True)
class Accumulation:
    """How many codes so many interviews bring, over random orders.

    Attributes
    ----------
    interviews : array of int, shape (m,)
    mean, low, high : array of float, shape (m,)
        Mean over the orders, and the band that holds 90 % of them.
    """

    interviews: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Unseen:
    """Estimate of how many codes there are, seen and unseen (Chao2; Chao, 1987).

    Attributes
    ----------
    seen : int
        Codes found.
    once, twice : int
        Codes of one interview, and of two.
    total, corrected : float
        Chao2, NaN where no code is in exactly two interviews; and its bias-corrected form, which is always there.
    n : int
        Interviews.
    """

    seen: int
    once: int
    twice: int
    total: float
    corrected: float
    n: int


def new_information(
    interviews: Sequence[Set[Hashable]], *, base: int = 4, run: int = 2, threshold: float = 0.05, step: int = 1
) -> NewInformation:
    """Compare the codes that each next run of interviews brings with those of the first interviews.

    Parameters
    ----------
    interviews : sequence of sets
        Codes of each interview, in the order of collection.
    base, run : int
        Interviews of the base (4, 5 or 6) and of a run (2 or 3).
    threshold : float
        Share of new codes from which on a run brings new information; 0.05, or 0 to be strict.
    step : int
        Interviews from one run to the next; runs overlap where it is smaller than `run`.

    Returns
    -------
    NewInformation

    Raises
    ------
    OptionError
        A size is below 1.

    Examples
    --------
    >>> new_information([set("abc"), set("bcd"), set("ad"), set("b")], base=2, run=1).saturated_at
    2
    """
    if min(base, run, step) < 1:
        msg = f"Base, run and step are at least 1 interview, and got {base}, {run} and {step}."
        raise OptionError(msg)
    known: set[Hashable] = set().union(*interviews[:base])
    size, fresh = len(known), []
    for codes in interviews[base:]:
        fresh.append(len(codes - known))
        known |= codes
    starts = range(0, len(fresh) - run + 1, step)
    shares = tuple(sum(fresh[start : start + run]) / size if size else math.nan for start in starts)
    passed = (base + start for start, share in zip(starts, shares, strict=True) if share <= threshold)
    return NewInformation(size, shares, next(passed, None), run)


def accumulation(interviews: Sequence[Set[Hashable]], *, n_orders: int = 1000, seed: int = 0) -> Accumulation:
    """Codes found after 1, 2, ... interviews, over random orders.

    Parameters
    ----------
    interviews : sequence of sets
    n_orders : int
    seed : int

    Returns
    -------
    Accumulation
        At most 200 points, spread evenly.

    Examples
    --------
    >>> curve = accumulation([{"a"}, {"a", "b"}, {"c"}])
    >>> curve.interviews.tolist(), curve.mean.round(1).tolist()[-1], bool(1.2 < curve.mean[0] < 1.5)
    ([1, 2, 3], 3.0, True)
    """
    n = len(interviews)
    points = np.unique(np.linspace(1, n, min(n, _MOST_POINTS)).astype(int)) if n else np.empty(0, dtype=int)
    holders: dict[Hashable, list[int]] = {}
    for number, codes in enumerate(interviews):
        for code in codes:
            holders.setdefault(code, []).append(number)
    rng, members = np.random.default_rng(seed), [np.array(places) for places in holders.values()]
    found = np.zeros((n_orders, len(points)))
    for row in found:
        order = rng.permutation(n)
        first = np.sort([order[places].min() for places in members])
        row[:] = np.searchsorted(first, points)
    low, high = np.quantile(found, [0.05, 0.95], axis=0) if n else (found[0], found[0])
    return Accumulation(points, found.mean(axis=0), low, high)


def chao2(interviews: Sequence[Set[Hashable]]) -> Unseen:
    """Estimate how many codes there are from those that were found once and twice.

    S + (n - 1) / n Q1² / (2 Q2), and bias-corrected S + (n - 1) / n Q1 (Q1 - 1) / (2 (Q2 + 1)).

    Parameters
    ----------
    interviews : sequence of sets

    Returns
    -------
    Unseen
        A lower bound of the true number, which assumes that interviews are alike.

    Examples
    --------
    >>> found = chao2([{"a", "b"}, {"a", "c"}, {"a", "c"}])
    >>> found.seen, found.once, found.twice, round(found.total, 2), found.corrected
    (3, 1, 1, 3.33, 3.0)
    """
    counts: dict[Hashable, int] = {}
    for codes in interviews:
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
    n, once, twice = len(interviews), sum(c == 1 for c in counts.values()), sum(c == 2 for c in counts.values())
    weight = (n - 1) / n if n else 0.0
    total = len(counts) + weight * once**2 / (2 * twice) if twice else math.nan
    corrected = len(counts) + weight * once * (once - 1) / (2 * (twice + 1))
    return Unseen(len(counts), once, twice, total, corrected, n)


def more_interviews(unseen: Unseen, *, share: float = 0.95) -> float:
    """How many more interviews would bring a share of all codes (Chao et al., 2009; Colwell et al., 2012).

    The codes after m more interviews are S + Q0 (1 - (1 - Q1 / (n Q0 + Q1))^m), with Q0 the unseen codes.

    Parameters
    ----------
    unseen : Unseen
        From `chao2`; its bias-corrected total is used.
    share : float
        Of all codes, below 1.

    Returns
    -------
    float
        Whole interviews; 0 where there are enough, NaN where there are none to judge from. A rough figure.

    Examples
    --------
    >>> more_interviews(Unseen(seen=19, once=11, twice=2, total=46.2, corrected=35.5, n=10), share=0.8)
    14.0
    """
    hidden = unseen.corrected - unseen.seen
    wanted = share * unseen.corrected - unseen.seen
    if not unseen.n or not unseen.seen:
        return math.nan
    if wanted <= 0:
        return 0.0
    rate = unseen.once / (unseen.n * hidden + unseen.once)
    return float(math.ceil(math.log(1 - wanted / hidden) / math.log(1 - rate)))
