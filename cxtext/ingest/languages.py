"""The language of what was read."""

from __future__ import annotations

from functools import cache

from cxtext.errors import ReadError
from cxtext.ingest.options import LANGUAGES, ReadOptions
from cxtext.language import detect_language, stop_words

#: shorter answers are taken to be in the language of their file
FEWEST_WORDS = 8


def language_of(text: str, source: str, options: ReadOptions) -> str:
    """Language of a document or of the answers of a file.

    Parameters
    ----------
    text : str
    source : str
        The file, for the message.
    options : ReadOptions

    Returns
    -------
    str
        ``"nl"``, ``"en"``, or ``""`` where there is too little text to tell.

    Raises
    ------
    ReadError
        It is another language.
    """
    if options.language:
        return options.language
    language = detect_language(text)
    if language not in ("", *LANGUAGES):
        raise ReadError(
            source,
            f"the text seems to be in another language ({language}); cxtext analyses Dutch (nl) and English (en)",
            "If it is Dutch or English after all, say so: --language nl.",
        )
    return language


def language_of_answer(text: str, usual: str, options: ReadOptions) -> str:
    """Language of one answer in a file of answers.

    Parameters
    ----------
    text : str
    usual : str
        Language of the file.
    options : ReadOptions

    Returns
    -------
    str
        `usual`, unless an answer of at least 8 words is clearly in the other language of the house.
    """
    if options.language or usual not in LANGUAGES:
        return options.language or usual
    words = text.lower().split()
    own, foreign = _telling_words(usual)
    if len(words) < FEWEST_WORDS or len(foreign.intersection(words)) <= len(own.intersection(words)):
        return usual
    language = detect_language(text)
    return language if language in LANGUAGES else usual


@cache
def _telling_words(usual: str) -> tuple[frozenset[str], frozenset[str]]:
    """Find function words of a language alone, and of the other alone: most answers need no closer look."""
    own = stop_words(usual)
    others = frozenset().union(*(stop_words(language) for language in LANGUAGES if language != usual))
    return own - others, others - own
