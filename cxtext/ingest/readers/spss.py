"""SPSS data files, with their value labels and missing values."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import chain, islice
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

_BEGIN = (b"$FL2", b"$FL3")


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
    if find_spec("pyreadstat") is None:
        raise ReadError(
            str(path), "reading SPSS files needs a package that is not installed", 'Run: pip install "cxtext[spss]"'
        )
    with path.open("rb") as file:
        if not file.read(4).startswith(_BEGIN):
            raise ReadError(str(path), "it is not an SPSS data file", "Save it in SPSS as .sav, or as .csv.")
    with _lines(path, options) as lines:
        about = next(lines)
        first = list(islice(lines, SAMPLE))
        names, questions = about["names"], about["questions"]
        labels = {
            name: dict(about["labels"][name])
            for at, name in enumerate(names)
            if name in about["labels"]
            and not any(is_nps(title, ["0"]) for title in (name, questions.get(name, "")))
            and _all_labelled([row[at] for row in first], about["labels"][name])
        }
        yield from read_table(path, options, _rows(names, chain(first, lines), labels), Headings(names, questions))


@contextmanager
def _lines(path: Path, options: ReadOptions) -> Iterator[Iterator[Any]]:
    """What `cxtext.ingest.spss_process` prints; the process is gone at the end."""
    command = [sys.executable, "-m", "cxtext.ingest.spss_process", str(path.absolute())]
    process = subprocess.Popen(
        [*command, options.encoding] if options.encoding else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        yield _printed(process, path)
    finally:
        process.kill()
        process.communicate()


def _printed(process: subprocess.Popen[bytes], path: Path) -> Iterator[Any]:
    error = ""
    for line in process.stdout or ():
        value = json.loads(line)
        if isinstance(value, dict) and "error" in value:
            error = f" ({value['error']})"
            break
        yield value
    if error or process.wait():
        reason = f"the SPSS file is damaged{error}"
        raise ReadError(str(path), reason, "Open it in SPSS or PSPP and save it again.")


def _all_labelled(values: Sequence[Any], labels: Sequence[Any]) -> bool:
    known = {value for value, _ in labels}
    return all(value in known for value in values if value is not None)


def _rows(names: Sequence[str], rows: Iterator[Any], labels: Mapping[str, Mapping[Any, str]]) -> Iterator[Row]:
    for number, values in enumerate(rows, 2):
        cells = zip(names, values, strict=True)
        yield Row(number, {n: "" if v is None else labels.get(n, {}).get(v, str(v)) for n, v in cells})
