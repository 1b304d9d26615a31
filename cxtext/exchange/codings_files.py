"""The workbook in which a researcher corrects codings, and how it comes back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.cells import MAX_CHARACTERS, MAX_ROWS, original_cell, safe_cell
from cxtext.codebook.tabular import as_rows
from cxtext.errors import ReadError, WriteError
from cxtext.exchange.chosen import main_language, of_coders
from cxtext.exchange.codings_tables import check_headings
from cxtext.exchange.formats import ExportOptions, ImportOptions, exporter, importer
from cxtext.exchange.memo_edits import in_cell
from cxtext.exchange.merging import TableRow, apply_rows, joined_memos, stamp_of
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.files import write_file
from cxtext.project.codings import STATUSES

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.records import Document

#: columns of the sheet with their widths; those that nobody may change first
_FIXED = {"coding": 12, "document": 20, "start": 8, "end": 8, "speaker": 14}
_COLUMNS = {
    **_FIXED, "text": 60, "context": 60, "group": 14, "code": 18, "coder": 16, "status": 12, "memo": 40,
}  # fmt: skip
_CODINGS, _CODEBOOK, _HIDDEN = "codings", "codebook", "cxtext"
_STAMPS = ("study", "coding", "stamp", "group", "code", "status")
#: characters around a stretch that are shown
_AROUND = 120
#: rows below the last one that have the lists to choose from too
_ROOM = 500
_ADVICE = "Export the study again with cxtext export, and correct that workbook."


@exporter("excel", ".xlsx")
def export_workbook(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write codings of every status as a workbook to correct: codes and status are chosen from lists.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions

    Returns
    -------
    ExchangeReport

    Raises
    ------
    WriteError
        There are more codings than a sheet has rows, or the file cannot be written.
    """
    ledger = Ledger()
    rows = list(_rows(project, options, ledger))
    if len(rows) >= MAX_ROWS:
        msg = f"{path}: a sheet of Excel holds no {len(rows):,} codings. Export them as csv, or by --coder."
        raise WriteError(msg)
    codebook = project.codebook
    hidden: dict[str, list[str]] = {
        "study": [project.id],
        "coding": [row["coding"] for row in rows],
        "stamp": [row["stamp"] for row in rows],
        "group": [group.id for group in codebook.groups],
        "code": list(dict.fromkeys(code.id for code in codebook)),
        "status": list(STATUSES),
    }
    book = _book(rows, as_rows(codebook, main_language(project)), hidden)
    write_file(path, book.save)
    ledger.kept("coding", len(rows))
    return ledger.report()


@importer("excel", ".xlsx")
def import_workbook(project: Project, path: Path, options: ImportOptions) -> ExchangeReport:
    """Take a corrected workbook back: changed codes, status and memos, and new rows; conflicts are shown.

    A new row has no coding; it needs document, text (as it stands there, and there once), code and, where several
    groups have the code, its group.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ImportOptions

    Returns
    -------
    ExchangeReport

    Raises
    ------
    ReadError
        It is no workbook that cxtext exported, or of another study.
    """
    from cxtext.ingest.readers.excel import covered_cells, open_book, rows_of_sheet

    with open_book(path) as book:
        if not {_CODINGS, _HIDDEN} <= set(book.sheetnames):
            raise ReadError(str(path), f"it lacks the sheets {_CODINGS!r} and {_HIDDEN!r} of an export", _ADVICE)
        stamps = [row + [""] * (len(_STAMPS) - len(row)) for row in rows_of_sheet(path, book[_HIDDEN])]
        rows = list(rows_of_sheet(path, book[_CODINGS]))
        covered = covered_cells(path, book[_CODINGS], height=len(rows), width=max(map(len, rows), default=0))
    if len(stamps) < 2 or stamps[1][0] != project.id:
        raise ReadError(str(path), "it was exported from another study", "Name the study that it came from.")
    ledger = Ledger()
    exported = {row[1]: row[2] for row in stamps[1:] if row[1]}
    apply_rows(project, _table_rows(path, rows, covered), options, ledger, file=path.name, exported=exported)
    return ledger.report()


