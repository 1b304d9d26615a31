"""Themes that can be trusted: the estimator, stability, names, intrusion tests and shares of respondents."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fake_study import FakeStudy, cached_encode, fake_study
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from cxtext.errors import OptionError
from cxtext.stats import wilson
from cxtext.tables import CODINGS, NEAR, SUBTHEMES, THEME_NPS, THEME_SHARES, TRUST, make_table
from cxtext.terms import read_vocabulary, telling_terms
from cxtext.themes import (
    OUTLIERS,
    ThemeClusterer,
    Themes,
    check_themes,
    find_themes,
    make_intrusion_test,
    score_intrusion_test,
    themes_by_attribute,
    themes_by_code,
    themes_by_nps,
)
from cxtext.themes.trust import coherence, matched_jaccard, resampled, verdict


@pytest.fixture(scope="module")
def study() -> FakeStudy:
    """The invented study."""
    return fake_study()


@pytest.fixture(scope="module")
def themes(study: FakeStudy) -> Themes:
    """Its themes."""
    return find_themes(study.segments, study.codings, encode=cached_encode)


def blobs(per_group: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Points around four directions."""
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(4), per_group)
    points = np.eye(20)[truth] + rng.normal(scale=noise, size=(len(truth), 20))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), truth


@parametrize_with_checks([ThemeClusterer(3)])
def test_the_estimator_keeps_the_rules_of_scikit_learn(estimator, check):
    """It can stand in any pipeline."""
    check(estimator)


@pytest.mark.parametrize("per_group", [10, 40, 2000])
def test_groups_are_found_at_any_size_without_their_number(per_group: int) -> None:
    """Forty points or eight thousand: the groups that were put in come out, and new points find theirs."""
    points, truth = blobs(per_group, 0.05)
    model = ThemeClusterer(4 if per_group == 2000 else None).fit(points)
    assert adjusted_rand_score(truth, model.cosines_.argmax(axis=1)) > 0.8
    assert (model.predict(points) == model.labels_).mean() > 0.99
    assert model.transform(points).shape == (len(points), len(model.centres_))


def test_same_seed_same_groups() -> None:
    """Two fits with one seed are equal to the last digit."""
    points, _ = blobs(25, 0.3)
    first, second = ThemeClusterer(seed=3).fit(points), ThemeClusterer(seed=3).fit(points)
    np.testing.assert_array_equal(first.cosines_, second.cosines_)


def test_subthemes_divide_their_theme(themes: Themes) -> None:
    """A sub-theme lies within one theme, and its segments and respondents can be counted again."""
    assert themes.subthemes.dtypes.astype(str).to_dict() == SUBTHEMES
    part = themes.members["segment"].map(themes.parts)
    for row in themes.subthemes.itertuples():
        own = themes.members[part == row.subtheme]
        assert set(own["theme"]) == {row.theme}
        assert (len(own), own["case"].nunique()) == (row.segments, row.respondents)


def test_a_segment_may_lie_near_a_second_theme(themes: Themes) -> None:
    """The second theme is another than its own, and a segment apart has a theme to go to."""
    assert themes.near.dtypes.astype(str).to_dict() == NEAR
    own = themes.members.set_index("segment")["theme"]
    assert (themes.near["segment"].map(own) != themes.near["theme"]).all()
    apart = set(own.index[own == OUTLIERS])
    assert apart <= set(themes.near["segment"])


def test_copies_are_counted_with_the_segment_they_repeat(study: FakeStudy) -> None:
    """The same words twice are one voice in the grouping, and both count as segments."""
    pains = study.codings[study.codings["code"] == "pain"]["segment"]
    row = study.segments[study.segments["segment"].isin(pains)].iloc[0].to_dict()
    again = {**row, "segment": "copy", "document": "zz", "case": "zz", "text": row["text"].upper() + "!!"}
    code = {**study.codings[study.codings["segment"] == row["segment"]].iloc[0].to_dict(), "segment": "copy"}
    segments = pd.concat([study.segments, pd.DataFrame([again])]).astype(study.segments.dtypes)
    codings = make_table([*study.codings.to_dict("records"), code], CODINGS)
    found = find_themes(segments, codings, encode=cached_encode)
    assert found.copies == {"copy": row["segment"]}
    assert "1 segment repeats" in found.method
    assert "copy" in set(found.members["segment"])


