"""Chapters to hand on: an order without sizes, and figures that say nothing of few.

The other chapters cross many small groups. Rows, totals and differences together, also with those of the map, would
tell who said something; a chapter is here only where no number of respondents stands in it that the rest of the report
does not have, or where it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.journey import experience_gap
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import FEELING, SURE, Cell, Chapter, Table, percent, scaled, with_interval
from cxtext.report.chapters.choices import saturation
from cxtext.report.chapters.driving import drivers_order
from cxtext.report.labels import Labels
from cxtext.report.names import names_of
from cxtext.report.rows import rows_of

if TYPE_CHECKING:
    from cxtext.study import Study


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
    found = Analyses(study, labels.language)

    def name(item: str, k: float, n: float) -> str:
        """Name of a theme; ``""`` where few speak of it, or few do not, whose score would follow from the others'."""
        return themes.get(item.removeprefix("theme/"), "") if below <= k and (n - k >= below or n == k) else ""

    note = labels("order_shared", below=below)
    return (
        *drivers_order(found, name, note, labels),
        *_priorities(found, name, note, labels),
        *_desired(study, curve, labels),
        *_saturation(study, found, labels, below),
    )


def _priorities(
    found: Analyses, name: Callable[[str, float, float], str], note: str, labels: Labels
) -> Iterator[Chapter]:
    """Problems in their order, with how sure it is."""
    table = found.priorities.table
    known = [(name(row.item, row.respondents, row.of_respondents), row.top3)
             for row in rows_of(table[table["priority"].notna()])]  # fmt: skip
    rows = [(Cell(theme), Cell(percent(top3, labels))) for theme, top3 in known if theme]
    if rows:
        first, top3 = known[0]
        sure = "" if top3 >= SURE else f" {labels('order_unsure')}"
        message = labels("priorities_first", name=first, top3=percent(top3, labels)) + sure if first else ""
        columns = labels("theme"), labels("driver_top3")
        yield Chapter(
            "priorities", labels("priorities"), labels("priorities_intro"), message,
            blocks=(Table(labels("priorities_caption"), columns, tuple(rows), frozenset({1})),), notes=(note,),
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


def _saturation(study: Study, found: Analyses, labels: Labels, below: int) -> Iterator[Chapter]:
    """What is said of all conversations together, where they are enough; the plot shows single ones."""
    whole = saturation(study, found, names_of(study, labels), labels)
    if not whole.missing and len(whole.frames["saturation"]) >= below:
        yield replace(whole, blocks=(), frames={})
