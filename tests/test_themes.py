"""Themes: how segments are grouped, named and quoted, at every size of study."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
import pytest
from fake_study import FakeStudy, cached_encode, coding, fake_study, segment
from threadpoolctl import threadpool_limits

from cxtext.clustering import OUTLIER, Groups, group
from cxtext.coded import codes_of
from cxtext.errors import OptionError
from cxtext.tables import CODINGS, MEMBERS, SEGMENTS, THEMES, make_table
from cxtext.terms import compound_parts, read_vocabulary, telling_terms
from cxtext.themes import OUTLIERS, Themes, find_themes
from cxtext.themes.holding import Held, held_by_words, keep_held


@cache
def direction(word: str) -> np.ndarray:
    """A direction for a word, the same in every run."""
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=64)


def bag_of_words(texts: Sequence[str]) -> np.ndarray:
    """Stand in for a sentence encoder: every word has a direction of its own."""
    rows = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split():
            rows[row] += direction(word)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def make_study(texts: Sequence[str], *, per_case: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Segments that are all pains, of respondents who say `per_case` of them each."""
    names = [f"r{i // per_case:05d}" for i in range(len(texts))]
    rows = [segment(f"s{i:05d}", text, document=names[i], turn=i) for i, text in enumerate(texts)]
    pains = [coding(f"s{i:05d}", "kind/pain", document=names[i]) for i in range(len(texts))]
    return make_table(rows, SEGMENTS), make_table(pains, CODINGS)


@pytest.fixture(scope="module")
def study() -> FakeStudy:
    """The invented study."""
    return fake_study()


@pytest.fixture(scope="module")
def themes(study: FakeStudy) -> Themes:
    """Its themes, with the default encoder."""
    return find_themes(study.segments, study.codings, encode=cached_encode)


def theme_of(themes: Themes, study: FakeStudy, word: str) -> pd.Series:
    """Themes of the segments with a word, the most common first."""
    ids = study.segments.loc[study.segments["text"].str.contains(word, case=False), "segment"]
    return themes.members.loc[themes.members["segment"].isin(ids), "theme"].value_counts()


def test_tables_keep_their_contract(themes: Themes) -> None:
    """Both tables have the columns and types of the contract."""
    assert themes.table.dtypes.astype(str).to_dict() == THEMES
    assert themes.members.dtypes.astype(str).to_dict() == MEMBERS


def test_every_need_pain_and_gain_has_one_theme(study: FakeStudy, themes: Themes) -> None:
    """No coded segment is lost, none is in two themes, and no other one is in."""
    kinds = codes_of(study.codings, "kind")
    expected = set(kinds.loc[kinds["code"].isin(["need", "pain", "gain"]), "segment"])
    assert sorted(themes.members["segment"]) == sorted(expected)


def test_counts_of_the_table_are_those_of_the_members(study: FakeStudy, themes: Themes) -> None:
    """Segments, respondents and kinds of each theme can be counted again from the members and the codings."""
    kinds = codes_of(study.codings, "kind")
    for row in themes.table.itertuples():
        own = themes.members[themes.members["theme"] == row.theme]
        assert (len(own), own["case"].nunique()) == (row.segments, row.respondents)
        counted = kinds.loc[kinds["segment"].isin(own["segment"]), "code"].value_counts()
        assert [counted.get(kind, 0) for kind in ("pain", "need", "gain")] == [row.pains, row.needs, row.gains]
        assert row.of_respondents == study.segments["case"].nunique()


def test_subjects_are_found(study: FakeStudy, themes: Themes) -> None:
    """Most of what is said about the engineer and about the bill is together, and the two are apart."""
    homes = {word: theme_of(themes, study, word) for word in ("monteur", "rekening")}
    assert [counts.iloc[0] / counts.sum() > 0.4 for counts in homes.values()] == [True] * 2
    assert len({counts.index[0] for counts in homes.values()}) == 2


def test_themes_are_named_by_what_people_say(study: FakeStudy, themes: Themes) -> None:
    """The theme of the engineer is named after him, and no two themes have the same name."""
    home = theme_of(themes, study, "monteur").index[0]
    assert "monteur" in themes.table.set_index("theme").loc[home, "name"]
    assert themes.table["name"].is_unique


