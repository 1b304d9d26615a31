"""Plot of agreement: the alpha of each code with its interval, beside the customary lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxtext import palette
from cxtext.plots.canvas import FONT, bare, canvas, display_texts, wrapped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: below the one no conclusion, from the other on a firm one (Krippendorff, Content Analysis)
TENTATIVE, FIRM = 0.667, 0.8
_ROW = 0.34


def agreement_forest(table: pd.DataFrame, *, language: str = "nl") -> Figure:
    """Draw alpha with its interval per code, the whole group above its codes.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a `cxtext.agreement.Agreement`.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    height = _ROW * len(table) + 1.95
    figure = canvas(9.0, height, texts["agreement"], texts["agreement_note"])
    axes = figure.add_axes((0.28, 0.85 / height, 0.55, 1 - 1.6 / height))
    lowest = min(0.0, float(np.nanmin([0.0, *table["alpha"], *table["alpha_low"]])))
    for line in (TENTATIVE, FIRM):
        axes.axvline(line, color=palette.SOFT, lw=0.9, ls=(0, (4, 3)), zorder=0)
    axes.axvline(0, color=palette.LINE, lw=0.9, zorder=0)
    for y, row in enumerate(table.to_dict("records")):
        whole = row["code"] == ""
        colour = palette.ACCENT if not row["warning"] else palette.SOFT
        if not np.isnan(row["alpha_low"]):
            axes.plot([row["alpha_low"], row["alpha_high"]], [y, y], color=colour, lw=2.4 if whole else 1.6)
        face = palette.PAPER if row["warning"] else colour
        axes.plot(row["alpha"], y, marker="D" if whole else "o", ms=7, mfc=face, mec=colour, mew=1.5)
        text = "–" if np.isnan(row["alpha"]) else f"{row['alpha']:.2f}"
        text = text.replace(".", ",") if language == "nl" else text
        axes.text(1.04, y, f"{text}   n = {row['n_units']}", transform=axes.get_yaxis_transform(), va="center",
                  fontsize=9, color=palette.INK, fontfamily=FONT)  # fmt: skip
    axes.set(xlim=(lowest - 0.03, 1.03), ylim=(len(table) - 0.5, -0.5))
    ticks = [0, TENTATIVE, FIRM, 1]
    names = ["0", f"{TENTATIVE:.3f}"[1:], f"{FIRM:.3f}"[1:], "1"]
    axes.set_xticks(ticks, [name.replace(".", ",") if language == "nl" else name for name in names])
    axes.set_yticks(
        range(len(table)),
        [wrapped(row["code"] or row["group"].upper(), 30) for row in table.to_dict("records")],
    )
    bare(axes, x=9, y=10)
    return figure
