"""Rich text (RTF), as f4, WordPad and older word processors write it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.decoding import LARGEST_TRANSCRIPT
from cxtext.ingest.interview import read_conversation
from cxtext.ingest.items import Item
from cxtext.ingest.labels import read_labelled_lines
from cxtext.ingest.lines import Line
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.ingest.spoken_tables import read_spoken_table
from cxtext.records import clean_text

_BEGIN = rb"{\rtf"
#: ends every cell of a table
_CELL = "|"


@reader(".rtf")
def read_rich_text(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read rich text as one interview; bold type is lost, so that a speaker needs a colon, a time or a line.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    if path.stat().st_size > LARGEST_TRANSCRIPT:
        raise ReadError(str(path), "it is larger than any transcript", "Take the pictures out, and save it as .docx.")
    content = path.read_bytes()
    if not content.lstrip().startswith(_BEGIN):
        raise ReadError(str(path), "it is not rich text", "Open it in a word processor and save it as .docx or .txt.")
    yield from read_conversation(path, options, read_labelled_lines(_lines(path, content), options.interviewer))


def _lines(path: Path, content: bytes) -> list[Line]:
    from striprtf.striprtf import rtf_to_text

    try:
        text = clean_text(rtf_to_text(content.decode("latin-1"), errors="replace"))
    except Exception as error:
        raise ReadError(
            str(path),
            f"the rich text is damaged ({type(error).__name__}: {error})",
            "Open it in a word processor and save it as .docx.",
        ) from error
    lines: list[Line] = []
    for is_row, run in groupby(text.split("\n"), key=lambda line: line.rstrip().endswith(_CELL)):
        if is_row:
            cells = [line.rstrip()[:-1].split(_CELL) for line in run]
            lines += read_spoken_table([[[Line(cell.strip())] for cell in row] for row in cells])
        else:
            lines += [Line(line.strip()) for line in run]
    return lines