def test_order_is_by_respondents_and_outliers_come_last(themes: Themes) -> None:
    """The table starts with what most respondents talk about."""
    real = themes.table[themes.table["theme"] != OUTLIERS]
    assert real["respondents"].is_monotonic_decreasing
    assert themes.table["theme"].tolist()[len(real) :] in ([], [OUTLIERS])


def test_quotes_are_three_to_five_of_different_people(study: FakeStudy, themes: Themes) -> None:
    """Each theme has quotes ranked 1, 2, 3 ..., no text twice, and no respondent twice before all had a turn."""
    for theme, own in themes.members.groupby("theme"):
        ranked = own[own["rank"] > 0].sort_values("rank")
        if theme == OUTLIERS:
            assert ranked.empty
            continue
        assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
        assert 3 <= len(ranked) <= 5
        assert ranked["case"].nunique() == min(len(ranked), own["case"].nunique())
        texts = [themes.quotes[segment] for segment in ranked["segment"]]
        assert len(set(texts)) == len(texts)


def test_small_themes_are_dissolved(themes: Themes) -> None:
    """No theme has fewer than three respondents or five segments."""
    real = themes.table[themes.table["theme"] != OUTLIERS]
    assert real["respondents"].min() >= 3
    assert real["segments"].min() >= 5


def test_same_seed_same_themes_in_any_order_of_rows(study: FakeStudy, themes: Themes) -> None:
    """Workers may hand the rows over in any order: the themes stay the same to the last digit."""
    rows, codes = study.segments.sample(frac=1, random_state=3), study.codings.sample(frac=1, random_state=4)
    again = find_themes(rows, codes)
    pd.testing.assert_frame_equal(themes.table, again.table)
    pd.testing.assert_frame_equal(themes.members, again.members)


def test_number_of_threads_changes_nothing(study: FakeStudy) -> None:
    """The caller's thread limits do not reach the result."""
    found = []
    for threads in (1, 4):
        with threadpool_limits(threads):
            found.append(find_themes(study.segments, study.codings, encode=bag_of_words, seed=5).members)
    pd.testing.assert_frame_equal(*found)


def test_rejected_codings_do_not_count(study: FakeStudy) -> None:
    """What a person rejected is in no theme."""
    rejected = study.codings.assign(status="rejected")
    assert find_themes(study.segments, rejected, encode=bag_of_words).members.empty


def test_interviewers_are_left_out() -> None:
    """A coding on what the interviewer says makes no theme."""
    segments, codings = make_study(["Was de rekening duidelijk?"] * 3)
    assert find_themes(segments.assign(role="interviewer"), codings, encode=bag_of_words).table.empty


def test_nothing_to_group() -> None:
    """A study without segments gives empty tables with the right columns."""
    none = find_themes(make_table([], SEGMENTS), make_table([], CODINGS))
    assert list(none.table.columns) == list(THEMES)
    assert list(none.members.columns) == list(MEMBERS)
    assert none.quotes == {}


@pytest.mark.parametrize("n", [1, 2, 3, 7, 15])
def test_few_segments_are_one_theme(n: int) -> None:
    """Too few segments to tell groups apart are one theme, with a name and quotes."""
    texts = ["De rekening klopte niet.", "Weer een rekening te veel.", "Rekening onduidelijk."] * 5
    found = find_themes(*make_study(texts[:n]), encode=bag_of_words)
    assert found.table["segments"].tolist() == [n]
    assert "rekening" in found.table["name"].iloc[0]
    assert found.members["rank"].max() == min(n, 3)


@pytest.mark.parametrize("n", [20, 60])
def test_identical_segments(n: int) -> None:
    """Equal sentences are one theme with one quote, not many themes and not a failure."""
    found = find_themes(*make_study(["De app is traag."] * n), encode=bag_of_words)
    assert found.table["segments"].tolist() == [n]
    assert (found.members["rank"] > 0).sum() == 1


