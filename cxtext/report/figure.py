"""Where the lines, points and texts of the emotion curve go; the template draws them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of

if TYPE_CHECKING:
    import pandas as pd

#: a phase with fewer respondents has a point, but no line and no band
MIN_RESPONDENTS = 3
_LIMIT = 2.0
#: the figure is as wide as so many phases, so that it keeps its shape where there are fewer
_FULL = 5
#: dots of a phase take this share of its column, at distances that never repeat
_SPREAD, _GOLDEN = 0.5, 0.618034
_NARROW, _ROW, _MARGIN = 340.0, 84.0, 26.0


@dataclass(frozen=True)
class Text:
    """A text in the figure.

    Attributes
    ----------
    kind : str
        ``"phase"``, ``"mean"``, ``"n"`` or ``"tick"``.
    x, y : float
        Place of its base line.
    anchor : {"start", "middle", "end"}
    text : str
    """

    kind: str
    x: float
    y: float
    anchor: str
    text: str


@dataclass
class Figure:
    """The emotion curve in coordinates.

    Attributes
    ----------
    width, height : float
    description : str
        The figure in words.
    above, below : tuple of float
        ``(x, y, width, height)`` of the positive and the negative half.
    grid : list of tuple of float
        ``(x1, y1, x2, y2)`` of lowest, neutral and highest value.
    bands, lines : list of str
        Values of the ``points`` attribute of polygons and polylines.
    whiskers : list of tuple of float
        ``(x1, y1, x2, y2)`` of intervals of points without a neighbour.
    dots : list of tuple of float
        ``(x, y)`` of single respondents.
    points : list of tuple
        ``(x, y, few)``; `few` where it rests on fewer than `MIN_RESPONDENTS`.
    texts : list of Text
    """

    width: float
    height: float
    description: str
    above: tuple[float, float, float, float] = (0, 0, 0, 0)
    below: tuple[float, float, float, float] = (0, 0, 0, 0)
    grid: list[tuple[float, float, float, float]] = field(default_factory=list)
    bands: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    whiskers: list[tuple[float, float, float, float]] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    points: list[tuple[float, float, bool]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def draw_wide(
    curve: pd.DataFrame,
    names: Names,
    labels: Labels,
    *,
    column: float,
    height: float,
    left: float = 0,
    top: float = 30,
    respondents: pd.DataFrame | None = None,
) -> Figure:
    """Place the curve from left to right, with one column per phase.

    Parameters
    ----------
    curve : pandas.DataFrame
        Columns ``phase``, ``n``, ``mean``, ``low`` and ``high``, one row per phase. Without a mean there is no point;
        its ``n`` is 0, or a text where the number is withheld.
    names : Names
    labels : Labels
    column, height : float
        Width of a phase where there are five or more, which fewer share; and height of the figure.
    left, top : float
        Room for the texts of the scale (without it the figure names neither scale nor phases), and above it.
    respondents : pandas.DataFrame, optional
        Columns ``phase`` and ``mean``: each row becomes a small dot.

    Returns
    -------
    Figure
    """
    bottom = height - top
    column *= max(1.0, _FULL / max(1, len(curve)))
    figure = Figure(left + column * len(curve), height, describe(curve, names, labels))

    def place(index: int, value: float) -> tuple[float, float]:
        return left + (index + 0.5) * column, top + _share(value) * (bottom - top)

    zero = place(0, 0)[1]
    width = figure.width - left
    figure.above, figure.below = (left, top, width, zero - top), (left, zero, width, bottom - zero)
    for value in (_LIMIT, 0.0, -_LIMIT):
        y = place(0, value)[1]
        figure.grid.append((left, y, figure.width, y))
        if left:
            figure.texts.append(Text("tick", left - 10, y + 4, "end", _tick(value, labels)))
    _trace(figure, curve, place)
    if respondents is not None:
        for index, phase in enumerate(curve["phase"]):
            for number, mean in enumerate(respondents.loc[respondents["phase"] == phase, "mean"]):
                x, y = place(index, mean)
                figure.dots.append((x + column * _SPREAD * ((number * _GOLDEN) % 1 - 0.5), y))
    for index, row in enumerate(rows_of(curve)):
        x, y = place(index, row.mean if _known(row) else 0)
        if left:
            figure.texts.append(Text("phase", x, 16, "middle", names.phases.get(row.phase, row.phase)))
        if _known(row):
            figure.texts.append(
                Text("mean", x, y - 14 if row.mean >= 0 else y + 24, "middle", labels.number(row.mean, 1))
            )
        figure.texts.append(Text("n", x, height - 8, "middle", _size(row, labels)))
    return figure


def draw_narrow(curve: pd.DataFrame, names: Names, labels: Labels) -> Figure:
    """Place the curve from top to bottom, with one row per phase, as fits a phone.

    Parameters
    ----------
    curve : pandas.DataFrame
        As for `draw_wide`.
    names : Names
    labels : Labels

    Returns
    -------
    Figure
    """
    figure = Figure(_NARROW, _MARGIN + _ROW * len(curve), describe(curve, names, labels))

    def place(index: int, value: float) -> tuple[float, float]:
        return _NARROW * (1 - _share(value)), _MARGIN + (index + 0.6) * _ROW

    middle, height = _NARROW / 2, figure.height - _MARGIN
    figure.below, figure.above = (0, _MARGIN, middle, height), (middle, _MARGIN, middle, height)
    for value, anchor in ((-_LIMIT, "start"), (0.0, "middle"), (_LIMIT, "end")):
        x = place(0, value)[0]
        figure.grid.append((x, _MARGIN, x, figure.height))
        figure.texts.append(Text("tick", x, 16, anchor, _tick(value, labels)))
    _trace(figure, curve, place)
    for index, row in enumerate(rows_of(curve)):
        x, y = place(index, row.mean if _known(row) else 0)
        figure.texts.append(Text("phase", 8, y - 24, "start", names.phases.get(row.phase, row.phase)))
        figure.texts.append(Text("n", _NARROW - 8, y - 24, "end", _size(row, labels)))
        if _known(row):
            figure.texts.append(Text("mean", x, y + 24, "middle", labels.number(row.mean, 1)))
    return figure


def _known(row: Any) -> bool:
    """Whether a phase has a mean: somebody spoke about it, and it is not withheld."""
    return not math.isnan(row.mean)


def _size(row: Any, labels: Labels) -> str:
    return f"n {row.n}" if isinstance(row.n, str) else f"n = {labels.number(row.n)}"


def _share(value: float) -> float:
    """How far down the scale a value lies, from 0 to 1."""
    return (_LIMIT - max(-_LIMIT, min(_LIMIT, value))) / (2 * _LIMIT)


def _tick(value: float, labels: Labels) -> str:
    if not value:
        return "0"
    return f"+2 {labels('positive')}" if value > 0 else f"−2 {labels('negative')}"


def _trace(figure: Figure, curve: pd.DataFrame, place: Callable[[int, float], tuple[float, float]]) -> None:
    """Add points, and where there are respondents enough the line and the band."""
    rows: list[tuple[int, Any]] = list(enumerate(rows_of(curve)))
    figure.points += [(*place(i, row.mean), row.n < MIN_RESPONDENTS) for i, row in rows if _known(row)]
    for firm, run in groupby(rows, key=lambda pair: bool(_known(pair[1]) and pair[1].n >= MIN_RESPONDENTS)):
        members = list(run)
        if firm and len(members) > 1:
            upper, lower = ([place(i, getattr(row, side)) for i, row in members] for side in ("high", "low"))
            figure.lines.append(_points([place(i, row.mean) for i, row in members]))
            figure.bands.append(_points([*upper, *reversed(lower)]))
        elif firm:
            figure.whiskers += [(*place(i, row.low), *place(i, row.high)) for i, row in members]


def _points(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def describe(curve: pd.DataFrame, names: Names, labels: Labels) -> str:
    """Tell the curve in words, for who cannot see it.

    Parameters
    ----------
    curve : pandas.DataFrame
    names : Names
    labels : Labels

    Returns
    -------
    str
    """
    points = []
    for row in rows_of(curve):
        phase = names.phases.get(row.phase, row.phase)
        if not _known(row):
            points.append(labels("curve_withheld" if row.n else "curve_none", phase=phase))
            continue
        interval = ""
        if row.n >= MIN_RESPONDENTS and not math.isnan(row.low):
            interval = labels("curve_interval", low=labels.number(row.low, 1), high=labels.number(row.high, 1))
        points.append(labels("curve_point", phase=phase, mean=labels.number(row.mean, 1), interval=interval, n=row.n))
    return labels("curve_desc", points="; ".join(points))
