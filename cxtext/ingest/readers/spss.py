"""SPSS data files, with their value labels and missing values."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cxtext.errors import ReadError
from cxtext.ingest.columns import is_nps
from cxtext.ingest.headings import Headings
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.ingest.rows import Row
from cxtext.ingest.survey import SAMPLE, read_table

_BEGIN = (b"$FL2", b"$FL3", b"\x24\xc6\xd3\xf2")
_ROWS = 2_000


@reader(".sav", ".zsav")
def read_spss(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read an SPSS file as a table: labels for values, questions from the labels of variables.

    A labelled variable shows its labels where all its values have one, and the numbers elsewhere (a scale on which
    only the ends are labelled). Values that the file declares missing are empty.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    try:
        import pyreadstat
    except ImportError as error:
        raise ReadError(
            str(path), "reading SPSS files needs a package that is not installed", 'Run: pip install "cxtext[spss]"'
        ) from error
    with path.open("rb") as file:
        if not file.read(4).startswith(_BEGIN):
            raise ReadError(str(path), "it is not an SPSS data file", "Save it in SPSS as .sav, or as .csv.")
    try:
        first, meta = pyreadstat.read_sav(str(path), row_limit=SAMPLE, output_format="dict", encoding=options.encoding)
        questions = {name: label for name, label in meta.column_names_to_labels.items() if label}
        labels = {
            name: labels
            for name, labels in meta.variable_value_labels.items()
            if all(value in labels for value in first[name] if not _is_missing(value))
            and not any(is_nps(title, ["0"]) for title in (name, questions.get(name, "")))
        }
        headings = Headings(list(meta.column_names), questions)
        yield from read_table(path, options, _rows(pyreadstat, path, options, labels), headings)
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError, UnicodeError, ValueError, OverflowError) as error:
        raise ReadError(
            str(path), f"the SPSS file is damaged ({error})", "Open it in SPSS or PSPP and save it again."
        ) from error


def _rows(pyreadstat: Any, path: Path, options: ReadOptions, labels: Mapping[str, Mapping[Any, str]]) -> Iterator[Row]:
    number = 1
    chunks = pyreadstat.read_file_in_chunks(
        pyreadstat.read_sav, str(path), chunksize=_ROWS, output_format="dict", encoding=options.encoding
    )
    for chunk, _ in chunks:
        for values in zip(*chunk.values(), strict=True):
            number += 1
            yield Row(number, {n: _as_text(v, labels.get(n, {})) for n, v in zip(chunk, values, strict=True)})


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _as_text(value: object, labels: Mapping[Any, str]) -> str:
    """Write a value as text: its label, dates in ISO form, whole numbers without decimals."""
    if _is_missing(value):
        return ""
    if value in labels:
        return labels[value]
    match value:
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case _:
            return str(value)