def test_segments_without_a_subject_lie_apart() -> None:
    """Bare verdicts do not make a theme of their own."""
    texts = [f"De {word} was stuk." for word in ("app", "kabel", "rekening", "website") for _ in range(10)]
    found = find_themes(*make_study([*texts, *["Ja."] * 10]), encode=bag_of_words)
    assert set(found.members.loc[found.members["segment"] >= "s00040", "theme"]) == {OUTLIERS}


def test_no_words_at_all() -> None:
    """Segments of stop words alone are no theme, and the method says so; where a number is asked for, they are one."""
    said = make_study(["Ja.", "Nee hoor.", "Nou ja."] * 10)
    assert find_themes(*said, encode=bag_of_words).method.startswith("There is no theme in 30 ")
    assert find_themes(*said, encode=bag_of_words, n_themes=2).table["name"].tolist() == ["thema 1"]


def test_number_of_themes_can_be_given(study: FakeStudy) -> None:
    """A number that is asked for is an upper bound, and is told in the method; less than one is refused."""
    found = find_themes(study.segments, study.codings, encode=bag_of_words, n_themes=3)
    assert (found.table["theme"] != OUTLIERS).sum() <= 3
    assert "3 asked for" in found.method
    fewer = find_themes(study.segments, study.codings, encode=bag_of_words, n_themes=50)
    assert "50 asked for (those too small are dissolved)" in fewer.method
    with pytest.raises(OptionError, match="n_themes is 0"):
        find_themes(study.segments, study.codings, n_themes=0)


def test_groups_without_words_are_shown_where_a_number_is_asked_for() -> None:
    """What nobody says in another's words is no theme; whoever asks for a number sees the groups all the same."""
    texts = [f"Zaak{chr(97 + n // 26)}{chr(97 + n % 26)} ging mis." for n in range(240)]
    means = np.eye(8, dtype=np.float32)[np.arange(240) % 3] + 0.05 * np.random.default_rng(1).normal(size=(240, 8))
    known = dict(zip(texts, means / np.linalg.norm(means, axis=1, keepdims=True), strict=True))

    def meaning(said: Sequence[str]) -> np.ndarray:
        return np.array([known.get(text, np.zeros(8)) for text in said], dtype=np.float32)

    material = make_study(texts)
    assert not find_themes(*material, encode=meaning).ids
    assert len(find_themes(*material, encode=meaning, n_themes=3).ids) == 3


def test_many_segments() -> None:
    """A large survey takes the fast path and finds the subjects it was made of."""
    subjects = ["De monteur {}", "De rekening {}", "De app {}", "Het wachten {}", "De prijs {}"] * 2
    ends = ["was laat", "kwam niet", "deed raar", "viel mee", "ging goed", "duurde lang", "was nieuw"]
    texts = [subjects[i % 5].format(ends[i % 7]) for i in range(7000)]
    found = find_themes(*make_study(texts), encode=bag_of_words, n_themes=5)
    names = " ".join(found.table["name"])
    assert all(word in names for word in ("monteur", "rekening", "app", "prijs"))
    assert found.table["segments"].sum() == 7000


def test_method_tells_what_was_done(themes: Themes) -> None:
    """The method names counts, the way of choosing the number, and the seed."""
    apart = (themes.members["theme"] == OUTLIERS).sum()
    assert f"{len(themes.members)} need, pain and gain segments of" in themes.method
    assert f"{apart} segments that lie far" in themes.method
    assert themes.method.endswith("lie apart; seed 0.")
    assert "by silhouette" in themes.method


def test_language_of_the_texts() -> None:
    """English texts give English names for what lies apart; the option overrules the segments."""
    segments, codings = make_study(["The bill was wrong."] * 3)
    english = segments.assign(language="en")
    assert find_themes(english, codings, encode=bag_of_words).language == "en"
    assert find_themes(english, codings, encode=bag_of_words, language="nl").language == "nl"


def test_themes_show_themselves(themes: Themes) -> None:
    """In a notebook there is a table with the share of respondents; every text in it is escaped."""
    html = themes._repr_html_()
    assert "van 29 respondenten" in html
    segments, codings = make_study(["<script>alert(1)</script> rekening klopt niet vandaag"] * 3)
    assert "<script>" not in find_themes(segments, codings, encode=bag_of_words)._repr_html_()
    assert "Te weinig uitspraken" in Themes(make_table([], THEMES), make_table([], MEMBERS))._repr_html_()
    assert repr(themes).startswith(f"Themes({len(themes.table) - 1}: ")


