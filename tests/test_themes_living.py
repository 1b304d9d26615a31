"""Themes live on: edits, what comes anew, and codes made of themes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from fake_study import FakeStudy, cached_encode, coding, fake_study, segment

from cxtext.codebook import apply_to_codings, load_codebook
from cxtext.errors import OptionError
from cxtext.tables import CODINGS, MEMBERS, SEGMENTS, THEME_DRIFT, THEMES, make_table
from cxtext.themes import (
    OUTLIERS,
    Themes,
    drop_theme,
    find_themes,
    lock_theme,
    merge_themes,
    move_segments,
    rename_theme,
    split_theme,
    theme_codings,
    themes_as_codes,
    update_themes,
)

MOVING = [
    "De parkeerplaats bij het kantoor stond vol.",
    "Nergens een parkeerplaats te vinden.",
    "Parkeren bij het kantoor kost te veel.",
    "De parkeerplaats was afgesloten.",
    "Ik moest ver weg parkeren.",
    "Parkeren lukt daar nooit.",
    "Een parkeerplaats vinden duurde lang.",
    "Bij het kantoor is parkeren een ramp.",
]


@pytest.fixture(scope="module")
def study() -> FakeStudy:
    """The invented study."""
    return fake_study()


@pytest.fixture(scope="module")
def themes(study: FakeStudy) -> Themes:
    """Its themes."""
    return find_themes(study.segments, study.codings, encode=cached_encode)


def grown(study: FakeStudy, texts: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The study with pains of new respondents."""
    rows = [segment(f"new{i}", text, document=f"new{i}") for i, text in enumerate(texts)]
    codes = [coding(f"new{i}", "kind/pain", document=f"new{i}") for i in range(len(texts))]
    return (
        make_table([*study.segments.to_dict("records"), *rows], SEGMENTS),
        make_table([*study.codings.to_dict("records"), *codes], CODINGS),
    )


def members_of(themes: Themes, theme: str) -> set[str]:
    """Its segments."""
    return set(themes.members.loc[themes.members["theme"] == theme, "segment"])


def assert_counts(themes: Themes) -> None:
    """The table can be counted again from the members."""
    for row in themes.table.itertuples():
        own = themes.members[themes.members["theme"] == row.theme]
        assert (len(own), own["case"].nunique()) == (row.segments, row.respondents)


def test_merging_keeps_every_segment_and_the_old_themes_as_subthemes(themes: Themes) -> None:
    """The theme that stays has the segments of both, counted anew, and what they were below it."""
    first, second = themes.ids[:2]
    found = merge_themes(themes, [second], into=first)
    assert members_of(found, first) == members_of(themes, first) | members_of(themes, second)
    assert second not in found.ids
    parts = found.subthemes[found.subthemes["theme"] == first]
    assert sorted(parts["segments"]) == sorted(len(members_of(themes, theme)) for theme in (first, second))
    assert_counts(found)
    assert found.log == (f"Merged {second} into {first}.",)
    assert second in themes.ids


def test_splitting_undoes_a_merge(themes: Themes) -> None:
    """The parts of a merged theme become themes again, with the same segments."""
    first, second = themes.ids[:2]
    again = split_theme(merge_themes(themes, [second], into=first), first)
    parts = {frozenset(members_of(themes, theme)) for theme in (first, second)}
    assert parts <= {frozenset(members_of(again, theme)) for theme in again.ids}
    assert_counts(again)


def test_splitting_in_two(themes: Themes) -> None:
    """Both parts have segments, the larger keeps the id, and no id is used again."""
    first = themes.ids[0]
    found = split_theme(themes, first, into=2)
    new = set(found.ids) - set(themes.ids)
    assert len(new) == 1
    assert members_of(found, first) | members_of(found, *new) == members_of(themes, first)
    assert len(members_of(found, first)) >= len(members_of(found, *new)) > 0
    dropped = drop_theme(found, *new)
    assert not set(split_theme(dropped, first, into=2).ids) & new


