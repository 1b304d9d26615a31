"""Small pure functions for small samples: intervals for shares and means, NPS, and how a share is worded.

Every function states its formula; nothing here knows about tables, codes or reports.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from cxtext.errors import OptionError

#: A percentage of fewer respondents than this is not printed.
MIN_PERCENTAGE = 10

_RESPONDENTS = {"nl": ("respondent", "respondenten", "van"), "en": ("respondent", "respondents", "of")}


@dataclass(frozen=True)
class Estimate:
    """A number with its interval.

    Attributes
    ----------
    value : float
        The estimate; NaN where there is nothing to estimate from.
    low, high : float
        Bounds of the interval; NaN where there is none.
    n : int
        How many units (respondents) it rests on.
    method : str
        Name of the interval.
    """

    value: float
    low: float
    high: float
    n: int
    method: str


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
        Answers of 0-10, of 9-10, of 7-8 and of 0-6.
    method : str
        Name of the interval.
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


def wilson(k: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """Share `k` of `n` with the interval of Wilson (1927).

    Parameters
    ----------
    k : int
        Units that have it.
    n : int
        Units that could have had it.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        All NaN where `n` is 0.

    Raises
    ------
    OptionError
        `k` is not between 0 and `n`.

    Examples
    --------
    >>> share = wilson(7, 12)
    >>> round(share.low, 3), round(share.high, 3)
    (0.32, 0.807)
    """
    if not 0 <= k <= n:
        msg = f"A share needs 0 <= k <= n, and got k = {k} of n = {n}. Count respondents once each."
        raise OptionError(msg)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0, "Wilson")
    z = float(ndtri(0.5 + confidence / 2))
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(
        value=p,
        low=0.0 if k == 0 else centre - half,
        high=1.0 if k == n else centre + half,
        n=n,
        method="Wilson",
    )


def newcombe(first: Estimate, second: Estimate) -> Estimate:
    """Difference of two independent shares, with the hybrid score interval (Newcombe, 1998, method 10).

    Parameters
    ----------
    first, second : Estimate
        Of `wilson`; the difference is the first minus the second.

    Returns
    -------
    Estimate
        All NaN where one of them rests on nothing.

    Examples
    --------
    >>> difference = newcombe(wilson(56, 70), wilson(48, 80))
    >>> round(difference.value, 4), round(difference.low, 4), round(difference.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    value = first.value - second.value
    return Estimate(
        value=value,
        low=value - math.hypot(first.value - first.low, second.high - second.value),
        high=value + math.hypot(first.high - first.value, second.value - second.low),
        n=first.n + second.n,
        method="Newcombe",
    )


def mean_interval(values: Sequence[float] | np.ndarray, *, confidence: float = 0.95) -> Estimate:
    """Mean of one value per respondent, with Student's t-interval.

    Parameters
    ----------
    values : sequence of float
        One a respondent; NaN is left out.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        Bounds are NaN where fewer than two values remain, the value too where there is none.

    Examples
    --------
    >>> mean_interval([1.0, 2.0, 3.0])
    Estimate(value=2.0, low=-0.484..., high=4.484..., n=3, method='t')
    """
    kept = np.asarray(values, dtype=float)
    kept = kept[~np.isnan(kept)]
    n = int(kept.size)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0, "t")
    mean = float(kept.mean())
    if n == 1:
        return Estimate(mean, math.nan, math.nan, 1, "t")
    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * float(kept.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half, n, "t")


def nps(scores: Iterable[float], *, confidence: float = 0.95) -> NetPromoterScore:
    """Net promoter score with the adjusted Wald interval (Rocks, 2016): three answers are added, 3/4 + 3/2 + 3/4.

    Parameters
    ----------
    scores : iterable of float
        Whole numbers from 0 to 10; NaN is no answer.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    NetPromoterScore
        The raw score with the interval around the adjusted one.

    Raises
    ------
    OptionError
        A score is no whole number from 0 to 10.

    Examples
    --------
    >>> result = nps([9] * 30 + [8] * 20 + [3] * 10)
    >>> round(result.score, 2), round(result.low, 2), round(result.high, 2)
    (33.33, 13.3, 50.19)
    """
    values = np.asarray(list(scores), dtype=float)
    values = values[~np.isnan(values)]
    wrong = values[(values < 0) | (values > 10) | (values != np.round(values))]
    if wrong.size:
        msg = (
            f"A score of {wrong[0]:g} is no answer to the NPS question, which goes from 0 to 10 in whole numbers. "
            "Leave out codes for 'don't know' such as 99, and recode other scales."
        )
        raise OptionError(msg)
    n, promoters, detractors = int(values.size), int((values >= 9).sum()), int((values <= 6).sum())
    if n == 0:
        return NetPromoterScore(math.nan, math.nan, math.nan, math.nan, 0, 0, 0, 0)
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
    )


def npmi(joint: float, left: float, right: float) -> float:
    """Normalised pointwise mutual information of two events, from -1 (never together) to 1 (always).

    Parameters
    ----------
    joint, left, right : float
        Probability of both, of the one and of the other.

    Returns
    -------
    float

    Examples
    --------
    >>> npmi(0.5, 0.5, 0.5), npmi(0.0, 0.5, 0.5), npmi(0.25, 0.5, 0.5)
    (1.0, -1.0, 0.0)
    """
    if joint <= 0:
        return -1.0
    return 1.0 if joint >= 1 else math.log(joint / (left * right)) / -math.log(joint)


def share_text(k: int | str, n: int | str, language: str = "nl") -> str:
    """Word a share of respondents; a percentage only where `n` is at least `MIN_PERCENTAGE`.

    Parameters
    ----------
    k, n : int or str
        Respondents who have it, and all of them; a text where the number is withheld.
    language : {"nl", "en"}

    Returns
    -------
    str

    Raises
    ------
    OptionError
        Another language.

    Examples
    --------
    >>> share_text(7, 12), share_text(2, 5, "en"), share_text("<5", 12), share_text("<5", "<5")
    ('7 van 12 respondenten (58%)', '2 of 5 respondents', '<5 van 12 respondenten', '<5 respondenten')
    """
    if language not in _RESPONDENTS:
        msg = f"There are no report texts in language {language!r}. Choose one of: {', '.join(_RESPONDENTS)}."
        raise OptionError(msg)
    one, many, of = _RESPONDENTS[language]
    if isinstance(n, str):
        return f"{k} {many}"
    text = f"{k} {of} {n} {one if n == 1 else many}"
    return f"{text} ({100 * k / n:.0f}%)" if not isinstance(k, str) and n >= MIN_PERCENTAGE else text
