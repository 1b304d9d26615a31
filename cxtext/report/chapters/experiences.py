"""Experience journeys: what people want, with the product journeys that belong to it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import Cell, Chapter, Table, of_total, scaled, with_interval
from cxtext.report.figure import MIN_RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of

if TYPE_CHECKING:
    from cxtext.study import Study


def experiences(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Experience journeys that enough respondents speak of.

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
    title, table = labels("experiences"), found.experiences
    heads = table[(table["product"] == "") & table["respondents"].ge(MIN_RESPONDENTS)]
    table = table[table["experience"].isin(heads["experience"]) & table["respondents"].ge(MIN_RESPONDENTS)]
    if table.empty:
        return Chapter("experiences", title, missing=labels("experiences_missing"))
    head_of = dict(zip(heads["experience"], heads["name"], strict=True))
    rows = []
    for row in rows_of(table):
        name = row.name if not row.product else f"– {row.name}"
        about = row.name if not row.product else f"{head_of[row.experience]} – {row.name}"
        rows.append((
            Cell(name, row.quotes, about), Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(with_interval(row.valence, row.valence_low, row.valence_high, labels, 1),
                 span=scaled(row.valence_low, row.valence, row.valence_high, (-2.0, 2.0),
                             firm=not math.isnan(row.valence_low))),
            Cell(of_total(row.pains, row.respondents, labels)), Cell(of_total(row.negative, row.respondents, labels)),
        ))  # fmt: skip
    columns = ("experiences_head", "respondents", "feeling", "lane_pains", "negative_share")
    caption = labels("experiences_caption")
    return Chapter(
        "experiences", title, labels("experiences_intro" if found.own_experiences else "experiences_suggested"),
        blocks=(Table(caption, tuple(labels(key) for key in columns), tuple(rows), shown=12),),
        frames={"experiences": found.experiences},
    )  # fmt: skip
