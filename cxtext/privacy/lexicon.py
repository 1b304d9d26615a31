"""What is known of a word, in small letters: a name, a place, a brand, an ordinary word."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cxtext.language import stop_words
from cxtext.privacy.words import lists, names


@cache
def particles() -> frozenset[str]:
    """Words that stand between a first name and a surname."""
    return frozenset(lists()["tussenvoegsels"])


@cache
def fixed_names() -> frozenset[str]:
    """Names, of one word or several, that are no persons: brands, phrases and places."""
    return names("brands") | names("places")


def is_first_name(plain: str) -> bool:
    """Whether a word, in small letters, is a first name, or several with hyphens."""
    parts = plain.split("-")
    return plain in names("first_names") or (len(parts) > 1 and all(part in names("first_names") for part in parts))


def is_surname(plain: str) -> bool:
    """Whether a word, in small letters, is a surname, or one with a hyphen."""
    parts = [part for part in plain.split("-") if part]
    return plain in names("surnames") or (
        len(parts) > 1 and any(part in names("surnames") for part in parts) and not is_word(parts[-1])
    )


def is_place_or_brand(plain: str) -> bool:
    """Whether somebody may be "van" it: a place or a company, and no surname."""
    return plain in fixed_names() and not is_surname(plain)


def is_surname_and_word(plain: str) -> bool:
    """Whether a common surname is an ordinary word too ("bakker")."""
    return plain in lists()["surnames_too"]


def is_place(plain: str) -> bool:
    """Whether it is the name of a place."""
    return plain in names("places")


@lru_cache(maxsize=50_000)
def is_word(plain: str) -> bool:
    """Whether a word, in small letters, is in the dictionary of Dutch or English, names or not."""
    from simplemma import is_known

    return is_common(plain) or is_known(plain, "en")


@lru_cache(maxsize=50_000)
def is_common(plain: str) -> bool:
    """Whether a word is an ordinary one of Dutch or English, a month, a place or a brand."""
    from simplemma import is_known

    if plain in names_not_words():
        return False
    if plain in lists()["months"] or is_place(plain) or is_function_word(plain):
        return True
    if plain in names("brands") and not is_first_name(plain):
        return True
    if is_known(plain, "nl"):
        return True
    return is_known(plain, "en") and not (is_first_name(plain) or is_surname(plain))


@cache
def names_not_words() -> frozenset[str]:
    """First names that the dictionary has, though they are no ordinary words ("bram")."""
    return frozenset(lists()["names_not_words"])


@cache
def _function_words() -> frozenset[str]:
    return stop_words("nl") | stop_words("en") | frozenset(lists()["short_words"])


def is_function_word(plain: str) -> bool:
    """Whether it is a word of grammar, or a salutation."""
    return plain in _function_words()


def noun_follows(text: str, at: int) -> bool:
    """Whether a word that is none of grammar comes next: "twee dagen", and not "twee, en" or "twee in"."""
    following = re.match(r"\s+([^\W\d_]+)", text[at:])
    word = following[1].casefold() if following else ""
    return word != "" and not is_function_word(word) and word not in lists()["behind_number"]


def is_listed(plain: str) -> bool:
    """Whether a word, in small letters, is a name and no ordinary word: for names of files."""
    return (is_first_name(plain) or is_surname(plain)) and not is_word(plain)
