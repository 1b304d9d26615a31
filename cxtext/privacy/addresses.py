"""Streets with a house number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.lexicon import (
    is_common,
    is_first_name,
    is_function_word,
    is_place,
    is_place_or_brand,
    is_word,
    noun_follows,
)
from cxtext.privacy.numbers import near
from cxtext.privacy.numerals import IN_WORDS, RANK, number_words
from cxtext.privacy.words import lists, pattern

_TITLE = r"(?:(?:Ds|Dr|Burg|Burgem|Weth|St|Prof|Mgr|Pres|Past|Gen|Kon|Kard|Adm|Jhr|Mr|Ir|[A-Z])\.)"
_CAPITAL = rf"(?:{_TITLE}|(?:['’]s-|['’])?[A-ZÀ-Ý][\w'’-]*)"
_LINKING = r"(?:de|den|der|het|['’]t|van|van de|van der|van den|van het|ten|ter|op|in|aan|bij|over|v\.d\.|en)"
_ARTICLE = r"(?:['’]t|[Hh]et|[Dd]en?|[Ii]t|[Tt]he)"
#: the side of a street or water, as a part of its name
_SIDE = (
    r"(?i:(?:\s|-)(?:(?:noord|oost|zuid|west|straat|water|land|kerk)(?:zijde|kant)|noord|oost|zuid|west"
    r"|[nozw]\.?\s?z\.?|binnen|buiten|achter|boven))"
)
_FLOOR = r"(?i:(?:een|één|twee|drie|vier|vijf|[1-9])?\s?-?\s?hoog(?:\s?-?(?:achter|voor|links|rechts))?)"
#: what may stand behind a house number
_ADDITION = "|".join((
    r"\s?-?\s?(?i:bis|hs|huis|zwart|rood|rd|zw|sous|boven|beneden|achter|voor|links|rechts|begane grond)\b",
    r"\s?-?\s?[IVX]{1,4}\b(?:-(?:achter|voor|hoog))?",
    rf"[\s-]{{0,3}}{_FLOOR}\b",
    r"\s?/\s?\d{1,3}(?!\d)",
    r"\st/m\s\d{1,4}",
    r"\s?-\s?(?:[A-Z]?\d{1,4}[A-Za-z]{0,2}|[A-Za-z]{1,4})\b",
    r"\s[a-h](?=[,.]|$|\s(?:en|in|is|dat|maar|and)\b)",
    r"\swit\b",
    r"[A-Za-z]{1,3}\b",
    r"\s[A-Z](?:-?\d+)?\b(?!\.)",
    (r"\s?,?\s?(?i:bus|unit|app\.?|appartement|flat|kamer|chalet|plaats|apt\.?|room|box|boîte|bte|verdieping|blok)\s?"
     r"(?:\d{1,4}(?:\.\d{1,3})?[a-z]?|[A-Z])\b"),
))  # fmt: skip
_MONTH = "jan|feb|maart|mrt|march|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec"
_NO_DATE = rf"(?!\d{{1,2}}[-/.]\d{{1,2}}[-/.]|(?i:\d{{1,2}}\s(?:{_MONTH})))"
_NO_MEASURE = (
    r"(?![\d.,:]\d|\d|/\d{4}|\s?(?:%|euro|€|uur|keer|km|jaar|minuten|dagen|weken|maanden|x\b|procent|graden|stuks"
    r"|personen|mensen|kilo|meter|punten|sterren|years|days|weeks|hours|minutes|times|people))"
)
_CALLED = (
    r"(?i:(?:(?:en|dan|het|mijn|m['’]n|op|daar|dus|and|at|is)\s){0,4}"
    r"(?:(?:huis)?(?:nr\.?|nummer)|no\.|number|n°)(?:\s(?:is|dus)|:)?\s?)"
)
_NUMBER = rf"{_NO_DATE}{_CALLED}?\d{{1,4}}{_NO_MEASURE}(?:{_ADDITION})*"
_SAID_BEHIND = r"(?:\s[a-h]\b|\s(?:bis|hoog|huis|rood|zwart|achter|boven|beneden)\b)*"
_SAID = rf"(?:{_NUMBER}|(?:{_CALLED}|(?!(?:een|één|one)\b)){IN_WORDS}{_SAID_BEHIND}{_NO_MEASURE})(?!\w)"
_ARTICLES = ("de", "het", "den", "'t", "’t")
_ADJECTIVE = "hoge|lage|oude|nieuwe|lange|korte|grote|kleine|brede|eerste|tweede|derde|vierde|1e|2e|3e"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    streets = lists()["streets"]
    strong, every = "|".join(streets["strong"]), "|".join([*streets["strong"], *streets["weak"]])
    capitals = "|".join(word.capitalize() for word in (*streets["strong"], *streets["weak"]))
    short, heads = "(?:" + "|".join(streets["short"]) + ")", "|".join(streets["heads"])
    english = "|".join(word.capitalize() for word in streets["english"])
    streets_of_capitals = (
        rf"(?:{capitals})\s(?:van\s)?(?:1[5-9]\d\d|20\d\d|['’]\d\d)(?=,?\s(?:{_CALLED}|\d))",
        rf"(?:['’]s-|['’])?[A-ZÀ-Ý][\w'’-]*(?:{every}|{short}\.?(?=[\s\d]))",
        rf"(?:{capitals})\s(?:{_LINKING}\s)+{_CAPITAL}(?:\s{_CAPITAL})?",
        rf"(?:{capitals})",
        rf"{_CAPITAL}\s(?:{strong})",
        rf"{_ARTICLE}\s(?:{capitals})",
    )
    name = (
        rf"(?:{_ARTICLE}\s)?{_CAPITAL}(?:\s(?:{_LINKING}\s)*(?:{_CAPITAL}|(?:1[5-9]|20)\d\d(?=\s\D)|['’]\d\d)){{0,4}}"
    )
    words = r"(?:(?:de|het|den|'t|’t)\s)?[a-zà-ÿ'’-]{3,}"
    patterns = {
        "typed": (
            rf"(?:\d(?:e|de|ste)\s)?(?:{_CAPITAL}\s(?:{_LINKING}\s)?){{0,3}}(?:{_ARTICLE}\s)?"
            rf"(?P<last>{'|'.join(streets_of_capitals)})(?P<side>{_SIDE})?\s*,?\s*(?P<number>{_SAID}|\d{{1,3}}\.\d\d\b)"
        ),
        "small": (
            rf"(?P<last>(?:(?:{_ADJECTIVE})\s)?[a-zà-ÿ'’-]{{3,}}(?P<type>{every})"
            rf"|[a-zà-ÿ'’-]{{3,}}{short}\.?(?=[\s\d])"
            rf"|(?:{heads})(?:\s(?:van|ten|ter|der|aan|achter|op|de|den|het|['’]t)){{1,2}}\s[a-zà-ÿ'’-]{{3,}}(?:\s(?!nummer)[a-z]{{3,}})?"
            rf"|(?:{_ADJECTIVE}|(?<=van )de|(?<=op )de|(?<=aan )de)\s(?:{strong}))(?P<side>{_SIDE})?"
            rf",?\s*(?P<number>{_SAID})"
        ),
        "said": rf"(?P<name>{words}(?:\s(?!huis|nummer|nr)[a-zà-ÿ'’-]{{3,}})?(?:{_SIDE})?)\s(?P<number>{_SAID})",
        "reversed": (
            rf"(?i:(?:nummer|nr\.?|huisnummer|number|op)\s(?:\d{{1,4}}(?:-?[a-z]\b|-\w+)?|{IN_WORDS})\s(?:aan|op|in|van|on)\s)"
            rf"(?:[Dd]en?\s|[Hh]et\s|['’]t\s|the\s)?(?:(?P<type>(?i:[\w'’-]+(?:{strong})))\b|(?i:[\w'’-]*(?:{every}))\b|{_CAPITAL}(?:\s{_CAPITAL})?)"
        ),
        "beside": (
            rf"(?P<all>(?:{_CAPITAL}|[a-z]{{4,}})\s{_NUMBER})\s?,?\s(?:te\s|in\s)?[1-9]\d{{3}}\s?[A-Za-z]{{2}}\b"
            rf"|[1-9]\d{{3}}\s?[A-Za-z]{{2}}\s?,?\s(?:en dan\s)?(?P<other>{_CAPITAL}\s{_NUMBER})"
        ),
        "english": (
            rf"(?:(?:Flat|Apartment|Unit)\s\d{{1,4}},?\s)?\d{{1,4}}[A-Za-z]?\s(?:{_CAPITAL}\s){{1,3}}(?:{english})\b"
        ),
        "before": rf"\d{{1,4}}[a-z]?\s(?:{_CAPITAL}\s){{0,2}}[A-ZÀ-Ý][\w'’-]*(?:{strong})\b",
        "named": rf"(?P<name>{name}(?:{_SIDE})?)(?:\s|,\s(?={_CALLED}))(?P<number>{_NUMBER})",
    }
    return {name: re.compile(rf"(?<![\w-]){pattern}") for name, pattern in patterns.items()}


def find_addresses(text: str, people: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Streets with a house number, in the ways that people write and say them.

    Parameters
    ----------
    text : str
    people : iterable of Finding
        Names of persons in the text: an address may stand right behind one.

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
    found = [*_streets(text), *_small_streets(text), *_turned(text)]
    yield from found
    yield from _named(text, {person.end for person in people}, {address.end for address in found})
    yield from _said(text)


def _streets(text: str) -> Iterator[Finding]:
    """A name in capitals that ends as streets do, and a number."""
    not_streets = lists()["streets"]["not"]
    for match in _patterns()["typed"].finditer(text):
        street = match["last"].casefold().strip("'’ ")
        if match.start("last") > match.start() and _is_thing(match.group().split()[0].lower()):
            continue
        if not re.search(r"\d", match["number"]) and noun_follows(text, match.end()):
            continue
        alone = match.start("last") == match.start() and not match["side"]
        if " " not in street and alone and (street in not_streets or _is_word(street)):
            added = re.search(r"\d(?:\s?(?:hs|bis|zwart|rood|rd|[a-z]))$", match.group())
            if not added and not _place_behind(text, match.end()):
                opens = re.search(r"(?:^|[.!?:\n])\s*$", text[: match.start()]) is not None
                named = near(text, *match.span(), "address_near", before=60)
                if opens if street in not_streets else not named:
                    continue
        yield Finding(_after_verb(text, match.start()), _end(text, match.end()), "address", "street and number")


def _small_streets(text: str) -> Iterator[Finding]:
    """A word in small letters that ends as streets do, and a number in digits or words."""
    streets = lists()["streets"]
    for match in _patterns()["small"].finditer(text):
        word = match["last"].lower()
        if word in streets["not"]:
            continue
        weak = match["type"] is not None and match["type"] not in streets["strong"]
        if weak and (is_word(word.split()[-1]) or is_word(word)):
            continue
        named = near(text, *match.span(), "address_near", before=80, after=40)
        in_words = not any(c.isdigit() for c in match["number"])
        known = is_word(word.split()[-1])
        if (named or not in_words or not known) and not noun_follows(text, match.end() if in_words else len(text)):
            start = _street_start(text, match.start())
            yield Finding(start, _end(text, match.end()), "address", "street in small letters", sure=named)


def _turned(text: str) -> Iterator[Finding]:
    """Number and street the other way round, or beside a postcode."""
    patterns = _patterns()
    for match in patterns["reversed"].finditer(text):
        if match.group().lower().startswith("op "):
            if match["type"] or pattern("living").search(text[: match.start() + 3]):
                yield Finding(match.start() + 3, match.end(), "address", "number and street", sure=False)
        else:
            yield Finding(*match.span(), "address", "number and street")
    for match in patterns["beside"].finditer(text):
        name = "all" if match["all"] else "other"
        word = match[name].split()[0]
        if word.islower() and (is_function_word(word) or word in lists()["numbered"]):
            continue
        yield Finding(match.start(name), _end(text, match.end(name)), "address", "number beside a postcode")
    for match in patterns["english"].finditer(text):
        yield Finding(*match.span(), "address", "street and number, English")
    for match in patterns["before"].finditer(text):
        if not _is_word(match.group().split()[-1].casefold()):
            yield Finding(*match.span(), "address", "number before the street", sure=False)


def _named(text: str, people: set[int], addresses: set[int]) -> Iterator[Finding]:
    """Any name in capitals with a number, where something says that it is a place to live."""
    for match in _patterns()["named"].finditer(text):
        start, end = _after_verb(text, match.start()), _end(text, match.end())
        words = text[start : match.end("name")].lower().split()
        grammar = is_function_word(words[-1])
        if (
            match["name"].isupper()
            or _is_thing(words[0])
            or (_is_thing(words[-1]) and not grammar)
            or (grammar and len(words) == 1)
        ):
            continue
        before = text[:start]
        if is_place(words[-1]) and noun_follows(text, end):
            continue
        called = re.match(_CALLED, match["number"])
        living = pattern("living").search(before)
        led = (
            not noun_follows(text, end)
            and (is_place(words[-1]) or not is_place_or_brand(words[-1]))
            and (pattern("preposition").search(before) or near(text, start, end, "address_near", before=60, after=40))
        )
        record = any(text[at:start].strip() in {",", ";", ":", "(", "-"} for at in people if at < start)
        another = any(pattern("another_address").fullmatch(text[at:start]) for at in addresses if at < start)
        behind = _place_behind(text, end)
        added = re.search(r"\d(?:\s?-?(?:[a-z]|[A-Z]|bis|hs|zwart|rood|wit)|-\d+|,\s\w+\s\w+)(?!\w)", match["number"])
        if living or record or behind or another or called or led:
            yield Finding(start, end, "address", "name and number of a house", sure=bool(living or behind))
        elif added and (len(words) > 1 or before.endswith((", ", ": ")) or not is_word(words[0])):
            yield Finding(start, end, "address", "name, and a house number with an addition", sure=False)


def _said(text: str) -> Iterator[Finding]:
    """Any word in small letters with a number, where somebody lives "op" or "aan" it, or it has a "huisnummer"."""
    for match in _patterns()["said"].finditer(text):
        words, start, number = match["name"].split(), match.start(), match["number"]
        while len(words) > 1 and is_function_word(words[0]) and words[0] not in _ARTICLES:
            start += len(words.pop(0)) + 1
        if (
            any(map(_is_thing, words))
            or is_function_word(words[-1])
            or _is_number(words[-1])
            or noun_follows(text, match.end())
        ):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", number):
            continue
        strange = not is_word(words[-1]) or re.search(r"[a-zë]{3} [a-h]$", number)
        living = pattern("living_small").search(text[:start])
        led = pattern("preposition").search(text[:start]) and not is_place_or_brand(words[-1])
        if (
            number.startswith("huis")
            or living
            or led
            or (strange and near(text, start, match.end(), "address_near", before=60))
        ):
            yield Finding(start, _end(text, match.end()), "address", "word and number of a house", sure=False)


def _is_thing(word: str) -> bool:
    """Whether a word is that of something with a number that is no street: a bus, a room, a month."""
    things = lists()["numbered"]
    return (
        word in things
        or word in lists()["weekdays"]
        or word in lists()["months"]
        or word.endswith(tuple(t for t in things if len(t) > 4))
    )


def _is_number(word: str) -> bool:
    return word in number_words() or re.fullmatch(RANK, word) is not None


def _after_verb(text: str, start: int) -> int:
    """Leave "Verhuisd van" before a street out, and "Laan van" in."""
    led = re.match(r"([A-ZÀ-Ý]\w+)\s(?:op|van|aan|naar|bij|in)\s", text[start:])
    word = led[1].casefold() if led else ""
    streets = lists()["streets"]
    street = word in streets["heads"] or word.endswith(tuple(streets["strong"])) or word in streets["weak"]
    return start + led.end() if led and is_common(word) and not street else start


def _street_start(text: str, start: int) -> int:
    """Take "van", "prins" or a first name before a street in small letters with it."""
    while word := re.search(r"(?<![\w-])([a-zà-ÿ'’]+\.?)\s$", text[:start]):
        plain = word[1].rstrip(".")
        if plain not in lists()["streets"]["before"] and not (is_first_name(plain) and not is_common(plain)):
            break
        start = word.start()
    return start


def _place_behind(text: str, end: int) -> bool:
    """Whether a postcode, or a place, stands behind: ", 3511 LX", "te Dussen", ", Zierikzee"."""
    if re.match(r"\s*,?\s*[1-9]\d{3}\s?[A-Z]{2}\b", text[end:]):
        return True
    place = re.match(
        r"(?:,\s(?:te\s|in\s)?|\s(?:te|in)\s)([A-ZÀ-Ý][\w'’-]+(?:\s(?:aan\s)?[A-Za-zÀ-Ý][\w'’-]+)*)", text[end:]
    )
    return place is not None and any(
        is_place(" ".join(place[1].casefold().split()[:count])) for count in (1, 2, 3)
    )  # fmt: skip


def _is_word(street: str) -> bool:
    """Whether what looks like a street is an ordinary word ("Levering 5")."""
    return is_common(street) and not street.endswith(tuple(lists()["streets"]["sure"]))


def _end(text: str, end: int) -> int:
    while end > 0 and text[end - 1] in " ,-":
        end -= 1
    return end
