"""Importance of drivers against published figures, and what their resampling promises."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.errors import OptionError
from cxtext.stats import (
    asymmetry,
    correlations,
    covariances,
    importance,
    inflation,
    quadrants,
    relative_weights,
    resampled_means,
    resampled_sums,
    shapley,
    share_lowest,
    slopes,
)

#: miles per gallon, cylinders, displacement, horse power, gears of 32 cars (Henderson and Velleman, 1981)
CARS = np.array([
    21, 6, 160, 110, 4, 21, 6, 160, 110, 4, 22.8, 4, 108, 93, 4, 21.4, 6, 258, 110, 3, 18.7, 8, 360, 175, 3,
    18.1, 6, 225, 105, 3, 14.3, 8, 360, 245, 3, 24.4, 4, 146.7, 62, 4, 22.8, 4, 140.8, 95, 4, 19.2, 6, 167.6, 123, 4,
    17.8, 6, 167.6, 123, 4, 16.4, 8, 275.8, 180, 3, 17.3, 8, 275.8, 180, 3, 15.2, 8, 275.8, 180, 3,
    10.4, 8, 472, 205, 3, 10.4, 8, 460, 215, 3, 14.7, 8, 440, 230, 3, 32.4, 4, 78.7, 66, 4, 30.4, 4, 75.7, 52, 4,
    33.9, 4, 71.1, 65, 4, 21.5, 4, 120.1, 97, 3, 15.5, 8, 318, 150, 3, 15.2, 8, 304, 150, 3, 13.3, 8, 350, 245, 3,
    19.2, 8, 400, 175, 3, 27.3, 4, 79, 66, 4, 26, 4, 120.3, 91, 5, 30.4, 4, 95.1, 113, 5, 15.8, 8, 351, 264, 5,
    19.7, 6, 145, 175, 5, 15, 8, 301, 335, 5, 21.4, 4, 121, 109, 4,
]).reshape(32, 5)  # fmt: skip


def correlated(k: int, seed: int) -> np.ndarray:
    """Correlations of `k` drivers and an outcome."""
    rng = np.random.default_rng(seed)
    return np.corrcoef(rng.normal(size=(60, k + 1)) @ rng.normal(size=(k + 1, k + 1)), rowvar=False)


def by_all_orders(matrix: np.ndarray) -> np.ndarray:
    """LMG by its definition: the mean gain over every order of entering."""
    k = len(matrix) - 1

    def explained(chosen: tuple[int, ...]) -> float:
        some = list(chosen)
        r = matrix[some, k]
        return float(r @ np.linalg.solve(matrix[np.ix_(some, some)], r)) if some else 0.0

    gains = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        for place, j in enumerate(order):
            gains[j] += explained(order[: place + 1]) - explained(order[:place])
    return gains / len(orders)


def test_published_importances() -> None:
    """The cars have the published LMG, relative weights and R²."""
    matrix = np.corrcoef(np.column_stack([CARS[:, 1:], CARS[:, 0]]), rowvar=False)
    assert shapley(matrix) == pytest.approx([0.2470520, 0.2434996, 0.2109129, 0.0777251], abs=1e-7)
    assert relative_weights(matrix) == pytest.approx([0.2284797, 0.2221469, 0.2321744, 0.0963886], abs=1e-7)
    assert shapley(matrix).sum() == pytest.approx(0.7791896, abs=1e-7)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_shapley_is_the_mean_over_all_orders(k: int, seed: int) -> None:
    """The fast computation gives what the definition gives; both ways share out R² and nothing else."""
    matrix = correlated(k, seed)
    assert shapley(matrix) == pytest.approx(by_all_orders(matrix), abs=1e-8)
    assert relative_weights(matrix).sum() == pytest.approx(shapley(matrix).sum(), abs=1e-6)


def test_blocks_enter_together() -> None:
    """A driver of two variables has what both add together, and blocks of one are plain drivers."""
    matrix = correlated(4, 5)
    assert shapley(matrix, blocks=[1, 1, 1, 1]) == pytest.approx(shapley(matrix))
    found = shapley(matrix, blocks=[2, 2])
    first, all_ = shapley(matrix[np.ix_([0, 1, 4], [0, 1, 4])]).sum(), shapley(matrix).sum()
    last = shapley(matrix[np.ix_([2, 3, 4], [2, 3, 4])]).sum()
    assert found == pytest.approx([(first + all_ - last) / 2, (last + all_ - first) / 2])


def test_many_drivers_are_sampled_and_very_many_weighted() -> None:
    """With more drivers the orders are sampled, close to the exact figure; beyond that relative weights are used."""
    matrix = correlated(4, 2)
    wide = np.eye(15)
    wide[np.ix_([0, 1, 2, 3, 14], [0, 1, 2, 3, 14])] = matrix
    assert shapley(wide)[:4] == pytest.approx(shapley(matrix), abs=0.06)
    assert shapley(wide).sum() == pytest.approx(shapley(matrix).sum())
    very = np.eye(23)
    very[np.ix_([0, 1, 2, 3, 22], [0, 1, 2, 3, 22])] = matrix
    assert shapley(very)[:4] == pytest.approx(relative_weights(matrix))


def test_constant_and_doubled_drivers() -> None:
    """A driver that never varies has nothing; two that are the same share evenly; nothing becomes NaN."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 2))
    table = np.column_stack([x[:, 0], x[:, 0], np.ones(50), x[:, 0] + x[:, 1]])
    matrix = correlations(covariances(table, n_resamples=1, seed=0)[0])
    one, two, none = shapley(matrix)
    assert one == pytest.approx(two)
    assert none == 0
    assert relative_weights(matrix)[2] == 0
    factors = inflation(matrix)
    assert math.isinf(factors[0])
    assert math.isnan(factors[2])


