"""Paths as a graph: steps from left to right in the order in which they mostly come, arrows for what follows what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from cxtext import palette
from cxtext.plots.canvas import FEW, FONT, canvas, display_texts, signed, wrapped
from cxtext.stats import END, MIN_PERCENTAGE, START

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxtext.journey import Paths

#: arrows of a graph that can be read
MOST_ARROWS = 18

Point = tuple[float, float]
Box = tuple[float, float, float, float]

_WIDE, _HIGH = 1.45, 0.62
_STEP_X, _STEP_Y = 3.2, 1.5
_LAYERS = 4
_LETTER, _LINE = 0.069, 0.17
_BENDS = (0.0, 0.14, -0.14, 0.28, -0.28, 0.42, -0.42, 0.58, -0.58)
_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8)


def path_graph(found: Paths, *, least: int | None = None, title: str = "", language: str = "nl") -> Figure:
    """Draw the steps of respondents and what follows what.

    Parameters
    ----------
    found : Paths
    least : int, optional
        Respondents that an arrow needs; the smallest number that leaves `MOST_ARROWS` where it is left out. The note
        tells it.
    title : str
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    if found.transitions.empty:
        return canvas(7.5, 1.2, title or texts["paths"], texts["nothing"])
    if least is None:
        counts = sorted(found.transitions["respondents"], reverse=True)
        least = 1 if len(counts) <= MOST_ARROWS else int(counts[MOST_ARROWS]) + 1
    arrows = found.transitions[found.transitions["respondents"] >= least]
    if arrows.empty:
        arrows, least = found.transitions.head(MOST_ARROWS), 1
    hidden = len(arrows) < len(found.transitions)
    note = texts["paths_note"].format(
        hidden=texts["paths_hidden"].format(least=least) if hidden else texts["paths_all"]
    )
    places = _layout(arrows, found)
    boxes = {step: _box(point, step) for step, point in places.items()}
    curves = [_curve(row["source"], row["target"], places, boxes) for row in arrows.to_dict("records")]
    lowest = min([curve[:, 1].min() for curve in curves] + [box[1] for box in boxes.values()])
    highest = max([curve[:, 1].max() for curve in curves] + [box[3] for box in boxes.values()])
    width = max(9.6, max(box[2] for box in boxes.values()) + 0.3)
    figure = canvas(width, highest - lowest + 2.1, title or texts["paths"], note)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(lowest - 1.0, highest + 1.1))
    axes.set_axis_off()
    visits = found.visits.set_index("step").to_dict("index")
    for step, point in places.items():
        _draw_step(axes, step, point, visits.get(step), found, texts)
    taken = list(boxes.values())
    for row, curve in zip(arrows.to_dict("records"), curves, strict=True):
        _draw_arrow(axes, row, curve)
    for row, curve in zip(arrows.to_dict("records"), curves, strict=True):
        _name_arrow(axes, row, curve, taken, texts["of"], language)
    return figure


def _layout(arrows: pd.DataFrame, found: Paths) -> dict[str, Point]:
    """Places of the steps in inches: columns by how far along the paths a step comes."""
    shown = {*arrows["source"], *arrows["target"]}
    rows = found.visits[found.visits["step"].isin(shown)].sort_values(["place", "step"], kind="stable")
    columns = min(_LAYERS, len(rows))
    places: dict[str, Point] = {}
    for number, part in enumerate(np.array_split(np.arange(len(rows)), columns) if columns else [], start=1):
        steps = rows.iloc[part].sort_values(["visits", "step"], ascending=[False, True], kind="stable")["step"].tolist()
        centred = [*steps[1::2][::-1], *steps[0::2]]
        for row, step in enumerate(centred):
            aside = (-0.22 if row % 2 else 0.22) if len(centred) > 1 else 0.0
            up = (row - (len(centred) - 1) / 2) * _STEP_Y + (0.18 if number % 2 else -0.18)
            places[step] = (number * _STEP_X - 0.2 + aside, up)
    edges = {START: (0.75, 0.0), END: ((columns + 1) * _STEP_X - 0.4, 0.0)}
    return places | {edge: place for edge, place in edges.items() if edge in shown}


def _box(point: Point, step: str) -> Box:
    wide, high = (0.75, 0.4) if step in (START, END) else (_WIDE, _HIGH)
    return point[0] - wide / 2, point[1] - high / 2, point[0] + wide / 2, point[1] + high / 2


