"""The map of themes for print: like themes near each other, as large as they have respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Circle

from cxtext import palette
from cxtext.plots.canvas import FONT, canvas, display_texts, wrapped
from cxtext.stats import share_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.themes import Themes

_WIDTH, _TEXT, _LETTER, _LINE, _LARGEST = 10.0, 22, 0.092, 0.19, 0.34


def theme_map(themes: Themes, *, language: str = "nl") -> Figure:
    """Draw themes in two dimensions, no name over another.

    Parameters
    ----------
    themes : Themes
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Empty but for its title where it is not known what the themes rest on.
    """
    from cxtext.themes.layout import place_boxes, theme_places

    texts, places = display_texts(language), theme_places(themes)
    rows = [row for row in themes.table.to_dict("records") if row["theme"] in places]
    most = max((row["respondents"] for row in rows), default=1)
    radii = [max(0.07, _LARGEST * (row["respondents"] / most) ** 0.5) for row in rows]
    shares = [share_text(row["respondents"], row["of_respondents"], language) for row in rows]
    labels = [f"{wrapped(row['name'], _TEXT)}\n{share}" for row, share in zip(rows, shares, strict=True)]
    sizes = [
        (2 * radius + 0.1 + _LETTER * max(map(len, label.split("\n"))), max(2 * radius, _LINE * len(label.split("\n"))))
        for radius, label in zip(radii, labels, strict=True)
    ]
    scale = 100.0  # hundredths of an inch, in which the gap between boxes is measured
    corners = place_boxes(
        [places[row["theme"]] for row in rows], [(scale * w, scale * h) for w, h in sizes],
        width=scale * (_WIDTH - 0.5), height=scale * max(2.5, 0.42 * len(rows)),
    ) / scale  # fmt: skip
    deep = max((top + high for (_, top), (_, high) in zip(corners.tolist(), sizes, strict=True)), default=1.0)
    figure = canvas(_WIDTH, deep + 1.3, texts["theme_map"], texts["theme_map_note"])
    axes = figure.add_axes((0.25 / _WIDTH, 0.55 / (deep + 1.3), 1 - 0.5 / _WIDTH, deep / (deep + 1.3)))
    axes.set(xlim=(0, _WIDTH - 0.5), ylim=(deep, 0))
    axes.axis("off")
    for label, radius, (left, top), (_, high) in zip(labels, radii, corners.tolist(), sizes, strict=True):
        middle = top + high / 2
        axes.add_patch(Circle((left + radius, middle), radius, facecolor=palette.ACCENT_TINT, edgecolor=palette.ACCENT))
        axes.text(left + 2 * radius + 0.08, middle, label, va="center", fontsize=9.5, color=palette.INK,
                  fontfamily=FONT, linespacing=1.25)  # fmt: skip
    return figure
