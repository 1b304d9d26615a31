"""Sequences, saturation and priorities against worked examples."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.errors import OptionError
from cxtext.stats import (
    END,
    START,
    accumulation,
    bounces,
    chao2,
    directly_follows,
    fit,
    frequent_patterns,
    jeffreys,
    more_interviews,
    new_information,
    opportunity,
    opportunity_interval,
    priorities,
    repeats,
    switches,
)

TRACES = [
    ["web", "bel", "bel", "mail"],
    ["web", "winkel", "mail"],
    ["web", "bel", "web", "bel", "mail"],
    ["bel", "mail"],
]
INTERVIEWS = [set(codes) for codes in ["abcdefgh", "abcijkl", "adfmno", "bcgpq", "aer", "bfh", "cs", "ad", "bc", "ace"]]


def test_directly_follows_vector() -> None:
    """The published probabilities, with an interval that rests on cases and not on transitions."""
    found = {(one.source, one.target): one for one in directly_follows(TRACES)}
    chances = {("(start)", "web"): 0.75, ("web", "bel"): 0.75, ("bel", "mail"): 0.6, ("bel", "bel"): 0.2}
    for pair, chance in chances.items():
        assert found[pair].probability.value == pytest.approx(chance)
    assert (found["web", "bel"].count, found["web", "bel"].cases, found["web", "bel"].probability.n) == (3, 2, 3)


def test_next_step_is_as_sure_as_respondents_agree() -> None:
    """Many steps of like respondents count nearly each; those of respondents with a way of their own count little."""

    def next_step(traces: list[list[str]]) -> tuple[float, float]:
        found = {(one.source, one.target): one.probability for one in directly_follows(traces)}
        return found["a", "b"].value, found["a", "b"].high - found["a", "b"].low

    once = next_step([["a", "b"]] * 10 + [["a", "c"]] * 10)
    alike = next_step([["a", "b", "a", "c"], ["a", "c", "a", "b"], *[["a", "b"], ["a", "c"]] * 2] * 4)
    own = next_step([["a", "b", "a", "b"]] * 10 + [["a", "c", "a", "c"]] * 10)
    assert once[0] == alike[0] == own[0] == 0.5
    assert once[1] == pytest.approx(jeffreys(10, 20).high - jeffreys(10, 20).low)
    assert own[1] == pytest.approx(once[1], rel=0.05)
    talker = next_step([["a", "b"] * 30, *[["a", "b"], ["a", "c"]] * 10])
    assert alike[1] < once[1] < talker[1]


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=6), max_size=8))
def test_what_leaves_a_step_adds_up(traces: list[list[str]]) -> None:
    """Probabilities from a step sum to 1, every trace starts and ends once, and intervals hold their share."""
    found = directly_follows(traces)
    for source in {one.source for one in found}:
        assert sum(one.probability.value for one in found if one.source == source) == pytest.approx(1)
    told = sum(bool(trace) for trace in traces)
    assert sum(one.count for one in found if one.source == START) == told
    assert sum(one.count for one in found if one.target == END) == told
    for one in found:
        share = one.probability
        assert 0 <= share.low <= share.value + 1e-9
        assert share.value - 1e-9 <= share.high <= 1


def test_rework_and_switches_vector() -> None:
    """Rework and channel switches as published, of the cases that took the step and of all."""
    found = {one.step: one for one in repeats(TRACES)}
    assert (round(found["bel"].rework.value * 4), found["bel"].cases) == (2, 3)
    assert (round(found["web"].rework.value * 4), found["web"].cases) == (1, 3)
    assert (found["bel"].self_loops, found["bel"].returns) == (1, 1)
    assert switches(TRACES) == (9, 10)
    assert bounces(TRACES) == {("web", "bel"): 1, ("bel", "web"): 1}


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_fit_is_a_likeness(one: list[str], other: list[str]) -> None:
    """The same path fits wholly, the order of the two does not matter, and it lies between 0 and 1."""
    assert fit(one, one) == 1
    assert fit(one, other) == fit(other, one)
    assert 0 <= fit(one, other) <= 1
    assert (fit(one, other) == 1) == (one == other)


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=5), min_size=1, max_size=6))
def test_patterns_are_counted_right_and_closed(traces: list[list[str]]) -> None:
    """Each pattern is in as many cases as told, none is missing, and no longer one holds it in as many."""

    def cases(pattern: tuple[str, ...]) -> int:
        return sum(any(c == pattern for c in combinations(trace, len(pattern))) for trace in traces)

    found = dict(frequent_patterns(traces, least=2))
    assert all(cases(pattern) == count >= 2 for pattern, count in found.items())
    every = {c for trace in traces for size in (2, 3) for c in combinations(trace, size)}
    for pattern in every:
        if cases(pattern) >= 2:
            longer = [p for p in found if any(c == pattern for c in combinations(p, len(pattern)))]
            assert any(found[p] == cases(pattern) for p in longer)


def test_guest_vector() -> None:
    """The published runs and the point of saturation; a strict threshold is passed too."""
    found = new_information(INTERVIEWS)
    assert found.base == 17
    assert found.shares[:4] == pytest.approx((1 / 17, 1 / 17, 1 / 17, 0), abs=1e-9)
    assert (found.saturated_at, found.run) == (7, 2)
    assert new_information(INTERVIEWS, threshold=0.06).saturated_at == 4
    assert new_information(INTERVIEWS[:5]).saturated_at is None
    assert math.isnan(new_information([set()] * 8).shares[0])
    with pytest.raises(OptionError, match="at least 1"):
        new_information(INTERVIEWS, run=0)


def test_chao2_vector() -> None:
    """What looks saturated still hides many rare codes, as published."""
    found = chao2(INTERVIEWS)
    assert (found.seen, found.once, found.twice) == (19, 11, 2)
    assert (found.total, found.corrected) == pytest.approx((46.2, 35.5), abs=0.05)
    assert math.isnan(chao2([{"a"}, {"b"}]).total)
    assert chao2([]).corrected == 0


def test_more_interviews_reach_the_share() -> None:
    """So many more interviews reach the share on the curve, and one fewer does not; enough is 0."""
    found = chao2(INTERVIEWS)
    more = more_interviews(found, share=0.8)
    hidden = found.corrected - found.seen
    rate = found.once / (found.n * hidden + found.once)
    reach = [found.seen + hidden * (1 - (1 - rate) ** m) for m in (more - 1, more)]
    assert reach[0] < 0.8 * found.corrected <= reach[1]
    assert more_interviews(chao2([{"a", "b"}] * 4)) == 0
    assert math.isnan(more_interviews(chao2([])))


def test_accumulation_ends_at_all_codes() -> None:
    """The curve never falls, starts at the mean interview and ends at all codes; no interviews give no points."""
    curve = accumulation(INTERVIEWS, n_orders=400)
    assert (np.diff(curve.mean) >= 0).all()
    assert curve.mean[-1] == curve.low[-1] == curve.high[-1] == 19
    assert curve.mean[0] == pytest.approx(np.mean([len(codes) for codes in INTERVIEWS]), abs=0.3)
    assert len(accumulation([]).interviews) == 0
    assert accumulation([set(), set()]).mean.tolist() == [0, 0]


@pytest.mark.parametrize(("importance", "satisfaction", "score"), [(8.7, 3.2, 14.2), (9.0, 8.8, 9.2), (4.0, 7.5, 4.0)])
def test_ulwick_vectors(importance: float, satisfaction: float, score: float) -> None:
    """The published opportunity scores."""
    assert opportunity(importance, satisfaction) == pytest.approx(score)


def test_opportunity_of_nobody_and_of_all() -> None:
    """Nobody gives no score; where all agree the interval is a point."""
    nobody = np.array([], dtype=bool)
    assert math.isnan(opportunity_interval(nobody, nobody).value)
    found = opportunity_interval(np.ones(20, dtype=bool), np.zeros(20, dtype=bool))
    assert (found.value, found.low, found.high) == (20, 20, 20)


def test_priorities_are_probabilities() -> None:
    """Chances of the top three sum to three, a problem of nobody has none, and wrong input is refused."""
    found = priorities([np.full(k, 2.0) for k in (9, 6, 5, 3)], [20] * 4)
    assert found.top.sum() == pytest.approx(3)
    assert (np.diff(found.median) < 0).all()
    assert found.median[0] == pytest.approx(9.5 / 21 / 2, abs=0.01)
    none = priorities([np.array([])], [5])
    assert math.isnan(none.median[0])
    assert none.top[0] == 0
    with pytest.raises(OptionError, match=r"3 respondents .* only 2"):
        priorities([np.ones(3)], [2])
    with pytest.raises(OptionError, match="from 0"):
        priorities([np.array([7.0])], [2])


def test_many_severities_vary_as_a_bootstrap_does() -> None:
    """Severities that differ for each of many respondents give the mean and the spread of a bootstrap of them."""
    own = np.random.default_rng(1).uniform(0, 4, 2000)
    found = priorities([own], [2000], n_draws=20_000)
    assert found.median[0] == pytest.approx(own.mean() / 4, rel=0.002)
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.6449 * own.std() / np.sqrt(2000) / 4, rel=0.03)
