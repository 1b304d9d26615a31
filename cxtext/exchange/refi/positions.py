"""Positions: every program counts them in its own way. Which way is found from the selections of each text.

The standard counts code points from 0. Programs also count UTF-16 units, take ``CR LF`` for one character or for two,
and leave the byte order mark out. The end is exclusive with all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from cxtext.exchange.refi.xml import ORIGIN
from cxtext.records import clean_text

#: characters of a quote that a program puts in the name of a selection
QUOTE = 100

_Offsets = npt.NDArray[np.int64]
_CR, _LF, _BOM, _NUL, _BEYOND_BMP = 0x0D, 0x0A, 0xFEFF, 0x00, 0xFFFF
_STRETCH = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_SPACE = re.compile(r"\s+")
_ELLIPSIS = ("…", "...")
_SURE_QUOTE = 8


@dataclass(frozen=True)
class Scheme:
    """A way to count the characters of a text.

    Attributes
    ----------
    utf16 : bool
        UTF-16 units: what lies beyond the basic plane (emoji) counts as two.
    crlf : int
        What ``CR LF`` counts as; 0 where the text has none.
    """

    utf16: bool
    crlf: int

    def __str__(self) -> str:
        unit = "UTF-16 units" if self.utf16 else "code points"
        return f"{unit}, line end as {self.crlf}" if self.crlf else unit


@dataclass(frozen=True)
class Mark:
    """A selection as a file has it.

    Attributes
    ----------
    start, end : int
    name : str
        Often the text that was selected, or its beginning.
    """

    start: int
    end: int
    name: str = ""


class CleanMap:
    r"""Where each place of a raw text is in the text as `clean_text` leaves it.

    A place inside what becomes one character goes to its start, or for an end to its end.

    Parameters
    ----------
    raw : str

    Attributes
    ----------
    text : str
        The clean text.

    Examples
    --------
    >>> places = CleanMap("cafe\u0301\r\nja")
    >>> places.text[places.start(7) : places.end(9)]
    'ja'
    """

    def __init__(self, raw: str) -> None:
        self.text = clean_text(raw)
        points = _points(raw)
        before_lf = np.append(points[1:] == _LF, False)
        kept = ~(((points == _CR) & before_lf) | (points == _BOM) | (points == _NUL))
        places = _sums(kept)
        points = points[kept]
        joined = np.where(points == _CR, _LF, points).astype("<u4").tobytes().decode("utf-32-le")
        if joined == self.text:
            self._starts = self._ends = places
        else:
            starts, ends = _composed(joined)
            self._starts, self._ends = starts[places], ends[places]

    def start(self, place: int) -> int:
        """Place in the clean text of what starts here."""
        return int(self._starts[place])

    def end(self, place: int) -> int:
        """Place in the clean text of what ends here."""
        return int(self._ends[place])


class RawPlaces:
    """Where the positions of a scheme are in a raw text.

    Parameters
    ----------
    raw : str
    scheme : Scheme
    """

    def __init__(self, raw: str, scheme: Scheme) -> None:
        points = _points(raw)
        widths = np.ones(len(points), dtype=np.int64)
        if scheme.utf16:
            widths += points > _BEYOND_BMP
        if scheme.crlf == 1:
            widths[:-1][(points[:-1] == _CR) & (points[1:] == _LF)] = 0
        self._sums = _sums(widths)
        self.length = int(self._sums[-1])

    def start(self, position: int) -> int:
        """Code point that starts at, or else holds, a position."""
        return int(np.searchsorted(self._sums, min(max(position, 0), self.length), side="right")) - 1

    def end(self, position: int) -> int:
        """Place after the last code point before a position."""
        return int(np.searchsorted(self._sums, min(max(position, 0), self.length), side="left"))

    def holds(self, mark: Mark) -> bool:
        """Whether a selection lies in the text and cuts no character in two."""
        inside = 0 <= mark.start <= mark.end <= self.length
        return inside and all(self._sums[self.end(place)] == place for place in (mark.start, mark.end))


@dataclass(frozen=True)
class Fit:
    """How the selections of a text fit a scheme.

    Attributes
    ----------
    scheme : Scheme
    places : tuple of (int, int)
        Of each selection in the raw text, in code points; inside the text always.
    held : tuple of bool
        The selection lies in the text and cuts no character in two.
    fits : tuple of bool
        It lies where its quote is, or else on borders of words.
    quoted : tuple of bool
        Its name is a quote of the text, here or elsewhere.
    """

    scheme: Scheme
    places: tuple[tuple[int, int], ...]
    held: tuple[bool, ...]
    fits: tuple[bool, ...]
    quoted: tuple[bool, ...]


def detect_scheme(raw: str, marks: Sequence[Mark], origin: str = "") -> list[Fit]:
    r"""Find how positions were counted.

    Parameters
    ----------
    raw : str
        As the file has it, without the byte order mark at its start.
    marks : sequence of Mark
    origin : str
        The program that wrote it: it decides between schemes that fit equally well, and cxtext keeps to the standard.

    Returns
    -------
    list of Fit
        The best first; one per scheme that gives different places.

    Examples
    --------
    >>> best, *others = detect_scheme("😀 Ik wacht.\r\n😀 Lang.", [Mark(3, 5), Mark(17, 21)])
    >>> str(best.scheme), best.fits
    ('UTF-16 units, line end as 2', (True, True))
    """
    crlf = (2, 1) if "\r\n" in raw else (0,)
    wide = (False, True) if any(character > "\uffff" for character in set(raw)) else (False,)
    usual = _usual(origin, crlf=crlf[0] > 0, wide=True in wide)
    schemes = sorted((Scheme(utf16, count) for count in crlf for utf16 in wide), key=lambda scheme: scheme != usual)
    if origin == ORIGIN:
        schemes = schemes[:1]
    tables = [RawPlaces(raw, scheme) for scheme in schemes]
    places = [tuple((table.start(m.start), table.end(m.end)) for m in marks) for table in tables]
    here = [[_is_quote(mark.name, raw[a:b]) for mark, (a, b) in zip(marks, found, strict=True)] for found in places]
    known = [any(fits) for fits in zip(*here, strict=True)]
    joined = _plain(raw) if not all(known) else ""
    elsewhere = {name: _is_elsewhere(name, joined) for name in {mark.name for mark in marks}}
    quoted = tuple(there or elsewhere[mark.name] for mark, there in zip(marks, known, strict=True))
    fits = []
    for scheme, table, found, quotes in zip(schemes, tables, places, here, strict=True):
        held = tuple(table.holds(mark) for mark in marks)
        good = tuple(
            whole and (quote if has_quote else _on_words(raw, a, b))
            for whole, quote, has_quote, (a, b) in zip(held, quotes, quoted, found, strict=True)
        )
        fits.append(Fit(scheme, found, held, good, quoted))
    fits.sort(key=lambda fit: -sum(fit.fits))
    return [fit for n, fit in enumerate(fits) if fit.places not in [other.places for other in fits[:n]]]


def _usual(origin: str, *, crlf: bool, wide: bool) -> Scheme:
    """What a program is known to do; the standard for all others."""
    one = any(name in origin.casefold() for name in ("atlas", "maxqda"))
    return Scheme("nvivo" in origin.casefold() and wide, (1 if one else 2) if crlf else 0)


def quote_of(text: str) -> str:
    r"""Name that a selection gets in a file: its text on one line, cut at 100 characters.

    Examples
    --------
    >>> quote_of("Ik heb heel lang\nmoeten wachten.")
    'Ik heb heel lang moeten wachten.'
    """
    plain = _plain(text)
    return plain if len(plain) <= QUOTE else f"{plain[: QUOTE - 1]}…"


def repeats(name: str, text: str) -> bool:
    """Whether a name only repeats the text of its selection, whole or cut off."""
    return not name or _is_quote(name, text)


def cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends in the middle of a word."""
    return any(0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum() for place in (start, end))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", clean_text(text)).strip()


