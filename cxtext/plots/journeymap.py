"""The journey map as a picture: the curve above, and the lanes below it in the columns of the phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle

from cxtext import palette
from cxtext.plots.canvas import FEW, FONT, canvas, display_texts, signed, wrapped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxtext.phases import Phase

Lanes = Sequence[tuple[str, Mapping[str, Sequence[str]]]]

_SIDE, _COLUMN, _CURVE = 1.75, 2.55, 1.5
_LINE, _GAP, _LETTERS = 0.158, 0.07, 36


def journey_map(curve: pd.DataFrame, phases: Sequence[Phase], lanes: Lanes, *, language: str = "nl") -> Figure:
    """Draw the journey map for a slide or a wall.

    Parameters
    ----------
    curve : pandas.DataFrame
        Of a `cxtext.journey.Journey`.
    phases : sequence of Phase
        In order.
    lanes : sequence of (str, Mapping)
        Name of each lane, and its texts by phase.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    filled = [(name, {id: [wrapped(text, _LETTERS) for text in own] for id, own in cells.items()})
              for name, cells in lanes]  # fmt: skip
    heights = [
        max([_tall(own) for own in cells.values()] + [_LINE * (wrapped(name, 16).count("\n") + 1)]) + 0.2
        for name, cells in filled
    ]
    width = _SIDE + _COLUMN * len(phases) + 0.3
    height = 0.75 + 0.6 + _CURVE + sum(heights) + 0.65
    figure = canvas(width, height, texts["map"], texts["map_note"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for column, phase in enumerate(phases):
        left = _SIDE + column * _COLUMN
        axes.add_patch(Rectangle((left, 0.72), _COLUMN - 0.08, 0.5, fc=palette.ACCENT, lw=0))
        _write(axes, left + 0.1, 0.97, wrapped(phase.name, 26), size=11, colour=palette.PAPER, bold=True, va="center")
    _draw_curve(axes, curve, phases, 1.35, texts, language)
    top = 0.75 + 0.6 + _CURVE
    for (name, cells), tall in zip(filled, heights, strict=True):
        axes.plot([0.22, width - 0.2], [top, top], color=palette.LINE, lw=0.9)
        _write(axes, 0.22, top + 0.1, wrapped(name, 16), size=9.5, bold=True)
        for column, phase in enumerate(phases):
            y = top + 0.1
            for text in cells.get(phase.id, ()):
                _write(axes, _SIDE + column * _COLUMN + 0.1, y, text, size=8.5)
                y += _LINE * (text.count("\n") + 1) + _GAP
        top += tall
    return figure


def _tall(texts: Sequence[str]) -> float:
    return sum(_LINE * (text.count("\n") + 1) + _GAP for text in texts)


def _write(
    axes: Axes, x: float, y: float, text: str, *, size: float, colour: str = palette.INK, bold: bool = False,
    va: str = "top", ha: str = "left",
) -> None:  # fmt: skip
    axes.text(x, y, text, fontsize=size, color=colour, fontfamily=FONT, fontweight="bold" if bold else "normal",
              va=va, ha=ha, linespacing=1.2)  # fmt: skip


def _draw_curve(
    axes: Axes, curve: pd.DataFrame, phases: Sequence[Phase], top: float, texts: Mapping[str, str], language: str
) -> None:
    """Mean feeling in the columns of the phases, from -2 to 2, with its interval where there are respondents enough."""
    rows = curve.set_index("phase")
    bottom, right = top + _CURVE - 0.1, _SIDE + _COLUMN * len(phases) - 0.08
    middle = (top + bottom) / 2
    for start, colour in ((top, palette.POSITIVE_TINT), (middle, palette.NEGATIVE_TINT)):
        axes.add_patch(Rectangle((_SIDE, start), right - _SIDE, (bottom - top) / 2, fc=colour, lw=0, zorder=0))
    _write(axes, 0.22, top + 0.05, wrapped(texts["feeling"], 16), size=9.5, bold=True)

    def place(value: float) -> float:
        return middle - float(np.clip(value, -2, 2)) / 4 * (bottom - top)

    points: list[tuple[float, float]] = []
    for column, phase in enumerate(phases):
        x = _SIDE + (column + 0.5) * _COLUMN
        n, mean = int(rows["n"].get(phase.id, 0)), float(rows["mean"].get(phase.id, np.nan))
        if not n:
            _write(axes, x, middle, texts["none"], size=8.5, colour=palette.SOFT, va="center", ha="center")
            points.append((x, np.nan))
            continue
        firm = n >= FEW
        if firm:
            ends = [place(float(rows[side][phase.id])) for side in ("low", "high")]
            axes.plot([x, x], ends, color=palette.ACCENT, lw=5, alpha=0.25, solid_capstyle="butt", zorder=2)
        axes.plot(x, place(mean), "o", ms=9, mew=1.6, mec=palette.ACCENT, zorder=4,
                  mfc=palette.ACCENT if firm else palette.PAPER)  # fmt: skip
        _write(axes, x + 0.12, place(mean) - 0.08, f"{signed(mean, language)}  (n = {n})", size=8.5, va="bottom")
        points.append((x, place(mean) if firm else np.nan))
    axes.plot(*zip(*points, strict=True), color=palette.ACCENT, lw=2.2, zorder=3)
