"""Where speech without punctuation, as recognisers write it, is cut into utterances."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from cxtext.resources import read_data

#: words beyond which a stretch is cut that has no end punctuation, that has it but hardly a comma, and any sentence
MOST_UNPUNCTUATED = 45
MOST_WITHOUT_COMMAS = 60
MOST_WORDS = 120

_WORD = re.compile(r"\S+")
_FINISHED = re.compile(r"[.!?…][\"'”’»)\]]*$")

#: how good a place is to cut
_COMMA, _LINKING, _OPENING = 1.0, 1.5, 3.0

#: words of a piece: at least, as a rule, at most
_UTTERANCE = (8, 12, 30)
_PART_OF_SENTENCE = (20, 60, 110)


def utterance_spans(text: str, start: int, end: int, *, language: str) -> list[tuple[int, int]]:
    """Cut a sentence that is too long to be one, before words that open an utterance.

    Parameters
    ----------
    text : str
    start, end : int
        A sentence in it, without white space around it.
    language : str
        ``"nl"`` or ``"en"``; for any other the words of both open an utterance.

    Returns
    -------
    list of tuple of int
        The sentence itself where it has at most 45 words, or at most 120 and punctuation; else pieces of about 8 to
        30 words, and of at most 120 words in any case. Never cut within a word.
    """
    if end - start <= 2 * MOST_UNPUNCTUATED or len(text[start:end].split()) <= MOST_UNPUNCTUATED:
        return [(start, end)]
    spans = [match.span() for match in _WORD.finditer(text, start, end)]
    words = text[start:end].split()
    finished = _FINISHED.search(text[max(start, end - 10) : end])
    commas = text.count(",", start, end) + text.count(";", start, end)
    if not finished or (len(words) > MOST_WITHOUT_COMMAS and commas * MOST_WITHOUT_COMMAS < len(words)):
        sizes = _UTTERANCE
    elif len(words) > MOST_WORDS:
        sizes = _PART_OF_SENTENCE
    else:
        return [(start, end)]
    cuts = _cuts(_places(words, language), len(words), sizes)
    return [(spans[first][0], spans[last - 1][1]) for first, last in pairwise([0, *cuts, len(words)])]


def _places(words: list[str], language: str) -> dict[int, float]:
    """Numbers of the words before which one may cut, with how good that place is."""
    cues, lengths = _cues(language)
    bare = [word.lower().rstrip(",") for word in words]
    places: dict[int, float] = {}
    taken = -1
    for index, word in enumerate(bare):
        if word not in lengths:
            continue
        for length in lengths[word]:
            weight = cues.get(" ".join(bare[index : index + length]))
            if weight is not None:
                if index > taken:
                    places[index] = weight
                taken = index + length
                break
    for index, word in enumerate(words[:-1], start=1):
        if word[-1] in ",;:-–—":
            places[index] = places.get(index, 0.0) + _COMMA
    return places


def _cuts(places: dict[int, float], count: int, sizes: tuple[int, int, int]) -> Iterator[int]:
    """Choose where to cut `count` words, from left to right."""
    least, usual, most = sizes
    begin = 0
    while count - begin > most:
        room = range(begin + least, min(begin + most, count - least) + 1)
        found = [place for place in room if place in places]
        if not found:
            room = range(begin + most, min(begin + MOST_WORDS, count - least) + 1)
            found = [place for place in room if place in places][:1]
        if found:
            begin = max(found, key=lambda place: places[place] - abs(place - begin - usual) / usual)
        elif count - begin > MOST_WORDS:
            begin += MOST_WORDS
        else:
            return
        yield begin


@cache
def _cues(language: str) -> tuple[dict[str, float], dict[str, list[int]]]:
    """How good a place the cues of a language mark, and how many words the cues have that begin with a word."""
    data = read_data("utterances.yaml")
    codes = (language,) if language in data else tuple(data)
    cues: dict[str, float] = {}
    for kind, weight in (("linking", _LINKING), ("opening", _OPENING)):
        cues.update({cue: weight for code in codes for cue in data[code][kind]})
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for cue in cues:
        words = cue.split()
        lengths[words[0]].add(len(words))
    return cues, {word: sorted(found, reverse=True) for word, found in lengths.items()}
