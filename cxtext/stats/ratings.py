"""Customer satisfaction (CSAT) and customer effort (CES)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cxtext.errors import OptionError
from cxtext.stats.shares import Estimate, mean_interval, wilson


@dataclass(frozen=True)
class Rating:
    """Answers on a scale, as a mean and as a share.

    Attributes
    ----------
    mean : Estimate
        With its t-interval.
    favourable : Estimate
        Share of favourable answers, with its Wilson interval.
    k, n : int
        Favourable answers, and all.
    """

    mean: Estimate
    favourable: Estimate
    k: int
    n: int


def csat(scores: Iterable[float], *, scale: tuple[int, int] = (1, 5), top: int = 2) -> Rating:
    """Customer satisfaction: the share that chose one of the `top` best answers.

    Parameters
    ----------
    scores : iterable of float
        NaN is no answer.
    scale : tuple of int
        Worst and best answer.
    top : int
        How many of the best answers are favourable.

    Returns
    -------
    Rating

    Raises
    ------
    OptionError
        A score is outside the scale.

    Examples
    --------
    >>> found = csat([5, 4, 4, 3, 1])
    >>> found.k, found.n, round(found.favourable.low, 2), round(found.favourable.high, 2)
    (3, 5, 0.23, 0.88)
    """
    values = _within(scores, scale)
    return _rating(values, values > scale[1] - top)


def ces(scores: Iterable[float], *, high_is_easy: bool, scale: tuple[int, int] = (1, 7)) -> Rating:
    """Customer effort. Its two versions point opposite ways, so the direction has to be said.

    Parameters
    ----------
    scores : iterable of float
        NaN is no answer.
    high_is_easy : bool
        True for version 2.0 ("they made it easy for me", 1-7, agree), false for version 1.0 ("how much effort did it
        take", 1-5).
    scale : tuple of int
        Lowest and highest answer.

    Returns
    -------
    Rating
        Favourable are the answers on the easy side of the middle of the scale: 5-7 on 1-7, and 1-2 on 1-5 of effort.

    Raises
    ------
    OptionError
        A score is outside the scale.

    Examples
    --------
    >>> ces([7, 6, 4, 2], high_is_easy=True).k, ces([1, 2, 3, 5], high_is_easy=False, scale=(1, 5)).k
    (2, 2)
    """
    values = _within(scores, scale)
    middle = sum(scale) / 2
    return _rating(values, values > middle if high_is_easy else values < middle)


def _within(scores: Iterable[float], scale: tuple[int, int]) -> np.ndarray:
    values = np.asarray(list(scores), dtype=float)
    values = values[~np.isnan(values)]
    wrong = values[(values < scale[0]) | (values > scale[1])]
    if wrong.size:
        msg = (
            f"A score of {wrong[0]:g} is not on the scale from {scale[0]} to {scale[1]}. Give the scale that was "
            "asked, and leave out codes for 'don't know' such as 99."
        )
        raise OptionError(msg)
    return values


def _rating(values: np.ndarray, favourable: np.ndarray) -> Rating:
    k, n = int(favourable.sum()), int(values.size)
    return Rating(mean_interval(values), wilson(k, n), k, n)
