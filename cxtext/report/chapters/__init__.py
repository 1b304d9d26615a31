"""Chapters of the report beside the map: each a function from a study to texts, tables and pictures.

A new chapter is one function in `CHAPTERS`, in the order of the page. A chapter without data gives one sentence why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cxtext.report.chapters.analyses import Analyses, Choices
from cxtext.report.chapters.blocks import Chapter
from cxtext.report.chapters.choices import priorities, recommendations, saturation
from cxtext.report.chapters.contact import touchpoints
from cxtext.report.chapters.driving import drivers
from cxtext.report.chapters.experiences import experiences
from cxtext.report.chapters.paths import paths
from cxtext.report.chapters.process import asked, desired, peaks, principles, wording
from cxtext.report.chapters.ratings import scores, waves
from cxtext.report.labels import Labels
from cxtext.report.names import Names, names_of

if TYPE_CHECKING:
    from cxtext.study import Study

__all__ = ["CHAPTERS", "FIRST", "Analyses", "Chapter", "Choices", "chapters_of"]

Maker = Callable[["Study", Analyses, Names, Labels], Chapter]

#: before the map, and after the curve
FIRST: tuple[Maker, ...] = (recommendations,)
CHAPTERS: tuple[Maker, ...] = (
    touchpoints, paths, asked, peaks, scores, waves, drivers, priorities, principles, desired, wording, experiences,
    saturation,
)  # fmt: skip


def chapters_of(study: Study, labels: Labels, found: Analyses | None = None) -> tuple[Chapter, ...]:
    """Make the chapters of a report.

    Parameters
    ----------
    study : Study
    labels : Labels
    found : Analyses, optional
        Where they were made already.

    Returns
    -------
    tuple of Chapter
        Those before the map first; also the ones that are `missing` and only say why.
    """
    found = found or Analyses(study, labels.language)
    names = names_of(study, labels)
    return tuple(make(study, found, names, labels) for make in (*FIRST, *CHAPTERS))
