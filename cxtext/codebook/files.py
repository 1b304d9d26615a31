"""Codebooks in files: YAML for who likes text, csv and xlsx for who likes a spreadsheet."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import Literal

from cxtext.codebook.checks import check_codebook, find_problems
from cxtext.codebook.records import Codebook
from cxtext.codebook.tabular import Place, as_rows, from_rows
from cxtext.codebook.texts import tidied, tidy
from cxtext.codebook.yaml_form import as_yaml, from_yaml
from cxtext.errors import ReadError, WriteError
from cxtext.files import write_file
from cxtext.resources import data_path

#: kinds of file that hold a codebook
SUFFIXES = (".yaml", ".yml", ".csv", ".xlsx")

_DELIMITERS = {"nl": ";", "en": ","}


def load_codebook(path: str | Path | None = None, *, encoding: str | None = None) -> Codebook:
    """Read a codebook from YAML, csv or Excel.

    Parameters
    ----------
    path : str, pathlib.Path or None
        The file, ``.yaml``, ``.yml``, ``.csv`` or ``.xlsx``; the default codebook of cxtext where it is left out.
        A table has a row per code, with Dutch or English headings as `save_codebook` writes them; ``code`` is the
        only one that it must have, and without ``group`` its codes form one group, named after the file. Examples
        stand on lines of their own within a cell, or on one line with ``|`` between them.
    encoding : str or None
        Of YAML and csv; found where it is left out, as in the files of a corpus (UTF-8, else mostly cp1252).

    Returns
    -------
    Codebook
        Its texts without spaces at their ends, and each example on one line.

    Raises
    ------
    ReadError
        The file is missing or broken, lacks a part or has one that is not known, or its parts do not fit together
        (see `check_codebook`).

    Examples
    --------
    >>> [group.id for group in load_codebook().groups]
    ['kind', 'emotion', 'sentiment', 'phase', 'channel', 'principle']
    """
    return _load(Path(path), encoding) if path else _default()


def save_codebook(codebook: Codebook, path: str | Path, *, language: Literal["nl", "en"] = "en") -> Path:
    """Write a codebook as YAML, csv or Excel, whole or not at all.

    Parameters
    ----------
    codebook : Codebook
    path : str or pathlib.Path
        ``.yaml``, ``.yml``, ``.csv`` or ``.xlsx``. Cells of a table that a spreadsheet would run as a formula get an
        apostrophe, which `load_codebook` takes off.
    language : {"nl", "en"}
        Of the headings of a table; a Dutch csv has semicolons, an English one commas.

    Returns
    -------
    pathlib.Path
        The file: `load_codebook` reads from it the codebook that was given, with texts tidied as it tells.

    Raises
    ------
    OptionError
        The parts of the codebook do not fit together.
    WriteError
        The file cannot be written, or it cannot hold the codebook.
    """
    path = Path(path)
    codebook = tidied(codebook)
    check_codebook(codebook)
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _write_bytes(path, as_yaml(codebook).encode())
        case ".csv":
            buffer = io.StringIO(newline="")
            csv.writer(buffer, delimiter=_DELIMITERS[language]).writerows(as_rows(codebook, language))
            return _write_bytes(path, buffer.getvalue().encode("utf-8-sig"))
        case ".xlsx":
            return _write_workbook(path, as_rows(codebook, language))
    msg = f"{path}: a codebook cannot be written as {path.suffix or 'a file without suffix'}. {_advice()}"
    raise WriteError(msg)


@cache
def _default() -> Codebook:
    return _load(data_path("codebook.yaml"), None)


def _load(path: Path, encoding: str | None) -> Codebook:
    name = " ".join(tidy(path.stem).split())
    rows: dict[Place, int] = {}
    try:
        match path.suffix.lower():
            case ".yaml" | ".yml":
                codebook = from_yaml(_text(path, encoding), str(path), name=name)
            case ".csv":
                codebook, rows = from_rows(_csv_rows(path, encoding), str(path), name=name)
            case ".xlsx":
                codebook, rows = from_rows(_sheet_rows(path), str(path), name=name)
            case suffix:
                raise ReadError(str(path), f"no codebook is read from {suffix or 'a file without suffix'}", _advice())
    except OSError as error:
        reason = f"the codebook cannot be read ({error.strerror or error})"
        raise ReadError(str(path), reason, "Check the path, and that you may read the file.") from error
    codebook = tidied(codebook)
    for problem in find_problems(codebook):
        row = rows.get((problem.group, problem.code))
        where = f"row {row}, {problem.place}" if row else problem.place
        raise ReadError(str(path), f"{where}: {problem.reason}", problem.advice)
    return codebook


def _advice() -> str:
    return f"Use one of: {', '.join(SUFFIXES)}."


def _text(path: Path, encoding: str | None) -> str:
    from cxtext.ingest.decoding import LARGEST_TRANSCRIPT, find_encoding
    from cxtext.ingest.options import ReadOptions

    if path.stat().st_size > LARGEST_TRANSCRIPT:
        raise ReadError(str(path), "it is larger than a table of this kind", "Check that this is the right file.")
    found = find_encoding(path, ReadOptions(encoding=encoding))
    try:
        return path.read_bytes().decode(found.name)
    except UnicodeError as error:
        advice = "Save it as UTF-8, or name its encoding."
        raise ReadError(str(path), f"some of it cannot be decoded as {found.name} ({error})", advice) from error


def read_rows(path: Path) -> list[list[str]]:
    """Rows of a small table that a person keeps: csv, or a workbook with one sheet.

    Parameters
    ----------
    path : pathlib.Path
        ``.csv`` or ``.xlsx``.

    Returns
    -------
    list of list of str
        The headings first.

    Raises
    ------
    ReadError
        It cannot be read.
    """
    try:
        match path.suffix.lower():
            case ".csv":
                return _csv_rows(path, None)
            case ".xlsx":
                return _sheet_rows(path)
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise ReadError(str(path), reason, "Check the path, and that you may read the file.") from error
    raise ReadError(str(path), "it is no csv file or workbook", "Give a file that ends in .csv or .xlsx.")


def _csv_rows(path: Path, encoding: str | None) -> list[list[str]]:
    from cxtext.ingest.readers.delimited import find_delimiter

    text = _text(path, encoding)
    delimiter, declared = find_delimiter(io.StringIO(text, newline=""), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        reason = f"line {reader.line_num}: its quotes or its length are wrong ({error})"
        raise ReadError(str(path), reason, "Open it in a spreadsheet program and save it as csv again.") from error
    return [[], *rows[1:]] if declared else rows


def _sheet_rows(path: Path) -> list[list[str]]:
    from cxtext.ingest.readers.excel import open_sheet, rows_of_sheet

    with open_sheet(path) as (sheet, others):
        if others:
            reason = f'beside the sheet "{sheet.title}" others hold something ({", ".join(others)})'
            raise ReadError(str(path), reason, "Keep the table in a workbook with one sheet.")
        rows = list(rows_of_sheet(path, sheet))
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _write_bytes(path: Path, content: bytes) -> Path:
    return write_file(path, lambda part: part.write_bytes(content))


def _write_workbook(path: Path, rows: list[list[str]]) -> Path:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    from cxtext.cells import MAX_CHARACTERS

    for number, row in enumerate(rows, 1):
        if max(map(len, row)) > MAX_CHARACTERS:
            msg = f"{path}: a text of row {number} is too long for a cell of Excel. Save the codebook as csv or YAML."
            raise WriteError(msg)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("codebook")
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append([cell if cell.value else None for cell in cells])
    return write_file(path, book.save)
