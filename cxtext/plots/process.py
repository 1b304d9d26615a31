"""Principles kept and broken, desired against realised experience, and the hours at which contacts peak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import FancyBboxPatch

from cxtext import palette
from cxtext.plots.canvas import FEW, FONT, bare, canvas, display_texts, signed, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxtext.phases import Phase

_VERDICTS = {
    "kept": (palette.POSITIVE_TINT, palette.POSITIVE, "✓"),
    "broken": (palette.NEGATIVE_TINT, palette.NEGATIVE, "✗"),
    "divided": (palette.TINT, palette.INK, "±"),
    "unsure": (palette.TINT, palette.INK, ""),
    "": (palette.PAPER, palette.INK, ""),
}
_EDGE = 2.15


def principle_tiles(table: pd.DataFrame, phases: Sequence[Phase], *, language: str = "nl") -> Figure:
    """Draw how many respondents tell of each principle that it was kept and broken, per phase.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a `cxtext.journey.PrinciplesCard`.
    phases : sequence of Phase
        In order, with names in the language of the labels.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    if not len(table) or not table["respondents"].any():
        return canvas(8.5, 1.2, texts["principles"], texts["principles_none"])
    columns = {"": texts["all_phases"], **{phase.id: phase.name for phase in phases}}
    names = dict(zip(table["principle"], table["name"], strict=True))
    heads = [wrapped(name, 14) for name in columns.values()]
    top = 1.0 + 0.2 * max(head.count("\n") for head in heads)
    width, height = 1.35 * len(columns) + 2.35, 0.46 * len(names) + top + 0.78
    figure = canvas(width, height, texts["principles"], texts["principles_note"])
    axes = figure.add_axes((1.95 / width, 0.74 / height, 1 - 2.1 / width, 0.46 * len(names) / height))
    rows = {(row["principle"], row["phase"]): row for row in table.to_dict("records")}
    for y, principle in enumerate(names):
        for x, phase in enumerate(columns):
            _tile(axes, x, y, rows.get((principle, phase)))
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(names) - 0.5, -0.5))
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(columns)), heads)
    axes.set_yticks(range(len(names)), list(names.values()))
    bare(axes, x=9.5, y=10)
    return figure


def _tile(axes: Axes, x: int, y: int, row: Mapping[Any, Any] | None) -> None:
    if not row or not row["respondents"]:
        axes.text(x, y, "–", ha="center", va="center", fontsize=9.5, color=palette.SOFT, fontfamily=FONT)
        return
    face, colour, mark = _VERDICTS[row["verdict"]]
    box = FancyBboxPatch((x - 0.46, y - 0.42), 0.92, 0.84, boxstyle="round,pad=0,rounding_size=0.06", fc=face,
                         ec="none" if row["verdict"] else palette.LINE)  # fmt: skip
    axes.add_patch(box)
    text = f"{row['kept']} ✓  {row['broken']} ✗" + (f"  {row['both']} ±" if row["both"] else "")
    axes.text(x, y, text, ha="center", va="center", fontsize=9, color=colour, fontfamily=FONT,
              fontweight="bold" if mark in "✓✗" and mark else "normal")  # fmt: skip


