"""Numbers said in words, Dutch and English: what digits a run of them spells."""

from __future__ import annotations

import re
from functools import cache

_UNITS = {
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
}
_MORE = {"zeventien": 17, "achttien": 18, "negentien": 19, "seventeen": 17, "eighteen": 18, "nineteen": 19}
_TENS = {
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
}
_TWICE = {"dubbel", "dubbele", "double"}
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")


@cache
def number_words() -> dict[str, int]:
    """Words for 0 to 99, with the spellings that people use.

    Examples
    --------
    >>> number_words()["eenentwintig"], number_words()["forty-two"]
    (21, 42)
    """
    words: dict[str, int] = {"één": 1, "oh": 0, "o": 0, "nulletje": 0, **_MORE}
    for language in _UNITS:
        units = _UNITS[language].split()
        words.update({word: number for number, word in enumerate(units)})
        for ten, word in enumerate(_TENS[language].split(), 2):
            words[word] = 10 * ten
            for number, unit in enumerate(units[1:10], 1):
                joined = (
                    (f"{unit}en{word}", f"{unit}ën{word}", f"{unit}-en-{word}")
                    if language == "nl"
                    else (f"{word}-{unit}", f"{word}{unit}")
                )
                words.update(dict.fromkeys(joined, 10 * ten + number))
    return words


def spelled_runs(text: str, *, fewest_words: int = 3) -> list[tuple[int, int, str]]:
    """Runs of number words, with digits between them, and the digits they spell.

    Parameters
    ----------
    text : str
    fewest_words : int
        Words, not digits, that a run needs.

    Returns
    -------
    list of (int, int, str)
        Start, end and digits.

    Examples
    --------
    >>> spelled_runs("bel nul zes, twaalf, dubbel drie")
    [(4, 32, '061233')]
    """
    words = number_words()
    runs: list[tuple[int, int, str]] = []
    start = end = said = 0
    digits = ""
    twice = False
    for match in [*_TOKEN.finditer(text), None]:
        token = match.group().lower() if match else ""
        joined = match is not None and text[end : match.start()].strip(" ,.-–/") == ""
        if not match or not (token in words or token.isdecimal() or token in _TWICE) or (digits and not joined):
            if said >= fewest_words:
                runs.append((start, end, digits))
            start = end = said = 0
            digits, twice = "", False
            if not match or not (token in words or token in _TWICE or token.isdecimal()):
                continue
        if not digits and not twice:
            start = match.start()
        if token in _TWICE:
            twice = True
        else:
            part = token if token.isdecimal() else str(words[token])
            digits += part * 2 if twice else part
            said += not token.isdecimal()
            twice = False
        end = match.end()
    return runs
