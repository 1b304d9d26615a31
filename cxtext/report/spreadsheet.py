"""The workbook for people: one row a quote and code, and a sheet that explains it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    from cxtext.report.chapters.blocks import Chapter
    from cxtext.study import Study

_WIDTHS = {
    "text": 70, "path": 30, "score": 8, "evidence": 26, "theme": 26, "phase": 14, "document": 24, "file": 24,
    "case": 24, "speaker": 18, "time": 9, "prompt": 40, "status": 14, "coder": 18, "segment": 22,
}  # fmt: skip
_ATTRIBUTE_WIDTH = 18
#: sheets of chapters
_CHAPTER_WIDTHS = (44, *[26] * 7)
_MOST_TITLE, _NO_TITLE = 31, str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_ONE_LINE = Alignment(vertical="top")
_HEADER = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1F3B47")}
_WRAP = Alignment(vertical="top", wrap_text=True)


def write_workbook(
    study: Study, path: Path, labels: Labels, *, chapters: Sequence[Chapter] = (), max_rows: int = MAX_ROWS
) -> None:
    """Write the codings as a workbook: sheets with a frozen, filtered header, one per chapter, and one with notes.

    Parameters
    ----------
    study : Study
    path : pathlib.Path
    labels : Labels
    chapters : sequence of Chapter
        Each becomes a sheet, with its tables one below the other.
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
        sheet = _headed(book, labels("sheet_quotes") + (f" {number + 1}" if number else ""), header, widths, size)
        cells = _cells(sheet, len(header))
        for _ in range(size):
            row = next(rows)
            cut += sum(isinstance(value, str) and len(value) > MAX_CHARACTERS for value in row)
            sheet.append(_fill(cells, row))
    for chapter in chapters:
        if chapter.tables:
            _write_chapter(book, chapter)
    _write_themes(book, study, labels)
    _write_notes(book, labels, _notes(study, labels, cut=cut, split=sheets > 1, max_rows=max_rows))
    book.save(path)


def _write_chapter(book: Workbook, chapter: Chapter) -> None:
    """Sheet with the tables of a chapter, each under its caption."""
    sheet = _sheet(book, chapter.title[:_MOST_TITLE].translate(_NO_TITLE), _CHAPTER_WIDTHS)
    for line in (chapter.message, *chapter.notes):
        if line:
            sheet.append(_fill(_cells(sheet, 1, alignment=_ONE_LINE), [line]))
    for table in chapter.tables:
        sheet.append([])
        sheet.append(_fill(_cells(sheet, 1, font=Font(bold=True), alignment=_ONE_LINE), [table.caption]))
        sheet.append(_fill(_cells(sheet, len(table.columns), **_HEADER), list(table.columns)))
        for row in table.rows:
            values = [f"{cell.text} ({cell.note})" if cell.note else cell.text for cell in row]
            sheet.append(_fill(_cells(sheet, len(row)), values))


def _write_themes(book: Workbook, study: Study, labels: Labels) -> None:
    """Sheet of themes and their sub-themes; none where there are no themes."""
    from cxtext.report.theme_view import verdicts

    themes = study.themes
    if themes.table.empty:
        return
    names, holds = names_of(study, labels).themes, verdicts(themes, labels.language)
    rows: list[list[Any]] = []
    for row in rows_of(themes.table):
        counts = [row.respondents, row.of_respondents, row.segments, row.pains, row.needs, row.gains]
        rows.append([row.theme, "", names[row.theme], row.terms, *map(int, counts), holds.get(row.theme, "")])
        for part in rows_of(themes.subthemes[themes.subthemes["theme"] == row.theme]):
            sizes = [int(part.respondents), int(row.of_respondents), int(part.segments)]
            rows.append([row.theme, part.subtheme, part.name, part.terms, *sizes, None, None, None, ""])
    header = labels("theme_columns").split("; ")
    sheet = _headed(book, labels("sheet_themes"), header, [10, 10, 34, 60, 14, 16, 12, 12, 12, 12, 50], len(rows))
    cells = _cells(sheet, len(header))
    for line in rows:
        sheet.append(_fill(cells, line))


def write_sheets(
    path: Path,
    sheets: Mapping[str, tuple[list[str], list[int], list[list[Any]]]],
    labels: Labels,
    *,
    notes: Iterable[str],
) -> None:
    """Write tables as a workbook, with a sheet of notes at the end.

    Parameters
    ----------
    path : pathlib.Path
    sheets : Mapping
        Title to header, widths of the columns, and rows.
    labels : Labels
    notes : iterable of str
    """
    book = Workbook(write_only=True)
    for title, (header, widths, rows) in sheets.items():
        sheet = _headed(book, title, header, widths, len(rows))
        cells = _cells(sheet, len(header))
        for row in rows:
            sheet.append(_fill(cells, row))
    _write_notes(book, labels, notes)
    book.save(path)


def _headed(book: Workbook, title: str, header: list[str], widths: list[int], rows: int) -> Any:
    """Sheet with a frozen, filtered header above so many rows."""
    sheet = _sheet(book, title, widths)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{rows + 1}"
    sheet.append(_fill(_cells(sheet, len(header), **_HEADER), header))
    return sheet


def _write_notes(book: Workbook, labels: Labels, notes: Iterable[str]) -> None:
    sheet = _sheet(book, labels("sheet_notes"), [110])
    for note in notes:
        sheet.append(_fill(_cells(sheet, 1), [note]))


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
