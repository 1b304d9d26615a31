"""Charts of the themes, and of the emotions per phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyBboxPatch

from cxtext import palette
from cxtext.codebook import load_codebook
from cxtext.plots.canvas import FEW, FONT, bare, canvas, display_texts, wrapped
from cxtext.stats import MIN_PERCENTAGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxtext.phases import Phase

_ROW = 0.5
_NARROW = 0.035
_LIGHTEST, _DARKEST = 0.14, 0.95


def theme_bars(themes: pd.DataFrame, *, language: str = "nl") -> Figure:
    """Draw the respondents of each theme, and its pains, needs and gains.

    Parameters
    ----------
    themes : pandas.DataFrame
        Table `cxtext.tables.THEMES`; without the columns of pains, needs and gains only respondents are drawn.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    if themes.empty:
        return canvas(7.5, 1.2, texts["themes"], texts["no_themes"])
    height = _ROW * len(themes) + 1.55
    with_kinds = {f"{kind}s" for kind in palette.KINDS} <= set(themes)
    figure = canvas(10.5, height, texts["themes"], texts["themes_note" if with_kinds else "themes_note_shared"])
    left, *rest = figure.subplots(
        1, 2 if with_kinds else 1, sharey=True, width_ratios=[1, 1.25] if with_kinds else None, squeeze=False,
        gridspec_kw={"left": 0.265, "right": 0.979, "top": 1 - 0.95 / height, "bottom": 0.58 / height, "wspace": 0.04},
    )[0]  # fmt: skip
    rows = themes.iloc[::-1]
    _draw_respondents(left, rows, texts["of"])
    for right in rest:
        _draw_kinds(right, rows, texts)
    left.set_yticks(range(len(rows)), [wrapped(name, 34) for name in rows["name"]])
    left.set_ylim(-0.5, len(rows) - 0.5)
    for axes, heading in zip((left, *rest), (texts["respondents"], texts["statements"]), strict=False):
        axes.set_xticks([])
        axes.set_title(heading, loc="left", fontsize=9.5, color=palette.SOFT, fontfamily=FONT, pad=8)
        bare(axes, x=9, y=10, pad=9)
    for right in rest:
        right.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, handlelength=1.3,
                     columnspacing=1.1, borderaxespad=0.35, labelcolor=palette.INK,
                     prop={"family": FONT, "size": 9})  # fmt: skip
    return figure


