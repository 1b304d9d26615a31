"""Names with initials, which need no list: "j. de wit", "A.W. (Toon) Verhoeckx", "Callum J. Whitworth"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cxtext.privacy.findings import Finding
from cxtext.privacy.lexicon import is_function_word

_PARTICLES = r"(?:(?:van|de|der|den|ter|ten|te|el)\s){0,3}"
_AND_PARTICLE = re.compile(
    r"(?<![\w.])(?:[A-Za-z]\.\s?){1,4}(?:(?:v/d|v\.\s?d\.|vd|van|de|der|den|ter|ten|te|['’]t|el)\s){1,3}[^\W\d_][\w'’-]{2,}"
)
_AND_FIRST_NAME = re.compile(
    rf"(?<![\w.])(?:(?:[A-ZÀ-Ý]\.\s?){{1,5}}\([A-ZÀ-Ý][\w'’-]+\)\s|[A-ZÀ-Ý][a-zà-ÿ]+\s(?:[A-ZÀ-Ý]\.\s?){{1,3}})"
    rf"{_PARTICLES}[A-ZÀ-Ý][\w'’-]+"
)


def find_with_initials(text: str) -> Iterator[Finding]:
    """Names with initials and particles, or with initials and a first name.

    Parameters
    ----------
    text : str

    Yields
    ------
    Finding

    Examples
    --------
    >>> [f.rule for f in find_with_initials("Groet, A.W. (Toon) Verhoeckx")]
    ['name: initials and a first name']
    """
    for match in _AND_PARTICLE.finditer(text):
        yield Finding(*match.span(), "name", "name: initials")
    for match in _AND_FIRST_NAME.finditer(text):
        if not is_function_word(match.group().split()[0].casefold()):
            yield Finding(*match.span(), "name", "name: initials and a first name")
