"""Plots as files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context

from cxtext import palette
from cxtext.errors import WriteError
from cxtext.plots.canvas import RESOLUTION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG: Any = {"svg.hashsalt": "cxtext", "svg.fonttype": "path"}


def svg_text(figure: Figure) -> str:
    """Give a figure as svg, with its texts as shapes; the same figure gives the same text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
    """
    buffer = io.StringIO()
    with rc_context(_SVG):
        figure.savefig(buffer, format="svg", facecolor=palette.PAPER, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def save_plots(figures: Mapping[str, Figure], folder: str | Path) -> list[Path]:
    """Save figures as png and svg; the same figure gives the same bytes.

    Parameters
    ----------
    figures : Mapping[str, matplotlib.figure.Figure]
        By name of the file, without suffix.
    folder : str or pathlib.Path
        Made where it does not exist.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    WriteError
        A picture cannot be written.
    """
    written = []
    for name, figure in figures.items():
        for kind in ("png", "svg"):
            path = Path(folder) / f"{name}.{kind}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                save_plot(figure, path, kind=kind)
            except OSError as error:
                msg = f"{path}: the picture cannot be written ({error}). Choose a folder that you may write to."
                raise WriteError(msg) from error
            written.append(path)
    return written


def save_plot(figure: Figure, path: Path, *, kind: str) -> None:
    """Save one figure; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : pathlib.Path
    kind : {"png", "svg"}
    """
    metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    with rc_context(_SVG):
        figure.savefig(path, format=kind, dpi=RESOLUTION, facecolor=palette.PAPER, metadata=metadata)
