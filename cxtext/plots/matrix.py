"""Importance against performance, and the accumulation of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxtext import palette
from cxtext.plots.canvas import FONT, bare, canvas, display_texts, signed, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxtext.journey import Saturation

_SURE = 0.8
_WIDTH, _HEIGHT = 6.6, 4.6
_LINE, _LETTER = 0.155, 0.072


def importance_matrix(table: pd.DataFrame, *, score: str = "", language: str = "nl") -> Figure:
    """Draw the importance of drivers against how they perform, in four quadrants.

    Parameters
    ----------
    table : pandas.DataFrame
        One level of the table of a `cxtext.journey.Drivers`.
    score : str
        What is driven, for the title; the score where it is left out.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    title = f"{texts['matrix']}: {score}" if score else texts["matrix"]
    known = table[table["importance"].notna() & table["performance"].notna()]
    if known.empty:
        reasons = [reason for reason in dict.fromkeys(table["reason"]) if reason]
        return canvas(9.5, 1.2, title, texts["few"].format(reason=reasons[0]) if reasons else texts["nothing"])
    width, height = _WIDTH + 1.3, _HEIGHT + 1.95
    figure = canvas(width, height, title, texts["matrix_note"])
    axes = figure.add_axes((0.95 / width, 1.2 / height, _WIDTH / width, _HEIGHT / height))
    x, y = known["performance"].to_numpy(dtype=float), 100 * known["importance"].to_numpy(dtype=float)
    low, high = known["performance_low"].to_numpy(dtype=float), known["performance_high"].to_numpy(dtype=float)
    left, right = max(-2.1, float(low.min()) - 0.25), min(2.1, float(high.max()) + 0.25)
    top = 1.22 * float(y.max()) or 1.0
    axes.set(xlim=(left, right), ylim=(-0.12 * top, top))
    axes.axvline(x.mean(), color=palette.SOFT, lw=0.9, ls=(0, (4, 3)), zorder=1)
    axes.axhline(y.mean(), color=palette.SOFT, lw=0.9, ls=(0, (4, 3)), zorder=1)
    corners = (("improve", 0.01, 0.985, "left", "top"), ("keep", 0.99, 0.985, "right", "top"),
               ("low", 0.01, 0.015, "left", "bottom"), ("overkill", 0.99, 0.015, "right", "bottom"))  # fmt: skip
    for key, across, up, ha, va in corners:
        axes.text(across, up, texts[key].upper(), transform=axes.transAxes, ha=ha, va=va, fontsize=8.5,
                  fontweight="bold", color=palette.SOFT, fontfamily=FONT)  # fmt: skip
    taken = [(0.0, _HEIGHT - 0.25, 1.8, _HEIGHT), (_WIDTH - 1.5, _HEIGHT - 0.25, _WIDTH, _HEIGHT),
             (0.0, 0.0, 0.7, 0.25), (_WIDTH - 1.8, 0.0, _WIDTH, 0.25)]  # fmt: skip
    places = [((a - left) / (right - left) * _WIDTH, (b + 0.12 * top) / (1.12 * top) * _HEIGHT)
              for a, b in zip(x, y, strict=True)]  # fmt: skip
    taken += [(a - 0.09, b - 0.09, a + 0.09, b + 0.09) for a, b in places]
    scale = _WIDTH / (right - left)
    taken += [((a - left) * scale, b - 0.05, (c - left) * scale, b + 0.05)
              for a, c, (_, b) in zip(low, high, places, strict=True)]  # fmt: skip
    across, up = (x.mean() - left) * scale, (y.mean() + 0.12 * top) / (1.12 * top) * _HEIGHT
    taken += [(across - 0.04, 0.0, across + 0.04, _HEIGHT), (0.0, up - 0.04, _WIDTH, up + 0.04)]
    for place, row in enumerate(known.to_dict("records")):
        sure = row["quadrant_p"] >= _SURE
        axes.plot([low[place], high[place]], [y[place]] * 2, color=palette.ACCENT, lw=1.2, alpha=0.45, zorder=2)
        axes.plot(x[place], y[place], "o", ms=10, mfc=palette.ACCENT if sure else palette.PAPER, mec=palette.ACCENT,
                  mew=1.7, zorder=4)  # fmt: skip
        _name(axes, places[place], wrapped(row["name"], 26), taken)
    axes.set_xlabel(texts["performance_axis"], fontsize=9, color=palette.SOFT, fontfamily=FONT)
    axes.set_ylabel(texts["importance_axis"], fontsize=9, color=palette.SOFT, fontfamily=FONT)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}%" if value >= 0 else "")
    axes.xaxis.set_major_formatter(lambda value, _: signed(value, language))
    axes.locator_params(nbins=6)
    bare(axes, x=9, y=9)
    axes.spines[["left", "bottom"]].set(visible=True, color=palette.LINE)
    return figure


