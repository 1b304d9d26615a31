"""One JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from cxtext.ingest.decoding import encoding_notices, find_encoding, is_undecoded, open_text
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.readers.delimited import bounded_lines
from cxtext.ingest.registry import reader
from cxtext.ingest.rows import BrokenRow, Row
from cxtext.ingest.survey import read_table

_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


@reader(".jsonl", ".ndjson")
def read_json_lines(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read JSON lines as a table; numbers stay the text that they are in the file.

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
        rows = (_read_row(number, line.lstrip("\ufeff")) for number, line in enumerate(bounded_lines(file), 1))
        yield from read_table(path, options, (row for row in rows if row))


def _read_row(number: int, line: str) -> Row | BrokenRow | None:
    if not line.strip():
        return None
    if is_undecoded(line):
        return BrokenRow(number, "it holds bytes that cannot be decoded")
    try:
        record = _DECODER.decode(line.strip())
    except (ValueError, RecursionError) as error:
        return BrokenRow(number, f"it is no JSON ({error})")
    return row_of(number, record)


def row_of(number: int, record: object) -> Row | BrokenRow:
    """Make a row of a JSON value; only an object is one."""
    if not isinstance(record, dict):
        return BrokenRow(number, f"it is a JSON {type(record).__name__} where an object was expected")
    return Row(number, {str(name): _as_text(value) for name, value in record.items()})


def _as_text(value: object) -> str:
    """Write a value of JSON as the text of a cell; lists are joined by ``;``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(part, (list, dict)) for part in value):
        return ";".join(map(_as_text, value))
    if isinstance(value, int | float):
        return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
