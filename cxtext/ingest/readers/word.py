"""Word documents: labelled paragraphs, bold names, tables of speaker and text, the layout of Teams."""

from __future__ import annotations

from collections.abc import Iterator
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

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: what is not part of the running text: deletions, the old place of moved text, text boxes, fallbacks, properties
_LEFT_OUT = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}txbxContent",
    f"{_W}pPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_HEADINGS = ("heading", "title", "subtitle")


@reader(".docx")
def read_word(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read a Word document as one interview.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    check_office_file(path, "word/document.xml", "Word")
    lines = _open(path)
    yield from read_conversation(path, options, read_labelled_lines(lines, options.interviewer))


def _open(path: Path) -> list[Line]:
    import docx

    try:
        document = docx.Document(str(path))
        styles = {style.get(f"{_W}styleId"): style for style in document.styles.element.findall(f"{_W}style")}
        return list(_lines(document.element.body, styles))
    except Exception as error:
        raise ReadError(
            str(path),
            f"the document is damaged ({type(error).__name__}: {error})",
            "Open it in Word and save it again.",
        ) from error


def _lines(parent: Any, styles: dict[str | None, Any]) -> Iterator[Line]:
    """Lines of the paragraphs and tables in an element; an empty line ends every paragraph."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, styles)
        elif child.tag == f"{_W}tbl":
            rows = [
                [list(_lines(cell, styles)) for cell in row.iter(f"{_W}tc") if _nearest(cell, "tr") is row]
                for row in child.iter(f"{_W}tr")
                if _nearest(row, "tbl") is child
            ]
            yield from read_spoken_table(rows)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}moveTo"):
            yield from _lines(child, styles)


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{_W}{name}"), None)


def _paragraph(paragraph: Any, styles: dict[str | None, Any]) -> Iterator[Line]:
    style = styles.get(_value(paragraph, "pPr/pStyle"))
    heading = style is not None and (_value(style, "name") or "").lower().startswith(_HEADINGS)
    yield from paragraph_lines(_runs(paragraph, _is_bold(style, styles), styles), heading=heading)


def _runs(element: Any, bold: bool, styles: dict[str | None, Any]) -> Iterator[tuple[str, bool]]:
    """Text of an element piece by piece, and whether it is in bold type."""
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == f"{_W}t":
            yield child.text or "", bold
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag], bold
        elif child.tag == f"{_W}r":
            own = _switch(child.find(f"{_W}rPr/{_W}b"))
            style = styles.get(_value(child, "rPr/rStyle"))
            yield from _runs(child, (bold or _is_bold(style, styles)) if own is None else own, styles)
        else:
            yield from _runs(child, bold, styles)


def _is_bold(style: Any, styles: dict[str | None, Any]) -> bool:
    """Whether a style, or one it is based on, is bold."""
    for _ in range(len(styles)):
        if style is None:
            break
        own = _switch(style.find(f"{_W}rPr/{_W}b"))
        if own is not None:
            return own
        style = styles.get(_value(style, "basedOn"))
    return False


def _switch(element: Any) -> bool | None:
    return None if element is None else element.get(f"{_W}val", "1") not in ("0", "false", "off")


def _value(element: Any, path: str) -> str | None:
    found = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    value: str | None = None if found is None else found.get(f"{_W}val")
    return value
