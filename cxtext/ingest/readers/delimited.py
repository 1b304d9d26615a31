"""Comma, semicolon and tab separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cxtext.ingest.decoding import encoding_notices, find_encoding, is_undecoded, open_text
from cxtext.ingest.headings import find_headings
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.ingest.rows import BrokenRow, Row, is_empty
from cxtext.ingest.survey import read_table
from cxtext.records import Notice

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t|"
#: divides nothing: for a table of one column
_NO_DELIMITER = "\x1f"
_SAMPLE_LETTERS = 100_000
_SAMPLE_ROWS = 30
_LONGEST_LINE = 10_000_000


@reader(".csv", ".tsv")
def read_delimited(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read a text table, row by row.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    encoding = find_encoding(path, options)
    yield from encoding_notices(path, encoding)
    with open_text(path, encoding) as file:
        delimiter, declared = find_delimiter(file, "\t" if path.suffix.lower() == ".tsv" else ",")
        file.seek(0)
        headings = find_headings(str(path), _records(file, delimiter), skip_first=declared)
        yield from (Notice(str(path), note) for note in headings.notes)
        file.seek(0)
        rows = _records(file, delimiter)
        for _ in islice(rows, headings.last):
            pass
        yield from read_table(path, options, _read_rows(rows, headings.names, headings.last + 1), headings)


def _records(file: TextIO, delimiter: str) -> Reader:
    return csv.reader(bounded_lines(file), delimiter=delimiter, strict=True)


def bounded_lines(file: TextIO) -> Iterator[str]:
    """Lines of a file, cut off where they are longer than any row can be.

    Parameters
    ----------
    file : text file

    Yields
    ------
    str
        With its line end.
    """
    while line := file.readline(_LONGEST_LINE):
        yield line
        while len(line) == _LONGEST_LINE and line[-1] not in "\r\n":
            line = file.readline(_LONGEST_LINE)


def find_delimiter(file: TextIO, usual: str) -> tuple[str, bool]:
    """Find the delimiter that divides the first rows evenly.

    Parameters
    ----------
    file : text file
        At its start; it is read a little.
    usual : str
        What to take where several do as well.

    Returns
    -------
    tuple of (str, bool)
        The delimiter, and whether the first line declares it (``sep=;``).
    """
    sample = file.read(_SAMPLE_LETTERS)
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if len(first) == 5 and first.lower().startswith("sep="):
        return first[4], True
    best, best_score = _NO_DELIMITER, (0.0, 0)
    for delimiter in sorted(_DELIMITERS, key=lambda d: d != usual):
        counts = _count_fields(sample, delimiter)
        if counts and counts[0] > 1:
            even = sum(count == counts[0] for count in counts) / len(counts)
            if (round(even, 1), counts[0]) > best_score:
                best, best_score = delimiter, (round(even, 1), counts[0])
    return best, False


def _count_fields(sample: str, delimiter: str) -> list[int]:
    counts: list[int] = []
    try:
        rows = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS)
        counts.extend(len(row) for row in rows if row)
    except csv.Error:
        return counts[:-1]
    cut_off = len(sample) == _SAMPLE_LETTERS and len(counts) < _SAMPLE_ROWS
    return counts[:-1] if cut_off and len(counts) > 1 else counts


def _read_rows(rows: Reader, header: list[str], number: int) -> Iterator[Row | BrokenRow]:
    """Read the rows after the headings; `number` is that of the first."""
    width = len(header)
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            where = f"lines {line}-{rows.line_num}" if rows.line_num > line else f"line {line}"
            yield BrokenRow(number, f"its quotes or its length are wrong ({error}; {where})")
        else:
            extra = [cell for cell in cells[width:] if cell.strip()]
            if is_empty(cells):
                pass
            elif len(cells) < width or extra:
                yield BrokenRow(number, f"it has {len(cells)} fields where the headings have {width}")
            elif any(map(is_undecoded, cells)):
                yield BrokenRow(number, "it holds bytes that cannot be decoded")
            else:
                yield Row(number, dict(zip(header, cells, strict=False)))
        number += 1
