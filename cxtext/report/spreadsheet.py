"""The workbook for people: one row a quote and code, and a sheet that explains it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from cxtext.cells import MAX_CHARACTERS, MAX_ROWS, safe_cell
from cxtext.report.attributes import attributes_table
from cxtext.report.labels import Labels
from cxtext.report.names import clock, names_of
from cxtext.report.quotes import active_codings, quotes_table
from cxtext.report.rows import rows_of
from cxtext.report.summary import status_text

if TYPE_CHECKING:
    from cxtext.study import Study

_WIDTHS = {
    "text": 70, "path": 30, "score": 8, "evidence": 26, "theme": 26, "phase": 14, "document": 24, "file": 24,
    "case": 24, "speaker": 18, "time": 9, "prompt": 40, "status": 14, "coder": 18, "segment": 22,
}  # fmt: skip
_ATTRIBUTE_WIDTH = 18
_HEADER = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1F3B47")}
_WRAP = Alignment(vertical="top", wrap_text=True)


def write_workbook(study: Study, path: Path, labels: Labels, *, max_rows: int = MAX_ROWS) -> None:
    """Write the codings as a workbook: sheets with a frozen, filtered header, and one with notes.

    Parameters
    ----------
    study : Study
    path : pathlib.Path
    labels : Labels
    max_rows : int
        Rows on a sheet with its header; what does not fit goes on on a next sheet.
    """
    book = Workbook(write_only=True)
    attributes = attributes_table(study)
    header = [*(labels(f"column_{key}") for key in _WIDTHS), *map(str, attributes.columns)]
    widths = [*_WIDTHS.values(), *[_ATTRIBUTE_WIDTH] * len(attributes.columns)]
    total = len(active_codings(study))
    room = max_rows - 1
    sheets = max(1, math.ceil(total / room))
    rows = _rows(study, attributes.to_numpy().tolist(), labels)
    cut = 0
    for number in range(sheets):
        size = min(room, total - number * room)
        sheet = _sheet(book, labels("sheet_quotes") + (f" {number + 1}" if number else ""), widths)
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{size + 1}"
        sheet.append(_fill(_cells(sheet, len(header), **_HEADER), header))
        cells = _cells(sheet, len(header))
        for _ in range(size):
            row = next(rows)
            cut += sum(isinstance(value, str) and len(value) > MAX_CHARACTERS for value in row)
            sheet.append(_fill(cells, row))
    notes = _sheet(book, labels("sheet_notes"), [110])
    for note in _notes(study, labels, cut=cut, split=sheets > 1, max_rows=max_rows):
        notes.append(_fill(_cells(notes, 1), [note]))
    book.save(path)


def _sheet(book: Workbook, title: str, widths: Iterable[int]) -> Any:
    sheet = book.create_sheet(title)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    return sheet


def _cells(sheet: Any, n: int, **styles: Any) -> list[Any]:
    """Styled cells; as a row is written at once, they serve for one row after the other."""
    cells = [WriteOnlyCell(sheet) for _ in range(n)]
    for cell in cells:
        for name, style in {"alignment": _WRAP, **styles}.items():
            setattr(cell, name, style)
    return cells


def _fill(cells: list[Any], values: list[Any]) -> list[Any]:
    """Put values in cells; an empty one is not written at all."""
    row: list[Any] = []
    for cell, value in zip(cells, values, strict=True):
        if value is None or value == "":
            row.append(None)
            continue
        cell.value = _fit(value)
        if isinstance(value, str):
            cell.data_type = "s"
        row.append(cell)
    return row


def _fit(value: Any) -> Any:
    value = safe_cell(value)
    return f"{value[: MAX_CHARACTERS - 1]}…" if isinstance(value, str) and len(value) > MAX_CHARACTERS else value


def _rows(study: Study, attributes: list[list[str]], labels: Labels) -> Iterator[list[Any]]:
    """Values of each coding, in the order of the columns."""
    names = names_of(study, labels)
    quotes = quotes_table(study).to_dict("records")
    place = {quote["segment"]: i for i, quote in enumerate(quotes)}
    for coding in rows_of(active_codings(study)):
        i = place[coding.segment]
        quote = quotes[i]
        yield [
            quote["text"],
            names.path(coding.group, coding.code),
            None if math.isnan(coding.score) else round(float(coding.score), 3),
            coding.evidence,
            names.themes.get(quote["theme"], ""),
            names.phases.get(quote["phase"], quote["phase"]),
            quote["name"],
            quote["file"],
            quote["case"],
            quote["speaker"],
            clock(quote["time_start"]),
            quote["prompt"],
            labels.choice("status_of", coding.status),
            coding.coder,
            quote["segment"],
            *attributes[i],
        ]


def _notes(study: Study, labels: Labels, *, cut: int, split: bool, max_rows: int) -> list[str]:
    notes = [" ".join(status_text(study, labels)), labels("note_rows"), labels("note_formula")]
    if cut:
        notes.append(labels("note_cut", n=labels.number(cut), limit=labels.number(MAX_CHARACTERS)))
    if split:
        notes.append(labels("note_split", limit=labels.number(max_rows)))
    return notes
