"""Excel workbooks."""

from __future__ import annotations

import datetime
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from cxtext.errors import ReadError
from cxtext.ingest.archives import check_office_file
from cxtext.ingest.headings import find_headings
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.ingest.rows import BrokenRow, Row, is_empty
from cxtext.ingest.survey import read_table
from cxtext.records import Notice

#: sheets are taken to be empty when so many rows are
_FIRST_ROWS = 50
_MOST_ROWS = 1_048_576


@reader(".xlsx")
def read_excel(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read the first sheet that is visible and holds something, row by row.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    with open_sheet(path) as (sheet, others):
        if others:
            named = ", ".join(f'"{name}"' for name in others)
            yield Notice(str(path), f'Only the sheet "{sheet.title}" was read; left out: {named}.')
        headings = find_headings(str(path), rows_of_sheet(path, sheet))
        yield from (Notice(str(path), note) for note in headings.notes)
        rows = islice(rows_of_sheet(path, sheet), headings.last, None)
        yield from read_table(path, options, _read_rows(rows, headings.names, headings.last + 1), headings)


@contextmanager
def open_sheet(path: Path) -> Iterator[tuple[Any, list[str]]]:
    """Open the first sheet that is visible and holds something.

    Parameters
    ----------
    path : pathlib.Path

    Yields
    ------
    tuple of (worksheet, list of str)
        The sheet, for `rows_of_sheet`, and the titles of the others with something in them.

    Raises
    ------
    ReadError
        It is no workbook, it is damaged or protected, or there is no such sheet.
    """
    with open_book(path) as book:
        yield _choose_sheet(path, book)


@contextmanager
def open_book(path: Path) -> Iterator[Any]:
    """Open a workbook, for who knows its sheets by name.

    Raises
    ------
    ReadError
        It is no workbook, or it is damaged or protected.
    """
    check_office_file(path, "xl/workbook.xml", "Excel")
    with path.open("rb") as file, closing(_open(path, file)) as book:
        yield book


def _open(path: Path, file: BinaryIO) -> Any:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validation rules, which are not read
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> ReadError:
    return ReadError(
        str(path), f"the workbook is damaged ({type(error).__name__}: {error})", "Open it in Excel and save it again."
    )


def _choose_sheet(path: Path, book: Any) -> tuple[Any, list[str]]:
    """Choose the first visible sheet with something in it, and the names of the others with something."""
    filled = [
        sheet for sheet in book.worksheets if not all(map(is_empty, islice(rows_of_sheet(path, sheet), _FIRST_ROWS)))
    ]
    visible = [sheet for sheet in filled if sheet.sheet_state == "visible"]
    if not visible:
        raise ReadError(str(path), "it has no visible sheet with anything in it", "Check that this is the right file.")
    return visible[0], [sheet.title for sheet in filled if sheet is not visible[0]]


def rows_of_sheet(path: Path, sheet: Any) -> Iterator[list[str]]:
    """All rows of a sheet from `open_sheet` as text, without the empty cells at their ends."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    for _ in range(_MOST_ROWS):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                values = next(rows, None)
        except Exception as error:
            raise _damaged(path, error) from error
        if values is None:
            return
        cells = [as_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        yield cells
    if next(rows, None) is not None:
        raise _damaged(path, ValueError(f"it has more than {_MOST_ROWS:,} rows, which Excel cannot have"))


def covered_cells(path: Path, sheet: Any, *, height: int, width: int) -> dict[int, set[int]]:
    """Cells of a sheet from `open_book` that lie under another, with which they were merged.

    Parameters
    ----------
    path : pathlib.Path
    sheet : worksheet
    height, width : int
        Of the part of it that counts.

    Returns
    -------
    dict of int to set of int
        Row, from 1, to columns, from 0.
    """
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    covered: defaultdict[int, set[int]] = defaultdict(set)
    try:
        with sheet._get_source() as source:
            for _, element in iterparse(source, forbid_dtd=True):
                if element.tag.endswith("}mergeCell"):
                    left, top, right, bottom = (int(side or 1) for side in range_boundaries(element.get("ref", "")))
                    for row in range(top, min(bottom, height) + 1):
                        covered[row] |= set(range(left - (row != top), min(right, width)))
                if not element.tag.endswith("}mergeCells"):
                    element.clear()
    except Exception as error:
        raise _damaged(path, error) from error
    return dict(covered)


def as_text(value: object) -> str:
    """Write a value of a cell as text: dates in ISO form, whole numbers without decimals."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime.datetime():
            midnight = value.time() == datetime.time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)


def _read_rows(rows: Iterator[list[str]], header: list[str], first: int) -> Iterator[Row | BrokenRow]:
    width = len(header)
    for number, cells in enumerate(rows, first):
        if is_empty(cells):
            continue
        if len(cells) > width:
            yield BrokenRow(number, f"it has {len(cells)} cells where the headings have {width}")
        else:
            yield Row(number, dict(zip(header, cells + [""] * (width - len(cells)), strict=True)))
