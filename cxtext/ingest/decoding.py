"""Bytes to text: which encoding a file has, and what to do where it is broken."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.options import ReadOptions
from cxtext.records import Notice, clean_text

#: larger than any transcript; tables are streamed and have no limit
LARGEST_TRANSCRIPT = 50_000_000

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = re.compile("[\udc80-\udcff]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_CONTROL = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_GOOD_PER_BAD = 3


@dataclass(frozen=True)
class Encoding:
    """How to turn the bytes of one file into text.

    Attributes
    ----------
    name : str
    errors : str
        What to do with bytes that are no text: ``"strict"``, ``"replace"`` or ``"surrogateescape"``.
    guessed : bool
        The file does not say it, and is not UTF-8.
    """

    name: str
    errors: str = "strict"
    guessed: bool = False


def read_text(path: Path, options: ReadOptions) -> tuple[str, list[Notice]]:
    """Read a whole text file.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Returns
    -------
    tuple of (str, list of Notice)
        The text as `clean_text` leaves it, and what was assumed or broken.

    Raises
    ------
    ReadError
        The file is empty, too large, no text, or not in the encoding that the user named.
    """
    size = path.stat().st_size
    if size > LARGEST_TRANSCRIPT:
        raise ReadError(
            str(path), f"it is {size:,} bytes, more than any transcript", "Divide it, or check what is in it."
        )
    encoding = find_encoding(path, options)
    notices = encoding_notices(path, encoding)
    errors = "replace" if encoding.errors == "surrogateescape" else encoding.errors
    text = path.read_bytes().decode(encoding.name, errors)
    broken = text.count("\ufffd") if errors == "replace" else 0
    if broken:
        notices.append(
            Notice(str(path), f"{broken} places could not be decoded as {encoding.name}, and show as \ufffd.")
        )
    text = clean_text(text)
    if not text.strip():
        raise ReadError(str(path), "it holds no text", "Check that it is not an empty copy.")
    return text, notices


def open_text(path: Path, encoding: Encoding) -> io.TextIOWrapper:
    """Open a text file for reading line by line, line ends as they are.

    Parameters
    ----------
    path : pathlib.Path
    encoding : Encoding

    Returns
    -------
    io.TextIOWrapper
        Bytes that cannot be decoded are lone surrogates where `is_undecoded` finds them.
    """
    return path.open(encoding=encoding.name, errors=encoding.errors, newline="")


def is_undecoded(text: str) -> bool:
    """Whether a text read by `open_text` has bytes in it that could not be decoded."""
    return _ESCAPED.search(text) is not None


def encoding_notices(path: Path, encoding: Encoding) -> list[Notice]:
    """Say which encoding was taken where the file does not tell."""
    if not encoding.guessed:
        return []
    message = f"The file is not UTF-8; it was read as {encoding.name}. If letters look wrong: --encoding NAME."
    return [Notice(str(path), message)]


def find_encoding(path: Path, options: ReadOptions) -> Encoding:
    """Find the encoding of a text file, by reading all of it in pieces.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Returns
    -------
    Encoding

    Raises
    ------
    ReadError
        The file is empty, no text, or not in the encoding that the user named.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if not head:
        raise ReadError(str(path), "the file is empty", "Check that it was copied completely.")
    if options.encoding:
        return _named(path, options.encoding)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, "surrogateescape" if name == "utf-8-sig" else "replace")
    if wide := _without_mark(head):
        return Encoding(wide, "replace", guessed=True)
    if len(head.translate(None, _CONTROL)) < 0.95 * len(head):
        raise ReadError(
            str(path), "it is not a text file", "Check its suffix, or export it again from the program it came from."
        )
    good, bad = _count_utf8(path)
    if not bad:
        return Encoding("utf-8-sig")
    if good >= _GOOD_PER_BAD * bad:
        return Encoding("utf-8-sig", "surrogateescape")
    if _first_error(path, "cp1252") is None:
        return Encoding("cp1252", guessed=True)
    return _last_resort(path, head)


def _named(path: Path, name: str) -> Encoding:
    error = _first_error(path, name)
    if error is not None:
        raise ReadError(
            str(path), f"it is not in the encoding {name} ({error})", "Leave out --encoding, or name another one."
        )
    return Encoding("utf-8-sig" if codecs.lookup(name).name == "utf-8" else name)


def _without_mark(head: bytes) -> str:
    """UTF-16 without a byte order mark shows by zeros in every other place; empty where it is not."""
    sample = head[: len(head) // 2 * 2]
    half = len(sample) // 2 or 1
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if max(even, odd) < 0.4 or min(even, odd) > 0.1:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _count_utf8(path: Path) -> tuple[int, int]:
    """How many characters beyond ASCII are good UTF-8, and how many stretches of bytes are not."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    good = bad = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if not text.isascii():
                good += len(_BEYOND_ASCII.findall(text))
                bad += len(_ESCAPED.findall(text))
    return good, bad + len(_ESCAPED.findall(decoder.decode(b"", final=True)))


def _first_error(path: Path, name: str) -> str | None:
    """Why a file is not in an encoding; None where it is."""
    at = 0
    try:
        decoder = codecs.getincrementaldecoder(name)()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
                at += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        place = at + getattr(error, "start", 0)
        return f"the first wrong byte is near position {place:,}"
    return None


def _last_resort(path: Path, head: bytes) -> Encoding:
    from charset_normalizer import from_bytes

    best = from_bytes(head).best()
    if best is None or _first_error(path, best.encoding) is not None:
        raise ReadError(
            str(path), "its encoding cannot be found", "Save it as UTF-8, or name the encoding: --encoding NAME."
        )
    return Encoding(best.encoding, guessed=True)
