"""Dates of birth; other dates stay, because the journey needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.numbers import near
from cxtext.privacy.words import lists, pattern

_UNITS = "een|twee|drie|vier|vijf|zes|zeven|acht|negen"
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_TEENS = "tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
DAY = (
    r"\d{1,2}(?:e|ste|de|st|nd|rd|th)?"
    rf"|(?:(?:{_UNITS}|één)(?:en|ën)(?:twintig|dertig)|eerste|tweede|derde|{_TEENS}|{_UNITS}|achtste|twintig|dertig)(?:ste|de)?"
)
YEAR = (
    r"(?:(?:19|20)\d{2}|['’]\d{2})"
    rf"|(?:{_UNITS})(?:en|ën)(?:{_TENS})\b"
    rf"|(?:negentien ?(?:honderd)?|tweeduizend(?: ?en)? ?)\s?(?:(?:{_UNITS})(?:en|ën))?(?:{_TENS}|{_TEENS}|{_UNITS})?"
)
_ISO = r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}"
_NUMERIC = r"\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:(?:19|20)\d{2}|['’]?\d{2})(?!\d)"


#: letters between two dates of which the second corrects the first
_CORRECTED = 12


@cache
def _date() -> re.Pattern[str]:
    months = "|".join(sorted(lists()["months"], key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,-])(?:(?P<numeric>{_ISO}|{_NUMERIC})"
        rf"|(?:{DAY})\s+(?:of\s+)?(?:{months})\b\.?(?:\s*,?\s*(?P<year>{YEAR}))?"
        rf"|(?:{months})\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s*,?\s*(?P<us_year>(?:19|20)\d{{2}}))?)(?!\w)",
        re.I,
    )


def find_birthdates(text: str, people: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Dates of birth: named so, said of a person, or right behind a name.

    Parameters
    ----------
    text : str
    people : iterable of Finding
        Names in the text.

    Yields
    ------
    Finding

    Examples
    --------
    >>> [f.rule for f in find_birthdates("Geboren op 3 mei 1961, verhuisd op 4 mei 2020.")]
    ['birthdate: named']
    """
    ends = {person.end for person in people}
    last = 0
    for match in _date().finditer(text):
        start, end = match.span()
        since = last if start - last >= _CORRECTED else 0
        last = end
        with_year = bool(match["numeric"] or match["year"] or match["us_year"])
        before = text[:start]
        if _named(text, start, end, since):
            yield Finding(start, end, "birthdate", "birthdate: named", sure=with_year)
        elif (
            with_year
            and re.search(r"\bvan\s+$", before, re.I)
            and (
                pattern("of_person").search(re.sub(r"van\s+$", "", before, flags=re.I))
                or re.match(r"\s+(?:ben|is|zijn|was)\b", text[end:])
                or any(text[person:start].strip(" ,").lower() == "van" for person in ends)
            )
        ):
            yield Finding(start, end, "birthdate", "birthdate: of a person")
        elif with_year and any(
            text[person:start].strip() in {"(", ",", "-", ":"} for person in ends if person <= start
        ):
            yield Finding(start, end, "birthdate", "birthdate: behind a name", sure=False)


def _named(text: str, start: int, end: int, since: int) -> bool:
    """Whether a word for birth stands close before it (and behind the last date), or behind it in the sentence."""
    before = text[max(since, start - 50) : start]
    after = re.split(r"[.!?,]\s", text[end : end + 34])[0]
    return near(f"{before} {after}", len(before), len(before), "birth", before=99, after=99)
