"""Coefficients of agreement against published vectors, other libraries, and what must hold of any data."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from cxtext.agreement import (
    brennan_prediger,
    cohen_kappa,
    gamma,
    gwet_ac1,
    krippendorff_alpha,
    layer,
    percent_agreement,
    set_alpha,
    specific_agreement,
    unitizing_alpha,
)
from cxtext.agreement.coefficients import METRICS, masi_distance
from cxtext.agreement.resampling import interval, resample
from cxtext.errors import OptionError

NAN = math.nan
#: 90 times both yes, 3 and 4 times one of them, 3 times both no
PARADOX = [[1, 1]] * 90 + [[1, 0]] * 3 + [[0, 1]] * 4 + [[0, 0]] * 3
#: four coders of twelve units, with gaps (Krippendorff's reliability data C)
FOUR = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]).T  # fmt: skip
ONE = [(10, 40, "pijn"), (60, 80, "behoefte"), (100, 130, "pijn")]
OTHER = [(12, 44, "pijn"), (60, 78, "pijn"), (103, 130, "pijn"), (150, 160, "behoefte")]

ratings = st.tuples(st.integers(2, 15), st.integers(2, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=st.sampled_from([0.0, 1.0, 2.0, NAN]))
)


def same(left: float | np.ndarray, right: float | np.ndarray) -> bool:
    """Equal, or both without value."""
    return bool(np.allclose(left, right, equal_nan=True))


def test_paradox_vector() -> None:
    """With a rare "no", 93 % agreement goes with a kappa of .42 and an AC1 of .92; all are printed as published."""
    assert percent_agreement(PARADOX) == pytest.approx(0.93)
    assert cohen_kappa(PARADOX) == pytest.approx(0.4243, abs=5e-5)
    assert gwet_ac1(PARADOX) == pytest.approx(0.9203, abs=5e-5)
    assert krippendorff_alpha(PARADOX) == pytest.approx(0.4270, abs=5e-5)
    assert brennan_prediger(PARADOX) == pytest.approx(0.86)
    assert specific_agreement(PARADOX, 0) == pytest.approx(0.4615, abs=5e-5)
    assert specific_agreement(PARADOX, 1) == pytest.approx(0.9626, abs=5e-5)


def test_chance_is_a_sum_over_categories() -> None:
    """Coders who agree as often as chance have kappa 0, and not the .40 of a product of "yes" and "no"."""
    chance = [[1, 1]] * 360 + [[1, 0]] * 240 + [[0, 1]] * 240 + [[0, 0]] * 160
    assert cohen_kappa(chance) == pytest.approx(0)


@pytest.mark.parametrize(("metric", "alpha"), list(zip(METRICS, (0.7434, 0.8154, 0.8491), strict=True)))
def test_alpha_vectors(metric: str, alpha: float) -> None:
    """Alpha of four coders with missing judgements is the published one, per metric."""
    assert krippendorff_alpha(FOUR, metric=metric) == pytest.approx(alpha, abs=5e-5)


def test_ac1_with_missing_judgements() -> None:
    """AC1 of the same four coders is the .77544 that the documentation of the R package irrCAC prints for them."""
    assert gwet_ac1(FOUR) == pytest.approx(0.77544, abs=5e-6)


@settings(deadline=None)
@given(ratings)
def test_alpha_is_that_of_another_library(data: np.ndarray) -> None:
    """Alpha equals that of the package krippendorff on any data that has an alpha."""
    other = pytest.importorskip("krippendorff")
    for metric in METRICS:
        own = krippendorff_alpha(data, metric=metric)
        if not math.isnan(own):
            assert own == pytest.approx(other.alpha(data.T, level_of_measurement=metric))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    """Kappa equals that of scikit-learn wherever the coders use more than one category."""
    first, second = zip(*pairs, strict=True)
    if len({*first, *second}) > 1:
        assert cohen_kappa(pairs) == pytest.approx(cohen_kappa_score(first, second))


@settings(deadline=None)
@given(ratings, st.randoms())
def test_neither_the_order_of_coders_nor_the_names_of_categories_matter(data: np.ndarray, random: Random) -> None:
    """Coders may change places, units too, and nominal categories may be renamed."""
    columns, rows = list(range(data.shape[1])), list(range(len(data)))
    random.shuffle(columns)
    random.shuffle(rows)
    other = np.where(np.isnan(data), NAN, 7 - 3 * data)[rows][:, columns]
    for coefficient in (percent_agreement, krippendorff_alpha, gwet_ac1, brennan_prediger):
        assert same(coefficient(data), coefficient(other))
    for metric in ("ordinal", "interval"):
        assert same(krippendorff_alpha(data, metric=metric), krippendorff_alpha(other, metric=metric))


@settings(deadline=None)
@given(ratings)
def test_coders_who_say_the_same_agree_fully(data: np.ndarray) -> None:
    """Identical judgements give 1, or nothing where there is no variation: never 1 for want of any."""
    alike = np.repeat(data[:, :1], 3, axis=1)
    varied = len(set(data[:, 0][~np.isnan(data[:, 0])].tolist())) > 1
    for coefficient in (krippendorff_alpha, gwet_ac1, brennan_prediger):
        value = coefficient(alike)
        assert value == pytest.approx(1) if varied else math.isnan(value)
    assert same(cohen_kappa(alike[:, :2]), 1.0 if varied else NAN)


@settings(deadline=None)
@given(ratings, st.integers(0, 2**32 - 1))
def test_weights_are_repeated_units(data: np.ndarray, seed: int) -> None:
    """A unit of weight 3 counts as three units, in one set of weights and in rows of them."""
    weights = np.random.default_rng(seed).integers(0, 4, (2, len(data)))
    for coefficient in (percent_agreement, krippendorff_alpha, gwet_ac1):
        options = {} if coefficient is not gwet_ac1 else {"categories": 3}
        rows = coefficient(data, weights=weights, **options)
        for row, value in zip(weights, rows, strict=True):
            assert same(value, coefficient(np.repeat(data, row, axis=0), **options))
            assert same(value, coefficient(data, weights=row, **options))


def test_independent_coders_have_no_agreement() -> None:
    """Alpha, kappa and the alpha of sets of coders who toss coins are near 0."""
    data = (np.random.default_rng(1).random((4000, 2)) < 0.3).astype(float)
    assert krippendorff_alpha(data) == pytest.approx(0, abs=0.05)
    assert cohen_kappa(data) == pytest.approx(0, abs=0.05)
    assert set_alpha([[{"a"} if x else set() for x in row] for row in data]) == pytest.approx(0, abs=0.05)


def test_set_alpha_by_hand() -> None:
    """Sets of one code have the nominal alpha; one that holds another is nearer than one that shares nothing."""
    single = [[{"a"}, {"a"}], [{"b"}, {"b"}], [{"a"}, {"b"}], [{"b"}, None]]
    assert set_alpha(single) == pytest.approx(krippendorff_alpha([[0, 0], [1, 1], [0, 1], [1, NAN]]))
    near, far = ([[{"a"}, {"a"}], [{"b"}, {"b"}], [{"a", "c"}, other]] for other in ({"a"}, {"b"}))
    assert set_alpha(near) > set_alpha(far)
    sets = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 0, 0]])
    assert masi_distance(sets, sets)[0].tolist() == pytest.approx([0, 1 - 1 / 2 * 2 / 3, 1 - 1 / 3 * 1 / 3, 1])


def test_set_alpha_of_many_sets_is_the_sum_over_all_pairs() -> None:
    """With more sets than are handled at once the alpha is that of the definition."""
    held = np.array([[number >> bit & 1 for bit in range(10)] for number in range(1024)], dtype=bool)
    rng = np.random.default_rng(0)
    first = rng.integers(0, 1024, 300)
    second = np.where(rng.random(300) < 0.5, first, rng.integers(0, 1024, 300))
    names = [{str(code) for code in np.flatnonzero(row)} for row in held]
    distance = masi_distance(held, held)
    every = np.concatenate([first, second])
    by_chance = distance[np.ix_(every, every)].sum() / (600 * 599)
    alpha = set_alpha([[names[i], names[j]] for i, j in zip(first, second, strict=True)])
    assert alpha == pytest.approx(1 - distance[first, second].mean() / by_chance)


def test_unitizing_vector() -> None:
    """The family of alphas for units is that of the worked example, and 1 for identical coders."""
    alpha = unitizing_alpha([ONE, OTHER], 200)
    assert (alpha.value, alpha.boundaries, alpha.coding) == pytest.approx((0.64783, 0.79034, 0.05597), abs=5e-6)
    alike = unitizing_alpha([ONE, ONE, ONE], 200)
    assert (alike.value, alike.boundaries, alike.coding) == pytest.approx((1, 1, 1))
    assert unitizing_alpha([OTHER[::-1], ONE], 200) == alpha


def test_a_gap_between_units_is_no_unit() -> None:
    """Units at both ends of a text, with nothing between, agree with their like and not with one over the whole."""
    ends = [(0, 10, "pijn"), (90, 100, "pijn")]
    assert unitizing_alpha([ends, ends], 100).value == pytest.approx(1)
    assert unitizing_alpha([ends, [(0, 100, "pijn")]], 100).value < 0


def test_alpha_of_one_value_is_a_part_of_the_alpha_of_values() -> None:
    """With two values both columns are the whole table; nothing coded gives no alpha."""
    alpha = unitizing_alpha([ONE, OTHER], 200)
    assert alpha.codes == pytest.approx({"pijn": alpha.coding, "behoefte": alpha.coding})
    nothing = unitizing_alpha([[], []], 200)
    assert math.isnan(nothing.value)
    assert nothing.codes == {}


def test_units_that_cannot_be_are_refused() -> None:
    """Overlapping units, units beyond the text and a single coder are named, with the way out."""
    with pytest.raises(OptionError, match=r"5-9 \(pijn\) overlaps.*Merge"):
        unitizing_alpha([[(0, 6, "pijn"), (5, 9, "pijn")], []], 10)
    with pytest.raises(OptionError, match="outside the continuum of length 10"):
        gamma([(5, 11, "pijn")], [], length=10)
    with pytest.raises(OptionError, match="at least two coders"):
        unitizing_alpha([ONE], 200)
    with pytest.raises(OptionError, match="two coders"):
        cohen_kappa(FOUR)
    with pytest.raises(OptionError, match=r"'ratio'.*nominal, ordinal"):
        krippendorff_alpha(FOUR, metric="ratio")
    with pytest.raises(OptionError, match="categories is 1, and 2"):
        gwet_ac1(PARADOX, categories=1)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9), st.sampled_from("ab")), max_size=12))
def test_a_layer_covers_the_same_text_without_overlap(drawn: list[tuple[int, int, str]]) -> None:
    """Merging loses no character and leaves no overlap."""
    units = [(start, start + size, value) for start, size, value in drawn]
    kept = layer(units)
    covered = [place for start, end, _ in kept for place in range(start, end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {place for start, end, _ in units for place in range(start, end)}


def test_gamma_vector() -> None:
    """The best alignment and its disorder are those of pygamma-agreement; the value depends on the seed alone."""
    result = gamma(ONE, OTHER, length=200)
    assert result.disorder == pytest.approx(0.5756873, abs=5e-8)
    assert result.pairs == ((0, 0), (1, 1), (2, 2), (None, 3))
    assert result == gamma(ONE, OTHER, length=200)
    assert result.value == pytest.approx(gamma(ONE, OTHER, length=200, seed=1).value, abs=0.04)


def test_gamma_at_the_ends() -> None:
    """Identical coders have 1, coders who code different things about 0 or less, and nothing has no gamma."""
    assert gamma(ONE, ONE, length=200).value == 1
    assert gamma(ONE, [(44, 50, "vraag"), (165, 190, "vraag")], length=200).value < 0.1
    assert gamma(ONE, [], length=200).disorder == 2
    assert math.isnan(gamma([], [], length=200).value)


def test_interval_holds_the_true_value() -> None:
    """The 95 % interval of alpha covers the true alpha in most of 100 samples of 100 units."""
    covered = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        truth = rng.random((100, 1)) < 0.4
        data = np.where(rng.random((100, 2)) < 0.1, ~truth, truth).astype(float)
        drawn = resample(data, sizes=np.ones(100), clusters=None, n_resamples=400, seed=seed)
        figure = interval(krippendorff_alpha, drawn)
        covered += figure.low <= TRUE_ALPHA <= figure.high
    assert covered >= 88


#: of coders who each slip in a tenth of the units, where the code holds in .4 of them: 1 - .18 / (2 * .42 * .58)
TRUE_ALPHA = 1 - 0.18 / (2 * 0.42 * 0.58)


def test_clusters_are_drawn_whole() -> None:
    """Ten documents of which half agree fully and half do not give a far wider interval than 1,000 loose units."""
    agree = np.arange(1000) // 100 % 2 == 0
    first = np.arange(1000) % 2
    data = np.stack([first, np.where(agree, first, 1 - first)], axis=1).astype(float)
    wide, narrow = (
        interval(percent_agreement, resample(data, sizes=np.ones(1000), clusters=c, n_resamples=500, seed=0))
        for c in (np.arange(1000) // 100, None)
    )
    assert wide.value == narrow.value == 0.5
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)