def _rows(project: Project, options: ExportOptions, ledger: Ledger) -> Iterator[dict[str, Any]]:
    documents = {document.id: document for document in project.corpus()}
    memos = {}
    for id, memo in joined_memos(project).items():
        memos[id] = in_cell(memo)
        if memos[id] != memo:
            why = "it is longer than a cell, or has control characters: the study alone has all of it"
            ledger.add("flagged", "memo", why, guid=id)
    for coding in of_coders(project, options, ledger).to_dict("records"):
        document, start, end = documents[coding["document"]], coding["start"], coding["end"]
        row = {str(name): value for name, value in coding.items()} | {
            "memo": memos.get(coding["coding"], ""),
            "text": document.text[start:end],
            "context": _context(document.text, start, end),
            "speaker": _speaker(document, start),
        }
        yield row | {"stamp": stamp_of(row)}


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    parts = (
        "…" if start > _AROUND else "",
        before,
        "»",
        text[start:end],
        "«",
        after,
        "…" if end + _AROUND < len(text) else "",
    )
    return " ".join("".join(parts).split())


def _speaker(document: Document, start: int) -> str:
    at = bisect_right([turn.start for turn in document.turns], start) - 1
    return document.turns[at].speaker if at >= 0 else ""


def _table_rows(
    path: Path, rows: Sequence[Sequence[str]], covered: Mapping[int, Collection[int]]
) -> Iterator[TableRow]:
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if missing := [name for name in ("coding", "document", "text", "code", "status") if name not in header]:
        raise ReadError(str(path), f"its sheet {_CODINGS!r} has no column {missing[0]!r}", _ADVICE)
    check_headings(path, header)
    for number, row in enumerate(rows[1:], 2):
        cells = [*row, *[""] * (len(header) - len(row))]
        lost = [header[at] for at in sorted(covered.get(number, ())) if at < len(header) and not cells[at].strip()]
        why = "its cells were merged with others, which takes away what was in them" if lost else ""
        if lost or any(cell.strip() for cell in row):
            yield TableRow(number, dict(zip(header, map(original_cell, cells), strict=False)), why)


def _book(rows: Sequence[dict[str, Any]], codebook: Iterable[Sequence[str]], hidden: dict[str, list[str]]) -> Any:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_CODINGS)
    for column, width in enumerate(_COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(rows) + 1}"
    _append(sheet, [*_COLUMNS], bold=True)
    for row in rows:
        _append(sheet, [row[name] for name in _COLUMNS])
    _add_rules(sheet, len(rows), hidden)
    reading = book.create_sheet(_CODEBOOK)
    reading.freeze_panes = "A2"
    for cells in codebook:
        _append(reading, cells)
    stamps = book.create_sheet(_HIDDEN)
    stamps.sheet_state = "hidden"
    _append(stamps, _STAMPS)
    for at in range(max(map(len, hidden.values()))):
        _append(stamps, [hidden[name][at] if at < len(hidden[name]) else "" for name in _STAMPS])
    return book


def _add_rules(sheet: Any, count: int, hidden: dict[str, list[str]]) -> None:
    """Lists to choose from, and a refusal to type over what tells which coding a row is."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    names = list(_COLUMNS)
    for name in ("group", "code", "status"):
        column = get_column_letter(_STAMPS.index(name) + 1)
        source = f"{_HIDDEN}!${column}$2:${column}${len(hidden[name]) + 1}"
        rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = name, "Choose one from the list; the sheet codebook tells what they mean."
        letter = get_column_letter(names.index(name) + 1)
        rule.add(f"{letter}2:{letter}{min(count + 1 + _ROOM, MAX_ROWS)}")
        sheet.data_validations.append(rule)
    if count:
        fixed = DataValidation("custom", formula1="FALSE", showErrorMessage=True)
        fixed.errorTitle, fixed.error = _CODINGS, "These columns tell which coding the row is, and stay as they are."
        fixed.add(f"A2:{get_column_letter(len(_FIXED))}{count + 1}")
        sheet.data_validations.append(fixed)


def _append(sheet: Any, values: Iterable[Any], *, bold: bool = False) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cells: list[Any] = []
    for value in values:
        if value == "":
            cells.append(None)
            continue
        text = safe_cell(value)
        cell = WriteOnlyCell(sheet, text[:MAX_CHARACTERS] if isinstance(text, str) else text)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if bold:
            cell.font = Font(bold=True)
        if isinstance(text, str):
            cell.data_type = "s"
        cells.append(cell)
    sheet.append(cells)
