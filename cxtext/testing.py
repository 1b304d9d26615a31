"""Promises that every plug-in has to keep, ours and those of others: call these in its tests."""

from __future__ import annotations

from pathlib import Path

from cxtext.ingest import Item, Reader, ReadOptions
from cxtext.records import COLUMN_ROLES, ROLES, Document, clean_text


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


def _promise(kept: bool, otherwise: str) -> None:
    if not kept:
        raise AssertionError(otherwise)
