"""Drivers: what goes with loyalty and with satisfaction, and what to improve for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import (
    FIRM,
    SURE,
    Cell,
    Chapter,
    Picture,
    Point,
    Table,
    of_total,
    percent,
    scaled,
    with_interval,
)
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of

if TYPE_CHECKING:
    from cxtext.journey import Drivers
    from cxtext.study import Study

#: themes without which there is no order
_FEWEST_ORDERED = 2


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
        Of each score that was asked, loyalty (NPS) first.
    """
    title = labels("drivers")
    if not found.drivers:
        return Chapter("drivers", title, missing=labels("drivers_missing"))
    frames = {
        "drivers": pd.concat([one.table.assign(outcome=one.outcome) for one in found.drivers], ignore_index=True),
        "drivers_ranks": pd.concat([one.ranks.assign(outcome=one.outcome) for one in found.drivers], ignore_index=True),
    }
    if not any(map(_has_figures, found.drivers)):
        return Chapter("drivers", title, missing=labels("drivers_few"), frames=frames)
    several = len(found.drivers) > 1
    messages: list[str] = []
    notes: list[str] = []
    blocks: list[Table | Picture] = []
    for one in found.drivers:
        score = _score(one, labels)
        if not _has_figures(one):
            notes.append(labels("drivers_of", score=score, text=labels("drivers_few")))
            continue
        blocks += _blocks(one, score if several else "", labels)
        text = _message(one, str(_of_everybody(one)["name"].iloc[0]), labels)
        messages.append(labels("drivers_of", score=score, text=text) if several else text)
        asked = labels("nps_score") if one.outcome == "@nps" else one.outcome
        n = labels.number(int(_of_everybody(one)["of_respondents"].iloc[0]))
        told = f"{labels('drivers_score', score=asked)} {labels('drivers_left', n=n)}"
        notes.append(labels("drivers_of", score=score, text=told) if several else told)
    described = any(_described(_of_everybody(one)) for one in found.drivers)
    notes += [labels("drivers_note"), *((labels("impact_note"),) if described else ())]
    return Chapter("drivers", title, labels("drivers_intro"), " ".join(messages), blocks=tuple(blocks),
                   notes=tuple(notes), frames=frames)  # fmt: skip


def drivers_order(found: Analyses, themes: Mapping[str, str], note: str, labels: Labels) -> Iterator[Chapter]:
    """Give the order of the drivers with how sure it is, without sizes: a chapter to hand on.

    Parameters
    ----------
    found : Analyses
        With no other themes than those that can be shown.
    themes : Mapping[str, str]
        Their names.
    note : str
    labels : Labels

    Yields
    ------
    Chapter
        One, or none where fewer than two themes have an order.
    """
    blocks, messages = [], []
    several = len(found.drivers) > 1
    for one in filter(_has_figures, found.drivers):
        known = [(themes[row.item.removeprefix("theme/")], row) for row in rows_of(_of_everybody(one))]
        if len(known) < _FEWEST_ORDERED:
            continue
        rows = tuple((Cell(theme), *(Cell(percent(p, labels)) for p in (row.first, row.top3))) for theme, row in known)
        score = _score(one, labels)
        columns = tuple(map(labels, ("theme", "driver_first", "driver_top3")))
        caption = _named("drivers_order", score if several else "", labels)
        blocks.append(Table(caption, columns, rows, frozenset({1, 2})))
        text = _message(one, known[0][0], labels)
        messages.append(labels("drivers_of", score=score, text=text) if several else text)
    if blocks:
        yield Chapter("drivers", labels("drivers"), labels("drivers_order_intro"), " ".join(messages),
                      blocks=tuple(blocks), notes=(note,))  # fmt: skip


def improvements(study: Study, found: Analyses, labels: Labels) -> Iterator[Point]:
    """What drives a score and performs badly, where that is sure enough: one theme per score.

    Parameters
    ----------
    study : Study
    found : Analyses
    labels : Labels

    Yields
    ------
    Point
    """
    for one in found.drivers:
        table = _of_everybody(one)
        own = table[(table["quadrant"] == "improve") & table["quadrant_p"].ge(SURE)]
        for row in rows_of(own.head(1)):
            why = labels("advice_driver_why", importance=labels.number(100 * row.importance),
                         performance=labels.number(row.performance, 1), p=percent(row.quadrant_p, labels))  # fmt: skip
            score = "score" if len(found.drivers) == 1 else "loyalty" if one.outcome == "@nps" else "satisfaction"
            text = labels("advice_driver", name=row.name, score=labels(f"advice_driver_{score}"))
            yield Point(text, why, row.quotes)


def _of_everybody(own: Drivers) -> pd.DataFrame:
    return own.table[own.table["level"] == ""]


def _described(table: pd.DataFrame) -> bool:
    """Whether there is an effect on the NPS, which is descriptive."""
    return bool(table["impact"].notna().any())


def _has_figures(own: Drivers) -> bool:
    return bool(_of_everybody(own)["importance"].notna().any())


def _score(own: Drivers, labels: Labels) -> str:
    """What a score tells of."""
    return labels("outcome_loyalty" if own.outcome == "@nps" else "outcome_satisfaction")


def _message(own: Drivers, name: str, labels: Labels) -> str:
    first = _of_everybody(own).iloc[0]
    sure = "drivers_message_sure" if first["first"] >= SURE else "drivers_message"
    return labels(sure, name=name, first=percent(first["first"], labels), top3=percent(first["top3"], labels))


def _blocks(own: Drivers, score: str, labels: Labels) -> Iterator[Table | Picture]:
    """Plots and tables of one score, which they name where there are several."""
    table = _of_everybody(own)
    rows, top = [], max(0.01, float(table["high"].max()))
    described = _described(table)
    for row in rows_of(table):
        firm = row.above_noise >= FIRM
        quadrant = labels(f"quadrant_{row.quadrant}") if row.quadrant else "–"
        kind = labels(f"driver_kind_{row.kind}") if row.kind and row.kind_p >= SURE else "–"
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
    suffix = "_satisfaction" if score and own.outcome != "@nps" else ""
    yield Picture(f"importance_performance{suffix}", _named("matrix_picture", score, labels),
                  partial(own.plot_matrix, score=score))  # fmt: skip
    caption = _named("drivers_caption", score, labels)
    yield Table(caption, tuple(labels(key) for key in columns), tuple(rows), frozenset({2, 3}))
    yield Picture(f"drivers{suffix}", _named("drivers", score, labels), partial(own.plot, score=score), inline=False)
    if per := _per_touchpoint(own.table, score, labels):
        yield per


def _named(key: str, score: str, labels: Labels) -> str:
    text = labels(key)
    return labels("drivers_of", score=score, text=text) if score else text


def _per_touchpoint(table: pd.DataFrame, score: str, labels: Labels) -> Table | None:
    """The most important theme of each touchpoint that has respondents enough to compare two."""
    known = table[(table["level"] != "") & table["importance"].notna()]
    known = known[known.groupby("level")["item"].transform("size") > 1].drop_duplicates("level")
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
    return Table(_named("drivers_per_touchpoint", score, labels), tuple(map(labels, columns)), rows, frozenset({2}))
