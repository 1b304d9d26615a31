"""Dates of birth; other dates stay, because the journey needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.lexicon import noun_follows
from cxtext.privacy.numbers import near
from cxtext.privacy.numerals import CENTURY, RANK, TWO_DIGITS, UNDER_100, number_words
from cxtext.privacy.words import lists, pattern

_ZERO = r"(?:(?:nul|oh|zero)\s)?"
DAY = rf"(?:\d{{1,2}}(?:e|ste|de|st|nd|rd|th)?|{RANK}|{UNDER_100})"
_YEAR_NUMBER = r"(?:(?:19|20)\d{2}|['’]\d{2})(?![\d.,:]\d|\d)"
_YEAR_WORDS = rf"(?:{CENTURY}(?:{UNDER_100})?|{TWO_DIGITS})"
YEAR = rf"(?:{_YEAR_NUMBER}|{_YEAR_WORDS})"
_NO_AMOUNT = r"(?!\s?(?:%|euro|€|uur|keer|jaar|minuten|dagen|weken|weeks|days|hours|years)|[:.,]?\d)"
_OF = r"(?:\s+(?:of(?:\sthe)?|van(?:\sde)?))?"
_ISO = r"(?:19|20)\d{2}(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}"
_NUMERIC = r"\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:(?:19|20)\d{2}|['’]?\d{2})(?!\d|[./-]\d)"
_DAY_NUMBER, _MONTH_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_NUMBER_SAID = rf"{_ZERO}(?:{RANK}|{UNDER_100}|\d{{1,2}}(?:e|ste|de|st|nd|rd|th))"
#: forms that are a date only where something is said of birth: "3 7 88", "030788", "8/12", "de derde van de zevende 88"
_BARE = (
    rf"{_DAY_NUMBER} {_MONTH_NUMBER} (?:(?:19|20)\d\d|['’]?\d\d)(?! ?\d)"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)(?!\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|{_DAY_NUMBER}[-/]{_MONTH_NUMBER}(?![-/\d])"
    rf"|(?:(?:de|the)\s)?{_NUMBER_SAID}{_OF}\s{_NUMBER_SAID},?\s(?:{_YEAR_WORDS}|{_YEAR_NUMBER}|\d\d)"
)
#: letters between two dates of which the second corrects the first
_CORRECTED = 12
#: a date before this year, of which nothing else is said, is a date of birth sooner than one of the journey
_LONG_AGO = 2005
_THIS_CENTURY = 27


@cache
def _dates() -> re.Pattern[str]:
    months = rf"(?:{'|'.join(sorted(lists()['months'], key=len, reverse=True))})(?![^\W\d])\.?"
    feasts = "|".join(lists()["feasts"])
    year = rf"{_YEAR_NUMBER}|{_YEAR_WORDS}|\d\d(?!\d)"
    between = r"(?:\s*,?\s*(?:van\s(?:het\sjaar\s)?|in\s(?:het\sjaar\s)?)?|[-/])"
    return re.compile(
        rf"(?<![\w.,-])(?:(?P<numeric>{_ISO}|{_NUMERIC})"
        rf"|(?:anno\s)?(?P<year_first>{_YEAR_NUMBER}),?\s(?:(?:op|de|the)\s)?(?:{DAY}{_OF}\s+{months}|{months}\s{DAY})"
        rf"|(?:(?:the|den?)\s)?(?:{DAY}{_OF}(?:\s+|[-/])?{months}|{feasts})(?:{between}(?P<year>{year})(?!\s+{months}){_NO_AMOUNT})?"
        rf"|{months}\s(?P<year_within>{_YEAR_NUMBER}|{_YEAR_WORDS}),?\s(?:op\s)?(?:(?:the|de|den)\s)?{DAY}"
        rf"|{months}\s+(?:(?:the|de)\s)?(?:\d{{1,2}}(?:st|nd|rd|th|e)?|{RANK})(?!\d)"
        rf"(?:\s*,?\s*(?P<us_year>{_YEAR_NUMBER}|{_YEAR_WORDS}))?"
        rf"|(?P<bare>{_BARE}))(?!\w)",
        re.I,
    )


def find_birthdates(text: str, beside: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Dates of birth: named so, said of a person, beside a name or a number, or long ago with no other event named.

    Parameters
    ----------
    text : str
    beside : iterable of Finding
        Names and numbers in the text.

    Yields
    ------
    Finding

    Examples
    --------
    >>> [f.rule for f in find_birthdates("Geboren op 3 mei 1961, verhuisd op 4 mei 2020.")]
    ['birthdate: named']
    """
    beside = list(beside)
    last, last_is_birth = 0, False
    for match in _dates().finditer(text):
        start, end = match.span()
        since = last if start - last >= _CORRECTED else 0
        rule, sure = _rule(text, match, since, beside)
        if not rule and last_is_birth and not match["bare"] and pattern("another").search(text[last:start]):
            rule = "birthdate: of another person"
        if match["bare"] and not rule:
            continue
        last, last_is_birth = end, bool(rule)
        if rule:
            yield Finding(start, start + len(match.group().rstrip(".")), "birthdate", rule, sure=sure)


