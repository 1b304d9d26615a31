"""Ages of persons, and the classes that stand for them; durations are no ages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from cxtext.privacy.findings import Finding
from cxtext.privacy.numerals import number_words
from cxtext.privacy.words import lists

#: first ages of the classes
_BOUNDS = (0, 18, 30, 40, 50, 60, 70, 80)
_OLDEST = 120
_NO_AGES = {"een", "o", "oh", "nul", "nulletje", "zero", "one"}
_YEARS = r"(?:jaar|jr\b\.?|years?\b)"
_UNIT = re.compile(rf"[\s-]?(?:years?[\s-]olds?\b|y/?o\b|jarigen?\b|{_YEARS})|(?:e|ste|de)\b", re.I)
_ADVERBS = (
    r"(?:\s+(?:nu|inmiddels|al|zelf|ook|pas|net|bijna|ruim|ongeveer|ondertussen|intussen|dus|toen|gewoon|nog|maar|"
    r"volgend jaar|dit jaar|vorig jaar|morgen|gisteren|now|already|almost|about|just|only|nearly))*"
)
#: behind an age: the end of a part of a sentence, never a thing that is counted
_END = (
    r"(?=\s*(?:$|\n|[.,;:!?](?!\d)|[)\]…\"”'’–]|-(?!\d))"
    r"|\s+(?:en|maar|dus|oude?|jonge?|geworden|toen|nu|hoor|hè|inmiddels|dan|want|van\sleeftijd|die|was|werd|ben|ik|woont|wonen|heeft|hebben|ook|too|"
    r"and|but|so|old|now|when|then|because|"
    rf"(?:of|or)\s+\d{{1,3}}(?=\s*(?:$|[.,;!?]|{_YEARS})))\b)"
)
_ASKED = re.compile(r"(?:\bhoe oud\b|\bleeftijd\b|\bhow old\b|\byour age\b)[^?\n]*\?\s*$", re.I)
_THING = r"\b(?:de|het|een|deze|die|dit|dat|mijn|m['’]n|onze?|zijn|haar|hun|uw|jouw|jullie|the|an?|my|our|this|your)\s+"
_PARENT = re.compile(r"(?:vader|moeder|mama|papa|ma|pa|ouders|oma|opa|mother|father|mum|mom|dad|grand\w+er)\b", re.I)
_CELL = re.compile(rf"(\d{{1,3}})(?:[.,]0+)?\s*{_YEARS}?(?:\s*(?:oud|old))?", re.I)


def age_class(age: int) -> str:
    """Class of an age: ten years, but under 18 and from 80 one class each.

    Examples
    --------
    >>> age_class(12), age_class(18), age_class(47), age_class(93)
    ('0-17', '18-29', '40-49', '80+')
    """
    for first, following in pairwise(_BOUNDS):
        if age < following:
            return f"{first}-{following - 1}"
    return f"{_BOUNDS[-1]}+"


def age_of(said: str) -> int | None:
    """Number that an age begins with; None where it is none.

    Examples
    --------
    >>> age_of("zevenenveertig jaar"), age_of("47-year-old"), age_of("onbekend")
    (47, 47, None)
    """
    match = re.match(_number(), said.strip(), re.I)
    if not match:
        return None
    age = int(match.group()) if match.group().isdecimal() else number_words()[match.group().casefold()]
    return age if age <= _OLDEST else None


def class_of_cell(cell: str) -> str | None:
    """Class of what stands in a column of ages; None where it is no age in years.

    Examples
    --------
    >>> class_of_cell("47"), class_of_cell("47 jaar"), class_of_cell("35 t/m 44")
    ('40-49', '40-49', None)
    """
    match = _CELL.fullmatch(cell.strip())
    return age_class(int(match[1])) if match and int(match[1]) <= _OLDEST else None


def find_ages(text: str, people: Iterable[Finding] = (), *, asked: str = "") -> Iterator[Finding]:
    """Ages that are said of a person.

    Parameters
    ----------
    text : str
    people : iterable of Finding
        Names in the text.
    asked : str
        What was said right before it: behind "Hoe oud bent u?" a number is an age.

    Yields
    ------
    Finding
        They may overlap.

    Examples
    --------
    >>> text = "Ik ben 47, mijn dochter van 12 ook, en ik ben al 12 jaar klant."
    >>> [text[f.start : f.end] for f in find_ages(text)]
    ['47', '12']
    """
    for rule, pattern in _patterns().items():
        for match in pattern.finditer(text):
            sure = not (rule == "be" and match["subject"] and match["subject"].casefold() in {"hij", "die", "ie"})
            duration = rule == "be" and re.search(r"\bal\b", match.group(), re.I) and _years_not_old(text, match)
            children = (
                rule == "of a person" and _PARENT.match(match.group()) and (age_of(match["age"]) or 0) < _BOUNDS[1]
            )
            if not duration and not children and not (rule in {"old", "year-old"} and _is_of_thing(text, match)):
                yield from _age(text, match.start("age"), f"age: {rule}", sure=sure)
    beside = re.compile(rf"\s*(?:\(|,\s)(?P<age>{_number()})(?:\s*{_YEARS})?\s*[),]", re.I)
    for person in people:
        if behind := beside.match(text, person.end):
            yield from _age(text, behind.start("age"), "age: behind a name", sure=True)
    for question in [0] if _ASKED.search(asked) else [m.end() for m in re.finditer(r"\?\s", text)]:
        if (question == 0 or _ASKED.search(text[:question])) and (answer := _answer().match(text, question)):
            yield from _age(text, answer.start("age"), "age: asked", sure=True)


def _age(text: str, start: int, rule: str, *, sure: bool) -> Iterator[Finding]:
    """An age with its unit, and those that are listed behind it ("van 7, 9 en 12")."""
    more = re.compile(rf"\s*(?:,|\ben\b|\bof\b|\band\b)\s*(?P<age>{_number()})(?:\s{_YEARS})?{_END}", re.I)
    at: int | None = start
    while at is not None and age_of(text[at:]) is not None:
        end = re.compile(_number(), re.I).match(text, at).end()  # type: ignore[union-attr]
        unit = _UNIT.match(text, end)
        end = unit.end() if unit else end
        yield Finding(at, end, "age", rule, sure=sure)
        following = more.match(text, end)
        at = following.start("age") if following else None


def _years_not_old(text: str, match: re.Match[str]) -> bool:
    return bool(re.match(rf"\s*{_YEARS}(?!\s+(?:oud|jong|old))", text[match.end("age") :], re.I))


def _is_of_thing(text: str, match: re.Match[str]) -> bool:
    """Whether a thing is so old: "de ketel is 12 jaar oud", "een 12 jaar oude ketel"."""
    behind = re.match(r"[\s-]*\w+[\s-]+(?:oude|jonge)\s+(\w+)", text[match.end("age") :])
    if behind and behind[1].casefold() not in lists()["people"]:
        return True
    before = re.search(
        rf"{_THING}(?:\w+\s+)?(\w+),?\s+(?:(?:die|dat)\s+)?(?:is|was|zijn|waren|van|of|wordt|are|were){_ADVERBS}\s*$",
        text[: match.start("age")],
        re.I,
    )
    return before is not None and before[1].casefold() not in lists()["people"]


@cache
def _number() -> str:
    words = sorted(set(number_words()) - _NO_AGES, key=len, reverse=True)
    return rf"(?<![\w.,/-])(?:\d{{1,3}}(?![\d%€])|(?:{'|'.join(words)})(?!\w))"


@cache
def _answer() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:[^\W\d]+[,.:]?\s+){{0,4}}?(?P<age>{_number()})(?:\s{_YEARS})?{_END}", re.I)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    people, number = "|".join(lists()["people"]), _number()
    age, be = rf"(?P<age>{number})", r"(?:ben|bent|is|was|word|wordt|werd|zijn|waren|am|are|were|turned|turns|turn)"
    subject = rf"(?P<subject>ik|jij|je|u|hij|zij|ze|ie|die|i|he|she|{people})"
    own = r"(?:mijn|m['’]n|mn|zijn|z['’]n|haar|d['’]r|hun|je|jouw|uw)"
    patterns = {
        "be": (
            rf"\b(?:{subject}(?:\s+(?!{be}\b)\w+)?\s+{be}|(?:ben|was|word|werd|bent)\s+(?:ik|je|u)|(?:i|he|she)['’](?:m|s))"
            rf"{_ADVERBS}\s+{age}(?:\s{_YEARS})?{_END}"
        ),
        "when": (
            rf"\b(?:toen|als|sinds|tot|vanaf|when|since|until)\s+(?:ik|hij|zij|ze|i|he|she|{own}\s\w+)\s+{age}"
            rf"(?:\s{_YEARS})?\s+(?:was|werd|ben|is|wordt|word)\b"
        ),
        "old": rf"{age}\s*{_YEARS}\s+(?:oude?|jonge?|old|of age)\b",
        "year-old": rf"{age}[\s-]?(?:years?-olds?|y/?o)\b",
        "jarig": (
            rf"{age}[\s-]?jarigen?\b"
            rf"(?=\s*(?:$|[.,;:!?)]|(?:{people}|die|met|uit|van|is|was|heeft|zegt|woont)\b))"
        ),
        "of a person": (
            rf"\b(?:{people})(?:\s+\w+)?\s+(?:van|of)(?:\s+(?:bijna|net|ruim))?\s+{age}(?:\s{_YEARS})?{_END}"
        ),
        "beside a person": rf"\b(?:{people})\s*(?:\(|,\s*){age}(?:\s{_YEARS})?(?=\s*(?:[),.;]|$))",
        "before a person": rf"{age}\s{_YEARS},\s*(?:{people})\b",
        "named": rf"\b(?:leeftijd|age|aged)(?:\s+(?:is|was|van|of|:|=)|[:=])*\s*{age}(?:\s{_YEARS})?{_END}",
        "birthday": (
            rf"\bop\s+{own}\s+(?P<age>\d{{1,3}})(?:e|ste|de)(?:\s+verjaardag\b)?"
            rf"(?:{_END}|(?=\s+(?:met|nog|naar|ging|gestopt|begonnen)\b))"
        ),
    }
    return {rule: re.compile(pattern, re.I) for rule, pattern in patterns.items()}
