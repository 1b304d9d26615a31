"""Where the sentences of a text are: rules for spoken Dutch and English and for the shorthand of survey answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cxtext.language import stop_words
from cxtext.resources import read_data
from cxtext.utterances import utterance_spans

_EMOJI_RANGES = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2300-\u23ff"
_EMOJI = f"(?:[{_EMOJI_RANGES}][\U0001f3fb-\U0001f3ff\ufe0f\u200d\u20e3]*)+"
_SMILEY = r"(?<!\S)[:;=]['-]?[)(DdPp/]+(?!\S)"
_CANDIDATE = re.compile(f"[.!?…:;={_EMOJI_RANGES}]")
_MARK = re.compile(rf"([.!?…]+)([\"'”’»)\]*_]*)|{_EMOJI}|{_SMILEY}")
_AFTER = re.compile(rf"\s*(?:{_EMOJI}|{_SMILEY}|([(\[*])([^()\[\]*\n.!?]{{1,40}})[)\]*][.!?…]*|''(?!\S)|(\")(?!\S))")
_OPENERS = re.compile(rf"(?:[\"'“‘„«(\[¿¡*_]|[-–—]\s+|'[stnkmr]\s|{_EMOJI}\s*)*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_EDGE = "\"'“‘„«([-–—*_¿¡’”"
_BULLET = re.compile(r"(?:[-*•–—·▪►●○➢✓✔]+(?!\d|[-*])|\d{1,2}[.)](?!\d)|[a-z]\)|\(?[a-z\d]\))\s*(?=\S)")
_LINE = re.compile(r"[^\n]+")
_ENGLISH_I = ("I", "I'", "I’")
_ADDRESS = ("@", "://", "www.")
_FURTHEST = 80
#: sentences of so few characters are never too long
_SHORT = 200
_FEWEST_LINES_OF_LIST = 3
_MOST_WORDS_OF_LIST = 4


@dataclass(frozen=True)
class Rules:
    """What the splitter knows of a language.

    Attributes
    ----------
    joining, closing, before_number, months : frozenset of str
        Abbreviations, see ``abbreviations.yaml``.
    abbreviations : frozenset of str
        All of them.
    openers : frozenset of str
        Words that are no names, so that a capital shows the begin of a sentence.
    particles, endings, inaudible : frozenset of str
        Parts of names, of addresses, and words for what could not be heard.
    """

    joining: frozenset[str]
    closing: frozenset[str]
    before_number: frozenset[str]
    months: frozenset[str]
    abbreviations: frozenset[str]
    openers: frozenset[str]
    particles: frozenset[str]
    endings: frozenset[str]
    inaudible: frozenset[str]


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Parameters
    ----------
    text : str
        What one speaker says in one go, or one answer.
    language : str
        ``"nl"`` or ``"en"``; for any other the rules of both hold.

    Returns
    -------
    list of tuple of int
        Start and end of each sentence, in order, without white space around it. Together they hold every character
        that is not white space.

    Examples
    --------
    >>> text = "Nou... ja, dat ging wel. snel geleverd"
    >>> [text[start:end] for start, end in sentence_spans(text, "nl")]
    ['Nou... ja, dat ging wel.', 'snel geleverd']
    """
    rules = _rules(language)
    spans: list[tuple[int, int]] = []
    wordless = False
    for start, end in _blocks(text):
        for first, last in _sentences(text, start, end, rules):
            has_word = text[first].isalnum() or any(map(str.isalnum, text[first:last]))
            if spans and (wordless or not has_word):
                spans[-1] = (spans[-1][0], last)
                wordless = wordless and not has_word
            else:
                spans.append((first, last))
                wordless = not has_word
    pieces: list[tuple[int, int]] = []
    for start, end in spans:
        if end - start <= _SHORT:
            pieces.append((start, end))
        else:
            pieces.extend(utterance_spans(text, start, end, language=language))
    return pieces


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches between which a line break divides: paragraphs, items of a list, finished lines."""
    paragraph: list[tuple[int, int]] = []
    previous = 0
    for match in _LINE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end or match.start() > previous + 1:
            yield from _join_lines(text, paragraph)
            paragraph = []
        if start < end:
            paragraph.append((start, end))
        previous = match.end()
    yield from _join_lines(text, paragraph)


def _join_lines(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Put the lines of a paragraph together where one goes on in the next."""
    if not lines:
        return
    is_list = len(lines) >= _FEWEST_LINES_OF_LIST and all(
        len(text[start:end].split()) <= _MOST_WORDS_OF_LIST for start, end in lines
    )
    block_start, block_end = lines[0]
    for start, end in lines[1:]:
        goes_on = text[start].islower() or text[block_end - 1] == ","
        if goes_on and not is_list and not _BULLET.match(text, start, end):
            block_end = end
        else:
            yield block_start, block_end
            block_start, block_end = start, end
    yield block_start, block_end


