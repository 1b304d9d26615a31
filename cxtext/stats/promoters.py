"""The net promoter score."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from cxtext.errors import OptionError

#: lowest answer of a promoter and of a passive
CUTS: dict[str, tuple[int, int]] = {"standard": (9, 7), "eu": (8, 6)}


@dataclass(frozen=True)
class NetPromoterScore:
    """A net promoter score with its parts.

    Attributes
    ----------
    score : float
        The raw score, 100 (promoters - detractors) / n; NaN where n is 0.
    low, high : float
        Bounds of the adjusted Wald interval, within [-100, 100]; NaN where n is 0.
    adjusted : float
        Centre of that interval; not for reporting.
    n, promoters, passives, detractors : int
        Answers, and how many of each kind.
    method : str
        Name of the interval.
    variant : {"standard", "eu"}
        Promoters give 9-10 and detractors 0-6, or 8-10 and 0-5.
    """

    score: float
    low: float
    high: float
    adjusted: float
    n: int
    promoters: int
    passives: int
    detractors: int
    method: str = "adjusted Wald"
    variant: Literal["standard", "eu"] = "standard"

    @property
    def variance(self) -> float:
        """Variance of one answer, in squared points, of the adjusted shares (three answers added)."""
        up, down = (self.promoters + 0.75) / (self.n + 3), (self.detractors + 0.75) / (self.n + 3)
        return 1e4 * (up + down - (up - down) ** 2)


def tickets(scores: Iterable[float], *, variant: Literal["standard", "eu"] = "standard") -> np.ndarray:
    """Answers to the NPS question as +1 (promoter), 0 (passive), -1 (detractor); NaN is no answer.

    Parameters
    ----------
    scores : iterable of float
        Whole numbers from 0 to 10; NaN is no answer.
    variant : {"standard", "eu"}
        Promoters give 9-10 and detractors 0-6; or, as European countries, where an 8 is good, 8-10 and 0-5.

    Returns
    -------
    array of float, shape (n,)

    Raises
    ------
    OptionError
        A score is no whole number from 0 to 10, or there is no such variant.

    Examples
    --------
    >>> tickets([10, 8, 6]).tolist(), tickets([10, 8, 6], variant="eu").tolist()
    ([1.0, 0.0, -1.0], [1.0, 1.0, 0.0])
    """
    if variant not in CUTS:
        msg = f"There is no NPS variant {variant!r}. Choose one of: {', '.join(CUTS)}."
        raise OptionError(msg)
    values = np.asarray(scores if isinstance(scores, np.ndarray) else list(scores), dtype=float)
    wrong = values[(values < 0) | (values > 10) | ((values != np.round(values)) & ~np.isnan(values))]
    if wrong.size:
        msg = (
            f"A score of {wrong[0]:g} is no answer to the NPS question, which goes from 0 to 10 in whole numbers. "
            "Leave out codes for 'don't know' such as 99, and recode other scales."
        )
        raise OptionError(msg)
    promoter, passive = CUTS[variant]
    return np.where(np.isnan(values), np.nan, (values >= promoter).astype(float) - (values < passive))


def nps(
    scores: Iterable[float], *, confidence: float = 0.95, variant: Literal["standard", "eu"] = "standard"
) -> NetPromoterScore:
    """Net promoter score with the adjusted Wald interval (Rocks, 2016): three answers are added, 3/4 + 3/2 + 3/4.

    Parameters
    ----------
    scores : iterable of float
        Whole numbers from 0 to 10; NaN is no answer.
    confidence : float
        Between 0 and 1.
    variant : {"standard", "eu"}
        See `tickets`. The European one is a second figure beside the standard one, never in its place.

    Returns
    -------
    NetPromoterScore
        The raw score with the interval around the adjusted one.

    Raises
    ------
    OptionError
        A score is no whole number from 0 to 10, or there is no such variant.

    Examples
    --------
    >>> result = nps([9] * 30 + [8] * 20 + [3] * 10)
    >>> round(result.score, 2), round(result.low, 2), round(result.high, 2)
    (33.33, 13.3, 50.19)
    """
    kind = tickets(scores, variant=variant)
    kind = kind[~np.isnan(kind)]
    n, promoters, detractors = int(kind.size), int((kind > 0).sum()), int((kind < 0).sum())
    if n == 0:
        return NetPromoterScore(math.nan, math.nan, math.nan, math.nan, 0, 0, 0, 0, variant=variant)
    up, down = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    adjusted = up - down
    half = float(ndtri(0.5 + confidence / 2)) * math.sqrt((up + down - adjusted**2) / (n + 3))
    return NetPromoterScore(
        score=100 * (promoters - detractors) / n,
        low=max(-100.0, 100 * (adjusted - half)),
        high=min(100.0, 100 * (adjusted + half)),
        adjusted=100 * adjusted,
        n=n,
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
        variant=variant,
    )
