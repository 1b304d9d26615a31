"""Numbers said in words, Dutch and English: what digits a run of them spells."""

from __future__ import annotations

import re
from functools import cache

_UNITS = {
    "nl": "een twee drie vier vijf zes zeven acht negen",
    "en": "one two three four five six seven eight nine",
}
_TEENS = {
    "nl": "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
}
_TENS = {
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
}
_ZERO = {"nul": 0, "nulletje": 0, "zero": 0, "oh": 0, "o": 0}
_TWICE = {"dubbel", "dubbele", "double"}
_JOINS = {"streepje", "punt", "slash", "spatie", "dash", "dan", "min"}
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")


def _any(words: str) -> str:
    return "|".join(words.split())


_NL, _EN = ({kind: _any(words[language]) for kind, words in
             (("unit", _UNITS), ("teen", _TEENS), ("ten", _TENS))} for language in ("nl", "en"))  # fmt: skip
_DUTCH = rf"(?:(?:{_NL['unit']})\s?(?:en|ën|-en-)\s?(?:{_NL['ten']})|{_NL['ten']}|{_NL['teen']}|{_NL['unit']}|één)"
_ENGLISH = rf"(?:(?:{_EN['ten']})(?:[\s-](?:{_EN['unit']}))?|{_EN['teen']}|{_EN['unit']})"
_ENGLISH_FIRST = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    "|(?:ten|eleven|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)th|twelfth"
)
#: pattern of a number from 1 to 999 in words, and of a rank from the 1st to the 31st
IN_WORDS = rf"(?:(?:{_DUTCH}\s?)?honderd(?:\s?(?:en\s)?{_DUTCH})?|{_DUTCH}|{_ENGLISH})(?!\w)"
RANK = (
    rf"(?:(?:eerste|tweede|derde|achtste|(?:{_NL['teen']}|{_NL['unit']})de|(?:(?:{_NL['unit']})(?:en|ën))?(?:twintig|dertig)ste)n?"
    rf"|{_ENGLISH_FIRST}|twentieth|thirtieth|(?:twenty|thirty)[\s-](?:{_ENGLISH_FIRST}))(?!\w)"
)
#: patterns of the century of a year in words, of its last two digits, and of any number under 100
CENTURY = r"(?:negentien(?:\s?honderd)?|tweeduizend|nineteen|two\sthousand(?:\sand)?|twenty)(?:\s?en)?[\s-]?"
TWO_DIGITS = (
    rf"(?:(?:(?:{_NL['unit']})\s?(?:en|ën|-en-)\s?)?(?:{_NL['ten']})|{_NL['teen']}|(?:nul|oh)\s(?:{_NL['unit']}|{_EN['unit']})"
    rf"|(?:{_EN['ten']})(?:[\s-](?:{_EN['unit']}))?|{_EN['teen']})(?!\w)"
)
UNDER_100 = rf"(?:{_DUTCH}|{_ENGLISH})(?!\w)"


@cache
def number_words() -> dict[str, int]:
    """Words for 0 to 99, with the spellings that people use.

    Examples
    --------
    >>> number_words()["eenentwintig"], number_words()["forty-two"]
    (21, 42)
    """
    words: dict[str, int] = {**_ZERO, "één": 1}
    for language, units in ((language, _UNITS[language].split()) for language in _UNITS):
        words.update({word: number for number, word in enumerate(units, 1)})
        words.update({word: number for number, word in enumerate(_TEENS[language].split(), 10)})
        for ten, word in enumerate(_TENS[language].split(), 2):
            words[word] = 10 * ten
            for number, unit in enumerate(units, 1):
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
        if digits and token in _JOINS:
            continue
        between = text[end : match.start()].lower() if match else "end"
        joined = not set(re.findall(r"\w+", between)) - _JOINS and re.search(r"[^\w\s,.–/-]", between) is None
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