def _sentences(text: str, start: int, end: int, rules: Rules) -> Iterator[tuple[int, int]]:
    """Sentences of one block."""
    begin = start
    bullet = _BULLET.match(text, start, end)
    position = bullet.end() if bullet else start
    quotes = 0
    while candidate := _CANDIDATE.search(text, position, end):
        stop = candidate.start()
        if text.startswith(". ", stop) and _ends_in_plain_word(text, begin, stop, rules):
            position = stop + 1
        else:
            mark = _MARK.match(text, stop, end)
            position = mark.end() if mark else stop + 1
            if position >= end:
                break
            if mark is None or not _is_boundary(text, begin, end, mark, rules):
                continue
        if _in_brackets(text, begin, end, stop):
            continue
        quotes += text.count('"', begin, position)
        following = _skip_space(text, position, end)
        if not text[following].isalnum():
            in_quotes = quotes % 2 == 1
            stop = _with_what_belongs_to_it(text, position, end, in_quotes, rules)
            quotes += text.count('"', position, stop)
            position, following = stop, _skip_space(text, stop, end)
        yield begin, position
        begin = position = following
    if begin < end:
        yield begin, end


def _skip_space(text: str, position: int, end: int) -> int:
    """First place from `position` that is not white space."""
    while position < end and text[position].isspace():
        position += 1
    return position


def _ends_in_plain_word(text: str, begin: int, stop: int, rules: Rules) -> bool:
    """Whether a word stands before `stop` that is neither an initial nor an abbreviation: the most common case."""
    first = max(begin, stop - _FURTHEST)
    word = text[max(first, text.rfind(" ", first, stop) + 1) : stop]
    return len(word) > 1 and word.isalpha() and word.lower() not in rules.abbreviations


def _is_boundary(text: str, begin: int, end: int, match: re.Match[str], rules: Rules) -> bool:
    """Whether a sentence that began at `begin` ends with this mark."""
    mark, closers = match.group(1, 2)
    stop, after = match.start(), match.end()
    if mark is None:
        return stop > begin and text[after].isspace() and _next_word(text, after, end)[0].isupper()
    if not (text[after].isspace() or _AFTER.match(text, after, end)):
        return _is_glued_boundary(text, begin, end, match, rules)
    following = _next_word(text, after, end)
    if closers and (following[0].islower() or (text[stop - 1] in "([" and not _is_opener(following, rules))):
        return False
    if "!" in mark or "?" in mark:
        return not (mark.endswith("..") or "…" in mark) or not following[0].islower()
    if mark == ".":
        return _full_stop_ends(text, begin, stop, following, rules)
    return _ellipsis_ends(text, begin, stop, following, rules)


def _next_word(text: str, position: int, end: int) -> str:
    """First word after `position`, or the character that stands in its place."""
    opened = _OPENERS.match(text, _skip_space(text, position, end), end)
    position = opened.end() if opened else position
    word = _WORD.match(text, position, end)
    return word[0] if word else text[position : position + 1] or " "


def _full_stop_ends(text: str, begin: int, stop: int, following: str, rules: Rules) -> bool:
    """Whether a single full stop before white space ends the sentence."""
    first = max(begin, stop - _FURTHEST)
    before = text[first:stop]
    token = before.split()[-1].lstrip(_EDGE) if before and not before[-1].isspace() else ""
    word = token.lower()
    capital = following[0].isupper()
    if word.isdecimal():
        return not _is_item_number(text[first : stop - len(word)].rstrip(), int(word))
    if word in rules.joining:
        return token.isupper() and len(token) > 1 and capital and not following.isupper()
    if len(word) == 1 and word.isalpha():
        return _letter_ends(before[:-1].split(), token, following, rules)
    if word in rules.closing:
        return capital
    if word in rules.before_number:
        return not following[0].isdigit()
    if word in rules.months:
        after_number = before[: -len(token)].rstrip()[-1:].isdigit()
        return not following[0].isdigit() and (capital or not after_number)
    if "." in word and all(len(part) <= 1 and not part.isdigit() for part in word.split(".")):
        return _is_opener(following, rules) and following.lower() not in rules.particles
    return True


