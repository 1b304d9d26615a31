"""What went wrong, in the language of who reads it: errors are raised in English, and told in Dutch too."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from cxtext.resources import read_data

#: languages that the page can be read in
LANGUAGES = ("nl", "en")


def language_of(accepted: str, otherwise: str = "en") -> str:
    """Language that an Accept-Language header asks for first, of those that there are.

    Parameters
    ----------
    accepted : str
    otherwise : str
        Where it asks for none of them.

    Returns
    -------
    str

    Examples
    --------
    >>> language_of("fr, nl-NL;q=0.8"), language_of("")
    ('nl', 'en')
    """
    wanted = (part.strip()[:2].lower() for part in accepted.split(","))
    return next((name for name in wanted if name in LANGUAGES), otherwise)


def told(message: str, language: str) -> str:
    """Tell a message in a language.

    Parameters
    ----------
    message : str
        One or more sentences, as they were raised.
    language : {"nl", "en"}

    Returns
    -------
    str
        As it was where there are no words for all of it: those that only a program can cause have none.

    Examples
    --------
    >>> told("Somebody settled this meanwhile. Nothing of yours was kept: look again.", "nl")
    'Iemand besliste dit intussen. Van u is niets bewaard: kijk nog eens.'
    """
    if language == "en":
        return message
    parts, at = list[str](), 0
    while at < len(message):
        for pattern, text in _known(language):
            if match := pattern.match(message, at):
                parts.append(text.format(**match.groupdict()))
                at = match.end()
                break
        else:
            return message
    return " ".join(parts)


@cache
def _known(language: str) -> list[tuple[re.Pattern[str], str]]:
    """English messages as patterns, with their words in a language."""
    english, other = (read_data("page_errors", f"{name}.yaml") for name in ("en", language))
    return [(_pattern(text), other[key]) for key, text in english.items()]


def _pattern(text: str) -> re.Pattern[str]:
    parts = [re.escape(said) + (f"(?P<{name}>.+?)" if name else "") for said, name, _, _ in Formatter().parse(text)]
    return re.compile("".join(parts) + r"(?:\s+|$)", re.DOTALL)