def saturation_curve(found: Saturation, *, language: str = "nl") -> Figure:
    """Draw how codes accumulate over interviews.

    Parameters
    ----------
    found : Saturation
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts, limit = display_texts(language), found.threshold
    at = limit.saturated_at
    guest = texts["guest_not"] if at is None else texts["guest_at"].format(at=at, run=limit.run)
    if found.interviews.empty:
        return canvas(7.5, 1.2, texts["saturation"], texts["nothing"])
    figure = canvas(8.2, 5.0, texts["saturation"], texts["saturation_note"].format(guest=guest))
    axes = figure.add_axes((0.09, 0.25, 0.86, 0.6))
    curve, total = found.curve, found.unseen.corrected
    axes.fill_between(curve["interviews"], curve["low"], curve["high"], color=palette.ACCENT, alpha=0.15, lw=0)
    axes.plot(curve["interviews"], curve["mean"], color=palette.ACCENT, lw=2.2)
    axes.plot(found.interviews["position"], found.interviews["total"], "o", ms=4, color=palette.INK, mew=0)
    axes.axhline(total, color=palette.SOFT, lw=1, ls=(0, (4, 3)))
    text = f"{total:.0f}"
    axes.text(0.01, total, texts["chao"].format(total=text), transform=axes.get_yaxis_transform(), va="bottom",
              fontsize=9, color=palette.SOFT, fontfamily=FONT)  # fmt: skip
    axes.set(ylim=(0, 1.13 * max(total, float(curve["high"].max()), 1.0)), xlim=(0.5, len(found.interviews) + 0.5))
    axes.set_xlabel(texts["interviews"], fontsize=9, color=palette.SOFT, fontfamily=FONT)
    axes.set_ylabel(texts["codes"], fontsize=9, color=palette.SOFT, fontfamily=FONT)
    axes.locator_params(integer=True)
    bare(axes, x=9, y=9)
    axes.spines[["left", "bottom"]].set(visible=True, color=palette.LINE)
    return figure


def _name(axes: Axes, point: tuple[float, float], text: str, taken: list[tuple[float, float, float, float]]) -> None:
    """Write a name beside a point where it covers nothing; places are in inches of the axes."""
    lines = text.split("\n")
    wide, high = _LETTER * max(map(len, lines)), _LINE * len(lines)
    far = [(dx, dy) for dy in (0.35, -0.35 - high, 0.6, -0.6 - high) for dx in (-wide / 2, 0.1, -0.1 - wide)]
    near = [(dx, dy) for dy in (0.12, -0.12 - high) for dx in (-wide / 2, 0.12, -0.12 - wide)]
    sides = [(0.14, -high / 2), (-0.14 - wide, -high / 2), *near, *far]
    boxes = [(point[0] + dx, point[1] + dy, point[0] + dx + wide, point[1] + dy + high) for dx, dy in sides]

    def cost(box: tuple[float, float, float, float]) -> float:
        outside = max(0.0, -box[0]) + max(0.0, box[2] - _WIDTH) + max(0.0, -box[1]) + max(0.0, box[3] - _HEIGHT)
        covered = sum(
            max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
            * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
            for other in taken
        )
        return 10 * outside + covered

    best = min(boxes, key=cost)
    taken.append(best)
    axes.annotate(text, (0, 0), (72 * (best[0] + wide / 2), 72 * (best[1] + high / 2)), xycoords="axes fraction",
                  textcoords="offset points", ha="center", va="center", fontsize=9, color=palette.INK,
                  fontfamily=FONT, zorder=5, linespacing=1.1, annotation_clip=False)  # fmt: skip
