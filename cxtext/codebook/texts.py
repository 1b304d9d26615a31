"""Texts of codebooks as files hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cxtext.cells import CONTROL
from cxtext.codebook.records import Code, Codebook
from cxtext.records import clean_text

#: line ends of Unicode, for which formats differ
_BREAK = re.compile("[\x85\u2028\u2029]")
_YES = ("yes", "ja", "true", "waar", "1", "x")
_NO = ("no", "nee", "false", "onwaar", "0", "")


def tidy(text: str) -> str:
    r"""Text as files hold it: as `clean_text` leaves it, no control characters, nothing empty at its ends.

    Examples
    --------
    >>> tidy(" prijs\r\nen  kwaliteit\x07")
    'prijs\nen  kwaliteit'
    """
    return CONTROL.sub(" ", _BREAK.sub("\n", clean_text(text))).strip()


def tidy_lines(texts: Iterable[str]) -> tuple[str, ...]:
    r"""Examples as files hold them: each on one line, without empty ones.

    Examples
    --------
    >>> tidy_lines(["Te duur\nvoor mij. ", ""])
    ('Te duur voor mij.',)
    """
    return tuple(line for line in (" ".join(tidy(text).split()) for text in texts) if line)


def truth(text: str) -> bool | None:
    """Whether a text says yes or no, in Dutch or English; None where it says neither.

    Examples
    --------
    >>> truth("Ja"), truth(""), truth("soms")
    (True, False, None)
    """
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def tidied(codebook: Codebook) -> Codebook:
    """Codebook with the texts that files hold; ids stay what they are.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    Codebook
    """
    groups = (
        replace(group, names=_by_language(group.names), codes=tuple(map(_tidied, group.codes)))
        for group in codebook.groups
    )
    return replace(codebook, name=tidy(codebook.name), groups=tuple(groups))


def _tidied(code: Code) -> Code:
    return replace(
        code,
        names=_by_language(code.names),
        definitions=_by_language(code.definitions),
        examples=tidy_lines(code.examples),
        counter_examples=tidy_lines(code.counter_examples),
        colour=tidy(code.colour),
    )


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: tidy(text) for language, text in texts.items() if tidy(text)}
