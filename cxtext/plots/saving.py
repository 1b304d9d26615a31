"""Plots as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import rc_context

from cxtext import palette
from cxtext.errors import WriteError
from cxtext.plots.canvas import RESOLUTION

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        for suffix, metadata in ((".png", {"Software": None}), (".svg", {"Date": None, "Creator": None})):
            path = Path(folder) / f"{name}{suffix}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with rc_context({"svg.hashsalt": "cxtext", "svg.fonttype": "path"}):
                    figure.savefig(path, dpi=RESOLUTION, facecolor=palette.PAPER, metadata=metadata)
            except OSError as error:
                msg = f"{path}: the picture cannot be written ({error}). Choose a folder that you may write to."
                raise WriteError(msg) from error
            written.append(path)
    return written
