"""Shares and means of respondents with their intervals, and how a share is worded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtri, stdtrit

from cxtext.errors import OptionError

#: A percentage of fewer respondents than this is not printed.
MIN_PERCENTAGE = 10

_RESPONDENTS = {"nl": ("respondent", "respondenten", "van"), "en": ("respondent", "respondents", "of")}
_INTERVAL = {"nl": "95%-interval {low:.0f} tot {high:.0f}%", "en": "95% interval {low:.0f} to {high:.0f}%"}


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


def jeffreys(k: float, n: float, *, confidence: float = 0.95) -> Estimate:
    """Share `k` of `n` with the interval of Jeffreys: quantiles of Beta(k + 1/2, n - k + 1/2).

    Parameters
    ----------
    k, n : float
        Units that have it, and that could have had it; need not be whole, so that a share may rest on fewer units
        than it was counted in.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        All NaN where `n` is 0; the lower bound is 0 where `k` is 0, the upper one 1 where it is `n` (Brown, Cai and
        DasGupta, 2001).

    Raises
    ------
    OptionError
        `k` is not between 0 and `n`.

    Examples
    --------
    >>> share = jeffreys(7, 12)
    >>> round(share.low, 3), round(share.high, 3)
    (0.312, 0.82)
    """
    if not 0 <= k <= n:
        msg = f"A share needs 0 <= k <= n, and got k = {k} of n = {n}. Count respondents once each."
        raise OptionError(msg)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0, "Jeffreys")
    low, high = (float(betaincinv(k + 0.5, n - k + 0.5, q)) for q in (0.5 - confidence / 2, 0.5 + confidence / 2))
    return Estimate(k / n, 0.0 if k == 0 else low, 1.0 if k == n else high, int(n), "Jeffreys")


def corrected_share(observed: float, *, sensitivity: float, specificity: float) -> float:
    """Share of units that truly have a code, from the share a classifier found (Rogan and Gladen, 1978).

    Parameters
    ----------
    observed : float
        Share that the classifier gave the code.
    sensitivity, specificity : float
        Share found of those that have it, and passed over of those that do not.

    Returns
    -------
    float
        ``(observed + specificity - 1) / (sensitivity + specificity - 1)``, within [0, 1]; NaN where the classifier
        does no better than chance, so that nothing can be said.

    Examples
    --------
    >>> round(corrected_share(0.30, sensitivity=0.8, specificity=0.9), 4)
    0.2857
    """
    gain = sensitivity + specificity - 1
    return min(1.0, max(0.0, (observed + specificity - 1) / gain)) if gain > 0 else math.nan


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


def lift(both: int, left: int, right: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """How much more often two codes go together in a respondent than if they had nothing to do with each other.

    P(a and b) / (P(a) P(b)), with the delta-method interval of its logarithm: the variance is
    (1 / p_ab - 1 / p_a - 1 / p_b + 2 lift - 1) / n.

    Parameters
    ----------
    both, left, right, n : int
        Respondents with both, with the one, with the other, and all.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        1 where they are unrelated; NaN where one of them does not occur; 0 without bounds where they never meet.

    Examples
    --------
    >>> found = lift(15, 20, 30, 100)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (2.5, 1.85, 3.37)
    """
    if not left or not right:
        return Estimate(math.nan, math.nan, math.nan, n, "delta")
    value = both * n / (left * right)
    if not both:
        return Estimate(0.0, math.nan, math.nan, n, "delta")
    variance = max(0.0, 1 / both - 1 / left - 1 / right + (2 * value - 1) / n)
    factor = math.exp(float(ndtri(0.5 + confidence / 2)) * math.sqrt(variance))
    return Estimate(value, value / factor, value * factor, n, "delta")


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
    return f"{text} ({percentage(k, n)}%)" if not isinstance(k, str) and n >= MIN_PERCENTAGE else text


def share_interval(k: int, n: int, language: str = "nl") -> str:
    """Word the Wilson interval of a share of respondents; ``""`` where `n` is below `MIN_PERCENTAGE`.

    Parameters
    ----------
    k, n : int
        Respondents who have it, and all of them.
    language : {"nl", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> share_interval(7, 12), share_interval(2, 5, "en")
    ('95%-interval 32 tot 81%', '')
    """
    if n < MIN_PERCENTAGE:
        return ""
    found = wilson(k, n)
    return _INTERVAL[language].format(low=100 * found.low, high=100 * found.high)


def percentage(k: float, n: float) -> str:
    """Write a share as a whole percentage, in which some are never none, and not all never all.

    Parameters
    ----------
    k, n : float
        Of `n`, which is not 0.

    Returns
    -------
    str
        Without the sign.

    Examples
    --------
    >>> percentage(1, 300), percentage(299, 300), percentage(0, 300), percentage(150, 300)
    ('<1', '>99', '0', '50')
    """
    share = round(100 * k / n)
    return "<1" if k > 0 and not share else ">99" if k < n and share == 100 else str(share)
