"""Paths: in which order respondents meet the organisation, and in which order they do things."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from cxtext.journey.answers import joined
from cxtext.journey.pathways import ARROW
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import FEELING, Cell, Chapter, Picture, Table, of_total, scaled, with_interval
from cxtext.report.figure import MIN_RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import END, MIN_PERCENTAGE, START

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.journey import Paths
    from cxtext.study import Study

_MOST_PATTERNS, _MOST_STEPS = 6, 10


def paths(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Order of channels or touchpoints and of activities, as graphs, with what is done over and what is common.

    Parameters
    ----------
    study : Study
    found : Analyses
    names : Names
    labels : Labels

    Returns
    -------
    Chapter
    """
    title, own, done = labels("paths"), found.paths, found.activities
    if own is None and done is None:
        return Chapter("paths", title, missing=labels("paths_missing"))
    blocks: list[Table | Picture] = []
    notes: list[str] = []
    messages: list[str] = []
    frames: dict[str, pd.DataFrame] = {}
    if own is not None:
        intro = labels("paths_intro", n=labels.number(own.of_respondents))
        messages += _common(own, "paths_message", labels)
        blocks += [Picture("paths", labels("paths_picture"), own.plot), *_order(own, "paths", labels)]
        for part, handed in found.handed.items():
            blocks += _switches(handed, labels(f"handed_{part}_caption"), labels)
        blocks += [_whole(found, own, labels), _goals(found, labels)]
        notes.append(labels("paths_contacts" if found.contacts else "paths_stories"))
        if found.contacts:
            switched, total = map(labels.number, own.switched)
            notes.append(labels("paths_switches", k=switched, n=total))
        notes += [*_handed_notes(found, labels), labels("goals_note")]
        frames |= _frames(own, "paths") | {"paths_goals": found.goals.table}
    else:
        intro = labels("paths_none")
    if done is not None:
        messages += _common(done, "activities_message", labels)
        picture = partial(done.plot, title=labels("activities"))
        blocks += [Picture("activities", labels("activities_picture"), picture), *_order(done, "activities", labels)]
        notes.append(labels("activities_note", n=labels.number(done.of_respondents)))
        frames |= _frames(done, "activities")
    else:
        notes.append(labels("activities_few"))
    if told := found.phases_told:
        blocks += _switches(told, labels("phases_told_caption"), labels)
        notes.append(_back(found, told, labels))
    return Chapter("paths", title, intro, " ".join(messages), blocks=tuple(blocks), notes=tuple(notes), frames=frames)


def _frames(own: Paths, name: str) -> dict[str, pd.DataFrame]:
    return {f"{name}_transitions": own.transitions, f"{name}_visits": own.visits, f"{name}_variants": own.variants,
            f"{name}_patterns": own.patterns}  # fmt: skip


def _common(own: Paths, message: str, labels: Labels) -> Iterator[str]:
    """Tell the most common order of different steps."""
    several = own.patterns[own.patterns["pattern"].map(lambda pattern: len(set(pattern.split(ARROW))) > 1)]
    for row in rows_of(several.head(1)):
        share = of_total(row.respondents, own.of_respondents, labels)
        yield labels(message, pattern=row.pattern, share=share)


def _order(own: Paths, name: str, labels: Labels) -> Iterator[Table]:
    """Steps, transitions with the change of feeling, and orders that many share."""
    rows = tuple(
        (
            Cell(row.name, row.quotes, row.name),
            Cell(of_total(row.respondents, own.of_respondents, labels)),
            Cell(of_total(row.again, row.of_respondents, labels)),
            Cell(labels.number(row.bounces)),
            Cell(with_interval(row.valence, math.nan, math.nan, labels, 1),
                 span=scaled(math.nan, row.valence, math.nan, FEELING, firm=row.respondents >= MIN_RESPONDENTS)),
        )
        for row in rows_of(own.visits.sort_values("respondents", ascending=False, kind="stable"))
    )  # fmt: skip
    columns = "paths_step", "respondents", "paths_again", "paths_bounces", "feeling"
    yield Table(labels(f"{name}_steps_caption"), tuple(map(labels, columns)), rows, frozenset({3}), shown=_MOST_STEPS)
    yield from _switches(own, labels(f"{name}_switches_caption"), labels)
    if len(own.patterns):
        yield _patterns(own.patterns, labels(f"{name}_patterns_caption"), labels)


