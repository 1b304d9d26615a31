"""The emotion curve: how respondents felt in each phase, drawn with what is uncertain about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.offsetbox import AnnotationBbox, DrawingArea
from matplotlib.patches import Arc, Circle
from numpy.typing import NDArray

from cxtext import palette
from cxtext.plots.canvas import FEW, FONT, bare, canvas, display_texts, signed, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxtext.phases import Phase

_Values = NDArray[np.float64]
_EDGE = 2.15
_NAME = 16
_MANY = 40


def emotion_curve(
    curve: pd.DataFrame, respondents: pd.DataFrame, phases: Sequence[Phase], *, language: str = "nl"
) -> Figure:
    """Draw how respondents felt in each phase, from -2 to 2.

    Parameters
    ----------
    curve, respondents : pandas.DataFrame
        Of a `cxtext.journey.Journey`; where a number of respondents is withheld, a text stands in its place.
    phases : sequence of Phase
        In order, with names in the language of the labels.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    names = [wrapped(phase.name, _NAME) for phase in phases]
    lines = max((name.count("\n") for name in names), default=0)
    height = 5.3 + 0.2 * lines
    figure = canvas(max(7.5, 1.85 * len(phases) + 1.6), height, texts["curve"],
                    texts["curve_note" if len(respondents) else "curve_note_shared"])  # fmt: skip
    width = figure.get_figwidth()
    axes = figure.add_axes((1.25 / width, (1.2 + 0.2 * lines) / height, 1 - 1.45 / width, 3.45 / height))
    rows = curve.set_index("phase").reindex([phase.id for phase in phases])
    counts = dict(enumerate(rows["n"].fillna(0)))
    sizes = [f"n {count}" if isinstance(count, str) else f"n = {count:.0f}" for count in counts.values()]
    mean, low, high = (rows[name].to_numpy(dtype=float) for name in ("mean", "low", "high"))
    n = [0 if isinstance(count, str) else int(count) for count in counts.values()]
    firm = np.array(n) >= FEW
    _draw_ground(axes, len(phases), texts)
    _draw_respondents(axes, respondents, [phase.id for phase in phases])
    for run in _runs(firm):
        _draw_line(axes, run, mean[run], np.clip(low[run], -2, 2), np.clip(high[run], -2, 2))
    for x in np.flatnonzero(n).tolist():
        solid = bool(firm[x])
        axes.plot(x, mean[x], "o", ms=10, mew=1.6, zorder=6, mfc=palette.ACCENT if solid else palette.PAPER,
                  mec=palette.PAPER if solid else palette.ACCENT)  # fmt: skip
    _name_points(axes, mean, n, texts, language)
    _name_gaps(axes, {x: count for x, count in counts.items() if not n[x]}, texts)
    axes.set_xticks(range(len(phases)), names)
    for x, size in enumerate(sizes):
        axes.annotate(size, (x, -_EDGE), (0, -24 - 14 * lines), textcoords="offset points", ha="center",
                      va="top", fontsize=9.5, color=palette.SOFT, fontfamily=FONT)  # fmt: skip
    bare(axes, x=11, y=9.5)
    return figure


def _draw_ground(axes: Axes, columns: int, texts: Mapping[str, str]) -> None:
    """Scale from -2 to 2 with a face and a word at its ends."""
    axes.set(xlim=(-0.45, columns - 0.1), ylim=(-_EDGE, _EDGE))
    axes.axhspan(0, _EDGE, color=palette.POSITIVE_TINT, lw=0, zorder=0)
    axes.axhspan(-_EDGE, 0, color=palette.NEGATIVE_TINT, lw=0, zorder=0)
    for value in (-2, -1, 1, 2):
        axes.axhline(value, color=palette.PAPER, lw=1.2, zorder=1)
    axes.axhline(0, color=palette.SOFT, lw=0.9, zorder=1)
    axes.set_yticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "+1", "+2"])
    beside = axes.get_yaxis_transform()
    for value, key, colour in ((2, "top", palette.POSITIVE), (-2, "bottom", palette.NEGATIVE)):
        face = AnnotationBbox(
            _face(colour, smiles=value > 0), (0, value), (-58, 0), beside, boxcoords="offset points", frameon=False
        )
        axes.add_artist(face)
        axes.annotate(texts[key].replace(" ", "\n"), (0, value), (-58, -7.5 * value), xycoords=beside,
                      textcoords="offset points", ha="center", va="top" if value > 0 else "bottom", fontsize=8,
                      color=colour, fontfamily=FONT, annotation_clip=False, linespacing=1.15)  # fmt: skip


