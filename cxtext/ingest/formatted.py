"""Paragraphs with type in them, from Word and OpenDocument, as the lines of a transcript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cxtext.ingest.lines import Line
from cxtext.records import clean_text


def paragraph_lines(pieces: Iterable[tuple[str, bool]], *, heading: bool = False) -> Iterator[Line]:
    r"""Lines of one paragraph; an empty line ends it.

    Parameters
    ----------
    pieces : iterable of (str, bool)
        Text, with ``\n`` where a line ends, and whether it is in bold type.
    heading : bool
        The paragraph is a heading of the layout.

    Yields
    ------
    Line

    Examples
    --------
    >>> list(paragraph_lines([("Noor:", True), (" Ja.", False)]))[0]
    Line(text='Noor: Ja.', bold='Noor:', heading=False, speaker='')
    """
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, bold in pieces:
        first, *others = text.split("\n")
        lines[-1].append((first, bold))
        lines.extend([(other, bold)] for other in others)
    for line in lines:
        text = clean_text("".join(text for text, _ in line)).strip()
        start = clean_text("".join(text for text, _ in _leading_bold(line))).strip()
        yield Line(text, start if text.startswith(start) else "", heading=heading and bool(text))
    yield Line("")


def _leading_bold(pieces: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    for text, bold in pieces:
        if text.strip() and not bold:
            return
        yield text, bold
