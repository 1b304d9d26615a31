"""Dates that move by a number of days, in the form in which they were written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache

from cxtext.privacy.dates import DAY, YEAR
from cxtext.privacy.findings import Finding
from cxtext.privacy.numerals import number_words
from cxtext.privacy.words import lists, pattern

#: dates without a year are moved as if in a leap year, so that all of them exist; over the end of February the
#: distance to a date with a year can be a day off
_ANY_YEAR = 2024
_LATEST_SHORT = 68
_ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "vijfde": 5, "zesde": 6, "zevende": 7, "achtste": 8}
_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "january february march april may june july august september october november december",
}
_ENGLISH = {"january", "february", "march", "mar", "may", "june", "july", "august", "october", "oct"}
_DUTCH = {"januari", "februari", "maart", "mrt", "mei", "juni", "juli", "augustus", "oktober", "okt"}


def find_dates(text: str) -> Iterator[Finding]:
    """Dates with a day that exist: in figures, ISO, day and month, and in words; months and years alone are none.

    Parameters
    ----------
    text : str

    Yields
    ------
    Finding

    Examples
    --------
    >>> text = "Op 3 mei 2023 gebeld, in juni weer, 2023-07-01 om 12:30 opgelost, van 3 t/m 5 juli weg."
    >>> [text[f.start : f.end] for f in find_dates(text)]
    ['3 mei 2023', '2023-07-01', '3 t/m 5 juli']
    """
    for match in _pattern().finditer(text):
        counted = match["us_day"] and pattern("unit").match(text, match.end())
        if not counted and (match["day"] or "").casefold() != "een" and shifted(match.group(), 0) is not None:
            yield Finding(*match.span(), "date", "date")


def shifted(date: str, days: int, *, english: bool = False) -> str | None:
    """Move a date.

    Parameters
    ----------
    date : str
        As `find_dates` finds it.
    days : int
    english : bool
        The text is English: a month that has one name in both languages becomes an English one.

    Returns
    -------
    str or None
        In the same form, with day and year in figures; None where there is no such date.

    Examples
    --------
    >>> shifted("28-12-2023", 7), shifted("drie mei", 14), shifted("30 t/m 31 mei", 7)
    ('04-01-2024', '17 mei', '6 t/m 7 juni')
    """
    match = _pattern().fullmatch(date)
    if match is None:
        return None
    try:
        if match["first"]:
            return _shifted_range(match, days, english)
        return (
            _shifted_named(match, days, english)
            if match["month"] or match["us_month"]
            else _shifted_figures(match, days, english)
        )
    except (ValueError, OverflowError):
        return None


def _shifted_figures(match: re.Match[str], days: int, english: bool) -> str:
    """ISO and day-month-year, month-day-year only where it cannot be the other; with as many digits as before."""
    parts, signs = re.findall(r"\d+|[a-zA-Z]+", match.group()), re.split(r"\d+|[a-zA-Z]+", match.group())
    order = (2, 1, 0) if len(parts[0]) == 4 else (0, 1, 2)
    if parts[1].isdecimal() and int(parts[1]) > 12 and order == (0, 1, 2):
        order = (1, 0, 2)
    day, month, year = (parts[place] for place in order)
    number = int(month) if month.isdecimal() else lists()["months"][month.casefold()]
    new = datetime.date(_year(year), number, int(day)) + datetime.timedelta(days)
    width = 2 if len(day) == len(month) == 2 or "0" in (day[0], month[0]) or (month.isalpha() and len(day) == 2) else 1
    texts = {
        order[0]: f"{new.day:0{width}}",
        order[1]: _month(new.month, month, english) if month.isalpha() else f"{new.month:0{width}}",
        order[2]: f"{new.year:04}"[-len(year) :],
    }
    return "".join(sign + texts.get(place, "") for place, sign in enumerate(signs))


def _shifted_named(match: re.Match[str], days: int, english: bool) -> str:
    """Day and month by its name, in either order; the rest stays as it is."""
    kind = "" if match["month"] else "us_"
    day, month, year = (match[f"{kind}{part}"] for part in ("day", "month", "year"))
    new = _date(day, month, year) + datetime.timedelta(days)
    texts = {
        "day": str(new.day) + _ordinal(day, new.day),
        "month": _month(new.month, month, english or bool(kind)),
        "year": _same_year(year, new),
    }
    result, at = "", 0
    for part in ("day", "month", "year") if not kind else ("month", "day", "year"):
        start, end = match.span(f"{kind}{part}")
        if start >= 0:
            result += match.group()[at - match.start() if at else 0 : start - match.start()] + texts[part]
            at = end
    return result + match.group()[at - match.start() :]


def _shifted_range(match: re.Match[str], days: int, english: bool) -> str:
    """Two days of one month, which may come to lie in two."""
    first = _date(match["first"], match["month"], match["year"]) + datetime.timedelta(days)
    last = _date(match["day"], match["month"], match["year"]) + datetime.timedelta(days)
    month = "" if first.month == last.month else f" {_month(first.month, match['month'], english)}"
    year = f" {_same_year(match['year'], last)}" if match["year"] else ""
    between = match.group()[len(match["first"]) : match.start("day") - match.start()]
    between = between if not month or " " in between else f" {between} "
    return f"{first.day}{month}{between}{last.day} {_month(last.month, match['month'], english)}{year}"


def _date(day: str, month: str, year: str | None) -> datetime.date:
    number = lists()["months"][month.casefold().rstrip(".")]
    return datetime.date(_year(year) if year else _ANY_YEAR, number, _number(day))


def _number(said: str) -> int:
    """Number of a day, in figures or words, ordinal or not."""
    plain = said.casefold()
    if digits := re.match(r"\d+", plain):
        return int(digits.group())
    stem = re.sub(r"(?:ste|de)$", "", plain)
    number = _ORDINALS.get(plain) or number_words().get(plain) or number_words().get(stem)
    if number is None:
        msg = f"{said} is no day"
        raise ValueError(msg)
    return number


def _year(said: str) -> int:
    """Year of four digits, of two, or in words."""
    plain = said.strip("'’ ").casefold()
    if plain.isdecimal():
        year = int(plain)
        return year if len(plain) == 4 else year + (2000 if year <= _LATEST_SHORT else 1900)
    century, rest = 2000, plain.replace("tweeduizend", "").strip()
    if rest == plain and plain.startswith("negentien"):
        century, rest = 1900, plain.removeprefix("negentien").strip().removeprefix("honderd").strip()
    elif rest == plain:
        return _year(f"{number_words()[plain]:02}")
    rest = rest.removeprefix("en ").strip()
    return century + (number_words()[rest] if rest else 0)


def _same_year(said: str | None, new: datetime.date) -> str:
    if said is None:
        return ""
    short = re.fullmatch(r"['’]?\d\d", said.strip())
    return said.strip()[:-2] + f"{new.year % 100:02}" if short else f"{new.year:04}"


def _ordinal(said: str, day: int) -> str:
    """Ending of an English ordinal that fits the new day; a Dutch one stays."""
    ending = re.sub(r"^\d+", "", said) if said[0].isdecimal() else ""
    if ending.casefold() in {"st", "nd", "rd", "th"}:
        return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return ending


def _month(number: int, like: str, english: bool) -> str:
    """Name of a month in the language, the length and the letters of another."""
    same = like.casefold().rstrip(".")
    dutch, names = _MONTHS["nl"].split(), _MONTHS["en"].split()
    short = same not in {*dutch, *names}
    if same in _ENGLISH or (english and same not in _DUTCH):
        name = names[number - 1][:3] if short else names[number - 1]
    else:
        name = dutch[number - 1] if not short else "mrt" if number == 3 else dutch[number - 1][:3]
    name = name.capitalize() if like[0].isupper() else name
    return name.upper() if like.isupper() else name


@cache
def _pattern() -> re.Pattern[str]:
    months = "|".join(sorted(lists()["months"], key=len, reverse=True))
    english = "|".join(sorted(set(lists()["months"]) - _DUTCH, key=len, reverse=True))
    digits = r"(?:19|20)\d\d"
    until = r"(?:\s?(?:-|–|t/m)\s?|\s(?:tot en met|tot|en|of|and|to|or)\s)"
    year = rf"(?:\s*,?\s*(?P<year>{YEAR})(?!\s+(?:{months})\b))?"
    first_of_range = rf"(?:(?P<first>\d{{1,2}}){until}(?=\d))?"
    forms = (
        rf"{digits}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?![-/.]\d)(?=T\d\d:|(?!\w))",
        rf"\d{{1,2}}\s?(?P<sign>[-/.])\s?\d{{1,2}}\s?(?P=sign)\s?(?:{digits}|['’]?\d\d)(?!\w|[-/.]\d)",
        rf"\d{{1,2}}-(?:{months})-(?:{digits}|\d\d)(?!\w)",
        rf"{first_of_range}(?P<day>{DAY})\s+(?:of\s+)?(?P<month>{months})\b\.?{year}(?!\w)",
        (
            rf"(?P<us_month>(?=(?-i:[A-Z]))(?:{english})|{'|'.join(sorted(_ENGLISH - {'may', 'mar'}))})"
            rf"\s+(?P<us_day>\d{{1,2}}(?:st|nd|rd|th)?)(?:\s*,?\s*(?P<us_year>{digits}))?(?!\w)"
        ),
    )
    return re.compile(rf"(?<![\w.,/-])(?:{'|'.join(forms)})", re.I)
