"""Promises that every plug-in has to keep, ours and those of others: call these in its tests."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from cxtext.exchange import Exporter, ExportOptions
from cxtext.ingest import Item, Reader, ReadOptions
from cxtext.records import COLUMN_ROLES, ROLES, Document, clean_text

if TYPE_CHECKING:
    from cxtext.project import Project


def check_reader(reader: Reader, path: str | Path, options: ReadOptions | None = None) -> None:
    """Check that a reader keeps its promises on one file.

    Ids occur once and are the same at every reading; text is as `cxtext.records.clean_text` leaves it; turns are in
    order, inside the text, do not overlap and are not empty; attributes are text.

    Parameters
    ----------
    reader : Reader
        A function decorated with `cxtext.ingest.reader`.
    path : str or pathlib.Path
        A file that it can read.
    options : ReadOptions or None

    Raises
    ------
    AssertionError
        A promise is broken; the message says which, and where.

    Examples
    --------
    >>> from cxtext.ingest import load_readers
    >>> check_reader(load_readers()[".txt"], "interview.txt")  # doctest: +SKIP
    """
    path, options = Path(path), options or ReadOptions()
    _promise(path.suffix.lower() in reader.suffixes, f"{path}: the reader does not claim {path.suffix}")
    items = list(reader(path, options))
    documents = [item for item in items if isinstance(item, Document)]
    _promise(bool(documents), f"{path}: no document was read")
    _promise(items == list(reader(path, options)), f"{path}: a second reading gives something else")
    ids = [document.id for document in documents]
    _promise(len(set(ids)) == len(ids) and all(ids), f"{path}: ids are empty or occur twice")
    for item in items:
        _check_source(item, path)
    for document in documents:
        _check_document(document, options)


def _check_source(item: Item, path: Path) -> None:
    _promise(item.source == str(path), f"{path}: the source of {type(item).__name__} is {item.source!r}")
    if not isinstance(item, Document):
        _promise(bool(item.message.strip()), f"{path}: a notice has no message")


def _check_document(document: Document, options: ReadOptions) -> None:
    where = f"{document.source}, document {document.id!r}"
    _promise(document.text == clean_text(document.text), f"{where}: the text is not as clean_text leaves it")
    end = 0
    for number, turn in enumerate(document.turns, 1):
        at = f"{where}, turn {number}"
        _promise(end <= turn.start <= turn.end <= len(document.text), f"{at}: it overlaps, or lies outside the text")
        said = document.text[turn.start : turn.end]
        _promise(bool(said.strip()) or options.keep_all_rows, f"{at}: nothing is said")
        _promise(turn.role in ROLES, f"{at}: {turn.role!r} is no role")
        times = [time for time in (turn.time_start, turn.time_end) if time is not None]
        _promise(all(time >= 0 for time in times), f"{at}: a time is negative")
        end = turn.end
    _promise(bool(document.turns) or options.keep_all_rows, f"{where}: it has no turns")
    for attributes in (document.attributes, *(turn.attributes for turn in document.turns)):
        _promise(
            all(isinstance(name, str) and isinstance(value, str) for name, value in attributes.items()),
            f"{where}: an attribute is no text",
        )
    strange = set(document.columns) - set(COLUMN_ROLES)
    _promise(not strange, f"{where}: there is no part {', '.join(sorted(strange))}; use one of {COLUMN_ROLES}")


def check_exporter(exporter: Exporter, project: Project, folder: str | Path) -> None:
    """Check that an exporter keeps its promises on one study.

    It writes the file that it is asked for and no other; the same study gives the same file and the same report; it
    changes nothing in the study; its report says what was kept, and why something was not.

    Parameters
    ----------
    exporter : Exporter
        A function decorated with `cxtext.exchange.exporter`.
    project : Project
        A study with documents and codings.
    folder : str or pathlib.Path
        An empty one to write in.

    Raises
    ------
    AssertionError
        A promise is broken; the message says which.

    Examples
    --------
    >>> from cxtext.exchange import load_exporters
    >>> check_exporter(load_exporters()[0], project, "empty/")  # doctest: +SKIP
    """
    before = project.log()
    paths = [Path(folder, f"{name}{exporter.suffix}") for name in ("one", "two")]
    reports = [exporter.write(project, path, ExportOptions(suggested=True)) for path in paths]
    _promise(exporter.suffix == exporter.suffix.lower() and exporter.suffix[:1] == ".", "the suffix is no .suffix")
    _promise(sorted(Path(folder).iterdir()) == sorted(paths), f"{exporter.name}: it left other files than its own")
    _promise(project.log() == before, f"{exporter.name}: it changed the study")
    _promise(_content(paths[0]) == _content(paths[1]), f"{exporter.name}: the same study gives another file")
    _promise(reports[0] == reports[1], f"{exporter.name}: the same study gives another report")
    _promise(any(row.outcome == "kept" for row in reports[0].rows), f"{exporter.name}: nothing was kept")
    told = [row.why or row.outcome == "kept" for row in reports[0].rows]
    _promise(all(told), f"{exporter.name}: something was not kept, and the report does not say why")


def _content(path: Path) -> object:
    """What is in a file; of a workbook its parts but the one with the moment of writing."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}


def _promise(kept: bool, otherwise: str) -> None:
    if not kept:
        raise AssertionError(otherwise)