def test_names_given_by_a_person_win(study: FakeStudy, themes: Themes) -> None:
    """A name survives a merge into the theme, and a run with new data."""
    first, second = themes.ids[:2]
    named = rename_theme(themes, first, "Wachten ")
    assert named.table.set_index("theme").loc[first, "name"] == "Wachten"
    merged = merge_themes(named, [second], into=first)
    later = update_themes(merged, *grown(study, MOVING[:2]), encode=cached_encode).themes
    assert later.table.set_index("theme").loc[first, "name"] == "Wachten"


def test_moved_segments_stay_where_they_were_put(study: FakeStudy, themes: Themes) -> None:
    """A segment that a person moved is there after a run with new data; so is one that was put apart."""
    first, second = themes.ids[:2]
    one, other = sorted(members_of(themes, first))[:2]
    found = move_segments(move_segments(themes, [one], to=second), [other], to=OUTLIERS)
    later = update_themes(found, *grown(study, MOVING), encode=cached_encode).themes
    assert one in members_of(later, second)
    assert other in members_of(later, OUTLIERS)
    assert later.log[:2] == found.log
    assert_counts(later)


def test_dropping_puts_segments_apart(themes: Themes) -> None:
    """No segment is lost with its theme."""
    first = themes.ids[0]
    found = drop_theme(themes, first)
    assert members_of(themes, first) <= members_of(found, OUTLIERS)
    assert_counts(found)


def test_a_locked_theme_changes_only_by_what_comes_anew(themes: Themes) -> None:
    """Nothing renames, merges, splits, drops or empties it until it is free again."""
    first, second = themes.ids[:2]
    found = lock_theme(themes, first)
    tries = [
        lambda: rename_theme(found, first, "x"),
        lambda: merge_themes(found, [first], into=second),
        lambda: split_theme(found, first, into=2),
        lambda: drop_theme(found, first),
        lambda: move_segments(found, sorted(members_of(found, first))[:1], to=second),
    ]
    for change in tries:
        with pytest.raises(OptionError, match=f"{first} is locked"):
            change()
    assert rename_theme(lock_theme(found, first, locked=False), first, "x").named == {first: "x"}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda t: rename_theme(t, "t99", "x"), "no theme 't99'"),
        (lambda t: rename_theme(t, t.ids[0], " "), "is empty"),
        (lambda t: merge_themes(t, [t.ids[0]], into=t.ids[0]), "nothing to merge"),
        (lambda t: split_theme(t, t.ids[0], into=1), "into is 1"),
        (lambda t: split_theme(replace(t, parts={}), t.ids[0]), "does not fall into parts"),
        (lambda t: move_segments(t, ["nope"], to=t.ids[0]), "no segment 'nope'"),
        (lambda t: move_segments(t, []), "no segments to move"),
        (lambda t: drop_theme(replace(t, ground=None), t.ids[0]), "Find them again"),
    ],
)
def test_changes_that_cannot_be(themes: Themes, change, match: str) -> None:
    """The message says what is wrong and what to do."""
    with pytest.raises(OptionError, match=match):
        change(themes)


def test_the_same_study_changes_nothing(study: FakeStudy, themes: Themes) -> None:
    """Bringing themes up to date with the data that they have leaves every segment in its place."""
    found = update_themes(themes, study.segments, study.codings, encode=cached_encode)
    assert (found.added, found.removed, found.proposals) == (0, 0, ())
    pd.testing.assert_frame_equal(found.themes.table, themes.table)
    pd.testing.assert_frame_equal(found.themes.members, themes.members)