def _face(colour: str, *, smiles: bool) -> DrawingArea:
    area = DrawingArea(22, 22, 0, 0)
    area.add_artist(Circle((11, 11), 9.5, fill=False, ec=colour, lw=1.5))
    for x in (7.6, 14.4):
        area.add_artist(Circle((x, 13.6), 1.2, color=colour))
    centre, angles = ((11, 10.2), (205, 335)) if smiles else ((11, 4.4), (35, 145))
    area.add_artist(Arc(centre, 9.5, 8.5, theta1=angles[0], theta2=angles[1], ec=colour, lw=1.5))
    return area


def _draw_respondents(axes: Axes, respondents: pd.DataFrame, order: Sequence[str]) -> None:
    """One dot per respondent and phase, spread sideways in a fixed pattern."""
    for x, phase in enumerate(order):
        own = respondents[respondents["phase"] == phase].sort_values("case", kind="stable")
        spread = (np.arange(1, len(own) + 1) * 0.6180339887) % 1 - 0.5
        size, alpha = (26, 0.5) if len(own) <= _MANY else (13, 0.3)
        axes.scatter(x + 0.34 * spread, own["mean"], s=size, color=palette.SOFT, alpha=alpha, lw=0, zorder=3)


def _runs(firm: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Stretches of neighbouring phases with enough respondents."""
    places = np.flatnonzero(firm)
    return [run for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(run)]


def _draw_line(axes: Axes, run: NDArray[np.int64], mean: _Values, low: _Values, high: _Values) -> None:
    """Line and band through neighbouring phases; they pass through the points and never overshoot them."""
    from scipy.interpolate import PchipInterpolator

    if len(run) > 1:
        fine = np.linspace(run[0], run[-1], 60 * len(run))
        middle, under, over = (PchipInterpolator(run, values)(fine) for values in (mean, low, high))
        axes.fill_between(fine, under, over, color=palette.ACCENT, alpha=0.13, lw=0, zorder=2)
        axes.plot(fine, middle, color=palette.ACCENT, lw=2.4, zorder=5, solid_capstyle="round")
    axes.vlines(run, low, high, color=palette.ACCENT, lw=1.3, alpha=0.75, zorder=4)
    for bound in (low, high):
        axes.hlines(bound, run - 0.035, run + 0.035, color=palette.ACCENT, lw=1.3, alpha=0.75, zorder=4)


def _name_points(axes: Axes, mean: _Values, n: Sequence[int], texts: Mapping[str, str], language: str) -> None:
    """Value at each point, the highest and the lowest named."""
    highest, lowest = _extremes(mean, n)
    for x, count in enumerate(n):
        if not count:
            continue
        value, colour = signed(mean[x], language), palette.INK
        if x in (highest, lowest):
            value = texts["highest" if x == highest else "lowest"].format(value=value)
            colour = palette.POSITIVE if x == highest else palette.NEGATIVE
        after = mean[x + 1] if x + 1 < len(n) and n[x + 1] >= FEW else mean[x]
        above = after < mean[x] or (after == mean[x] and x == highest)
        box = {"boxstyle": "round,pad=0.2", "fc": palette.PAPER, "ec": "none", "alpha": 0.8}
        axes.annotate(value, (x, mean[x]), (9, 11 if above else -11), textcoords="offset points", va="center",
                      fontsize=9.5, fontweight="normal" if colour == palette.INK else "bold", fontfamily=FONT,
                      color=colour, bbox=box, zorder=8)  # fmt: skip


def _name_gaps(axes: Axes, gaps: Mapping[int, int | str], texts: Mapping[str, str]) -> None:
    """A word where nobody spoke about the phase, or where too few did to show it."""
    for x, count in gaps.items():
        text = texts["withheld" if isinstance(count, str) else "none"]
        axes.annotate(text, (x, 0), (0, 8), textcoords="offset points", ha="center", fontsize=9,
                      color=palette.SOFT, style="italic", fontfamily=FONT)  # fmt: skip


def _extremes(mean: _Values, n: Sequence[int]) -> tuple[int, int]:
    """Places of the highest and the lowest point, or -1 where another one shows the same value."""
    shown = {x: round(float(mean[x]), 1) for x, count in enumerate(n) if count >= FEW}
    found = []
    for value in (max(shown.values(), default=0.0), min(shown.values(), default=0.0)):
        places = [x for x in shown if shown[x] == value]
        found.append(places[0] if len(places) == 1 and len(shown) > 1 else -1)
    return found[0], found[1]