def test_compounds_count_with_their_parts() -> None:
    """A compound counts for its parts only where these are words of the study; prefixes are no parts."""
    parts = compound_parts({"wachttijd": 3, "tijd": 2, "servicemonteur": 1, "monteur": 4, "bestellen": 2, "tellen": 2})
    assert parts == {"wachttijd": ("tijd",), "servicemonteur": ("monteur",)}


def test_plural_and_singular_are_one_term() -> None:
    """The forms wachttijden and wachttijd count together and are shown in the form that is written most."""
    texts = ["Lange wachttijden.", "Die wachttijden weer.", "De wachttijd was lang."]
    vocabulary = read_vocabulary(texts, ["nl"] * 3)
    assert vocabulary.forms["wachttijd"] == "wachttijden"
    assert telling_terms(vocabulary, ["a"] * 3, ["x", "y", "z"])["a"][0].form == "wachttijden"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Toen belde Sanne over de factuur.", ["factuur"]),
        ("mevrouw Brandsma wist van de factuur", ["factuur"]),
        ("Ik sprak Kees Pauwels over de factuur.", ["factuur"]),
        ("Er stond een roos op de factuur.", ["roos", "factuur"]),
        ("Toen hielp Roos met de factuur.", ["factuur"]),
        ("Mijn DigiD en de factuur.", ["digid", "factuur"]),
    ],
)
def test_names_of_persons_are_no_terms(text: str, kept: list[str]) -> None:
    """First names, and what follows a title or a first name, are left out; a word that is also a name is kept."""
    words = read_vocabulary([text], ["nl"]).words[0]
    assert [
        word.lemma for word in words if word and word.lemma in {*kept, "sanne", "brandsma", "pauwels", "roos"}
    ] == kept


def test_labels_of_speakers_are_no_terms() -> None:
    """The name on the label of a speaker is left out where it is written as a name."""
    texts = ["Toen vroeg Tjitske naar de factuur."]
    lemmas = read_vocabulary(texts, ["nl"], speakers={"Tjitske de V."}).lemmas(0)
    assert "factuur" in lemmas
    assert "tjitske" not in lemmas


def test_shouting_is_shown_in_lower_case() -> None:
    """A term in capitals is shown as a word, an abbreviation as it is written."""
    vocabulary = read_vocabulary(["Weer een AANMANING via SMS."], ["nl"])
    assert set(vocabulary.forms.values()) >= {"aanmaning", "SMS"}


def test_terms_do_not_repeat_each_other() -> None:
    """Of a family of words one stands in the list of a theme."""
    texts = ["De monteur kwam.", "De servicemonteur kwam.", "Monteurs komen nooit.", "De app viel uit."] * 3
    terms = telling_terms(read_vocabulary(texts, ["nl"] * 12), ["a", "a", "a", "b"] * 3, list("abcdefghijkl"))
    assert sum("monteur" in term.form for term in terms["a"]) == 1
    assert terms["b"][0].form == "app"


def test_far_points_lie_apart() -> None:
    """Points that are near no centre are set apart; the groups keep the rest."""
    rng = np.random.default_rng(0)
    near = np.repeat(np.eye(30)[:3], 20, axis=0) + rng.normal(scale=0.05, size=(60, 30))
    points = np.vstack([near, np.eye(30)[20:23]]).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cases = [f"r{i}" for i in range(63)]
    found = group(points, cases, range(63), n_groups=3, least_segments=5, least_cases=3, seed=0)
    assert (found.labels[60:] == OUTLIER).all()
    assert len(set(found.labels[:60]) - {OUTLIER}) == 3


