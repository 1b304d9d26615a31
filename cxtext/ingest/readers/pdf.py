"""PDF with text in it: lines become paragraphs again, running heads are left out; a scan is refused."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.interview import read_conversation
from cxtext.ingest.items import Item
from cxtext.ingest.labels import read_labelled_lines
from cxtext.ingest.lines import Line
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.records import Notice, clean_text

_BEGIN = b"%PDF-"
_LARGEST = 100_000_000
_MOST_PAGES = 2_000
#: lines at the top and the foot of a page that may be a running head, and the share of pages that have it
_EDGE = 2
_SHARE = 0.5
_FEWEST_PAGES = 3
_PAGE_NUMBER = re.compile(r"(?:pagina|page|p\.|blz\.?)?\s*[-–]?\s*\d{1,4}\s*(?:[-–]|(?:van|of|/)\s*\d{1,4})?", re.I)
_HYPHENATED = re.compile(r"[^\W\d_]{2,}[-\u00ad]$")
#: words after a hyphen that belongs there: "voor- en nadelen"
_PART_OF_PAIR = ("en", "of", "and", "or")


@reader(".pdf")
def read_pdf(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read the text of a PDF as one interview.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    pages = _pages(path)
    if not any(line for page in pages for line in page):
        raise ReadError(
            str(path),
            "there is no text in it: its pages are pictures (a scan)",
            "Recognise the text first (for example: ocrmypdf -l nld in.pdf out.pdf), and check what came out.",
        )
    pages, dropped = without_running_heads(pages)
    lines = mend_lines([line for page in pages for line in page])
    if dropped:
        named = ", ".join(f'"{line}"' for line in list(dropped)[:4])
        yield Notice(str(path), f"Left out: {dropped.total()} page numbers and running heads ({named}).")
    yield from read_conversation(path, options, read_labelled_lines(list(map(Line, lines)), options.interviewer))


def _pages(path: Path) -> list[list[str]]:
    """Lines of each page."""
    from pypdf import PdfReader

    if path.stat().st_size > _LARGEST:
        raise ReadError(str(path), "it is larger than any transcript", "Divide it, or save its text as .txt.")
    with path.open("rb") as file:
        if _BEGIN not in file.read(1024):
            raise ReadError(str(path), "it is not a PDF", "Check that it was copied completely.")
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    try:
        pdf = PdfReader(path)
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise ReadError(str(path), "it is protected with a password", "Save it without a password.")
        if len(pdf.pages) > _MOST_PAGES:
            raise ReadError(str(path), f"it has more than {_MOST_PAGES:,} pages", "Divide it.")
        texts = [clean_text(page.extract_text()) for page in pdf.pages]
    except ReadError:
        raise
    except Exception as error:
        raise ReadError(
            str(path),
            f"the PDF is damaged, or of a kind that cannot be read ({type(error).__name__}: {error})",
            "Open it in another program and save it as .docx or .txt.",
        ) from error
    return [[" ".join(line.split()) for line in text.split("\n") if line.strip()] for text in texts]


def without_running_heads(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], Counter[str]]:
    """Leave out page numbers, and lines that return at the top or the foot of at least half of the pages.

    Parameters
    ----------
    pages : sequence of sequence of str
        Lines of each page.

    Returns
    -------
    tuple of (list of list of str, collections.Counter)
        The other lines, and what was left out.

    Examples
    --------
    >>> without_running_heads([["Interview 3", "I: En?", "1"], ["Interview 3", "R: Ja.", "2"], ["Interview 3", "3"]])[0]
    [['I: En?'], ['R: Ja.'], []]
    """
    edges = [{_shape(line) for line in (*page[:_EDGE], *page[-_EDGE:])} for page in pages]
    often = Counter(shape for shapes in edges for shape in shapes)
    running = {
        shape
        for shape, count in often.items()
        if len(pages) >= _FEWEST_PAGES and count >= max(_FEWEST_PAGES, _SHARE * len(pages))
    }
    kept: list[list[str]] = []
    dropped: Counter[str] = Counter()
    for page in pages:
        kept.append([])
        for at, line in enumerate(page):
            at_edge = at < _EDGE or at >= len(page) - _EDGE
            if at_edge and (_shape(line) in running or _PAGE_NUMBER.fullmatch(line)):
                dropped[line] += 1
            else:
                kept[-1].append(line)
    return kept, dropped


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def mend_lines(lines: Sequence[str]) -> list[str]:
    """Put words together that a line end divides.

    Parameters
    ----------
    lines : sequence of str

    Returns
    -------
    list of str

    Examples
    --------
    >>> mend_lines(["Dat formu-", "lier was lang.", "Alle voor-", "en nadelen."])
    ['Dat formulier', 'was lang.', 'Alle voor-', 'en nadelen.']
    """
    mended: list[str] = []
    for line in lines:
        first, _, rest = line.partition(" ")
        if mended and _HYPHENATED.search(mended[-1]) and first[:1].islower() and first not in _PART_OF_PAIR:
            mended[-1] = mended[-1][:-1] + first
            line = rest
        if line:
            mended.append(line)
    return mended
