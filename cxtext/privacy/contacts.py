"""E-mail addresses, also as they are spoken, and links and handles that show a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.lexicon import is_word
from cxtext.privacy.numerals import number_words
from cxtext.privacy.words import lists, names

_TLD = r"(?:nl|com|be|org|net|eu|de|fr|nu|info|io|me|uk|co\.uk|edu|tv|online|frl|amsterdam|email|cloud|dev|app)"
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}", re.I)
_URL = re.compile(rf"(?:https?://|www\.)[^\s<>\"'()]+|(?<![\w@.])(?:[\w-]+\.)+{_TLD}(?:/[^\s<>\"'()]*)?(?![\w@])", re.I)
_HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z_][\w.]{2,}")
_WORD = re.compile(r"[^\s,;:!?()\"]+")
_TRAILING = ".,;:!?)]}'\""
_MOST_WORDS = 12
_FEWEST_LETTERS, _FEWEST_NAME = 4, 3
_BLOG = re.compile(r"(?:vertelt|schrijft|blogt|kookt|tekent|reist|loopt|fietst|leest|fotografie|coaching|design|art)")
_PARTICLE = re.compile(r"(?:van(?:der|den|de)?|vd|de|den|der|ter|ten|el)\w{3,}")


def find_contacts(text: str) -> Iterator[Finding]:
    """E-mail addresses, links and handles.

    Parameters
    ----------
    text : str

    Yields
    ------
    Finding
        Links of organisations are none: only a link with a person's name in it, or to a page on a social medium.

    Examples
    --------
    >>> text = "mail jan punt vos apenstaartje gmail punt com"
    >>> [text[f.start : f.end] for f in find_contacts(text)]
    ['jan punt vos apenstaartje gmail punt com']
    """
    for match in _EMAIL.finditer(text):
        yield Finding(match.start(), match.start() + len(match.group().rstrip(_TRAILING)), "email", "email")
    yield from _spoken(text)
    for match in _URL.finditer(text):
        link = match.group().rstrip(_TRAILING)
        if _is_personal(link):
            yield Finding(match.start(), match.start() + len(link), "url", "link to a person")
    for match in _HANDLE.finditer(text):
        handle = match.group().rstrip("._")
        if not _is_brand(handle[1:]):
            yield Finding(match.start(), match.start() + len(handle), "url", "handle")


def _spoken(text: str) -> Iterator[Finding]:
    """``name at domain dot nl``, with what is joined to the name by "punt", "streepje" and numbers."""
    words = list(_WORD.finditer(text))
    said = [word.group().lower().rstrip(".") for word in words]
    rules = lists()["spoken_email"]
    for at, word in enumerate(said):
        if word not in rules["at"] or not 0 < at < len(said) - 2:
            continue
        dot = next((n for n in range(at + 2, min(at + 6, len(said))) if said[n] in rules["dot"]), None)
        if dot is None or dot + 1 >= len(said) or not re.fullmatch(_TLD, said[dot + 1], re.I):
            continue
        first = at - 1
        while first > 0 and at - first < _MOST_WORDS:
            if said[first - 1] in rules["joins"] and first > 1:
                first -= 2
            elif said[first] in number_words() or said[first].isdecimal():
                first -= 1
            else:
                break
        yield Finding(words[first].start(), words[dot + 1].start() + len(said[dot + 1]), "email", "email: spoken")


def _is_personal(link: str) -> bool:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", link.lower())
    domain, _, path = bare.partition("/")
    if path.strip("/") and any(domain == site or domain.endswith(f".{site}") for site in lists()["social"]):
        return True
    label = domain.rpartition(".")[0].rpartition(".")[2] or domain.partition(".")[0]
    if not path and _is_brand(label):
        return False
    if re.search(r"/~|/(?:profiel|profile|user|users|u|member|actie|fundraiser|author|auteur)/\S", bare):
        return True
    parts = [part for part in re.split(r"[/._?=&~-]+", f"{label}/{path}") if part]
    return "familie" in parts or any(map(_is_full_name, parts)) or any(map(_are_names, parts, parts[1:]))


def _are_names(one: str, other: str) -> bool:
    """Whether two words side by side are a first name and a surname, or a surname and an initial."""
    last = names("surnames")
    first = one in names("first_names") and one not in lists()["words_too"]
    return (first and (other in last or not is_word(other))) or (one in last and (len(other) == 1 or not is_word(one)))


def _is_full_name(word: str) -> bool:
    """Whether a word is a first name and a surname written together."""
    if _is_brand(word) or is_word(word) or not word.isalpha():
        return False
    for cut in range(_FEWEST_LETTERS, len(word) - _FEWEST_LETTERS + 1):
        first, rest = word[:cut], word[cut:]
        if (
            first in names("first_names")
            and not is_word(first)
            and (rest in names("surnames") or _PARTICLE.match(rest))
        ):
            return True
    blog = _BLOG.search(word, _FEWEST_NAME)
    if blog and word[: blog.start()] in names("first_names") | names("surnames"):
        return True
    return word.startswith("familie") and word[len("familie") :] in names("surnames")


def _is_brand(word: str) -> bool:
    plain = re.sub(r"[^a-z]", "", word.lower())
    stems = {
        plain,
        re.sub(r"(?:nl|nederland|be|belgie|online|help|helpt|webcare|service|klantenservice|support)+$", "", plain),
    }
    return bool(stems & _brand_words())


@cache
def _brand_words() -> frozenset[str]:
    return frozenset(re.sub(r"[^a-z]", "", name) for name in names("brands"))
