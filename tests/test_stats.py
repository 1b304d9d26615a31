"""Intervals, NPS and wordings of shares against worked examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.errors import OptionError
from cxtext.stats import mean_interval, npmi, nps, share_text, wilson


def answers(promoters: int, detractors: int, n: int) -> list[int]:
    """Scores of `n` people with so many promoters and detractors."""
    return [9] * promoters + [4] * detractors + [7] * (n - promoters - detractors)


def test_wilson_vector() -> None:
    """7 of 12 has the published Wilson bounds."""
    share = wilson(7, 12)
    assert share.value == pytest.approx(7 / 12)
    assert (share.low, share.high) == pytest.approx((0.320, 0.807), abs=5e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share(pair: tuple[int, int]) -> None:
    """The interval lies in [0, 1] and holds the share, also at 0 of n and n of n."""
    share = wilson(*pair)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_wilson_of_nothing_and_of_too_many() -> None:
    """Nobody asked gives no number; more than all is refused."""
    assert math.isnan(wilson(0, 0).value)
    assert math.isnan(wilson(0, 0).low)
    with pytest.raises(OptionError, match="k = 3 of n = 2"):
        wilson(3, 2)


def test_mean_interval_vector() -> None:
    """The t-interval of 1, 2, 3 is 2 plus or minus 4.3027 / sqrt(3)."""
    estimate = mean_interval([1, 2, 3, math.nan])
    assert estimate.n == 3
    assert (estimate.low, estimate.high) == pytest.approx((2 - 2.48414, 2 + 2.48414), abs=1e-5)


def test_mean_interval_of_one_and_none() -> None:
    """One respondent gives a mean without bounds, none gives nothing."""
    one = mean_interval([1.5])
    assert one.value == 1.5
    assert math.isnan(one.low)
    assert math.isnan(one.high)
    assert math.isnan(mean_interval([]).value)


@pytest.mark.parametrize(
    ("counts", "score", "adjusted", "low", "high"),
    [((30, 10, 60), 33.333, 31.746, 13.30, 50.19), ((8, 3, 15), 33.333, 27.78, -8.52, 64.07)],
)
def test_nps_vectors(counts: tuple[int, int, int], score: float, adjusted: float, low: float, high: float) -> None:
    """Raw score and adjusted Wald interval match the worked examples."""
    result = nps(answers(*counts))
    assert (result.promoters, result.detractors, result.n) == counts
    assert result.score == pytest.approx(score, abs=1e-3)
    assert (result.adjusted, result.low, result.high) == pytest.approx((adjusted, low, high), abs=6e-3)


def test_nps_stays_on_the_scale() -> None:
    """Three promoters do not give an interval beyond 100."""
    assert nps([10, 10, 9]).high == 100
    assert math.isnan(nps([]).score)
    assert nps([math.nan, 9]).n == 1


@pytest.mark.parametrize("wrong", [99, 11, -1, 7.5])
def test_nps_refuses_other_scales(wrong: float) -> None:
    """A code for "don't know" or a mark of another scale is refused by name."""
    with pytest.raises(OptionError, match=f"score of {wrong:g} is no answer"):
        nps([9, wrong])


def test_npmi_vector() -> None:
    """The mean over pairs of (wacht, bel, lang) in the five example documents is .4179; never together is -1."""
    documents = [{"wacht", "bel"}, {"wacht", "bel", "lang"}, {"site", "log"}, {"site", "log", "traag"}, {"bel", "lang"}]

    def mean(*terms: str) -> float:
        def share(*some: str) -> float:
            return sum(set(some) <= document for document in documents) / len(documents)

        pairs = [(a, b) for i, a in enumerate(terms) for b in terms[i + 1 :]]
        return sum(npmi(share(a, b), share(a), share(b)) for a, b in pairs) / len(pairs)

    assert mean("wacht", "bel", "lang") == pytest.approx(0.4179, abs=1e-4)
    assert mean("site", "log", "traag") == pytest.approx(0.7129, abs=1e-4)
    assert mean("wacht", "site", "log") == pytest.approx((-1 - 1 + 1) / 3)


@pytest.mark.parametrize(
    ("k", "n", "language", "text"),
    [
        (7, 12, "nl", "7 van 12 respondenten (58%)"),
        (7, 9, "nl", "7 van 9 respondenten"),
        (7, 12, "en", "7 of 12 respondents (58%)"),
        (1, 1, "en", "1 of 1 respondent"),
        (0, 0, "nl", "0 van 0 respondenten"),
    ],
)
def test_share_text(k: int, n: int, language: str, text: str) -> None:
    """A percentage is added from ten respondents on, never below."""
    assert share_text(k, n, language) == text


def test_share_text_in_another_language() -> None:
    """An unknown report language is refused and the known ones named."""
    with pytest.raises(OptionError, match=r"'fr'.*nl, en"):
        share_text(1, 2, "fr")
