"""What all plots share: a figure without global state, its texts, and how numbers and names are written on it."""

from __future__ import annotations

import io
import textwrap
from functools import cache
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from cxtext import palette
from cxtext.errors import OptionError
from cxtext.resources import data_path, read_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: dots per inch of pictures
RESOLUTION = 150
#: a phase with fewer respondents gets a dot, but no line, no interval and no colour
FEW = 3
FONT = "DejaVu Sans"
#: letters of a note that fit in an inch
_NOTE = 17


class Plot(Figure):
    """A matplotlib figure that shows itself in a notebook."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=RESOLUTION, facecolor=palette.PAPER)
        return buffer.getvalue()


def canvas(width: float, height: float, title: str, note: str) -> Plot:
    """Make a figure with a title at the top left and a note at the bottom.

    Parameters
    ----------
    width, height : float
        Inches.
    title, note : str

    Returns
    -------
    Plot
    """
    figure = Plot(figsize=(width, height), facecolor=palette.PAPER)
    head = figure.text(0.22 / width, 1 - 0.34 / height, title, fontsize=15, color=palette.INK, va="center")
    head.set(fontfamily=FONT, fontweight="bold")
    note = "\n".join(wrapped(line, int(_NOTE * (width - 0.3))) for line in note.split("\n"))
    foot = figure.text(0.22 / width, 0.16 / height, note, fontsize=8, color=palette.SOFT, va="bottom")
    foot.set(fontfamily=FONT, linespacing=1.5)
    return figure


@cache
def display_texts(language: str) -> dict[str, str]:
    """Read the texts of plots and of tables in a notebook.

    Parameters
    ----------
    language : {"nl", "en"}

    Returns
    -------
    dict of str to str

    Raises
    ------
    OptionError
        Another language.
    """
    known = sorted(path.stem for path in data_path("display").glob("*.yaml"))
    if language not in known:
        msg = f"There are no texts for plots and tables in language {language!r}. Choose one of: {', '.join(known)}."
        raise OptionError(msg)
    texts: dict[str, str] = read_data("display", f"{language}.yaml")
    return texts


def signed(value: float, language: str) -> str:
    """Write a value with its sign and one decimal, as people of a language do.

    Examples
    --------
    >>> signed(-0.84, "nl"), signed(1.26, "en"), signed(0.04, "nl")
    ('−0,8', '+1.3', '0,0')
    """
    text = f"{value:+.1f}".replace("-", "−")
    text = text[1:] if text[1:] == "0.0" else text
    return text.replace(".", ",") if language == "nl" else text


def wrapped(text: str, width: int) -> str:
    """Break a name over lines of at most `width` characters, not within words."""
    return textwrap.fill(drawable(text), width, break_long_words=False)


def drawable(text: str) -> str:
    """Leave out signs that the font lacks, such as emoji, and put a box in place of such letters.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> drawable("eigen huis 🏠, 家")
    'eigen huis , □'
    """
    known = _characters()
    return "".join(one if ord(one) in known or one.isspace() else "□" if one.isalnum() else "" for one in text)


@cache
def _characters() -> frozenset[int]:
    """Characters of the font."""
    return frozenset(get_font(findfont(FONT)).get_charmap())


def bare(axes: Axes, *, x: float, y: float, pad: float = 7) -> None:
    """Take lines and ticks off the axes, and set the names along them in a size of `x` and `y` points."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, pad=pad)
    for labels, size in ((axes.get_xticklabels(), x), (axes.get_yticklabels(), y)):
        for label in labels:
            label.set(fontfamily=FONT, fontsize=size, color=palette.INK)
