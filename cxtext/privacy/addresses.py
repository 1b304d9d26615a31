"""Streets with a house number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.numbers import near
from cxtext.privacy.words import lists

_CAPITAL = r"(?:(?:['’]s-|['’])?[A-ZÀ-Ý][\w'’.-]*)"
_LINKING = r"(?:de|den|der|het|['’]t|van|van de|van der|van den|van het|ten|ter|op|in|aan|bij|over|v\.d\.|en)"
_ARTICLE = r"(?:['’]t|[Hh]et|[Dd]e)"
#: what may stand behind a house number
_ADDITION = "|".join((
    r"\s?(?:bis|hs|huis|zwart|rood|rd|zw|sous|boven|beneden|achter|voor|[IVX]{1,4})\b",
    r"\s?/\s?\d{1,3}(?!\d)",
    r"\st/m\s\d{1,4}",
    r"\s?-\s?(?:[A-Za-z]{1,4}|[A-Z]?\d{1,4}(?:\s?hoog)?)\b",
    r"\s[a-h](?=[,.]|$)",
    r"\s(?:wit|hoog)\b",
    r"[A-Za-z]{1,3}\b",
    r"\s[A-Z]\b",
    r"\s?,?\s?(?:bus|unit|app\.?|appartement|flat|kamer|chalet|plaats|apt\.?)\s?\d{1,4}[a-z]?",
))  # fmt: skip
_NO_DATE = r"(?!\d{1,2}[-/.]\d{1,2}[-/.])"
_NO_MEASURE = r"(?![\d.,:]\d|\d|/\d{4}|\s?(?:%|euro|€|uur|keer|km|jaar|minuten|dagen|weken|x\b))"
_NUMBER = rf"{_NO_DATE}(?:(?:nr\.?|nummer|huisnummer|no\.?)\s?)?\d{{1,4}}{_NO_MEASURE}(?:{_ADDITION})*"
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_IN_WORDS = (
    rf"(?:[a-zë]+(?:en|ën)(?:{_TENS})|[a-z]+tien|honderd[a-zë]*|{_TENS}"
    r"|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien)\b"
)
_ADJECTIVE = "hoge|lage|oude|nieuwe|lange|korte|grote|kleine|brede|eerste|tweede|derde|1e|2e|3e"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    streets = lists()["streets"]
    strong, every = "|".join(streets["strong"]), "|".join([*streets["strong"], *streets["weak"]])
    capitals = "|".join(word.capitalize() for word in (*streets["strong"], *streets["weak"]))
    english = "|".join(word.capitalize() for word in streets["english"])
    streets_of_capitals = (
        rf"(?:['’]s-|['’])?[A-ZÀ-Ý][\w'’-]*(?:{every})",
        rf"(?:{capitals})\s(?:{_LINKING}\s)+{_CAPITAL}",
        rf"(?:{capitals})",
        rf"{_CAPITAL}\s(?:{strong})",
        rf"{_ARTICLE}\s(?:{capitals})",
        r"Plein\s(?:19|20)\d\d",
    )
    street = "|".join(streets_of_capitals)
    prepositions = r"op|aan|naar|van|bij|in|at|on|to|adres:?|is|address:?"
    patterns = {
        "capital": (
            rf"(?:\d(?:e|de|ste)\s)?(?:{_CAPITAL}\s(?:{_LINKING}\s)?){{0,3}}(?:{_ARTICLE}\s)?"
            rf"(?P<last>{street})\s*,?\s+{_NUMBER}"
        ),
        "small": (
            rf"(?P<last>(?:(?:{_ADJECTIVE})\s)?[a-zà-ÿ'’-]{{3,}}(?:{strong})"
            rf"|(?:{_ADJECTIVE}|(?<=van )de|(?<=op )de|(?<=aan )de)\s(?:{strong}))"
            rf"\s+(?P<number>{_NUMBER}|{_IN_WORDS})"
        ),
        "reversed": (
            r"(?i:(?:nummer|nr\.?|huisnummer)\s\d{1,4}[a-z]?(?:-\w+)?\s(?:aan|op|in|van)\s(?:de|het|['’]t)?\s?"
            rf"[\w'’-]*(?:{every}))\b"
        ),
        "beside": (
            rf"(?P<all>(?:{_CAPITAL}|[a-z]{{4,}})\s{_NUMBER})\s?,?\s(?:te\s|in\s)?[1-9]\d{{3}}\s?[A-Za-z]{{2}}\b"
            rf"|[1-9]\d{{3}}\s?[A-Za-z]{{2}}\s?,?\s(?:en dan\s)?(?P<other>{_CAPITAL}\s{_NUMBER})"
        ),
        "english": (
            rf"(?:(?:Flat|Apartment|Unit)\s\d{{1,4}},?\s)?\d{{1,4}}[a-z]?\s(?:{_CAPITAL}\s){{1,3}}(?:{english})\b"
        ),
        "odd": (
            rf"(?:(?:{_ARTICLE}|{_CAPITAL})\s){{1,3}}{_CAPITAL}\s\d{{1,4}}"
            r"(?:[a-z]|\s[A-Z]|\s?-?(?:bis|hs|zwart|rood|wit))(?![\w-])"
        ),
        "before": rf"\d{{1,4}}[a-z]?\s(?:{_CAPITAL}\s){{0,2}}[A-ZÀ-Ý][\w'’-]*(?:{strong})\b",
        "other": (
            rf"(?:{prepositions})\s+(?:de\s|het\s)?"
            rf"(?P<all>(?:{_ARTICLE}\s)?{_CAPITAL}(?:\s(?:{_LINKING}\s)*{_CAPITAL}){{0,3}}\s{_NUMBER})"
        ),
    }
    return {name: re.compile(rf"(?<![\w-]){pattern}") for name, pattern in patterns.items()}


def find_addresses(text: str, people: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Streets with a house number, in the ways that people write and say them.

    Parameters
    ----------
    text : str

    Yields
    ------
    Finding
        They may overlap.

    Examples
    --------
    >>> text = "Ik woon op de Lange Nieuwstraat 14-bis, en was onderweg 3 keer gebeld."
    >>> {text[f.start : f.end] for f in find_addresses(text)} >= {"Lange Nieuwstraat 14-bis"}
    True
    """
    patterns, streets = _patterns(), lists()["streets"]
    for match in patterns["capital"].finditer(text):
        street = match["last"].casefold().strip("'’ ")
        alone = match.start("last") == match.start()
        if " " not in street and alone and (street in streets["not"] or _is_word(street)):
            added = re.search(r"\d(?:\s?(?:hs|bis|zwart|rood|rd|[a-z]))$", match.group())
            behind = added or re.match(r"\s*,?\s*(?:in\s[A-Z]|[1-9]\d{3}\s?[A-Z]{2}\b)", text[match.end() :])
            if not behind and not (
                street not in streets["not"] and near(text, *match.span(), "address_near", before=60)
            ):
                continue
        yield Finding(match.start(), _end(text, match.end()), "address", "street and number")
    for match in patterns["small"].finditer(text):
        if match["last"].lower() not in streets["not"]:
            named = near(text, *match.span(), "address_near", before=80, after=40)
            in_words = not any(c.isdigit() for c in match["number"])
            if named or not in_words:
                yield Finding(match.start(), _end(text, match.end()), "address", "street in small letters", sure=named)
    for match in patterns["reversed"].finditer(text):
        yield Finding(*match.span(), "address", "number and street")
    for match in patterns["beside"].finditer(text):
        name = "all" if match["all"] else "other"
        word = match[name].split()[0]
        if word.islower() and _is_word(word):
            continue
        yield Finding(match.start(name), _end(text, match.end(name)), "address", "number beside a postcode")
    for match in patterns["english"].finditer(text):
        yield Finding(*match.span(), "address", "street and number, English")
    for match in patterns["before"].finditer(text):
        if not _is_word(match.group().split()[-1].casefold()):
            yield Finding(*match.span(), "address", "number before the street", sure=False)
    for match in patterns["odd"].finditer(text):
        yield Finding(*match.span(), "address", "capitals and a house number with an addition", sure=False)
    for match in patterns["other"].finditer(text):
        start, end = match.span("all")
        postcode = re.match(r"\s*,?\s*[1-9]\d{3}\s?[A-Z]{2}\b", text[end:])
        if postcode or near(text, start, end, "address_near", before=60, after=30):
            yield Finding(start, end, "address", "number behind a name near a word for living", sure=bool(postcode))


def _is_word(street: str) -> bool:
    """Whether what looks like a street is an ordinary word ("Levering 5")."""
    from simplemma import is_known

    return is_known(street, "nl") and not street.endswith(tuple(lists()["streets"]["sure"]))


def _end(text: str, end: int) -> int:
    while end > 0 and text[end - 1] in " ,-":
        end -= 1
    return end