def test_themes_within_a_code(study: FakeStudy) -> None:
    """Any codes can be grouped, or all that was said; a text in place of a list is refused."""
    questions = find_themes(study.segments, study.codings, encode=cached_encode, among=["kind/question"])
    coded = study.codings[(study.codings["group"] == "kind") & (study.codings["code"] == "question")]
    assert set(questions.members["segment"]) == set(coded["segment"])
    everything = find_themes(study.segments, study.codings, encode=cached_encode, among=[])
    assert len(everything.members) == len(study.segments)
    assert "segments (all)" in everything.method
    with pytest.raises(OptionError, match="Give a list of codes"):
        find_themes(study.segments, study.codings, among="kind/pain")


def test_negation_stays_in_the_term() -> None:
    """Where most say that there was no answer, that is the term; where they had one, it is not."""
    texts = ["Ik kreeg geen reactie.", "Weer geen reactie op de mail.", "Geen reactie!", "De app werkt.", "App traag."]
    terms = telling_terms(read_vocabulary(texts, ["nl"] * 5), ["a", "a", "a", "b", "b"], list("vwxyz"))
    assert terms["a"][0].form == "geen reactie"
    assert "geen" not in read_vocabulary(texts, ["nl"] * 5).lemmas(0)
    texts = ["Snel een reactie.", "Fijne reactie op de mail.", "Geen reactie!", "De app werkt.", "App traag."]
    terms = telling_terms(read_vocabulary(texts, ["nl"] * 5), ["a", "a", "a", "b", "b"], list("vwxyz"))
    assert terms["a"][0].form == "reactie"


def test_trust_of_each_theme(themes: Themes) -> None:
    """There is a verdict, and a share of respondents with its interval, for every theme, and the same each time."""
    trust = check_themes(themes, resamples=6)
    assert trust.table.dtypes.astype(str).to_dict() == TRUST
    assert trust.table["theme"].tolist() == themes.ids
    assert (trust.table["resamples"] == 6).all()
    for row in trust.table.itertuples():
        share = wilson(row.respondents, row.of_respondents)
        assert (row.low, row.high) == (share.low, share.high)
        assert row.verdict.startswith(("stabiel", "redelijk", "wankel"))
    assert check_themes(themes, resamples=6).rand == trust.rand
    english = check_themes(themes, resamples=2, language="en").table["verdict"]
    assert english.str.contains("of 2 resamples").all()
    assert "<table" in trust._repr_html_()


def test_clear_groups_are_stable_and_random_ones_are_not() -> None:
    """What is found again is told from what is not."""
    cases = [f"r{i // 2}" for i in range(120)]
    points, truth = blobs(30, 0.05)
    clear, rand = resampled(points, truth, cases, resamples=5, seed=0)
    assert clear.min() > 0.9
    assert rand > 0.9
    shuffled = np.random.default_rng(1).permutation(truth)
    assert resampled(points, shuffled, cases, resamples=5, seed=0)[0].max() < 0.5


def test_too_few_respondents_to_resample() -> None:
    """With four respondents nothing is said about stability."""
    points, truth = blobs(10, 0.05)
    jaccard, rand = resampled(points, truth, [f"r{i % 4}" for i in range(40)], resamples=5, seed=0)
    assert (len(jaccard), np.isnan(rand)) == (0, True)
    assert verdict(jaccard[:, 0], "nl") == "niet te zeggen: te weinig respondenten om te hersteekproeven"


@pytest.mark.parametrize(
    ("jaccard", "start"),
    [([0.9] * 10, "stabiel"), ([0.6] * 10, "redelijk stabiel"), ([0.9] * 6 + [0.2] * 4, "wankel: valt in 4 van 10")],
)
def test_verdicts(jaccard: list[float], start: str) -> None:
    """The sentence follows from how often and how well a theme came back."""
    assert verdict(np.array(jaccard), "nl").startswith(start)


