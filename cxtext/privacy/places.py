"""Small places in the Netherlands and Flanders: where few people live, a place can tell who somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.lexicon import is_first_name, is_function_word, is_surname
from cxtext.privacy.words import lists, names

_WORD = re.compile(r"(?<![\w-])(?:['’][st][ -])?[^\W_][\w'’/]*(?:-[^\W\d_][\w'’]*)*(?![\w-])")
_IN = re.compile(
    r"(?:\b(?:in|te|uit|vanuit|naar|omgeving|nabij|rond|gemeente|dorp|dorpje|plaats|stadje|woonplaats|from|near|to|at)"
    r"|\b[1-9]\d{3}\s?[A-Z]{2},?)\s+$",
    re.I,
)
_MOST_WORDS = 5


def find_places(text: str) -> Iterator[Finding]:
    """Names of small places.

    Parameters
    ----------
    text : str

    Yields
    ------
    Finding
        A name that is an ordinary word or the name of a person too counts only behind "in", "uit", "te" and the like;
        in small letters every name does.

    Examples
    --------
    >>> text = "Ik kom uit Best, en in Lochem of Utrecht is het niet best."
    >>> [text[f.start : f.end] for f in find_places(text)]
    ['Best', 'Lochem']
    """
    words = list(_WORD.finditer(text))
    done = 0
    for at, word in enumerate(words):
        for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            start, end = word.start(), words[at + count - 1].end()
            plain = _plain(text[start:end])
            if start < done or plain not in _known_places():
                continue
            done = end
            if is_small_place(plain) and _is_meant(text, start, plain, capital=any(map(str.isupper, text[start:end]))):
                yield Finding(start, end, "place", "place: small")
            break


def is_small_place(name: str) -> bool:
    """Whether a name is that of a place, and of no large city, region or country.

    Examples
    --------
    >>> is_small_place("Lochem"), is_small_place("Utrecht"), is_small_place("Spanje")
    (True, False, False)
    """
    plain = _plain(name)
    return plain in names("places") and plain not in names("places_wide") and plain not in lists()["cities"]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())


@cache
def _known_places() -> frozenset[str]:
    return names("places") | names("places_wide") | frozenset(lists()["cities"])


def _is_meant(text: str, start: int, plain: str, *, capital: bool) -> bool:
    """Whether a name stands for the place."""
    from simplemma import is_known

    behind = _IN.search(text[:start]) is not None
    ordinary = all(is_function_word(w) or is_known(w, "nl") or is_known(w, "en") for w in plain.split())
    if not capital:
        return behind and not ordinary and not is_first_name(plain)
    return behind or not (ordinary or is_first_name(plain) or is_surname(plain))