def _is_item_number(before: str, number: int) -> bool:
    """Whether a number counts the items of a list within a sentence ("twee dingen: 1. ... en 2. ...")."""
    return not before or (number == 1 and before[-1] in ":;(") or f"{number - 1}. " in before


def _letter_ends(before: list[str], letter: str, following: str, rules: Rules) -> bool:
    """Whether a sentence ends in a single letter ("vitamine C.", "dank u."), which may be an initial."""
    if letter in "uU" or (letter.islower() and before and before[-1].isdigit()):
        return True
    return _is_opener(following, rules) and following.lower() not in rules.particles


def _is_opener(word: str, rules: Rules) -> bool:
    """Whether a word is written with a capital although it is no name."""
    return word[0].isupper() and word.lower() in rules.openers


def _ellipsis_ends(text: str, begin: int, stop: int, following: str, rules: Rules) -> bool:
    """Whether the speaker stops at an ellipsis, or goes on."""
    if stop == begin or following[0].islower() or following[0].isdigit() or following[:2] in _ENGLISH_I:
        return False
    if not following[0].isupper() or _is_opener(following, rules):
        return True
    before = text[max(begin, stop - _FURTHEST) : stop].split()
    return not before or before[-1].lower() not in rules.openers


def _in_brackets(text: str, begin: int, end: int, stop: int) -> bool:
    """Whether the mark stands within brackets that were opened in the middle of the sentence."""
    opened = text.rfind("(", max(begin + 1, stop - _FURTHEST), stop)
    if opened < 0 or ")" in text[opened:stop]:
        return False
    closed = text.find(")", stop, min(end, stop + _FURTHEST))
    return closed >= 0 and "(" not in text[stop:closed]


def _is_glued_boundary(text: str, begin: int, end: int, match: re.Match[str], rules: Rules) -> bool:
    """Whether a mark without white space after it ends a sentence ("goed geholpen.Snel ook")."""
    mark, closers = match.group(1, 2)
    stop, after = match.start(), match.end()
    if stop == begin or not text[after].isalpha() or text[stop - 1].isdecimal():
        return False
    before = "".join(text[max(begin, stop - _FURTHEST) : stop].split()[-1:])
    rest = text[after : after + _FURTHEST].split(None, 1)[0]
    if any(part in before or part in rest for part in _ADDRESS) or "/" in rest:
        return False
    following = _next_word(text, after, end)
    if closers:
        return following[0].isupper()
    if "!" in mark or "?" in mark:
        return True
    if mark != ".":
        return _is_opener(following, rules)
    token = before.lstrip(_EDGE).lower()
    if len(token) < 2 or "." in token or token in rules.joining or token in rules.before_number:
        return False
    if following.lower() in rules.endings:
        return False
    if following[0].isupper():
        return not text[stop - 1].isupper() and not following[1:2].isupper()
    return following in rules.openers and rest.rstrip(",;") == following


def _with_what_belongs_to_it(text: str, position: int, end: int, in_quotes: bool, rules: Rules) -> int:
    """End of a sentence with the emoji, smileys, stage directions and loose closing quotes that follow it."""
    while match := _AFTER.match(text, position, end):
        bracket, content, quote = match.groups()
        if bracket:
            goes_on = _next_word(text, match.end(), end)[0].islower()
            if not content[0].islower() or len(content.split()) > _MOST_WORDS_OF_LIST:
                break
            if goes_on and content in rules.inaudible:
                break
        elif quote and not in_quotes:
            break
        elif quote:
            in_quotes = False
        position = match.end()
    return position


@cache
def _rules(language: str) -> Rules:
    """Rules of a language; of Dutch and English together where it is neither."""
    data = read_data("abbreviations.yaml")
    languages = (language,) if language in ("nl", "en") else ("nl", "en")

    def words(key: str) -> frozenset[str]:
        return frozenset(word for code in languages for word in data[code][key].split())

    kinds = {kind: words(kind) for kind in ("joining", "closing", "before_number", "months")}
    return Rules(
        **kinds,
        abbreviations=frozenset[str]().union(*kinds.values()),
        openers=frozenset[str]().union(*(stop_words(code) for code in languages)),
        particles=frozenset(data["name_particles"].split()),
        endings=frozenset(data["endings"].split()),
        inaudible=frozenset(data["inaudible"].split()),
    )
