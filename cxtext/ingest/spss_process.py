"""Reads an SPSS file in a process of its own, and prints it as JSON lines: a damaged file can end the C library.

Called by `cxtext.ingest.readers.spss`: ``python -m cxtext.ingest.spss_process FILE [ENCODING]``. The first line is an
object with ``names``, ``questions`` and ``labels`` (lists of value and label by name), the others are the rows; dates
are text in ISO form and what is missing is null. A file that cannot be read gives ``{"error": ...}``.
"""

from __future__ import annotations

import datetime
import json
import math
import sys

_ROWS = 2_000


def main(path: str, encoding: str | None = None) -> None:
    """Print a file on stdout."""
    import pyreadstat

    try:
        _, meta = pyreadstat.read_sav(path, metadataonly=True, encoding=encoding)
        questions = {name: label for name, label in meta.column_names_to_labels.items() if label}
        labels = {name: list(labels.items()) for name, labels in meta.variable_value_labels.items()}
        _print({"names": meta.column_names, "questions": questions, "labels": labels})
        chunks = pyreadstat.read_file_in_chunks(
            pyreadstat.read_sav, path, chunksize=_ROWS, output_format="dict", encoding=encoding
        )
        for chunk, _ in chunks:
            for values in zip(*chunk.values(), strict=True):
                _print([_plain(value) for value in values])
    except Exception as error:  # the library raises its own and bare exceptions
        _print({"error": f"{type(error).__name__}: {error}"})


def _print(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")


def _plain(value: object) -> object:
    """A value that JSON has: whole numbers without decimals, dates as text, None where it is missing."""
    match value:
        case None | "":
            return None
        case float() if not math.isfinite(value):
            return None
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case float() | int() | str():
            return value
        case _:
            return str(value)


if __name__ == "__main__":
    main(*sys.argv[1:3])
