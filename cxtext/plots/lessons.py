"""Plots of what a tagger learned: how good each code is, and what more coding would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxtext import palette
from cxtext.plots.canvas import FONT, bare, canvas, display_texts, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.tag.learning import Lesson

_ROW = 0.4


def code_scores(lesson: Lesson, *, language: str = "nl") -> Figure:
    """Draw the F1 of each code on respondents that it did not learn from, with its interval and the verdict.

    Parameters
    ----------
    lesson : Lesson
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from cxtext.tag.learning import APPLIES, SUGGESTS, VERDICTS

    texts, rows = display_texts(language), lesson.codes.to_dict("records")
    if not rows:
        return canvas(9.0, 1.2, texts["code_scores"], texts["nothing"])
    height = _ROW * len(rows) + 1.95
    figure = canvas(9.0, height, texts["code_scores"], texts["code_scores_note"])
    axes = figure.add_axes((0.22, 0.95 / height, 0.42, 1 - 1.7 / height))
    for line in (SUGGESTS, APPLIES):
        axes.axvline(line, color=palette.SOFT, lw=0.9, ls=(0, (4, 3)), zorder=0)
    for y, row in enumerate(rows):
        verdict = VERDICTS.index(row["verdict"])
        told = f"{row['codings']} {texts['codings']}: {texts[f'verdict_{verdict}']}"
        if not np.isnan(row["f1"]):
            colour = palette.SOFT if verdict == 2 else palette.ACCENT
            axes.plot([row["f1_low"], row["f1_high"]], [y, y], color=colour, lw=1.8)
            axes.plot(row["f1"], y, "o", ms=8, mfc=palette.PAPER if verdict else colour, mec=colour, mew=1.6)
        axes.text(1.05, y, told, transform=axes.get_yaxis_transform(), va="center", fontsize=9, color=palette.INK,
                  fontfamily=FONT)  # fmt: skip
    axes.set(xlim=(-0.03, 1.03), ylim=(len(rows) - 0.5, -0.5))
    ticks = [0, SUGGESTS, APPLIES, 1]
    axes.set_xticks(ticks, [f"{tick:g}".replace(".", ",") if language == "nl" else f"{tick:g}" for tick in ticks])
    axes.set_yticks(range(len(rows)), [wrapped(row["code"], 24) for row in rows])
    bare(axes, x=9, y=10)
    return figure


def learning_curve(lesson: Lesson, *, language: str = "nl") -> Figure:
    """Draw how good the codes are with a part of the respondents, and with all of them.

    Parameters
    ----------
    lesson : Lesson
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts, curve = display_texts(language), lesson.curve
    if curve.empty:
        return canvas(7.5, 1.2, texts["learning"], texts["nothing"])
    figure = canvas(8.2, 4.4, texts["learning"], texts["learning_note"])
    axes = figure.add_axes((0.09, 0.29, 0.86, 0.53))
    axes.plot(curve["respondents"], curve["macro_f1"], "-o", color=palette.ACCENT, lw=2.2, ms=7)
    for x, y in zip(curve["respondents"], curve["macro_f1"], strict=True):
        text = f"{y:.2f}".replace(".", ",") if language == "nl" else f"{y:.2f}"
        axes.annotate(text, (x, y), (0, 9), textcoords="offset points", ha="center", fontsize=9, color=palette.INK,
                      fontfamily=FONT)  # fmt: skip
    axes.set(ylim=(0, 1.08), xlim=(0, 1.06 * float(curve["respondents"].max())))
    axes.set_xlabel(texts["learning_axis"], fontsize=9, color=palette.SOFT, fontfamily=FONT)
    axes.set_ylabel("F1", fontsize=9, color=palette.SOFT, fontfamily=FONT)
    bare(axes, x=9, y=9)
    axes.spines[["left", "bottom"]].set(visible=True, color=palette.LINE)
    return figure