def test_a_group_whose_respondents_share_no_words_is_no_theme() -> None:
    """Where fewer than half share a word a group is dissolved; a segment moves only where another's words hold it."""
    cosines = np.array([[0.9, 0.1]] * 6 + [[0.4, 0.8]] * 5 + [[0.95, 0.96]])
    told = np.array([[True, False]] * 6 + [[False, True]] * 5 + [[True, False]])
    groups = Groups(cosines.argmax(axis=1), cosines)
    cases = [f"r{i}" for i in range(12)]
    found = keep_held(groups, Held(told, np.array([1.0, 0.2])), cases, least_segments=3, least_cases=3)
    assert found.labels.tolist() == [0] * 6 + [OUTLIER] * 5 + [0]


def test_a_segment_without_a_term_stays_where_it_is_near() -> None:
    """Without a telling term a segment has to be as near as most of those with it."""
    cosines = np.array([[0.5], [0.6], [0.7], [0.8], [0.9], [0.51], [0.75]])
    held = Held(np.array([[True]] * 5 + [[False]] * 2), np.array([1.0]))
    groups = Groups(np.zeros(7, dtype=np.int64), cosines)
    found = keep_held(groups, held, list("abcdefg"), least_segments=3, least_cases=3)
    assert found.labels.tolist() == [0, 0, 0, 0, 0, OUTLIER, 0]


def test_words_hold_half_of_the_segments_of_a_theme() -> None:
    """What lies near a few sentences that share a word, and does not use it, makes no theme of them."""
    cosines = np.linspace(0.5, 0.9, 12).reshape(-1, 1)
    groups = Groups(np.zeros(12, dtype=np.int64), cosines)
    told = np.array([[True]] * 2 + [[False]] * 10)
    cases = [f"r{i}" for i in range(12)]
    found = keep_held(groups, Held(told, np.array([0.5])), cases, least_segments=3, least_cases=3)
    assert (found.labels == OUTLIER).all()


def test_words_that_three_respondents_share_hold_a_group() -> None:
    """A word of one talkative person holds nothing; a sentence of one word belongs with the sentence beside it."""
    texts = ["Lang gewacht", "Weer gewacht hoor", "wachten, wachten", "Koffie", "Kamer gepoetst"]
    texts += ["Een lekkage", "Nieuwe lekkage", "Lekkage alweer", "De tuin", "Het aquarium"]
    words = read_vocabulary(texts, ["nl"] * len(texts))
    lines = [words.lemmas(row) for row in range(len(texts))]
    beside = np.zeros((10, 10), dtype=np.float32)
    beside[2, 3] = beside[3, 2] = beside[3, 4] = beside[4, 3] = 1
    groups = Groups(np.repeat([0, 1], 5), np.zeros((10, 2)))
    held = held_by_words(groups, words, lines, beside, [*"abcde", *"fffgh"])
    assert held.told[:, 0].tolist() == [True] * 4 + [False] * 6
    assert not held.told[:, 1].any()
    assert held.share.tolist() == [0.6, 0.0]


def test_unlike_sentences_have_no_theme() -> None:
    """Sentences that share no words are not forced into themes."""
    rng = np.random.default_rng(1)
    syllables = ["bra", "klo", "dun", "wis", "pet", "gor", "fli", "muk", "zan", "tri"]
    texts = ["".join(rng.choice(syllables, 4)) + " " + "".join(rng.choice(syllables, 4)) for _ in range(60)]
    found = find_themes(*make_study(texts), encode=bag_of_words)
    assert found.table["theme"].tolist() == [OUTLIERS]
    assert found.method.startswith("There is no theme in 60")


def test_a_verb_and_its_noun_are_one_term() -> None:
    """However it is inflected, a verb counts with the noun that the dictionary takes it for."""
    words = read_vocabulary(["Weer gebeld.", "Ze bellen niet.", "Ik bel.", "Een vraag.", "Gevraagd."], ["nl"] * 5)
    assert [words.lemmas(row) for row in range(5)] == [["bellen"]] * 3 + [["vragen"]] * 2


@pytest.mark.parametrize("number", ["tweehonderdachtenzestig", "Negentienhonderd", "eenenveertig", "12,50", "2024"])
def test_numbers_are_no_terms(number: str) -> None:
    """Amounts and years name no theme, in digits or in words."""
    assert read_vocabulary([f"Er stond {number} op de factuur."], ["nl"]).lemmas(0) == ["factuur"]
