"""Names of persons: from lists, from the words around them, and in small letters too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cxtext.language import stop_words
from cxtext.privacy.findings import Finding
from cxtext.privacy.initials import find_with_initials
from cxtext.privacy.lexicon import (
    fixed_names,
    is_common,
    is_first_name,
    is_function_word,
    is_place,
    is_place_or_brand,
    is_surname,
    is_surname_and_word,
    is_word,
    names_not_words,
    particles,
)
from cxtext.privacy.numerals import number_words
from cxtext.privacy.words import lists, names, pattern

_TOKEN = re.compile(r"(?<!\w)[^\W\d_]+(?:['’-][^\W\d_]+)*-?(?!\w)")
_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-ZÀ-Ý](?:\.\s?|(?=\s[a-z'’]))|(?:Ch|Chr|Th|Joh|Ph|IJ|Jac|Corn|Wilh)\.\s?){1,5}\s?$"
)
_SMALL_INITIAL = re.compile(r"(?<![\w.])(?:[a-z]\.\s?){1,3}$")
_SENTENCE_START = re.compile(r"(?:^['\"“„(]*|[.!?…:;]['\"”’)]*\s+|\n|^\s*[-–•*]\s+)$")
_SPELLED_NAME = re.compile(r"(?<![\w-])[A-Z](?:-[A-Z]){2,}(?![\w-])")
#: what stands before a thing and not before a person who is named
_DETERMINER = re.compile(
    r"\b(?:de|het|een|'t|’t|mijn|m'n|mn|deze|dit|uw|jullie|jouw|je|the|a|an|my|your|our)\s+$",
    re.I,
)
_LETTER = re.compile(r"\s[A-Z]\.(?!\w)")
_BY_DIGIT = re.compile(r"\d\.?\s+\||\|\.?\s*\d")
_BETWEEN = re.compile(r"\s{1,2}(?:(?:v/d|v\.d\.)\s)?['’]?")
_MOST_PARTICLES = 3
_AROUND = 80
_FEWEST_LETTERS = 2
_MOST_LETTERS_OF_INITIALS = 3
_FEWEST_OF_UNKNOWN = 5


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int
    capital: bool
    opens: bool

    @cached_property
    def plain(self) -> str:
        return self.text.casefold().rstrip("-")


def find_names(text: str, known: Iterable[str] = ()) -> list[Finding]:
    """Names of persons.

    Parameters
    ----------
    text : str
    known : iterable of str
        Names of people in this project, whole or in part; they count wherever they stand.

    Returns
    -------
    list of Finding

    Examples
    --------
    >>> text = "Met sanne de vries, ik sprak mevrouw Yildirim van Ziggo."
    >>> [text[f.start : f.end] for f in find_names(text)]
    ['sanne de vries', 'Yildirim']
    """
    words = [
        _Word(m.group(), m.start(), m.end(), _is_capital(m.group()), bool(_SENTENCE_START.search(text[: m.start()])))
        for m in _TOKEN.finditer(text)
    ]
    barred, english = _barred(text, words), _is_english(words)
    known_words = {part for name in known for part in name_words(name)}
    found: list[Finding] = []
    done = -1
    for at, word in enumerate(words):
        if word.start < done or (len(word.text) < _FEWEST_LETTERS and word.plain not in particles()):
            continue
        titled = pattern("title").search(text[max(0, word.start - _AROUND) : word.start])
        if word.start in barred and not titled:
            continue
        related = is_first_name(word.plain) and pattern("relation").search(text[: word.start])
        if english and not word.capital and is_word(word.plain) and not related:
            continue
        if rule := _rule(text, words, at, known_words):
            start, end = _whole(text, words, at, set() if titled else barred)
            found.append(Finding(start, end, "name", rule.removesuffix("?"), sure=not rule.endswith("?")))
            done = end
    found += [finding for finding in find_with_initials(text) if finding.start not in barred]
    found += _again(words, text, found)
    found += [Finding(*m.span(), "name", "name: spelled") for m in _SPELLED_NAME.finditer(text) if found]
    return found


def _again(words: Sequence[_Word], text: str, found: Sequence[Finding]) -> list[Finding]:
    """Parts of names that were found, by themselves elsewhere in the text."""
    parts = {part for f in found for part in name_words(text[f.start : f.end]) if not is_function_word(part)}
    return [
        Finding(word.start, word.end, "name", "name: part of another")
        for word in words
        if word.plain in parts
        and (not is_common(word.plain) or (word.capital and not word.opens and is_surname(word.plain)))
        and not any(f.start < word.end and word.start < f.end for f in found)
    ]


def _is_english(words: Sequence[_Word]) -> bool:
    """Whether English function words outnumber the Dutch ones."""
    dutch, english = stop_words("nl"), stop_words("en")
    plain = [word.plain for word in words]
    return sum(w in english and w not in dutch for w in plain) > sum(w in dutch and w not in english for w in plain)


def _is_capital(word: str) -> bool:
    """Whether a word begins with a capital, and is not shouted."""
    return word[0].isupper() and not (word.isupper() and len(word) > _MOST_LETTERS_OF_INITIALS)


def name_words(name: str) -> set[str]:
    """Words of a name by which a person can be known: no particles, and of ordinary words only those in capitals.

    Examples
    --------
    >>> sorted(name_words("Sanne van der Berg"))
    ['berg', 'sanne']
    """
    words = re.findall(r"[^\W\d_]{2,}", name)
    return {w.casefold() for w in words if w.casefold() not in particles() and not (w.islower() and is_common(w))}


def _rule(text: str, words: Sequence[_Word], at: int, known: set[str]) -> str:
    """Why a name begins at a word; empty where none does, with ``?`` behind it where it is not sure."""
    word = words[at]
    before, after = text[max(0, word.start - _AROUND) : word.start], text[word.end : word.end + _AROUND]
    plain, first, last = word.plain, is_first_name(word.plain), is_surname(word.plain)
    common = is_common(plain)
    if plain in known and (word.capital or not common):
        return "name: known in this project"
    if plain in particles():
        return _particle_rule(text, words, at)
    titled = pattern("title").search(before)
    if is_function_word(plain) and not (titled and word.capital and first):
        return ""
    small = (first and plain in names_not_words()) or not is_word(plain) or (last and is_surname_and_word(plain))
    if titled and (word.capital or small):
        return "name: behind a title"
    if word.capital and _INITIALS.search(before) and (is_surname(plain) or not is_place(plain)):
        return "name: behind initials"
    followed = _surname_follows(text, words, at, need_capital=word.capital)
    if word.capital:
        thing = (_DETERMINER.search(before) and not followed) or pattern("thing_before").search(before)
        month = plain in lists()["months"] and not (
            plain in names_not_words() and not _is_dated(before, after, words, at)
        )
        if month or plain in lists()["weekdays"]:
            return "name: first name" if followed and first and _introduced(before) else ""
        product = plain in lists()["products"] and not followed
        if first and (not common or followed) and not thing and not product:
            return "name: first name"
        if first and not word.opens and not thing and not product and not is_place(plain):
            return "name: first name that is a word too"
        ambiguous = product or is_place(plain) or plain in lists()["words_too"]
        if first and word.opens and _does(words, at) and not ambiguous:
            return "name: first name that opens a sentence"
        if pattern("strong_intro").search(before) and not (common and word.opens):
            return "name: introduced"
        if pattern("relation").search(before) and not is_place(plain):
            return "name: of a relation"
        if pattern("job").search(before) and not is_place(plain):
            return "name: behind a profession"
        behind = pattern("after").search(after)
        if not is_word(plain) and not product and pattern("speaker_behind").search(after):
            return "name: introduced"
        if pattern("label").search(before) and not is_place_or_brand(plain) and not common:
            return "name: behind a label"
        if (first or last) and not product and (behind or (first and _introduced(before) and not common)):
            return "name: introduced"
        if last and not word.opens and (not is_word(plain) or (is_surname_and_word(plain) and not thing)):
            return "name: surname?"
        if _two_unknown(text, words, at):
            return "name: two unknown words in capitals?"
        unheard = not is_word(plain) and len(plain) >= _FEWEST_OF_UNKNOWN and not word.opens and not thing
        if unheard and pattern("person_behind").search(after):
            return "name: unknown word, and what a person does?"
        return ""
    if _DETERMINER.search(before) or (plain in lists()["months"] and _is_dated(before, after, words, at)):
        return ""
    if not is_word(plain) and pattern("on_the_line").search(after):
        return "name: on the line"
    if common and not (first and followed):
        named = pattern("relation").search(before) or pattern("after").search(after)
        if first and named and plain not in lists()["words_too"]:
            return "name: of a relation, in small letters"
        if last and pattern("surname_behind").search(after):
            return "name: introduced, a word too?"
        strong = pattern("strong_intro").search(before)
        return "name: introduced, a word too?" if strong and (first or last) else ""
    if first and not common and plain not in lists()["words_too"]:
        return "name: first name in small letters"
    rare = followed and is_surname(words[at + 1].plain) and not is_word(words[at + 1].plain)
    if first and followed and (_introduced(before) or rare):
        return "name: first name in small letters"
    if pattern("strong_intro").search(before) and len(plain) > _FEWEST_LETTERS and not is_word(plain):
        return "name: introduced, in small letters"
    behind = pattern("surname_behind").search(after)
    related = pattern("relation").search(before) or pattern("after").search(after)
    if (last and (related or behind)) or (behind and not is_word(plain)):
        return "name: surname in small letters"
    return ""


def _particle_rule(text: str, words: Sequence[_Word], at: int) -> str:
    """A surname with its particles in front: "dhr de groot", "De Boer nog een keer"."""
    word, before = words[at], text[max(0, words[at].start - _AROUND) : words[at].start]
    nxt = _behind_particles(words, at)
    if nxt == len(words) or not _adjoin(text, words, at, nxt):
        return ""
    head = words[nxt]
    if is_first_name(head.plain) and not is_surname(head.plain):
        return ""
    named = is_surname(head.plain) or (head.capital and not is_common(head.plain))
    noble = any(words[n].plain in ("der", "den", "ter", "ten", "vd") for n in range(at, nxt))
    led = nxt > at + 1 or (word.capital and head.capital)
    if (
        pattern("after").search(text[head.end :])
        and is_surname(head.plain)
        and led
        and word.text.lower() in lists()["particles"]
    ):
        return "name: introduced"
    place = is_place(head.plain) or is_place(text[word.start : head.end].casefold())
    if word.capital and head.capital and not word.opens and not place and not is_word(head.plain):
        return "name: surname with its particle"
    titled = pattern("title").search(before) and word.plain in lists()["particles"]
    if titled and (named or head.capital or not is_word(head.plain)):
        return "name: behind a title"
    initials = _INITIALS.search(before) or (not word.capital and _SMALL_INITIAL.search(before))
    if initials and (named or head.capital):
        return "name: behind initials"
    strong = pattern("strong_intro").search(before) or (word.capital and pattern("opens_with").search(before))
    called = is_surname(head.plain) and (head.capital or noble) and pattern("surname_behind").search(text[head.end :])
    if (strong and named) or called:
        return "name: introduced"
    if noble and nxt > at + 1 and is_surname(head.plain) and word.plain in ("van", "v", "von") and not place:
        return "name: surname with its particles?"
    known = word.plain in lists()["particles"]
    of_company = word.text == "van" and nxt == at + 1  # "de monteur van Feenstra"
    if (
        head.capital
        and not place
        and known
        and not of_company
        and (pattern("job").search(before) or pattern("relation").search(before))
    ):
        return "name: behind a profession"
    dated = head.plain in lists()["months"] or head.plain in lists()["weekdays"]
    thing = place or dated or head.plain in names("brands") or of_company
    if head.capital and is_surname(head.plain) and (word.opens or not word.capital) and not thing:
        follows = text[head.end :].lstrip()[:1]
        plain_case = word.text in lists()["particles"] and not is_word(head.plain)
        return "name: surname with its particle?" if plain_case or (word.opens and follows in ",:") else ""
    return ""


def _whole(text: str, words: Sequence[_Word], at: int, barred: set[int]) -> tuple[int, int]:
    """Take the initials before a name, and the surname behind it, with it."""
    start, last = words[at].start, at
    if initials := (_INITIALS.search(text[:start]) or _SMALL_INITIAL.search(text[:start])):
        start = initials.start()
    capital = words[at].capital or (words[at].plain in particles())
    while last + 1 < len(words):
        nxt = _behind_particles(words, last + 1)
        if nxt == len(words) or words[nxt].start in barred or not _adjoin(text, words, last, nxt):
            break
        head = words[nxt]
        hyphened = words[last].text.endswith("-")
        led = nxt > last + 1 or "." in text[words[last].end : head.start] or words[last].plain in particles()
        introduced = not capital and _introduced(text[:start])
        noble = any(words[n].plain in ("der", "den", "ter", "ten") for n in range(last + 1, nxt))
        if nxt == last + 2 and words[last + 1].plain in ("van", "uit", "in") and is_place_or_brand(head.plain):
            break
        if not (hyphened or noble or _belongs(head, capital=capital, led=led or introduced)):
            break
        last = nxt
    if letter := _LETTER.match(text, words[last].end):
        return start, letter.end()
    return start, words[last].end - words[last].text.endswith("-")


def _behind_particles(words: Sequence[_Word], at: int) -> int:
    """Number of the first word from one on that is no particle; a name has three of these at most."""
    end = min(len(words), at + _MOST_PARTICLES)
    return next((nxt for nxt in range(at, end) if words[nxt].plain not in particles()), end)


def _surname_follows(text: str, words: Sequence[_Word], at: int, *, need_capital: bool) -> bool:
    nxt = _behind_particles(words, at + 1)
    if nxt == len(words) or not _adjoin(text, words, at, nxt):
        return False
    return _belongs(words[nxt], capital=need_capital, led=nxt > at + 1)


def _belongs(word: _Word, *, capital: bool, led: bool) -> bool:
    """Whether a word behind a first name (or behind its particles) is the surname."""
    if word.capital:
        return capital and (led or not is_function_word(word.plain))
    if capital and not led:
        return False
    if not capital and not led and not is_word(word.plain) and len(word.plain) >= _FEWEST_OF_UNKNOWN:
        return True
    return is_surname(word.plain) and (led or not is_word(word.plain) or is_surname_and_word(word.plain))


def _does(words: Sequence[_Word], at: int) -> bool:
    """Whether the next word says what a person does or has, or another name follows behind "en"."""
    nxt = words[at + 1].plain if at + 1 < len(words) else ""
    if nxt in ("en", "and"):
        return at + 2 < len(words) and words[at + 2].capital
    return nxt in lists()["doing"]


def _is_dated(before: str, after: str, words: Sequence[_Word], at: int) -> bool:
    """Whether a number stands beside a month, in digits or in words."""
    beside = {word.plain for word in words[max(0, at - 1) : at + 2]}
    return bool(_BY_DIGIT.search(f"{before}|{after}") or beside & number_words().keys())


def _two_unknown(text: str, words: Sequence[_Word], at: int) -> bool:
    """Whether a word in capitals and the next are in no dictionary, or the next a surname: perhaps a whole name."""
    nxt = _behind_particles(words, at + 1)
    if nxt >= len(words) or not _adjoin(text, words, at, nxt):
        return False
    word, head = words[at], words[nxt]
    if any(
        not w.capital or w.text.isupper() or len(w.plain) <= _FEWEST_LETTERS or is_place(w.plain) for w in (word, head)
    ):
        return False
    surname = is_surname(head.plain) and (not is_word(head.plain) or is_surname_and_word(head.plain))
    unknown = not word.opens and nxt == at + 1 and not is_word(head.plain)
    return not is_word(word.plain) and (surname or unknown)


def _adjoin(text: str, words: Sequence[_Word], first: int, last: int) -> bool:
    """Whether nothing but spaces stands between words."""
    return all(
        _BETWEEN.fullmatch(text[words[n].end : words[n + 1].start]) or words[n].text.endswith("-")
        for n in range(first, last)
    )


def _introduced(before: str) -> bool:
    return bool(pattern("intro").search(before) or pattern("relation").search(before))


def _barred(text: str, words: Sequence[_Word]) -> set[int]:
    """Starts of words that are part of a brand, a fixed phrase, or the name of a street or an institution."""
    barred: set[int] = set()
    fixed, longest = fixed_names(), 4
    for at in range(len(words)):
        for count in range(min(longest, len(words) - at), 0, -1):
            phrase = text[words[at].start : words[at + count - 1].end]
            plain = " ".join(phrase.casefold().split())
            person = (
                is_first_name(plain) or is_surname(plain) or not words[at].capital
                if count == 1
                else _follows_first_name(text, words, at)
            )
            if plain in fixed and not person:
                barred.update(word.start for word in words[at : at + count])
                break
        plain = words[at].plain
        if words[at].capital and plain.endswith(tuple(lists()["institutions"])) and not is_surname(plain):
            back = at
            while words[back].capital or words[back].plain in particles():
                barred.add(words[back].start)
                if back == 0 or not _adjoin(text, words, back - 1, back):
                    break
                back -= 1
    return barred


def _follows_first_name(text: str, words: Sequence[_Word], at: int) -> bool:
    back = at - 1
    while back > 0 and words[back].plain in particles():
        back -= 1
    return back >= 0 and is_first_name(words[back].plain) and _adjoin(text, words, back, at)
