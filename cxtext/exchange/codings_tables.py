"""Codings as csv and as JSON lines, out and in, with their exact places."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.cells import original_cell
from cxtext.errors import ReadError
from cxtext.exchange.chosen import of_coders
from cxtext.exchange.formats import ExportOptions, ImportOptions, exporter, importer
from cxtext.exchange.merging import TableRow, apply_rows, printable, stamp_of
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.files import write_file
from cxtext.ingest.decoding import read_text
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.readers.delimited import find_delimiter
from cxtext.ingest.readers.json_lines import row_of
from cxtext.ingest.rows import BrokenRow

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project

_NEEDED = ("document", "group", "code")
_ADVICE = "Take a file that cxtext export made, or give it the columns document, start, end, group and code."


@exporter("csv", ".csv")
def export_csv(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write codings of every status as csv (commas, UTF-8), with the text of their stretch and a stamp.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions

    Returns
    -------
    ExchangeReport
    """
    from cxtext.report.csvs import write_csv

    ledger = Ledger()
    frame = coding_rows(project, options, ledger)
    write_file(path, lambda part: write_csv(frame, part, language="en"))
    return ledger.report()


@exporter("jsonl", ".jsonl")
def export_json_lines(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write codings of every status as JSON lines, with the text of their stretch and a stamp.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions

    Returns
    -------
    ExchangeReport
    """
    ledger = Ledger()
    write_json_lines(path, coding_rows(project, options, ledger).to_dict("records"))
    return ledger.report()


@importer("csv", ".csv")
def import_csv(project: Project, path: Path, options: ImportOptions) -> ExchangeReport:
    """Take codings from csv: those of the study are compared, others are added.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
        Commas, semicolons or tabs. A coding is placed by ``start`` and ``end``, or by its text.
    options : ImportOptions

    Returns
    -------
    ExchangeReport
    """
    text, _ = read_text(path, ReadOptions())
    delimiter, declared = find_delimiter(io.StringIO(text, newline=""), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)[declared:]
    except csv.Error as error:
        reason = f"line {reader.line_num}: its quotes or its length are wrong ({error})"
        raise ReadError(str(path), reason, "Open it in a spreadsheet program and save it as csv again.") from error
    header = [name.strip() for name in rows[0]] if rows else []
    if missing := [name for name in _NEEDED if name not in header]:
        raise ReadError(str(path), f"it has no column {missing[0]!r}", _ADVICE)
    check_headings(path, header)
    ledger = Ledger()
    taken = []
    for number, cells in enumerate(rows[1:], 2 + declared):
        if len(cells) > len(header):
            why = f"it has {len(cells)} cells where the headings have {len(header)}"
            ledger.add("dropped", "row", why, name=f"row {number}")
        elif any(cell.strip() for cell in cells):
            taken.append(TableRow(number, dict(zip(header, map(original_cell, cells), strict=False))))
    apply_rows(project, taken, options, ledger, file=path.name)
    return ledger.report()


@importer("jsonl", ".jsonl")
def import_json_lines(project: Project, path: Path, options: ImportOptions) -> ExchangeReport:
    """Take codings from JSON lines: those of the study are compared, others are added.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ImportOptions

    Returns
    -------
    ExchangeReport
    """
    ledger = Ledger()
    apply_rows(project, list(_json_rows(path, ledger)), options, ledger, file=path.name)
    return ledger.report()


def coding_rows(project: Project, options: ExportOptions, ledger: Ledger) -> pd.DataFrame:
    """Codings with the text of their stretch and their stamp.

    Parameters
    ----------
    project : Project
    options : ExportOptions
    ledger : Ledger

    Returns
    -------
    pandas.DataFrame
        `cxtext.project.frames.STUDY_CODINGS`, ``text``, ``stamp``.
    """
    codings = of_coders(project, options, ledger)
    texts = {document.id: document.text for document in project.corpus()}
    rows = codings.to_dict("records")
    ledger.kept("coding", len(rows))
    return codings.assign(
        text=[texts[row["document"]][row["start"] : row["end"]] for row in rows],
        stamp=[stamp_of({str(name): value for name, value in row.items()}) for row in rows],
    )


def check_headings(path: Path, header: Sequence[str]) -> None:
    """Refuse a table in which two columns have one heading.

    Parameters
    ----------
    path : pathlib.Path
        For the message.
    header : sequence of str

    Raises
    ------
    ReadError
        It names the heading.
    """
    for name, count in Counter(header).items():
        if name and count > 1:
            reason = f"it has {count} columns {printable(name)!r}"
            raise ReadError(str(path), reason, "Take out the wrong ones, or give each a heading of its own.")


def write_json_lines(path: Path, rows: list[Any]) -> None:
    """Write one JSON object per line; numbers that are none are ``null``."""
    lines = [
        json.dumps({name: None if value != value else value for name, value in row.items()}, ensure_ascii=False) + "\n"
        for row in rows
    ]
    write_file(path, lambda part: part.write_bytes("".join(lines).encode()))


def _json_rows(path: Path, ledger: Ledger) -> Iterator[TableRow]:
    text, _ = read_text(path, ReadOptions())
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = row_of(number, json.loads(line, parse_int=str, parse_float=str))
        except (ValueError, RecursionError) as error:
            row = BrokenRow(number, f"it is no JSON ({error})")
        if isinstance(row, BrokenRow):
            ledger.add("dropped", "row", row.reason, name=f"row {number}")
        else:
            yield TableRow(number, row.cells)