def test_what_does_not_fit_proposes_a_theme(study: FakeStudy, themes: Themes) -> None:
    """Eight new respondents on a new subject make a proposal, that a person can accept; no theme takes them all."""
    found = update_themes(themes, *grown(study, MOVING), encode=cached_encode)
    assert (found.added, found.removed) == (8, 0)
    assert found.themes.ids == themes.ids
    proposal = next(p for p in found.proposals if "park" in p.name)
    assert proposal.respondents >= 5
    accepted = move_segments(found.themes, proposal.segments, name="parkeren")
    assert "parkeren" in accepted.table["name"].tolist()
    assert_counts(accepted)


def test_new_segments_join_and_drift_is_shown(study: FakeStudy, themes: Themes) -> None:
    """A new segment with the words of an old one joins its theme, and is counted in the drift table."""
    ranked = themes.members[(themes.members["rank"] == 1) & (themes.members["theme"] == themes.ids[0])]
    text = themes.quotes[ranked["segment"].iloc[0]]
    found = update_themes(themes, *grown(study, ["Nou, " + text]), encode=cached_encode)
    assert found.drift.dtypes.astype(str).to_dict() == THEME_DRIFT
    home = found.themes.members.set_index("segment").loc["new0", "theme"]
    assert home == themes.ids[0]
    assert found.drift.set_index("theme").loc[home, "added"] == 1


def test_what_lies_apart_can_join_the_theme_that_it_is_nearest_to(themes: Themes) -> None:
    """Every segment apart names a nearest theme, and goes there when a person moves it."""
    nearest = themes.near.set_index("segment")["theme"]
    apart = sorted(members_of(themes, OUTLIERS))[0]
    found = move_segments(themes, [apart], to=nearest[apart])
    assert apart in members_of(found, nearest[apart])
    assert_counts(found)


def test_segments_that_went_are_counted(study: FakeStudy, themes: Themes) -> None:
    """A document that was taken out takes its segments along, and the number is told."""
    gone = study.segments["document"].iloc[0]
    found = update_themes(
        themes, study.segments[study.segments["document"] != gone], study.codings, encode=cached_encode
    )
    assert found.removed == (themes.members["document"] == gone).sum()
    with pytest.raises(OptionError, match="Find them first"):
        update_themes(Themes(make_table([], THEMES), make_table([], MEMBERS)), study.segments, study.codings)


def test_themes_become_codes(study: FakeStudy, themes: Themes) -> None:
    """The codebook gets a code for each theme, with quotes as examples; its codings are suggestions on the segments."""
    change = themes_as_codes(load_codebook(), themes)
    for theme, name in zip(themes.table["theme"], themes.table["name"], strict=True):
        if theme != OUTLIERS:
            code = change.codebook.code("theme", theme)
            assert code.name("nl") == name
            assert len(code.examples) >= 3
    below = [code for code in change.codebook.group("theme").codes if code.parent]
    assert {code.id for code in below} == set(themes.subthemes["subtheme"])
    rows = theme_codings(themes, study.segments)
    assert set(rows["code"]) <= {code.id for code in change.codebook.group("theme").codes}
    assert set(rows["segment"]) == set(themes.members.loc[themes.members["theme"] != OUTLIERS, "segment"])
    assert (rows["status"] == "suggested").all()


def test_codes_of_themes_follow_later_edits(study: FakeStudy, themes: Themes) -> None:
    """A second time new names and new themes come, nothing is taken away, and codings stay."""
    codebook = themes_as_codes(load_codebook(), themes).codebook
    first = themes.ids[0]
    edited = rename_theme(split_theme(themes, first, into=2), first, "iets anders")
    change = themes_as_codes(codebook, edited)
    assert change.codebook.code("theme", first).name("nl") == "iets anders"
    assert {c.id for c in codebook.group("theme").codes} <= {c.id for c in change.codebook.group("theme").codes}
    assert set(edited.ids) <= {c.id for c in change.codebook.group("theme").codes}
    assert change.codebook.version == codebook.version + 1
    rows = theme_codings(themes, study.segments)
    pd.testing.assert_frame_equal(apply_to_codings(rows, change).codings, rows)
