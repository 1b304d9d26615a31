"""Rows to a file, one by one: csv, tsv, xlsx, jsonl, parquet."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxtext.batch import Options, flatten, output_columns
from cxtext.cells import MAX_CHARACTERS, MAX_ROWS, safe_cell
from cxtext.errors import MissingExtraError, OptionError, WriteError
from cxtext.ingest import ReadOptions

Write = Callable[[dict[str, Any]], None]

_NUMBERS = ("start", "end")
_DECIMALS = ("valence", "score")
_PARQUET_ROWS = 5000


@dataclass(frozen=True)
class Written:
    """What went into a file.

    Attributes
    ----------
    rows : int
    columns : tuple of str
        Input columns that came too late to be written.
    """

    rows: int
    columns: tuple[str, ...] = ()


def columns_of(
    output: Path, inputs: Sequence[Path], reading: ReadOptions, options: Options, *, force: bool
) -> list[str] | None:
    """Check the output and tell its columns.

    Parameters
    ----------
    output : pathlib.Path
    inputs : sequence of pathlib.Path
    reading : ReadOptions
    options : Options
    force : bool
        The file may be there already.

    Returns
    -------
    list of str or None
        None for jsonl, which needs no columns.

    Raises
    ------
    OptionError
        The suffix is unknown, or the file is there already.
    """
    if str(output) == "-":
        return None
    if output.suffix.lower() not in _WRITERS:
        msg = f"{output}: unknown kind of output. Give a name that ends in {', '.join(_WRITERS)}, or - for stdout."
        raise OptionError(msg)
    if output.exists() and not force:
        msg = f"{output} is there already. Give another name, or --force to replace it."
        raise OptionError(msg)
    if any(output.resolve() == path.resolve() for path in inputs):
        msg = f"{output} is the input. Give another name."
        raise OptionError(msg)
    if output.suffix.lower() == ".jsonl":
        return None
    return output_columns(inputs, options, reading)


def write_rows(rows: Iterable[dict[str, Any]], output: Path, columns: list[str] | None) -> Written:
    """Write rows as they come; the file gets its name when it is complete.

    Parameters
    ----------
    rows : iterable of dict
        From `cxtext.batch.tag_batch`.
    output : pathlib.Path
    columns : list of str or None
        From `output_columns`.

    Returns
    -------
    Written

    Raises
    ------
    WriteError
        The file cannot be written.
    """
    if str(output) == "-":
        return _write_all(rows, _json_writer(sys.stdout.write), None)
    part = output.with_name(f"{output.name}.part")
    try:
        with _WRITERS[output.suffix.lower()](part, columns or []) as write:
            written = _write_all(rows, write, columns)
        part.replace(output)
    except OSError as error:
        msg = f"{output} cannot be written ({error.strerror or error}). Check the folder, your rights and the space."
        raise WriteError(msg) from error
    return written


def _write_all(rows: Iterable[dict[str, Any]], write: Write, columns: list[str] | None) -> Written:
    known = set(columns or ())
    late: dict[str, None] = {}
    count = 0
    for row in rows:
        if columns is not None:
            late.update(dict.fromkeys(name for name in row if name not in known))
        write(row)
        count += 1
    return Written(count, tuple(late))


def _json_writer(write: Callable[[str], Any]) -> Write:
    return lambda row: write(json.dumps(row, ensure_ascii=False) + "\n") and None


@contextmanager
def _jsonl(path: Path, columns: list[str]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:
        yield _json_writer(file.write)


def _delimited(delimiter: str, encoding: str) -> Callable[[Path, list[str]], Any]:
    @contextmanager
    def opened(path: Path, columns: list[str]) -> Iterator[Write]:
        with path.open("w", encoding=encoding, newline="", errors="replace") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(safe_cell(name) for name in columns)
            yield lambda row: writer.writerow(_cells(row, columns)) and None

    return opened


@contextmanager
def _xlsx(path: Path, columns: list[str]) -> Iterator[Write]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("cxtext")
    sheet.freeze_panes = "A2"
    sheet.append([safe_cell(name) for name in columns])
    count = 1

    def write(row: dict[str, Any]) -> None:
        nonlocal count
        if count == MAX_ROWS:
            msg = f"An Excel sheet holds {MAX_ROWS:,} rows, and there are more. Write csv or jsonl instead."
            raise WriteError(msg)
        sheet.append([v[:MAX_CHARACTERS] if isinstance(v, str) else v for v in _cells(row, columns)])
        count += 1

    yield write
    book.save(path)


@contextmanager
def _parquet(path: Path, columns: list[str]) -> Iterator[Write]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError("Writing parquet", "parquet") from error
    types = {**dict.fromkeys(_NUMBERS, pa.int64()), **dict.fromkeys(_DECIMALS, pa.float64())}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in columns])
    rows: list[dict[str, Any]] = []
    with pq.ParquetWriter(path, schema) as writer:

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            rows.clear()

        def write(row: dict[str, Any]) -> None:
            rows.append(flatten(row))
            if len(rows) == _PARQUET_ROWS:
                flush()

        yield write
        flush()


def _cells(row: dict[str, Any], columns: list[str]) -> list[Any]:
    flat = flatten(row)
    return [safe_cell(flat.get(name, "")) for name in columns]


_WRITERS: dict[str, Callable[[Path, list[str]], Any]] = {
    ".csv": _delimited(",", "utf-8-sig"),
    ".tsv": _delimited("\t", "utf-8"),
    ".xlsx": _xlsx,
    ".jsonl": _jsonl,
    ".parquet": _parquet,
}