def gap_curves(table: pd.DataFrame, phases: Sequence[Phase], *, language: str = "nl") -> Figure:
    """Draw the desired and the realised experience as two curves, with the gap between them.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a `cxtext.journey.ExperienceGap`.
    phases : sequence of Phase
        In order, with names in the language of the labels.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    rows = table.set_index("phase").reindex([phase.id for phase in phases])
    if not rows["gap"].notna().any():
        return canvas(8.5, 1.2, texts["gap"], texts["gap_none"])
    width, height = max(7.5, 1.7 * len(phases) + 1.4), 5.0
    figure = canvas(width, height, texts["gap"], texts["gap_note"])
    axes = figure.add_axes((0.75 / width, 1.25 / height, 1 - 0.95 / width, 2.85 / height))
    x = np.arange(len(rows))
    had, meant, low, high = (rows[name].to_numpy(dtype=float) for name in ("realised", "desired", "low", "high"))
    firm = rows["n"].fillna(0).to_numpy() >= FEW
    both = firm & ~np.isnan(meant)
    for under, colour in ((had < meant, palette.NEGATIVE), (had > meant, palette.POSITIVE)):
        axes.vlines(x[both & under], had[both & under], meant[both & under], color=colour, lw=13, alpha=0.2)
    axes.fill_between(x, had, meant, where=both, color=palette.SOFT, alpha=0.12, lw=0)
    axes.plot(x, meant, "--D", color=palette.SOFT, lw=1.6, ms=6, label=texts["desired"])
    line = np.where(firm, had, np.nan)
    axes.plot(x, line, "-", color=palette.ACCENT, lw=2.2)
    axes.plot(x[firm], had[firm], "o", color=palette.ACCENT, ms=8, label=texts["realised"])
    axes.plot(x[~firm], had[~firm], "o", mfc=palette.PAPER, mec=palette.ACCENT, ms=8)
    axes.vlines(x[firm], np.clip(low[firm], -2, 2), np.clip(high[firm], -2, 2), color=palette.ACCENT, lw=1.2)
    for at in x[both].tolist():
        axes.annotate(signed(had[at] - meant[at] if rows["pairs"].iloc[at] == 0 else rows["gap"].iloc[at], language),
                      (at, (had[at] + meant[at]) / 2), (11, 0), textcoords="offset points", va="center", fontsize=9.5,
                      fontweight="bold", color=palette.INK, fontfamily=FONT)  # fmt: skip
    axes.set(xlim=(-0.4, len(rows) - 0.4), ylim=(-_EDGE, _EDGE))
    axes.axhline(0, color=palette.LINE, lw=1, zorder=0)
    axes.set_yticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "+1", "+2"])
    sizes = rows["n"].fillna(0).astype(int)
    heads = [f"{wrapped(phase.name, 16)}\nn = {n}" for phase, n in zip(phases, sizes, strict=True)]
    axes.set_xticks(x, heads)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderaxespad=0.3,
                labelcolor=palette.INK, prop={"family": FONT, "size": 9})  # fmt: skip
    bare(axes, x=10, y=9.5)
    return figure


def peak_map(table: pd.DataFrame, *, assumed: bool = False, language: str = "nl") -> Figure:
    """Draw contacts by weekday and hour, darker the more there are above what the opening hours would bring.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a `cxtext.journey.ContactPeaks`.
    assumed : bool
        The opening hours were not given; the note says so.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    if table.empty:
        return canvas(8.5, 1.2, texts["peaks"], texts["peaks_none"])
    hours = range(int(table["hour"].min()), int(table["hour"].max()) + 1)
    days = sorted(table["weekday"].unique())
    width, height = max(8.4, 0.62 * len(hours) + 1.5), 0.46 * len(days) + 2.05
    note = texts["peaks_note"] + "\n" + texts["peaks_assumed" if assumed else "peaks_given"]
    figure = canvas(width, height, texts["peaks"], note)
    axes = figure.add_axes((1.15 / width, 0.92 / height, 1 - 1.35 / width, 0.46 * len(days) / height))
    for row in table.to_dict("records"):
        _hour(axes, row["hour"] - hours[0], days.index(row["weekday"]), row)
    axes.set(xlim=(-0.5, len(hours) - 0.5), ylim=(len(days) - 0.5, -0.5))
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(hours)), [str(hour) for hour in hours])
    axes.set_yticks(range(len(days)), [texts["weekdays"].split()[day] for day in days])
    bare(axes, x=9, y=10)
    return figure


def _hour(axes: Axes, x: int, y: int, row: Mapping[Any, Any]) -> None:
    known = row["residual"] == row["residual"]
    strength = min(1.0, abs(row["residual"]) / 4) if known else 0.0
    colour = palette.ACCENT if known and row["residual"] > 0 else palette.SOFT
    shape, firm = "round,pad=0,rounding_size=0.06", row["verdict"] in ("peak", "quiet")
    axes.add_patch(FancyBboxPatch((x - 0.45, y - 0.42), 0.9, 0.84, boxstyle=shape, fc=colour, alpha=0.75 * strength,
                                  ec="none"))  # fmt: skip
    if firm or row["verdict"] == "closed":
        axes.add_patch(FancyBboxPatch((x - 0.45, y - 0.42), 0.9, 0.84, boxstyle=shape, fc="none", lw=1.6,
                                      ec=palette.INK if firm else palette.LINE,
                                      ls="-" if firm else "--"))  # fmt: skip
    text = f"{row['contacts']}" + ({"peak": "▲", "quiet": "▼"}.get(row["verdict"], ""))
    weight, colour = "bold" if firm else "normal", palette.PAPER if strength > 0.7 else palette.INK
    axes.text(x, y, text, ha="center", va="center", fontsize=9, color=colour, fontweight=weight, fontfamily=FONT)