def _goals(found: Analyses, labels: Labels) -> Table:
    """What respondents came for, and at which step they tell that they have it."""
    own = found.goals
    n, met = own.met.n, int(own.table["met"].sum())
    rows = [(Cell(labels("goals_wanted"), own.wanted), Cell(of_total(own.wanting, n, labels)), Cell("–"))]
    rows += [
        (Cell(labels("goals_at", step=row.name), row.quotes), Cell(of_total(row.met, row.respondents, labels)),
         Cell(labels.number(row.position, 1)))
        for row in rows_of(own.table)
    ]  # fmt: skip
    rows.append((Cell(labels("goals_not")), Cell(of_total(n - met, n, labels)), Cell("–")))
    columns = labels("goals_head"), labels("respondents"), labels("goals_position")
    return Table(labels("goals_caption"), columns, tuple(rows), frozenset({2}), shown=8)


def _handed_notes(found: Analyses, labels: Labels) -> Iterator[str]:
    """How often contacts go to another department or channel."""
    for part, own in found.handed.items():
        yield labels(f"handed_{part}", k=labels.number(own.switched[0]), n=labels.number(own.switched[1]),
                     back=labels.number(int(own.visits["bounces"].sum())))  # fmt: skip


def _back(found: Analyses, told: Paths, labels: Labels) -> str:
    """How often a story goes back to an earlier phase."""
    order = [phase.id for phase in found.study.journey.phases]
    steps = told.transitions[told.transitions[["source", "target"]].isin(order).all(axis=1)]
    back = sum(row.count for row in rows_of(steps) if order.index(row.target) < order.index(row.source))
    return labels("phases_told_note", n=labels.number(told.of_respondents), k=labels.number(back),
                  all=labels.number(told.switched[1]))  # fmt: skip


def _whole(found: Analyses, own: Paths, labels: Labels) -> Table:
    """Whole paths that several respondents take, and how many take one of their own."""
    said = joined(found.steps["case"], found.steps["segments"])

    def row(name: str, paths: pd.DataFrame) -> tuple[Cell, ...]:
        quotes = ";".join(
            filter(None, (said[case].strip(";") for cases in paths["cases"] for case in cases.split(";")))
        )
        return Cell(name, quotes), Cell(of_total(int(paths["respondents"].sum()), own.of_respondents, labels))

    shared = own.variants[own.variants["respondents"] > 1]
    rows = [row(name, shared[shared["path"] == name]) for name in shared["path"].head(_MOST_PATTERNS)]
    for key, rest in (("whole_rest", shared.iloc[_MOST_PATTERNS:]), ("whole_own", own.variants.iloc[len(shared) :])):
        rows += [row(labels(key, n=labels.number(len(rest))), rest)] if len(rest) else []
    columns = labels("paths_whole"), labels("respondents")
    return Table(labels("paths_whole_caption"), columns, tuple(rows), shown=_MOST_PATTERNS + 2)


def _switches(own: Paths, caption: str, labels: Labels) -> Iterator[Table]:
    """Steps between which the feeling changes most, of those that enough respondents take."""
    transitions, names = own.transitions, own.names
    edges = transitions["source"].isin((START, END)) | transitions["target"].isin((START, END))
    known = transitions[~edges & transitions["n_change"].ge(MIN_RESPONDENTS)
                        & transitions["source"].ne(transitions["target"])]  # fmt: skip
    if known.empty:
        return
    known = known.sort_values("change", kind="stable").head(_MOST_STEPS)
    rows = tuple(
        (
            Cell(f"{names.get(row.source, row.source)}{ARROW}{names.get(row.target, row.target)}", row.quotes),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(with_interval(100 * row.probability, 100 * row.low, 100 * row.high, labels, unit="%")
                 if row.of_respondents >= MIN_PERCENTAGE else "–"),
            Cell(with_interval(row.change, row.change_low, row.change_high, labels, 1), note=f"n = {row.n_change}",
                 span=scaled(row.change_low, row.change, row.change_high, (-3.0, 3.0))),
        )
        for row in rows_of(known)
    )  # fmt: skip
    columns = labels("paths_step"), labels("paths_of_leavers"), labels("paths_next"), labels("paths_change")
    yield Table(caption, columns, rows, shown=5)


def _patterns(patterns: pd.DataFrame, caption: str, labels: Labels) -> Table:
    rows = tuple(
        (Cell(row.pattern, row.quotes), Cell(of_total(row.respondents, row.of_respondents, labels)))
        for row in rows_of(patterns.head(_MOST_PATTERNS))
    )
    return Table(caption, (labels("paths_pattern"), labels("respondents")), rows)
