"""Themes in a study: kept, changed from the terminal, and laid out on a map."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from fake_study import FakeStudy, cached_encode, coding, fake_study, segment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxtext.cli import main
from cxtext.errors import OptionError
from cxtext.plots.explorer import ThemeExplorer
from cxtext.project import Project
from cxtext.tables import CODINGS, SEGMENTS, SUBTHEMES, make_table
from cxtext.themes import (
    OUTLIERS,
    Themes,
    check_themes,
    find_themes,
    keep_themes,
    lock_theme,
    merge_themes,
    rename_theme,
    restore_themes,
    themes_state,
)
from cxtext.themes.layout import place_boxes, theme_places

SUBJECTS = {
    "monteur": "De monteur {} bij de ketel",
    "rekening": "Mijn rekening {} en het bedrag klopte niet",
    "app": "De app {} bij het inloggen",
}
ENDS = ("kwam laat", "was traag", "deed raar", "viel tegen", "liep vast", "bleef stil", "ging fout", "was weg")


@pytest.fixture(scope="module")
def study() -> FakeStudy:
    """The invented study."""
    return fake_study()


@pytest.fixture(scope="module")
def themes(study: FakeStudy) -> Themes:
    """Its themes."""
    return find_themes(study.segments, study.codings, encode=cached_encode)


def by_subject(texts: Sequence[str]) -> np.ndarray:
    """Stand in for a sentence encoder: one direction a subject, with a little of one's own for each text."""
    rows = np.zeros((len(texts), 32), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row] = 0.2 * np.random.default_rng(zlib.crc32(text.encode())).normal(size=32)
        for at, word in enumerate(SUBJECTS):
            rows[row, at] += 2.0 * (word in text.lower())
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A study of twenty-four answers on three subjects, without codings."""
    monkeypatch.setattr("cxtext.embedding.encode", by_subject)
    lines = [subject.format(end) for subject in SUBJECTS.values() for end in ENDS]
    (tmp_path / "answers.csv").write_text(
        "id;toelichting\n" + "".join(f"{i};{line}.\n" for i, line in enumerate(lines))
    )
    study = str(tmp_path / "study.cxt")
    assert run("init", study).exit_code == 0
    assert run("add", study, str(tmp_path / "answers.csv")).exit_code == 0
    return study


def run(*words: str, typed: str = "") -> Result:
    """Run the command line."""
    return CliRunner().invoke(main, list(words), input=typed, env={"CXTEXT_CODER": "Noor"})


def theme_with(study: str, word: str) -> str:
    """Id of the theme that a word tells."""
    rows = json.loads(run("themes", "show", study, "--json", "--resamples", "2").stdout)
    return next(row["theme"] for row in rows if word in row["name"] + row["terms"])


def test_themes_come_back_as_they_were_kept(study: FakeStudy, themes: Themes) -> None:
    """Names, merges, locks and members survive being written as JSON and read again."""
    first, second, third = themes.ids[:3]
    edited = lock_theme(rename_theme(merge_themes(themes, [second], into=first), first, "Wachten"), third)
    state = json.loads(json.dumps(themes_state(edited)))
    back = restore_themes(state, study.segments, study.codings, encode=cached_encode)
    assert (back.added, back.removed) == (0, 0)
    pd.testing.assert_frame_equal(back.themes.table, edited.table)
    pd.testing.assert_frame_equal(back.themes.members, edited.members)
    assert (back.themes.named, back.themes.locked, back.themes.log) == (edited.named, edited.locked, edited.log)


def test_what_came_since_joins_the_kept_themes(study: FakeStudy, themes: Themes) -> None:
    """A new segment finds its place in themes that were kept before it came."""
    text = next(iter(themes.quotes.values()))
    segments = make_table(
        [*study.segments.to_dict("records"), segment("new", "Nou, " + text, document="new")], SEGMENTS
    )
    codings = make_table([*study.codings.to_dict("records"), coding("new", "kind/pain", document="new")], CODINGS)
    back = restore_themes(themes_state(themes), segments, codings, encode=cached_encode)
    assert (back.added, back.apart) == (1, 0)
    assert sorted(back.themes.ids) == sorted(themes.ids)
    assert "Brought up to date" in back._repr_html_() or back.themes.log[-1].startswith("Brought up to date")


@pytest.mark.parametrize(
    ("state", "match"),
    [({}, "cannot be read"), ({"format": 9}, "newer version"), ({"format": 1, "members": 3}, "cannot be read")],
)
def test_a_state_that_is_none_is_refused(state: dict[str, object], match: str, study: FakeStudy) -> None:
    """What a study keeps under that name by mistake, or from a newer version, is told in a sentence."""
    with pytest.raises(OptionError, match=match):
        restore_themes(state, study.segments, study.codings, encode=cached_encode)


def test_every_change_of_themes_is_in_the_log_and_can_be_undone(tmp_path: Path, themes: Themes) -> None:
    """A kept change says in the log what it was; undo brings the themes back as they were."""
    with Project.create(tmp_path / "a.cxt", coder="Noor") as project:
        keep_themes(project, themes)
        keep_themes(project, rename_theme(themes, themes.ids[0], "Wachten"))
        assert project.log()[-1].summary == f"Renamed {themes.ids[0]} to Wachten."
        assert project.settings["themes"]["named"] == {themes.ids[0]: "Wachten"}
        project.undo()
        assert project.settings["themes"]["named"] == {}


def test_themes_from_the_terminal(place: str) -> None:
    """Themes are found, renamed, merged and taken back; showing them again keeps what a person did."""
    assert "keeps no themes yet" in run("themes", "show", place).output
    found = run("themes", "find", place, "--all", "-n", "3")
    assert found.exit_code == 0, found.output
    app, bill = theme_with(place, "app"), theme_with(place, "rekening")
    assert run("themes", "rename", place, app, "Inloggen lukt niet").exit_code == 0
    assert "Inloggen lukt niet" in run("themes", "show", place, "--resamples", "3").output
    assert "Add" not in run("themes", "merge", place, bill, "--into", app).output
    shown = run("themes", "show", place, "--resamples", "3").output
    assert f"{app}.1" in shown
    assert "Inloggen lukt niet" in shown
    assert "--force" in run("themes", "find", place, "--all").output
    assert "Undone" in run("undo", place).output
    assert theme_with(place, "rekening") == bill
    assert "rekening" in run("themes", "quotes", place, bill).output
    assert "There is no theme 't99'" in run("themes", "drop", place, "t99").output


def test_themes_become_codes_from_the_terminal(place: str) -> None:
    """Each theme is a code of the codebook afterwards, and its segments have it as a suggestion."""
    run("themes", "find", place, "--all", "-n", "3")
    made = run("themes", "codes", place)
    assert made.exit_code == 0, made.output
    with Project.open(place, coder="Noor") as project:
        assert len(project.codebook.group("theme").codes) >= 3
        assert len(project.codings()) >= 20


def test_intrusion_in_the_terminal(place: str) -> None:
    """A person answers with numbers, Enter or q, and is told how many intruders were found."""
    run("themes", "find", place, "--all", "-n", "3")
    done = run("themes", "intrusion", place, "--of", "quotes", typed="x\n1\n\nq\n")
    assert done.exit_code == 0, done.output
    assert "Type a number from 1 to 4" in done.output
    assert "indringers gevonden" in done.output


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(10, 300), st.floats(10, 80)), min_size=1, max_size=25
    )
)
def test_no_box_lies_over_another(boxes: list[tuple[float, float, float, float]]) -> None:
    """Whatever their places and sizes, boxes do not overlap and stay within the width."""
    sizes = np.array([box[2:] for box in boxes])
    corners = place_boxes([box[:2] for box in boxes], [box[2:] for box in boxes], width=960, height=400)
    assert (corners[:, 0] >= 0).all()
    assert (corners[:, 0] + sizes[:, 0] <= 960 + 1e-6).all()
    for a in range(len(boxes)):
        for b in range(a):
            apart = np.maximum(corners[a] - corners[b] - sizes[b], corners[b] - corners[a] - sizes[a])
            assert apart.max() > -1e-6


def test_every_theme_has_a_place_on_the_map(themes: Themes) -> None:
    """All themes but what lies apart are placed within the unit square, and the figure for print names them."""
    places = theme_places(themes)
    assert sorted(places) == sorted(themes.ids)
    assert OUTLIERS not in places
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places.values())
    drawn = " ".join(text.get_text() for axes in themes.map().axes for text in axes.texts).replace("\n", " ")
    assert all(name.split(", ")[0] in drawn for name in themes.table.loc[themes.table["theme"] != OUTLIERS, "name"])


EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def view(study: FakeStudy, themes: Themes) -> ThemeExplorer:
    """Those themes to click through, the first in two parts."""
    first = themes.ids[0]
    own = themes.members.loc[themes.members["theme"] == first, "segment"].tolist()
    parts = {segment: f"{first}.{number % 2}" for number, segment in enumerate(own)}
    rows = [
        {
            "subtheme": f"{first}.{at}",
            "theme": first,
            "name": f"deel {at}",
            "terms": "",
            "segments": 3,
            "respondents": 2,
        }
        for at in range(2)
    ]
    split = replace(themes, subthemes=make_table(rows, SUBTHEMES), parts=parts)
    trust = check_themes(split, resamples=2)
    return split.explore(study.segments, study.codings, study.documents, trust=trust, quotes=3)


def panels(html: str) -> list[tuple[str, str]]:
    """Label and panel of each theme, in order."""
    return re.findall(r'<summary class="cxt-spot"[^>]*>(.*?)</summary><section>(.*?)</section>', html, re.DOTALL)


def test_every_theme_can_be_chosen_in_a_notebook(themes: Themes, view: ThemeExplorer) -> None:
    """Each theme is a choice with its share, verdict, sub-themes, and sizes by phase and wave; nothing is a script."""
    html = view._repr_html_()
    found = panels(html)
    assert [label.count("<i>") for label, _ in found] == [1] * len(themes.ids)
    assert html.count(" open>") == 1
    assert "<script" not in html
    rows = themes.table[themes.table["theme"] != OUTLIERS].to_dict("records")
    for row, (_, panel) in zip(rows, found, strict=True):
        assert escape(row["name"]) in panel
        assert f"{row['respondents']} van {row['of_respondents']} respondenten" in panel
        assert view.verdicts[row["theme"]] in panel
        assert "afname" in panel
        assert "hermeting" in panel
    assert [panel.count("<details>") for _, panel in found] == [2] + [0] * (len(found) - 1)


def test_quotes_of_a_theme_are_few_and_of_different_respondents(view: ThemeExplorer) -> None:
    """There are no more quotes than asked for, each of another respondent, and it is told of how many they are."""
    for _, panel in panels(view._repr_html_())[1:]:
        cases = re.findall(r'<li>.*?<span class="cxt-soft">(.*?)</span></li>', panel)
        assert 0 < len(cases) <= 3
        assert len(set(cases)) == len(cases)
        assert f"{len(cases)} van " in panel


def test_what_people_said_cannot_run_in_a_notebook(study: FakeStudy, themes: Themes) -> None:
    """Quotes and names of themes are text, whatever signs are in them."""
    named = rename_theme(themes, themes.ids[0], EVIL)
    html = named.explore(study.segments.assign(text=EVIL), study.codings)._repr_html_()
    assert "<script" not in html
    assert html.count(f"“{escape(EVIL)}”") == len(themes.ids)


def test_two_views_in_a_notebook_share_nothing(view: ThemeExplorer) -> None:
    """A choice in one output changes nothing in another of the same themes."""
    first, second = (set(re.findall(r' (?:id|name)="([^"]+)"', view._repr_html_())) for _ in range(2))
    assert first
    assert not first & second


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_themes_there_is_one_sentence(study: FakeStudy, language: str) -> None:
    """Where nothing was found the view tells so."""
    none = find_themes(study.segments[:0], study.codings[:0])
    html = none.explore(study.segments[:0], study.codings[:0], language=language)._repr_html_()
    assert re.fullmatch(r"<p>[^<.]+\.</p>", html)


@pytest.mark.browser
@pytest.mark.parametrize("width", [900, 500])
def test_a_click_on_a_bubble_shows_its_quotes(browser: Any, view: ThemeExplorer, width: int) -> None:
    """In two views on a page, wide or narrow, a click or a key shows that theme, in its own view alone."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(view._repr_html_() + view._repr_html_())
    other, mine = page.locator(".cxt-themes").all()
    for number in (2, 0, 1):
        mine.locator("summary.cxt-spot").nth(number).click()
        shown = [panel.is_visible() for panel in mine.locator("section").all()]
        assert [at for at, visible in enumerate(shown) if visible] == [number]
        assert mine.locator("section").nth(number).locator("li").first.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert mine.locator("section").nth(2).is_visible()
    assert other.locator("section").nth(0).is_visible()
    page.close()
