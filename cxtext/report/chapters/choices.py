"""Priorities, opportunities, saturation and recommendations: what to repair first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.coded import codes_of
from cxtext.journey.answers import among
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import (
    SURE,
    Cell,
    Chapter,
    Picture,
    Point,
    Table,
    listed,
    of_total,
    percent,
    scaled,
    with_interval,
)
from cxtext.report.chapters.driving import improvements
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import MIN_PERCENTAGE

if TYPE_CHECKING:
    from cxtext.study import Study

_MOST = 3


def priorities(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Problems by reach and severity, and what respondents still miss.

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
    title, table = labels("priorities"), found.priorities.table
    if table.empty:
        return Chapter("priorities", title, missing=labels("priorities_missing"))
    top = max(0.01, float(table["priority_high"].max()))
    rows = [_priority(row, top, labels) for row in rows_of(table)]
    columns: tuple[str, ...] = (
        "theme", "priority_reach", "priority_severity", "priority", "driver_top3", "priority_together"
    )  # fmt: skip
    if found.fits:
        columns = (*columns, "priority_fits")
        rows = [(*cells, _fits(item, found, labels)) for cells, item in zip(rows, table["item"].tolist(), strict=True)]
    blocks: list[Table | Picture] = [
        Table(labels("priorities_caption"), tuple(labels(key) for key in columns), tuple(rows), frozenset({4})),
        Picture("priorities", title, found.priorities.plot, inline=False),
    ]
    missed = found.opportunities
    if missed["score"].notna().any():
        blocks.append(_opportunities(missed, labels))
    if len(found.ulwick):
        blocks.append(_ulwick(found.ulwick, found.asked_scale, labels))
    first = table.iloc[0]
    message = ""
    if first["of_respondents"] >= MIN_PERCENTAGE:
        share = of_total(int(first["respondents"]), int(first["of_respondents"]), labels)
        sure = "priorities_message_sure" if first["top3"] >= SURE else "priorities_message"
        message = labels(sure, name=first["name"], share=share, top3=percent(first["top3"], labels))
    return Chapter(
        "priorities", title, labels("priorities_intro"), message, blocks=tuple(blocks),
        notes=(labels("priorities_note"), *((labels("opportunities_note"),) if missed["score"].notna().any() else ())),
        frames={"priorities": table, "opportunities": missed,
                **({"ulwick": found.ulwick} if len(found.ulwick) else {})},
    )  # fmt: skip


def _priority(row: Any, top: float, labels: Labels) -> tuple[Cell, ...]:
    others = [name for name in row.together_with.split(";") if name]
    more = labels("more_short", n=len(others) - 2) if len(others) > 2 else ""
    if row.of_respondents < MIN_PERCENTAGE or math.isnan(row.priority):
        figures = Cell("–"), Cell("–")
    else:
        span = scaled(row.priority_low, row.priority, row.priority_high, (0.0, top))
        text = with_interval(100 * row.priority, 100 * row.priority_low, 100 * row.priority_high, labels, 1)
        figures = Cell(text, span=span), Cell(percent(row.top3, labels))
    return (
        Cell(row.name, row.quotes, row.name), Cell(of_total(row.respondents, row.of_respondents, labels)),
        Cell(labels.number(row.severity, 1) if row.severity == row.severity else "–"), *figures,
        Cell("; ".join(others[:2]) or "–", note=more),
    )  # fmt: skip


def _fits(item: str, found: Analyses, labels: Labels) -> Cell:
    """Experience drivers that a theme fits, of all that the researcher gave."""
    own = [name for name, themes in found.fits.items() if item.removeprefix("theme/") in themes]
    return Cell(listed(own, labels) or "–", note=of_total(len(own), len(found.fits), labels).split(" (")[0])


def _ulwick(table: pd.DataFrame, scale: tuple[int, int], labels: Labels) -> Table:
    rows = tuple(
        (
            Cell(row.name, note=labels.count("respondent", row.respondents)),
            Cell(with_interval(row.score, row.low, row.high, labels, 1),
                 span=scaled(row.low, row.score, row.high, (0.0, 20.0))),
            Cell(labels.number(row.importance, 1) if row.importance == row.importance else "–"),
            Cell(labels.number(row.satisfaction, 1) if row.satisfaction == row.satisfaction else "–"),
        )
        for row in rows_of(table)
    )  # fmt: skip
    columns = ("ulwick_item", "ulwick_score", "ulwick_importance", "ulwick_satisfaction")
    caption = labels("ulwick_caption", low=scale[0], high=scale[1])
    return Table(caption, tuple(map(labels, columns)), rows, frozenset({2, 3}))


def _opportunities(table: pd.DataFrame, labels: Labels) -> Table:
    columns = ("theme", "opportunity_score", "opportunity_importance", "opportunity_relief")
    high = max(1.0, float(table["high"].max()))
    rows = tuple(
        (
            Cell(row.name, row.quotes, row.name),
            Cell(with_interval(row.score, row.low, row.high, labels, 1),
                 span=scaled(row.low, row.score, row.high, (0.0, high))),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(of_total(row.relieved, row.respondents, labels)),
        )
        for row in rows_of(table[table["score"].notna()])
    )  # fmt: skip
    return Table(labels("opportunities_caption"), tuple(labels(key) for key in columns), rows, shown=5)


def saturation(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Whether more interviews would bring new codes.

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
    title, own = labels("saturation"), found.saturation
    if own is None or own.interviews.empty:
        return Chapter("saturation", title, missing=labels("saturation_missing"))
    at, unseen = own.threshold.saturated_at, own.unseen
    reached = labels("saturation_not") if at is None else labels("saturation_at", at=at, run=own.threshold.run)
    more = 0 if math.isnan(own.more) else math.ceil(own.more)
    enough = labels("saturation_enough") if more == 0 else labels("saturation_more", more=labels.number(more))
    total = labels("saturation_total", seen=labels.number(unseen.seen), total=labels.number(round(unseen.corrected)),
                   n=labels.number(len(own.interviews)))  # fmt: skip
    return Chapter(
        "saturation", title, labels("saturation_intro"), f"{total} {enough}",
        blocks=(Picture("saturation", labels("saturation_picture"), own.plot),),
        notes=(reached, labels("saturation_note")), frames={"saturation": own.interviews},
    )  # fmt: skip


def recommendations(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """What follows from the figures, to talk about; each with what it rests on.

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
    points = tuple(
        point for make in (_repair, improvements, _keep, _interviews)
        for point in partial(make, study, found)(labels)
    )  # fmt: skip
    title = labels("recommendations")
    if not points:
        return Chapter("recommendations", title, missing=labels("recommendations_missing"))
    return Chapter("recommendations", title, labels("recommendations_intro"), points=points)


