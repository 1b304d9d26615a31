"""Differences between waves against worked examples, and how often their tests cry wolf."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from cxtext.errors import OptionError
from cxtext.stats import (
    holm,
    mean_change,
    mean_difference,
    nps,
    nps_change,
    nps_difference,
    required_n,
    share_change,
    share_difference,
)


def answers(promoters: int, detractors: int, n: int) -> list[int]:
    """Scores of `n` people with so many promoters and detractors."""
    return [9] * promoters + [4] * detractors + [7] * (n - promoters - detractors)


def test_nps_difference_vector() -> None:
    """Two published waves: the adjusted difference, z and p."""
    found = nps_difference(nps(answers(54, 30, 120)), nps(answers(84, 24, 150)))
    assert found.value == pytest.approx(20)
    assert (found.low + found.high) / 2 == pytest.approx(19.70, abs=0.005)
    assert norm.isf(found.p / 2) == pytest.approx(2.0753, abs=1e-4)
    assert found.p == pytest.approx(0.03796, abs=1e-5)


@pytest.mark.parametrize(("n", "level"), [(10, 0.037), (20, 0.045)])
def test_nps_difference_keeps_its_level(n: int, level: float) -> None:
    """Where nothing changed, it finds a change about as often as published for such small waves."""
    rng = np.random.default_rng(n)
    kinds = rng.choice([9, 7, 4], p=[0.5, 0.3, 0.2], size=(1500, 2, n))
    found = np.mean([nps_difference(nps(one), nps(two)).p < 0.05 for one, two in kinds])
    assert found == pytest.approx(level, abs=0.02)


def test_paired_nps_vector() -> None:
    """The same eight people: +50 points with the published standard error, and all sign flips counted."""
    score = {1: 10, 0: 8, -1: 3}
    first = [score[t] for t in (1, 0, -1, -1, 0, 1, -1, 0)]
    second = [score[t] for t in (1, 1, 0, -1, 1, 1, 0, 0)]
    found = nps_change(first, second)
    assert found.value == pytest.approx(50)
    assert (found.high - found.low) / 2 / 2.364624 == pytest.approx(18.898, abs=1e-3)
    assert found.p == pytest.approx(2 / 16)


def test_newcombe_vectors() -> None:
    """The intervals of Newcombe's own examples (1998), independent and paired."""
    apart = share_difference(48, 80, 56, 70)
    assert (apart.low, apart.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    same = share_change(36, 2, 12, 0)
    assert (same.low, same.high) == pytest.approx((0.0569, 0.3404), abs=1e-4)


@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_paired_shares_hold_their_difference(cells: tuple[int, int, int, int]) -> None:
    """The interval holds the difference and stays within [-1, 1]; swapping the waves mirrors it."""
    found = share_change(*cells)
    if not sum(cells):
        assert math.isnan(found.value)
        return
    assert -1 - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1 + 1e-9
    both, first, second, neither = cells
    mirrored = share_change(both, second, first, neither)
    assert (mirrored.low, mirrored.p) == pytest.approx((-found.high, found.p))


def test_waves_without_anything_to_compare() -> None:
    """Empty waves, one respondent and equal values give NaN instead of a false number, and no warning."""
    assert math.isnan(nps_difference(nps([]), nps([9])).value)
    assert math.isnan(share_difference(0, 0, 1, 2).p)
    assert share_difference(0, 5, 0, 5).p == 1.0
    assert math.isnan(mean_difference([1], [2, 3]).low)
    assert math.isnan(mean_difference([], []).value)
    assert math.isnan(mean_change([], []).value)
    same = mean_change([1, 2, 3], [1, 2, 3])
    assert (same.value, same.p) == (0.0, 1.0)
    assert math.isnan(same.low)


def test_paired_values_have_to_match() -> None:
    """Lists of different lengths are refused; pairs with a missing answer are left out."""
    with pytest.raises(OptionError, match="got 2 and 3"):
        mean_change([1, 2], [1, 2, 3])
    assert mean_change([1, math.nan, 2, 3], [2, 5, 2, math.nan]).n == 2


def test_drawn_sign_flips_agree_with_the_t_test() -> None:
    """Above twelve pairs permutations are drawn: close to the t-test where that holds, and the same for a seed."""
    rng = np.random.default_rng(1)
    one = rng.normal(size=25)
    two = one + rng.normal(0.4, 1, 25)
    found, again = mean_change(one, two, seed=3), mean_change(one, two, seed=3)
    assert found == again
    change = two - one
    t = change.mean() / change.std(ddof=1) * 5
    from scipy.stats import t as student

    assert found.p == pytest.approx(2 * student.sf(abs(t), 24), abs=0.02)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_never_lowers_a_p_and_keeps_their_order(values: list[float]) -> None:
    """Adjusted values are at least their own and at most 1, in the same order; missing tests do not count."""
    adjusted = holm(values)
    assert all(p <= q <= 1 for p, q in zip(values, adjusted, strict=True))
    ranked = [adjusted[i] for i in np.argsort(values, kind="stable")]
    assert ranked == sorted(ranked)
    assert holm([*values, math.nan])[:-1] == adjusted


def test_required_respondents() -> None:
    """A change of 10 points of NPS takes about 960 respondents a wave, one of 20 points about 240; 0 is refused."""
    assert (required_n(6100, 10), required_n(6100, 20)) == (958, 240)
    with pytest.raises(OptionError, match="difference of 0"):
        required_n(1, 0)
