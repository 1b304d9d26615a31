"""Tables and pictures to hand on, of what is left after suppression."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.journey.mapping import RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.method import privacy_lines
from cxtext.report.rows import rows_of
from cxtext.report.shared_page import withheld_text
from cxtext.report.spreadsheet import write_sheets
from cxtext.report.suppression import Shared
from cxtext.tables import make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: column of a table to key of its heading
_HEADINGS = {
    "phase": "phase", "lane": "lane", "name": "item", "respondents": "respondents", "of_respondents": "of_respondents",
    "terms": "terms", "group": "group", "code": "code", "n": "respondents", "mean": "mean", "low": "low",
    "high": "high", "negative": "negative_share", "touchpoint": "part_touchpoint", "wave": "part_wave",
    "promoters": "nps_promoters", "passives": "nps_passives", "detractors": "nps_detractors", "score": "nps_score",
}  # fmt: skip
_SHEETS = {"journey": "map", "curve": "curve", "themes": "themes", "codes": "codebook", "nps": "nps"}
_WIDE = ("name", "terms")


def shared_frames(shared: Shared) -> dict[str, pd.DataFrame]:
    """Tables by name of their file.

    Parameters
    ----------
    shared : Shared

    Returns
    -------
    dict of str to pandas.DataFrame
    """
    return {
        "journey": shared.cells, "curve": shared.curve, "themes": shared.themes, "codes": shared.codes,
        "nps": shared.nps,
    }  # fmt: skip


def write_shared_workbook(shared: Shared, path: Path, labels: Labels) -> None:
    """Write the tables as a workbook, a sheet each, with names in place of ids.

    Parameters
    ----------
    shared : Shared
    path : pathlib.Path
    labels : Labels
    """
    sheets = {}
    for name, frame in shared_frames(shared).items():
        columns = [column for column in frame if column in _HEADINGS]
        rows = _named(frame, shared, labels)[columns].to_numpy(dtype=object).tolist()
        header = [labels(_HEADINGS[column]) for column in columns]
        sheets[labels(_SHEETS[name])] = (header, [70 if column in _WIDE else 22 for column in columns], rows)
    notes = privacy_lines(shared.record, labels, pseudonymised=shared.pseudonymised, below=shared.below)
    write_sheets(path, sheets, labels, notes=[" ".join(shared.status), *notes, labels("note_formula")])


def _named(frame: pd.DataFrame, shared: Shared, labels: Labels) -> pd.DataFrame:
    """The same table with the names that the page shows, and rounded."""
    names = shared.names
    frame = frame.astype(object).where(frame.notna(), "")
    if "code" in frame:
        codes = [names.codes[f"{g}/{c}"] for g, c in zip(frame["group"], frame["code"], strict=True)]
        frame = frame.assign(code=codes, group=[names.groups[g] for g in frame["group"]])
    if "phase" in frame:
        frame = frame.assign(phase=[names.phases.get(phase, phase) for phase in frame["phase"]])
    if "lane" in frame:
        frame = frame.assign(
            lane=[labels.optional(f"lane_{lane}", lane) for lane in frame["lane"]],
            name=[row.name or withheld_text(row, labels) for row in rows_of(frame)],
        )
    return frame.map(lambda value: round(value, 3) if isinstance(value, float) else value)


def shared_figures(shared: Shared, language: str) -> dict[str, Figure]:
    """Plots by name of their file; no point of a single respondent is in them.

    Parameters
    ----------
    shared : Shared
    language : {"nl", "en"}

    Returns
    -------
    dict of str to matplotlib.figure.Figure
    """
    from cxtext.plots import emotion_curve, emotion_map, theme_bars

    phases = tuple(replace(phase, language=language) for phase in shared.phases)
    return {
        "emotion_curve": emotion_curve(shared.curve, make_table([], RESPONDENTS), phases, language=language),
        "emotions": emotion_map(shared.cells, shared.curve, phases, language=language),
        "themes": theme_bars(shared.themes, language=language),
    }