def _rule(text: str, match: re.Match[str], since: int, beside: list[Finding]) -> tuple[str, bool]:
    """Why a date is one of birth, empty where it is none; and whether that is sure."""
    start, end = match.span()
    before, behind = text[:start], text[end:]
    year = match["numeric"] or match["year"] or match["us_year"] or match["year_first"] or match["year_within"]
    if match["bare"]:
        asked = pattern("birth_asked").search(before) or pattern("birth_behind").match(behind)
        of_person = _is_of_person(text, start, end, beside) and len(match.group()) > len("31/12")
        return ("birthdate: named" if asked or of_person else ""), False
    if _named(text, start, end, since, far=bool(year)):
        return "birthdate: named", bool(year)
    age = pattern("age").match(behind) or (match["year"] and not re.search(r"\d{4}|['’]", match["year"]))
    turning = age and pattern("turning_verb").search(before)
    if turning or pattern("turning").search(before) or pattern("turning_behind").match(behind):
        return "birthdate: birthday", False
    if not year:
        return "", False
    if _is_of_person(text, start, end, beside):
        return "birthdate: of a person", True
    if _is_beside(text, start, end, beside) or pattern("aged").search(before):
        return "birthdate: beside a name or a number", False
    whole = re.search(r"\d{4}|['’]|^\d+\W\d+\W", year) or not noun_follows(text, end)
    recorded = pattern("recorded").search(before)
    told = re.search(r"[^\W\d_]{2}", before + behind)  # a cell that holds nothing but a date says nothing of birth
    if (recorded or (told and whole and _year(year) < _LONG_AGO)) and not near(
        text, start, end, "event", before=60, after=40
    ):
        return "birthdate: on record, or long ago with nothing else named", False
    return "", False


def _named(text: str, start: int, end: int, since: int, *, far: bool) -> bool:
    """Whether a word for birth stands close before it (and behind the last date), or behind it in the sentence."""
    before = text[max(since, start - (90 if far else 50)) : start]
    after = re.split(r"[.!?,]\s", text[end : end + 34])[0]
    return near(f"{before} {after}", len(before), len(before), "birth", before=99, after=99)


def _is_of_person(text: str, start: int, end: int, beside: Iterable[Finding]) -> bool:
    """Whether somebody "is of" the date: "ik ben van", "Jan, van"."""
    of = re.search(r"\b(?:van|from)\s+(?:anno\s)?$", text[:start], re.I)
    return of is not None and bool(
        pattern("of_person").search(text[: of.start()])
        or pattern("person_is").match(text[end:])
        or any(f.kind == "name" and text[f.end : of.start()].strip(" ,") == "" for f in beside if f.end <= of.start())
    )


def _is_beside(text: str, start: int, end: int, beside: Iterable[Finding]) -> bool:
    """Whether nothing but a sign or "en" stands between the date and a name or number."""
    return any(
        text[f.end : start].strip().lower() in {"(", ",", "-", ":", ";", "/", "|", "en"} if f.end <= start
        else text[end : f.start].strip().lower() in {",", ")", "-", ";", "/", "|", "en"}
        for f in beside
    )  # fmt: skip


def _year(said: str) -> int:
    """Year of a date, as a number: of digits at its beginning or end, or of words."""
    if numbers := re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", said):
        return int(numbers[0])
    if numbers := re.findall(r"\d+", said):
        last = int(numbers[-1])
    else:
        last = number_words().get(re.sub(rf"^{CENTURY}|\s", "", said.lower()), 0)
        if re.match(r"twee(?=duizend)|two\s|twenty\s(?!\w+ty)", said.lower()):
            return 2000 + last
    return last + (2000 if last <= _THIS_CENTURY else 1900)