@given(st.lists(st.integers(0, 3), min_size=4, max_size=30), st.permutations(range(4)))
def test_names_of_groups_do_not_matter(labels: list[int], order: list[int]) -> None:
    """A grouping matches itself under any numbering."""
    own = np.array(labels)
    shares = matched_jaccard(own, np.array(order)[own], 4)
    assert all(shares[group] == 1 for group in set(labels))


def test_coherence_is_that_of_the_worked_example() -> None:
    """Three sets of terms over five documents, computed by hand."""
    said = [{"wacht", "bel"}, {"wacht", "bel", "lang"}, {"site", "log"}, {"site", "log", "traag"}, {"bel", "lang"}]
    found = [
        coherence(said, [{w} for w in words.split()])
        for words in ("wacht bel lang", "site log traag", "wacht site log")
    ]
    assert np.round(found, 4).tolist() == [0.4179, 0.7129, -0.3333]


@pytest.mark.parametrize("of", ["terms", "quotes"])
def test_the_intruder_is_of_another_theme(themes: Themes, of: str) -> None:
    """All options but one belong to the theme, and a person who sees that scores all."""
    items = make_intrusion_test(themes, of=of)
    assert items == make_intrusion_test(themes, of=of)
    assert items != make_intrusion_test(themes, of=of, seed=1)
    theme_of = themes.members.set_index("segment")["theme"]
    said = {text: theme_of[segment] for segment, text in themes.quotes.items()}
    terms = {t: set(own.split(", ")) for t, own in zip(themes.table["theme"], themes.table["terms"], strict=True)}
    for item in items:
        foreign = [
            option not in terms[item.theme] if of == "terms" else said[option] != item.theme for option in item.options
        ]
        assert foreign == [at == item.intruder for at in range(len(item.options))]
    perfect = score_intrusion_test(items, [item.intruder for item in items])
    assert (perfect.found.value, perfect.missed) == (1.0, ())
    nobody = score_intrusion_test(items, [None] * len(items), language="en")
    assert "no better than by guessing" in nobody.verdict
    assert set(nobody.missed) == {item.theme for item in items}


def test_answers_have_to_fit_the_items(themes: Themes) -> None:
    """One answer too few, or another kind of item, is refused."""
    with pytest.raises(OptionError, match="1 answers to 0 items"):
        score_intrusion_test((), [1])
    with pytest.raises(OptionError, match="Choose 'terms' or 'quotes'"):
        make_intrusion_test(themes, of="words")


def test_shares_by_phase_count_respondents_of_that_phase(study: FakeStudy, themes: Themes) -> None:
    """The denominator is who spoke in the phase, the numerator who spoke of the theme there."""
    table = themes_by_code(themes, study.segments, study.codings, group="phase")
    assert table.dtypes.astype(str).to_dict() == THEME_SHARES
    row = table[table["respondents"] > 0].iloc[0]
    codes = study.codings[(study.codings["group"] == "phase") & (study.codings["code"] == row["value"])]
    said = study.segments[study.segments["segment"].isin(codes["segment"])]
    own = themes.members.loc[themes.members["theme"] == row["theme"], "segment"]
    assert row["of_respondents"] == said["case"].nunique()
    assert row["respondents"] == said.loc[said["segment"].isin(own), "case"].nunique()
    assert row["low"] < row["share"] < row["high"] or row["share"] in (0.0, 1.0)


def test_shares_by_wave_and_nps(study: FakeStudy, themes: Themes) -> None:
    """Respondents of each wave, and the NPS with and without a theme, add up to all who answered."""
    waves = themes_by_attribute(themes, study.segments, study.documents, attribute="@wave")
    answered = study.documents[study.documents["@wave"] != ""]
    expected = answered.groupby("@wave")["case"].nunique().to_dict()
    assert dict(zip(waves["value"], waves["of_respondents"], strict=True)) == expected
    scores = themes_by_nps(themes, study.segments, study.documents)
    assert scores.dtypes.astype(str).to_dict() == THEME_NPS
    assert (scores["n"] + scores["n_without"]).nunique() == 1
    with pytest.raises(OptionError, match="no column 'region'"):
        themes_by_attribute(themes, study.segments, study.documents, attribute="region")