def emotion_map(cells: pd.DataFrame, curve: pd.DataFrame, phases: Sequence[Phase], *, language: str = "nl") -> Figure:
    """Draw how many respondents show each emotion in each phase.

    Parameters
    ----------
    cells, curve : pandas.DataFrame
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
    codes = load_codebook().group("emotion").codes
    names = [wrapped(phase.name, 14) for phase in phases]
    top = 1.12 + 0.2 * max((name.count("\n") for name in names), default=0)
    width, height = max(7.0, 1.4 * len(phases) + 1.9), 0.44 * len(codes) + top + 0.72
    figure = canvas(width, height, texts["emotion_map"], texts["emotion_map_note"])
    axes = figure.add_axes((1.5 / width, 0.72 / height, 1 - 1.65 / width, 0.44 * len(codes) / height))
    own = cells[cells["lane"] == "emotions"].set_index(["item", "phase"])["respondents"].to_dict()
    n = curve.set_index("phase")["n"].to_dict()
    for y, code in enumerate(codes):
        for x, phase in enumerate(phases):
            _draw_tile(axes, x, y, own.get((code.id, phase.id), 0), n.get(phase.id, 0), code.id, texts["of"])
    axes.set(xlim=(-0.5, len(phases) - 0.5), ylim=(len(codes) - 0.5, -0.5))
    axes.xaxis.tick_top()
    sizes = [f"n {size}" if isinstance(size := n.get(phase.id, 0), str) else f"n = {size}" for phase in phases]
    axes.set_xticks(range(len(phases)), [f"{name}\n{size}" for name, size in zip(names, sizes, strict=True)])
    axes.set_yticks(range(len(codes)), [code.name(language) for code in codes])
    bare(axes, x=10, y=10.5)
    return figure


def _draw_respondents(axes: Axes, rows: pd.DataFrame, of: str) -> None:
    """Bars of respondents with their share in words."""
    counts = rows["respondents"].tolist()
    most = max(counts)
    colours = [palette.LINE if theme == "outliers" else palette.ACCENT for theme in rows["theme"]]
    axes.barh(range(len(rows)), counts, height=0.62, color=colours)
    axes.set_xlim(0, 1.75 * most)
    for y, (k, n) in enumerate(zip(counts, rows["of_respondents"].tolist(), strict=True)):
        share = f"{k} {of} {n} ({100 * k / n:.0f}%)" if n >= MIN_PERCENTAGE else f"{k} {of} {n}"
        axes.text(k + 0.03 * most, y, share, va="center", fontsize=9, color=palette.INK, fontfamily=FONT)


def _draw_kinds(axes: Axes, rows: pd.DataFrame, texts: Mapping[str, str]) -> None:
    """Bars of pains, needs and gains end to end, each with its pattern, its number in it or all three behind it."""
    values = {kind: rows[f"{kind}s"].to_numpy(dtype=float) for kind in palette.KINDS}
    start, widest = np.zeros(len(rows)), float(max(1.0, np.max(sum(values.values()))))
    narrow = [[0 < values[kind][y] < _NARROW * widest for kind in values] for y in range(len(rows))]
    for kind, colour in palette.KINDS.items():
        axes.barh(range(len(rows)), values[kind], left=start, height=0.62, color=colour, hatch=palette.HATCHES[kind],
                  edgecolor=palette.ON_PATTERNS[kind], linewidth=0, label=texts[kind])  # fmt: skip
        for y, (value, begin) in enumerate(zip(values[kind], start, strict=True)):
            if begin and value:
                axes.plot([begin, begin], [y - 0.31, y + 0.31], color=palette.PAPER, lw=1.5, solid_capstyle="butt")
            if value and not any(narrow[y]):
                box = {"boxstyle": "round,pad=0.2", "fc": colour, "ec": "none"}
                axes.text(begin + value / 2, y, f"{value:.0f}", ha="center", va="center", fontsize=9, bbox=box,
                          fontfamily=FONT, color=palette.ON_KINDS[kind])  # fmt: skip
        start += values[kind]
    for y in (y for y, parts in enumerate(narrow) if any(parts)):
        counts = " · ".join(f"{values[kind][y]:.0f}" for kind in values)
        axes.text(start[y] + 0.015 * widest, y, counts, va="center", fontsize=9, color=palette.INK, fontfamily=FONT)
    axes.set_xlim(0, 1.18 * widest if np.any(narrow) else 1.02 * widest)


def _draw_tile(axes: Axes, x: int, y: int, k: int | str, n: int | str, emotion: str, of: str) -> None:
    """Number of respondents on a tile that is darker for a larger share, and without colour where it is withheld."""
    if not k:
        axes.text(x, y, "–", ha="center", va="center", fontsize=9.5, color=palette.SOFT, fontfamily=FONT)
        return
    share = 0.0 if isinstance(k, str) or isinstance(n, str) or n < FEW else min(1.0, k / n)
    shades = LinearSegmentedColormap.from_list(emotion, [palette.PAPER, palette.EMOTIONS[emotion]])
    face = shades(_LIGHTEST + (_DARKEST - _LIGHTEST) * share) if share else palette.PAPER
    edge, shape = "none" if share else palette.LINE, "round,pad=0,rounding_size=0.06"
    axes.add_patch(FancyBboxPatch((x - 0.46, y - 0.42), 0.92, 0.84, boxstyle=shape, fc=face, ec=edge))
    colour = palette.PAPER if share > 0.6 else palette.INK
    text = str(k) if isinstance(n, str) else f"{k} {of} {n}"
    axes.text(x, y, text, ha="center", va="center", fontsize=9.5, color=colour, fontfamily=FONT)
