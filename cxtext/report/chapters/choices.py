"""Drivers, priorities, opportunities and recommendations: what matters, and what to repair first."""

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
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import MIN_PERCENTAGE

if TYPE_CHECKING:
    from cxtext.study import Study

_SURE, _FIRM = 0.8, 0.95
_MOST = 3


def drivers(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """What goes with a high or low score, by theme: importance, ranks and the matrix with performance.

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
    title, own = labels("drivers"), found.drivers
    if own is None:
        return Chapter("drivers", title, missing=labels("drivers_missing"))
    table = own.table[own.table["level"] == ""]
    if table["importance"].isna().all():
        return Chapter("drivers", title, missing=labels("drivers_few"), frames={"drivers": own.table})
    rows, top = [], max(0.01, float(table["high"].max()))
    described = bool(table["impact"].notna().any())
    for row in rows_of(table):
        firm = row.above_noise >= _FIRM
        quadrant = labels(f"quadrant_{row.quadrant}") if row.quadrant else "–"
        kind = labels(f"driver_kind_{row.kind}") if row.kind and row.kind_p >= _SURE else "–"
        rows.append((
            Cell(row.name, row.quotes, row.name, of_total(row.respondents, row.of_respondents, labels)),
            Cell(with_interval(100 * row.importance, 100 * row.low, 100 * row.high, labels, unit="%"),
                 span=scaled(row.low, row.importance, row.high, (0.0, top), firm=firm)),
            Cell(percent(row.first, labels)), Cell(percent(row.top3, labels)),
            Cell(with_interval(row.performance, row.performance_low, row.performance_high, labels, 1)),
            Cell(quadrant, note=percent(row.quadrant_p, labels) if row.quadrant else ""),
            Cell(kind, note=percent(row.kind_p, labels) if kind != "–" else ""),
            *([Cell(labels.number(row.impact) if row.impact == row.impact else "–")] if described else []),
        ))  # fmt: skip
    columns = ("theme", "driver_importance", "driver_first", "driver_top3", "driver_performance", "driver_quadrant",
               "driver_kind", *(("driver_impact",) if described else ()))  # fmt: skip
    first = table.iloc[0]
    sure = "drivers_message_sure" if first["first"] >= _SURE else "drivers_message"
    message = labels(sure, name=first["name"], first=percent(first["first"], labels),
                     top3=percent(first["top3"], labels))  # fmt: skip
    blocks: tuple[Table | Picture, ...] = (
        Picture("importance_performance", labels("matrix_picture"), own.plot_matrix),
        Table(labels("drivers_caption"), tuple(labels(key) for key in columns), tuple(rows), frozenset({2, 3})),
        Picture("drivers", title, own.plot, inline=False),
    )
    if per := _per_touchpoint(own.table, labels):
        blocks = (*blocks, per)
    score = labels("nps_score") if own.outcome == "@nps" else own.outcome
    notes = (
        labels("drivers_score", score=score),
        labels("drivers_note"),
        *((labels("impact_note"),) if described else ()),
        labels("drivers_left", n=labels.number(int(table["of_respondents"].iloc[0]))),
    )
    return Chapter("drivers", title, labels("drivers_intro"), message, blocks=blocks, notes=notes,
                   frames={"drivers": own.table, "drivers_ranks": own.ranks})  # fmt: skip


def _per_touchpoint(table: pd.DataFrame, labels: Labels) -> Table | None:
    """The most important theme of each touchpoint that has respondents enough."""
    known = table[(table["level"] != "") & table["importance"].notna()].drop_duplicates("level")
    if known.empty:
        return None
    rows = tuple(
        (
            Cell(row.level), Cell(row.name, row.quotes, f"{row.level} – {row.name}"),
            Cell(percent(row.first, labels)), Cell(of_total(row.respondents, row.of_respondents, labels)),
        )
        for row in rows_of(known)
    )  # fmt: skip
    columns = ("part_touchpoint", "theme", "driver_first", "respondents")
    return Table(labels("drivers_per_touchpoint"), tuple(labels(key) for key in columns), rows, frozenset({2}))


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
        sure = "priorities_message_sure" if first["top3"] >= _SURE else "priorities_message"
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
        point for make in (_repair, _improve, _keep, _interviews)
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
    sure = table[table["top3"] >= _SURE].head(_MOST)
    for row in rows_of(sure):
        why = labels("advice_repair_why", share=of_total(row.respondents, row.of_respondents, labels),
                     severity=labels.number(row.severity, 1), top3=percent(row.top3, labels))  # fmt: skip
        yield Point(labels("advice_repair", name=row.name), why, row.quotes)
    rest = table[~table.index.isin(sure.index)].head(_MOST - len(sure))
    rest = rest[rest["top3"] >= (1 - _SURE)]
    if len(rest):
        chosen = [labels("quoted", name=name) for name in rest["name"]]
        text = labels("advice_weigh" if len(rest) > 1 else "advice_weigh_one", names=listed(chosen, labels))
        chances = listed([percent(p, labels) for p in rest["top3"]], labels)
        yield Point(text, labels("advice_weigh_why", chances=chances), ";".join(rest["quotes"]))


def _improve(study: Study, found: Analyses, labels: Labels) -> Iterator[Point]:
    """What drives the score and performs badly, where that is sure enough."""
    if found.drivers is None:
        return
    table = found.drivers.table
    own = table[(table["level"] == "") & (table["quadrant"] == "improve") & table["quadrant_p"].ge(_SURE)]
    for row in rows_of(own.head(1)):
        why = labels("advice_driver_why", importance=labels.number(100 * row.importance),
                     performance=labels.number(row.performance, 1), p=percent(row.quadrant_p, labels))  # fmt: skip
        yield Point(labels("advice_driver", name=row.name), why, row.quotes)


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
