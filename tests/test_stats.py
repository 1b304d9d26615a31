"""Intervals, NPS and wordings of shares against worked examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.errors import OptionError
from cxtext.stats import (
    ces,
    corrected_share,
    csat,
    jeffreys,
    lift,
    mean_interval,
    npmi,
    nps,
    share_text,
    wilson,
)


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


def test_jeffreys_vector_and_edges() -> None:
    """7 of 12 has the published bounds; nothing and everything reach the ends; shares of fewer units are allowed."""
    share = jeffreys(7, 12)
    assert (share.low, share.high) == pytest.approx((0.312, 0.820), abs=5e-4)
    assert (jeffreys(0, 9).low, jeffreys(9, 9).high) == (0.0, 1.0)
    assert math.isnan(jeffreys(0, 0).value)
    assert jeffreys(2.5, 5).value == 0.5
    with pytest.raises(OptionError, match="k = 3 of n = 2"):
        jeffreys(3, 2)


def test_corrected_share_vector() -> None:
    """A classifier's share is corrected for what it misses and finds too much; one that guesses says nothing."""
    assert corrected_share(0.30, sensitivity=0.8, specificity=0.9) == pytest.approx(0.2857, abs=1e-4)
    assert corrected_share(0.01, sensitivity=0.8, specificity=0.9) == 0.0
    assert math.isnan(corrected_share(0.3, sensitivity=0.5, specificity=0.5))


def test_lift_interval_holds_the_truth() -> None:
    """In samples of unrelated codes the interval of the lift holds 1 about as often as it should."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        a, b = rng.random((2, 150)) < 0.4
        found = lift(int((a & b).sum()), int(a.sum()), int(b.sum()), 150)
        held += found.low <= 1 <= found.high
    assert 0.91 <= held / 400 <= 0.985
    assert math.isnan(lift(0, 0, 5, 10).value)
    assert lift(0, 3, 5, 10).value == 0.0


def test_european_nps_is_another_figure() -> None:
    """The European variant takes an 8 for a promoter and a 6 for a passive; any other name is refused."""
    scores = [10, 9, 8, 7, 6, 5]
    standard, eu = nps(scores), nps(scores, variant="eu")
    assert (standard.promoters, standard.passives, standard.detractors) == (2, 2, 2)
    assert (eu.promoters, eu.passives, eu.detractors) == (3, 2, 1)
    assert eu.variant == "eu"
    with pytest.raises(OptionError, match=r"'dutch'.*standard, eu"):
        nps(scores, variant="dutch")  # type: ignore[arg-type]


def test_csat_and_ces_need_their_scale_and_direction() -> None:
    """CSAT counts the two best answers, CES those on the easy side; an answer off the scale is refused."""
    found = csat([5, 4, 3, 2, 1, math.nan])
    assert (found.k, found.n) == (2, 5)
    assert found.favourable == wilson(2, 5)
    assert (ces([5, 6, 7, 4], high_is_easy=True).k, ces([1, 2, 3, 4, 5], high_is_easy=False, scale=(1, 5)).k) == (3, 2)
    with pytest.raises(OptionError, match="99 is not on the scale from 1 to 7"):
        ces([99], high_is_easy=True)