def test_covariances_of_the_data_are_exact() -> None:
    """The first matrix is that of the data, and each resample that of as many drawn rows."""
    rng = np.random.default_rng(4)
    table = np.column_stack([rng.integers(0, 2, (40, 3)), rng.normal(50, 9, 40)]).astype(float)
    found = covariances(table, n_resamples=3, seed=8)
    assert found[0] == pytest.approx(np.cov(table, rowvar=False, bias=True))
    counts = resampled_sums(np.eye(40), n_resamples=3, seed=8)
    drawn = np.repeat(table, counts[1].astype(int), axis=0)
    assert found[2] == pytest.approx(np.cov(drawn, rowvar=False, bias=True))


def test_importance_finds_the_driver_and_doubts_the_rest() -> None:
    """The true driver is first and above noise, an idle one is not; the same seed gives the same figures."""
    rng = np.random.default_rng(3)
    x = rng.integers(0, 2, (150, 3)).astype(float)
    y = 7 - 2 * x[:, 0] + rng.normal(size=150)
    found, again = (importance(x, y, n_resamples=300, seed=1) for _ in range(2))
    assert found.ranks[0, 0] > 0.99
    assert found.ranks.sum(axis=0) == pytest.approx(np.ones(3))
    assert found.above_noise[0] == 1
    assert found.above_noise[1:].max() < 0.95
    assert found.low[0] < found.value[0] < found.high[0]
    assert np.array_equal(found.samples, again.samples)
    with pytest.raises(OptionError, match="same outcome"):
        importance(x, np.full(150, 7.0))
    with pytest.raises(OptionError, match="every variable"):
        importance(np.full((3, 1), np.nan), np.arange(3.0))


def test_asymmetry_tells_basic_from_excitement() -> None:
    """What only costs when it fails is basic, what only pays when it delights is excitement."""
    rng = np.random.default_rng(2)
    mood = rng.integers(-1, 2, (400, 3))
    x = np.empty((400, 6))
    x[:, 0::2], x[:, 1::2] = mood < 0, mood > 0
    y = 7 - 3 * x[:, 0] + 3 * x[:, 3] - 2 * x[:, 4] + 2 * x[:, 5] + rng.normal(0, 0.5, 400)
    penalty, reward, kinds = asymmetry(slopes(covariances(np.column_stack([x, y]), n_resamples=200, seed=0)))
    assert penalty[0] == pytest.approx([-3, 0, -2], abs=0.25)
    assert reward[0] == pytest.approx([0, 3, 2], abs=0.25)
    assert np.argmax(kinds, axis=0).tolist() == [0, 2, 1]
    assert kinds.sum(axis=0) == pytest.approx(np.ones(3))


def test_quadrants_are_probabilities() -> None:
    """Each driver is somewhere in every resample; one without performance is nowhere."""
    rng = np.random.default_rng(0)
    performance = rng.normal(size=(100, 3))
    performance[:, 2] = np.nan
    found = quadrants(rng.random((100, 3)), performance)
    assert found[:, :2].sum(axis=0) == pytest.approx([1, 1])
    assert np.isnan(found[:, 2]).all()
    assert quadrants(np.array([[0.5, 0.1]]), np.array([[1.0, 1.5]]), middle=0.0)[:, 0].tolist() == [0, 1, 0, 0]


def test_lowest_shares_ties_and_skips_what_is_missing() -> None:
    """Ties are shared, missing figures are never the lowest, and nothing at all is NaN."""
    assert share_lowest(np.array([[1.0, 1.0, np.nan]])).tolist() == [0.5, 0.5, 0.0]
    assert np.isnan(share_lowest(np.full((2, 2), np.nan))).all()


def test_large_studies_vary_as_they_should_on_any_number_of_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn in random groups, a mean varies by its standard error, and one processor gives the figures of many."""
    values = np.random.default_rng(5).normal(size=(20_000, 1))
    drawn = resampled_means(values, n_resamples=1000, seed=3)
    assert drawn.std() == pytest.approx(values.std() / math.sqrt(20_000), rel=0.08)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert np.array_equal(drawn, resampled_means(values, n_resamples=1000, seed=3))


def test_draws_are_those_of_the_seed_whatever_was_drawn_before() -> None:
    """Draws that are kept for the next figure are never those of another number of respondents, draws or seed."""
    ones = np.arange(30.0)[None]
    whole = resampled_sums(ones, n_resamples=50, seed=1)
    resampled_sums(ones[:, :20], n_resamples=50, seed=1)
    assert not np.array_equal(resampled_sums(ones, n_resamples=50, seed=2), whole)
    np.testing.assert_array_equal(resampled_sums(ones, n_resamples=20, seed=1), whole[:20])
