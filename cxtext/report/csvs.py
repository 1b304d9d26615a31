"""Tables as csv files that Excel opens rightly."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cxtext.cells import safe_frame

_DIALECTS = {"nl": (";", ","), "en": (",", ".")}


def write_csv(frame: pd.DataFrame, path: Path, *, language: str) -> None:
    """Write a frame as csv, in UTF-8 with a byte order mark and with every cell made harmless.

    Parameters
    ----------
    frame : pandas.DataFrame
    path : pathlib.Path
    language : {"nl", "en"}
        Dutch Excel expects semicolons and decimal commas; English Excel commas and decimal points.
    """
    separator, decimal = _DIALECTS[language]
    safe_frame(frame).to_csv(
        path, index=False, sep=separator, decimal=decimal, encoding="utf-8-sig", lineterminator="\r\n"
    )
