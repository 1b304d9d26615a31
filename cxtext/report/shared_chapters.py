"""Chapters to hand on: an order without sizes, and figures that say nothing of few.

The other chapters cross many small groups. Rows, totals and differences together, also with those of the map, would
tell who said something; a chapter is here only where no number of respondents stands in it that the rest of the report
does not have, or where it has none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.journey import experience_gap
from cxtext.journey.driving import DRIVERS
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import FEELING, SURE, Cell, Chapter, Table, percent, scaled, with_interval
from cxtext.report.chapters.driving import drivers_order
from cxtext.report.labels import Labels
from cxtext.report.rows import rows_of
from cxtext.stats.saturation import Unseen, more_interviews
from cxtext.tables import make_table

if TYPE_CHECKING:
    from cxtext.study import Study

_FEWEST_ORDERED, _TOP = 2, 3
#: numbers of codes mentioned once that have to fit a verdict on saturation
_NUMBERS = 3


def shared_chapters(
    study: Study, labels: Labels, *, below: int, curve: pd.DataFrame, themes: Mapping[str, str]
) -> tuple[Chapter, ...]:
    """Make the chapters that can be handed on.

    Parameters
    ----------
    study : Study
    labels : Labels
    below : int
        Least number of respondents behind what is shown, and beside it.
    curve : pandas.DataFrame
        The emotion curve after suppression.
    themes : Mapping[str, str]
        Names of the themes that are shown.

    Returns
    -------
    tuple of Chapter
        Without quotes, pictures and files; those without data are left out.
    """
    note = labels("order_shared", below=below)
    return (
        *drivers_order(_of_enough(study, themes, labels, below, _mentioned), themes, note, labels),
        *_priorities(_of_enough(study, themes, labels, below, _suffered), themes, note, labels),
        *_desired(study, curve, labels),
        *_saturation(study, labels, below),
    )


def _of_enough(
    study: Study, themes: Mapping[str, str], labels: Labels, below: int, counts: Callable[[Analyses], pd.DataFrame]
) -> Analyses:
    """Analyse the study as if it had only the themes that enough respondents are counted of, and enough are not.

    To leave a theme out of a table is not enough: the probabilities of an order add up, so that those of the others
    would tell where it stands.
    """
    kept = set(themes)
    while True:
        found = Analyses(_with_themes(study, kept), labels.language)
        table = counts(found)
        k, n = table["respondents"], table["of_respondents"]
        few = k.lt(below) | ((n - k).lt(below) & k.ne(n))
        if not few.any():
            return found
        kept -= set(table.loc[few, "item"].str.removeprefix("theme/"))


def _with_themes(study: Study, kept: set[str]) -> Study:
    themes = study.themes
    own = replace(themes, table=themes.table[themes.table["theme"].isin(kept)],
                  members=themes.members[themes.members["theme"].isin(kept)])  # fmt: skip
    return replace(study, themes=own)


def _mentioned(found: Analyses) -> pd.DataFrame:
    return pd.concat([one.table[one.table["level"] == ""] for one in found.drivers] or [make_table([], DRIVERS)])


def _suffered(found: Analyses) -> pd.DataFrame:
    return found.priorities.table


def _priorities(found: Analyses, themes: Mapping[str, str], note: str, labels: Labels) -> Iterator[Chapter]:
    """Problems in their order, with how sure it is where there are enough of them for a top three."""
    table = found.priorities.table
    known = [(themes[row.item.removeprefix("theme/")], percent(row.top3, labels), row.top3)
             for row in rows_of(table[table["priority"].notna()])]  # fmt: skip
    if len(known) < _FEWEST_ORDERED:
        return
    sized = len(known) > _TOP
    rows = tuple((Cell(theme), Cell(chance)) if sized else (Cell(theme),) for theme, chance, _ in known)
    message = ""
    if sized:
        first, chance, top3 = known[0]
        message = labels("priorities_first", name=first, top3=chance)
        message += "" if top3 >= SURE else f" {labels('order_unsure')}"
    columns = (labels("theme"), labels("driver_top3")) if sized else (labels("theme"),)
    yield Chapter(
        "priorities", labels("priorities"), labels("priorities_intro"), message,
        blocks=(Table(labels("priorities_caption"), columns, rows, frozenset({1} if sized else ())),), notes=(note,),
    )  # fmt: skip


def _desired(study: Study, curve: pd.DataFrame, labels: Labels) -> Iterator[Chapter]:
    """Desired against realised experience of the phases that the emotion curve shows."""
    levels = {phase.id: phase.desired for phase in study.journey.phases if phase.desired is not None}
    known = set(curve.loc[curve["mean"].notna(), "phase"])
    gap = experience_gap(study.journey.respondents, levels, phases=study.journey.phases, language=labels.language)
    rows = tuple(
        (
            Cell(row.name), Cell(labels.number(row.desired, 1)),
            Cell(with_interval(row.realised, row.low, row.high, labels, 1),
                 span=scaled(row.low, row.realised, row.high, FEELING)),
            Cell(with_interval(row.gap, row.gap_low, row.gap_high, labels, 1)),
            Cell(labels.choice("gap_verdicts", row.verdict)),
        )
        for row in rows_of(gap.table[gap.table["desired"].notna() & gap.table["phase"].isin(known)])
    )  # fmt: skip
    if rows:
        columns = tuple(map(labels, ("phase", "desired_level", "realised", "gap", "verdict")))
        yield Chapter("desired", labels("desired"), labels("desired_intro"),
                      blocks=(Table(labels("desired_caption"), columns, rows, frozenset({1})),))  # fmt: skip


def _saturation(study: Study, labels: Labels, below: int) -> Iterator[Chapter]:
    """Whether more conversations would bring new codes, without a number, where that tells of no single code.

    Codes seen and to be expected give away how many were mentioned once and twice, and with the codes that are withheld
    for being few, sometimes which.
    """
    found = Analyses(study, labels.language).saturation
    if found is None or len(found.interviews) < below or math.isnan(found.more):
        return
    few = int(found.mentioned.between(1, below - 1).sum())
    if few and not is_open(found.unseen, few):
        return
    verdict = labels("saturation_shared_more" if found.more else "saturation_enough")
    yield Chapter("saturation", labels("saturation"), labels("saturation_intro"), verdict,
                  notes=(labels("saturation_shared_note"),))  # fmt: skip


def is_open(unseen: Unseen, few: int) -> bool:
    """Whether several numbers of codes of one respondent, among those of few, fit the verdict on saturation.

    Parameters
    ----------
    unseen : Unseen
    few : int
        Codes that are withheld for being few.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_open(Unseen(seen=40, once=3, twice=0, total=44.0, corrected=42.7, n=10), few=3)
    False
    """
    more = more_interviews(unseen) > 0
    fits = set()
    for once in range(few + 1):
        for twice in range(few + 1 - once):
            hidden = (unseen.n - 1) / unseen.n * once * (once - 1) / (2 * (twice + 1))
            other = replace(unseen, once=once, twice=twice, corrected=unseen.seen + hidden)
            if (more_interviews(other) > 0) == more:
                fits.add(once)
    return len(fits) >= _NUMBERS