def _repair(study: Study, found: Analyses, labels: Labels) -> Iterator[Point]:
    """First the problems that are surely among the three largest; where none is, those that may be."""
    table = found.priorities.table
    table = table[table["of_respondents"].ge(MIN_PERCENTAGE) & table["priority"].notna()]
    sure = table[table["top3"] >= SURE].head(_MOST)
    for row in rows_of(sure):
        why = labels("advice_repair_why", share=of_total(row.respondents, row.of_respondents, labels),
                     severity=labels.number(row.severity, 1), top3=percent(row.top3, labels))  # fmt: skip
        yield Point(labels("advice_repair", name=row.name), why, row.quotes)
    rest = table[~table.index.isin(sure.index)].head(_MOST - len(sure))
    rest = rest[rest["top3"] >= (1 - SURE)]
    if len(rest):
        chosen = [labels("quoted", name=name) for name in rest["name"]]
        text = labels("advice_weigh" if len(rest) > 1 else "advice_weigh_one", names=listed(chosen, labels))
        chances = listed([percent(p, labels) for p in rest["top3"]], labels)
        yield Point(text, labels("advice_weigh_why", chances=chances), ";".join(rest["quotes"]))


def _keep(study: Study, found: Analyses, labels: Labels) -> Iterator[Point]:
    """What most respondents praise."""
    gains = codes_of(study.codings, "kind")
    praised = gains.loc[gains["code"] == "gain", "segment"]
    members = study.themes.members
    own = members[among(members["segment"], praised) & members["theme"].isin(study.themes.table["theme"])]
    own = own[own["theme"] != "outliers"]
    if own.empty:
        return
    people = own.groupby("theme", sort=False)["case"].nunique()
    theme, k = str(people.idxmax()), int(people.max())
    if k < _MOST:
        return
    name = study.themes.table.set_index("theme")["name"][theme]
    quotes = ";".join(own.loc[own["theme"] == theme, "segment"].tolist())
    why = labels("advice_keep_why", share=of_total(k, study.respondents, labels))
    yield Point(labels("advice_keep", name=name), why, quotes)


def _interviews(study: Study, found: Analyses, labels: Labels) -> Iterator[Point]:
    """More conversations, where codes are probably unseen."""
    own = found.saturation
    if own is None or math.isnan(own.more) or own.more < 1:
        return
    more = labels.count("interview", math.ceil(own.more))
    why = labels("advice_interviews_why", seen=labels.number(own.unseen.seen),
                 total=labels.number(round(own.unseen.corrected)))  # fmt: skip
    yield Point(labels("advice_interviews", more=more), why)
