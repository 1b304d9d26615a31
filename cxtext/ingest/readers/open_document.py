"""OpenDocument text, as LibreOffice writes it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cxtext.errors import ReadError
from cxtext.ingest.archives import check_office_file
from cxtext.ingest.formatted import paragraph_lines
from cxtext.ingest.interview import read_conversation
from cxtext.ingest.items import Item
from cxtext.ingest.labels import read_labelled_lines
from cxtext.ingest.lines import Line
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.ingest.spoken_tables import read_spoken_table

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
#: what is not part of the running text: deletions, comments, notes, frames
_LEFT_OUT = {
    f"{_TEXT}tracked-changes",
    f"{_TEXT}note",
    f"{_OFFICE}annotation",
    f"{_DRAW}frame",
    f"{_DRAW}custom-shape",
}
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_MOST_SPACES = 1_000


@reader(".odt")
def read_open_document(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read an OpenDocument text as one interview.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    check_office_file(path, "content.xml", "LibreOffice")
    yield from read_conversation(path, options, read_labelled_lines(_open(path), options.interviewer))


def _open(path: Path) -> list[Line]:
    from defusedxml.ElementTree import parse

    try:
        with zipfile.ZipFile(path) as archive:
            parts: list[Any] = []
            for name in ("content.xml", "styles.xml"):
                if name in archive.namelist():
                    with archive.open(name) as file:
                        parts.append(parse(file, forbid_dtd=True).getroot())
        styles = {
            style.get(f"{_STYLE}name", ""): style for part in reversed(parts) for style in part.iter(f"{_STYLE}style")
        }
        return [line for body in parts[0].iter(f"{_OFFICE}text") for line in _lines(body, styles)]
    except Exception as error:
        raise ReadError(
            str(path),
            f"the document is damaged ({type(error).__name__}: {error})",
            "Open it in LibreOffice and save it again.",
        ) from error


def _lines(parent: Any, styles: Mapping[str, Any]) -> Iterator[Line]:
    """Lines of the paragraphs, lists and tables in an element."""
    for child in parent:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            bold = _is_bold(child, styles)
            yield from paragraph_lines(_pieces(child, bold, styles), heading=child.tag == f"{_TEXT}h")
        elif child.tag == f"{_TABLE}table":
            rows = [
                [list(_lines(cell, styles)) for cell in row if cell.tag == f"{_TABLE}table-cell"]
                for row in _rows(child)
            ]
            yield from read_spoken_table([row for row in rows if row])
        elif child.tag not in _LEFT_OUT:
            yield from _lines(child, styles)


def _rows(table: Any) -> Iterator[Any]:
    """Rows of a table, not those of tables within it."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag.startswith(_TABLE) and child.tag != f"{_TABLE}table":
            yield from _rows(child)


def _pieces(element: Any, bold: bool, styles: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Text of an element piece by piece, and whether it is in bold type."""
    yield _plain(element.text), bold
    for child in element:
        if child.tag in _SIGNS:
            yield _SIGNS[child.tag], bold
        elif child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES), bold
        elif child.tag not in _LEFT_OUT:
            own = child.tag == f"{_TEXT}span" and f"{_TEXT}style-name" in child.attrib
            yield from _pieces(child, _is_bold(child, styles) if own else bold, styles)
        yield _plain(child.tail), bold


def _plain(text: str | None) -> str:
    """Text as it shows: white space in the file is one space."""
    return "" if not text else " ".join(f".{text}.".split())[1:-1]


def _is_bold(element: Any, styles: Mapping[str, Any]) -> bool:
    """Whether the style of an element, or one it is based on, is bold."""
    name = element.get(f"{_TEXT}style-name", "")
    for _ in range(len(styles)):
        style = styles.get(name)
        if style is None:
            break
        weights = [part.get(f"{_FO}font-weight") for part in style.iter(f"{_STYLE}text-properties")]
        if own := next((weight for weight in weights if weight), None):
            return own == "bold" or (own.isdecimal() and int(own) >= 600)
        name = style.get(f"{_STYLE}parent-style-name", "")
    return False
