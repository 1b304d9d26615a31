"""Chapters of a report to hand on: an order that few leave no trace in, and figures without sizes."""

from __future__ import annotations

import dataclasses
import re

import pytest
from report_study import fake_study

from cxtext.report.cell_marks import marks_of
from cxtext.report.chapters import Analyses
from cxtext.report.labels import load_labels
from cxtext.report.shared_chapters import is_open
from cxtext.report.suppression import suppress
from cxtext.stats.saturation import Unseen
from cxtext.study import Study
from cxtext.themes import OUTLIERS

NL = load_labels("nl")
BELOW = 5


@pytest.fixture(scope="module")
def study() -> Study:
    """Everything that the report shows, invented."""
    return fake_study()


def test_chapters_to_hand_on_show_no_person_and_no_size(study: Study) -> None:
    """An order of problems without numbers, the gap of phases whose curve is shown; no quote, picture or file."""
    phases = tuple(dataclasses.replace(phase, desired=1.0) for phase in study.journey.phases)
    journey = dataclasses.replace(study.journey, phases=phases)
    shared = suppress(dataclasses.replace(study, journey=journey), NL, below=BELOW)
    made = {chapter.id: chapter for chapter in shared.chapters}
    assert {"priorities", "desired", "saturation"} <= set(made) <= {"drivers", "priorities", "desired", "saturation"}
    cells = [cell for one in shared.chapters for table in one.tables for row in table.rows for cell in row]
    assert not any(cell.quotes or cell.note for cell in cells)
    assert not any(one.pictures or one.frames or one.points for one in shared.chapters)
    pains = {row.name: row.respondents for row in Analyses(study, "nl").priorities.table.itertuples()}
    order = [row[0].text for row in made["priorities"].tables[0].rows]
    assert set(order) <= set(shared.themes["name"])
    assert min(pains[name] for name in order) >= BELOW > min(pains.values())
    shown = [row[0].text for row in made["desired"].tables[0].rows]
    assert shown == [shared.names.phases[row.phase] for row in shared.curve.itertuples() if row.mean == row.mean]


def test_no_chapter_of_conversations_that_are_few(study: Study) -> None:
    """Saturation of fewer conversations than respondents may be shown is left out."""
    ids = {chapter.id for chapter in suppress(study, NL, below=study.respondents).chapters}
    assert "saturation" not in ids


def test_a_theme_of_few_leaves_no_trace_in_an_order(study: Study) -> None:
    """Chances of an order add up; so it is that of the shown themes alone, as if the others were not there."""
    for below in (2, 3, 5):
        shared = suppress(study, NL, below=below)
        order = next(one for one in shared.chapters if one.id == "priorities").tables[0].rows
        shown = {row[0].text for row in order}
        themes = study.themes
        kept = set(themes.table.loc[themes.table["name"].isin(shown), "theme"])
        alone = dataclasses.replace(themes, table=themes.table[themes.table["theme"].isin(kept)],
                                    members=themes.members[themes.members["theme"].isin(kept)])  # fmt: skip
        found = Analyses(dataclasses.replace(study, themes=alone), "nl").priorities.table
        assert found["respondents"].min() >= below
        chances = [row[1].text for row in order if len(row) > 1]
        assert chances == ([f"{100 * p:.0f}%" for p in found["top3"]] if len(order) > 3 else [])


def test_saturation_tells_no_number_of_codes(study: Study) -> None:
    """Codes seen and expected would tell how many one respondent mentioned; where only those fit, there is nothing."""
    (made,) = (one for one in suppress(study, NL, below=BELOW).chapters if one.id == "saturation")
    assert not re.findall(r"\d", f"{made.message} {' '.join(made.notes)}")
    assert is_open(Unseen(seen=40, once=4, twice=2, total=44.0, corrected=42.0, n=10), few=12)
    only = Unseen(seen=40, once=3, twice=0, total=44.0, corrected=42.7, n=10)
    assert not is_open(only, few=3)


def test_no_order_tells_of_statements_or_of_who_came_first(study: Study) -> None:
    """Ties in the map, and the codes, stand by name, however many statements there are."""
    shared = suppress(study, NL, below=2)
    cells = shared.cells[shared.cells["respondents"].map(type).eq(int) & shared.cells["item"].ne("")]
    groups = cells[cells["item"] != OUTLIERS].groupby(["lane", "phase", "respondents"])["name"]
    ties = [names.str.casefold().tolist() for _, names in groups if len(names) > 1]
    assert ties
    assert ties == [sorted(names) for names in ties]
    codes = shared.codes[["group", "code"]].to_numpy().tolist()
    assert codes == sorted(codes)


def test_cells_that_overlap_do_not_bound_a_small_one_from_below() -> None:
    """Of nine in a theme, six of them in one phase leave three or four for the other; that is not told."""
    nine, others = [f"r{number}" for number in range(9)], [f"o{number}" for number in range(20)]
    one, two = ("cell", "themes", "use", "t"), ("cell", "themes", "service", "t")

    def marks(first: int, second: int) -> dict[tuple[str, ...], str]:
        cells = {one: frozenset(nine[:first]), two: frozenset(nine[second:])}
        phases = {("phase", phase): frozenset([*nine, *others]) for phase in ("use", "service")}
        known = {("theme", "t"): frozenset(nine), **phases, **cells}
        return marks_of(known, frozenset([*nine, *others]), below=BELOW)

    assert marks(6, 5) == {one: "×", two: "×"}
    assert marks(8, 5) == {two: "<5"}
    assert marks(9, 4) == {}