def _is_quote(name: str, text: str) -> bool:
    if not name:
        return False
    name, text = _plain(name), _plain(text)
    cut = next((name.removesuffix(dots).rstrip() for dots in _ELLIPSIS if name.endswith(dots)), "")
    return name == text or bool(cut and text.startswith(cut))


def _is_elsewhere(name: str, joined: str) -> bool:
    name = _plain(name)
    cut = next((name.removesuffix(dots).rstrip() for dots in _ELLIPSIS if name.endswith(dots)), name)
    return len(cut) >= _SURE_QUOTE and cut in joined


def _on_words(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends with something to read, and cuts no word."""
    stretch = text[start:end]
    return stretch == stretch.strip() != "" and not cuts_a_word(text, start, end)


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _sums(widths: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> _Offsets:
    """Offset of every place, that after the last one too."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(widths, dtype=np.int64)])


def _composed(text: str) -> tuple[_Offsets, _Offsets]:
    """Where each place of a text is in its NFC form, as a start and as an end."""
    shifts = np.zeros(len(text) + 1, dtype=np.int64)
    changed = list(_changed(text))
    for _, end, length_before, length_after in changed:
        shifts[end] += length_after - length_before
    starts = np.arange(len(text) + 1) + np.cumsum(shifts)
    ends = starts.copy()
    for start, end, _, _ in changed:
        starts[start + 1 : end], ends[start + 1 : end] = starts[start], ends[end]
    return starts, ends


def _changed(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Pieces that NFC changes, each as small as it can be: start, end, length before and after."""
    for stretch in _STRETCH.finditer(text):
        if unicodedata.is_normalized("NFC", stretch[0]):
            continue
        first = stretch.start()
        cuts = [place for place in range(first + 1, stretch.end()) if _begins(text[place])]
        for start, end in zip([first, *cuts], [*cuts, stretch.end()], strict=True):
            piece = text[start:end]
            composed = unicodedata.normalize("NFC", piece)
            if composed != piece:
                yield start, end, len(piece), len(composed)


@cache
def _begins(character: str) -> bool:
    """Whether nothing before a character can change it or be changed by it."""
    first = unicodedata.normalize("NFD", character)[0]
    return not unicodedata.combining(first) and first not in _second_halves()


@cache
def _second_halves() -> frozenset[str]:
    """Characters that may melt into the one before them without being combining marks."""
    decomposed = (unicodedata.decomposition(chr(point)).split() for point in range(0x110000))
    pairs = {chr(int(parts[1], 16)) for parts in decomposed if len(parts) == 2 and not parts[0].startswith("<")}
    hangul = {chr(point) for point in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    return frozenset(pairs | hangul)