def _draw_step(
    axes: Axes, step: str, point: Point, visit: dict[Any, Any] | None, found: Paths, texts: dict[str, str]
) -> None:
    box, edge = _box(point, step), visit is None
    face = palette.TINT if edge else palette.ACCENT_TINT
    shape = FancyBboxPatch((box[0], box[1]), box[2] - box[0], box[3] - box[1], fc=face, lw=1.2, zorder=4,
                           ec=palette.SOFT if edge else palette.ACCENT,
                           boxstyle="round,pad=0,rounding_size=0.14")  # fmt: skip
    axes.add_patch(shape)
    if visit is None:
        text = texts["start" if step == START else "end"]
    else:
        name = wrapped(found.names.get(step, step), 18)
        text = f"{name}\n{visit['respondents']} {texts['of']} {visit['of_respondents']}"
    axes.text(*point, text, ha="center", va="center", fontsize=8.5, color=palette.SOFT if edge else palette.INK,
              fontfamily=FONT, zorder=5, linespacing=1.15)  # fmt: skip


def _curve(source: str, target: str, places: dict[str, Point], boxes: dict[str, Box]) -> np.ndarray:
    """Points of one arrow, from the edge of one step to that of the other, around the steps between."""
    start, end = places[source], places[target]
    if source == target:
        angles = np.linspace(math.pi, 0, 61)
        return np.column_stack([start[0] + 0.34 * np.cos(angles), boxes[source][3] + 0.34 * np.sin(angles)])
    others = [box for step, box in boxes.items() if step not in (source, target)]
    back = start[0] >= end[0] + 0.3
    curves = {bend: _bow(start, end, bend) for bend in _BENDS if not back or abs(bend) > 0.2}
    bend = min(curves, key=lambda bend: (sum(int(_within(curves[bend], box, 0.08).sum()) for box in others), abs(bend)))
    curve = curves[bend]
    visible = curve[~(_within(curve, boxes[source]) | _within(curve, boxes[target]))]
    return visible if len(visible) > 4 else curve


def _draw_arrow(axes: Axes, row: dict[Any, Any], curve: np.ndarray) -> None:
    """Draw one arrow: wider for a larger share, coloured where the feeling changes across it."""
    colour = palette.SOFT
    if row["n_change"] >= FEW and abs(row["change"]) >= 0.05:
        colour = palette.POSITIVE if row["change"] > 0 else palette.NEGATIVE
    line = 0.9 + 4.2 * row["respondents"] / max(row["of_respondents"], 1) * min(1.0, row["respondents"] / 8)
    axes.plot(curve[:-2, 0], curve[:-2, 1], color=colour, lw=line, zorder=2, solid_capstyle="butt")
    axes.add_patch(FancyArrowPatch(tuple(curve[-5]), tuple(curve[-1]), arrowstyle="-|>", mutation_scale=11 + line,
                                   lw=0, color=colour, zorder=3, shrinkA=0, shrinkB=0))  # fmt: skip


def _bow(start: Point, end: Point, bend: float) -> np.ndarray:
    """Points of a curve that bends sideways by a part of its length."""
    one, two = np.array(start), np.array(end)
    across = np.array([one[1] - two[1], two[0] - one[0]])
    control, t = (one + two) / 2 + bend * across, np.linspace(0, 1, 201)[:, None]
    curve: np.ndarray = (1 - t) ** 2 * one + 2 * t * (1 - t) * control + t**2 * two
    return curve


def _within(curve: np.ndarray, box: Box, margin: float = 0.04) -> np.ndarray:
    x, y = curve.T
    inside: np.ndarray = (x > box[0] - margin) & (x < box[2] + margin) & (y > box[1] - margin) & (y < box[3] + margin)
    return inside


def _name_arrow(axes: Axes, row: dict[Any, Any], curve: np.ndarray, taken: list[Box], of: str, language: str) -> None:
    """Respondents, their share and the change of feeling, where they cover nothing."""
    k, n = row["respondents"], row["of_respondents"]
    text = f"{k} {of} {n}" + (f" ({100 * k / n:.0f}%)" if n >= MIN_PERCENTAGE else "")
    if row["n_change"] >= FEW:
        text += f"\n{signed(row['change'], language)}"
    lines: Sequence[str] = text.split("\n")
    wide, high = _LETTER * max(map(len, lines)) + 0.08, _LINE * len(lines) + 0.02
    best, least = (0.0, 0.0), math.inf
    for place in _PLACES:
        x, y = curve[round(place * (len(curve) - 1))] + ((0.0, 0.19) if row["source"] == row["target"] else (0.0, 0.0))
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        covered = sum(
            max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
            * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
            for other in taken
        )
        if covered < least - 1e-9:
            best, least = (float(x), float(y)), covered
    taken.append((best[0] - wide / 2, best[1] - high / 2, best[0] + wide / 2, best[1] + high / 2))
    paper = {"boxstyle": "round,pad=0.12", "fc": palette.PAPER, "ec": "none", "alpha": 0.9}
    axes.text(*best, text, ha="center", va="center", fontsize=7.5, color=palette.INK, fontfamily=FONT, zorder=6,
              linespacing=1.1, bbox=paper)  # fmt: skip
