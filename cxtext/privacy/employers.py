"""Names of employers: where somebody says for whom they, or somebody of theirs, work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cxtext.privacy.findings import Finding
from cxtext.privacy.lexicon import is_function_word
from cxtext.privacy.words import lists, names

_CAPITAL = r"[A-ZÀ-Ý][\w&'’+-]*(?:\.[\w&]+)*"
_KIND = (
    r"(?:gemeente|provincie|basisschool|school|universiteit|hogeschool|ziekenhuis|bakkerij|slagerij|garage|stichting|"
    r"firma|bouwbedrijf|apotheek|restaurant|hotel|university|council)"
)
_NAME = (
    rf"(?:{_KIND}\s+)?{_CAPITAL}(?:\s(?:(?:van|de|der|den|het|ter|ten|en|&|voor|of|and|the|for)\s){{0,2}}{_CAPITAL})*"
)
_BETWEEN = r"(?:\s+(?!(?:en|maar|dus|want|omdat|bel|belde|met|and|but|so|because|bij|voor|at)\b)[^\s.,;:!?]+){0,7}?"
_ARTICLE = r"(?:(?:de|het|een|['’]t|the|a)\s+)?"
_MOST_WORDS = 4


def find_employers(text: str, known: Iterable[str] = ()) -> Iterator[Finding]:
    """Names of employers.

    Parameters
    ----------
    text : str
    known : iterable of str
        Employers that were named before; they count wherever they stand, unless they are a brand that customers of
        all kinds speak of.

    Yields
    ------
    Finding
        They may overlap.

    Examples
    --------
    >>> text = "Ik werk al jaren bij Bakkerij Pieters in Ede en bel dan met Ziggo."
    >>> [text[f.start : f.end] for f in find_employers(text)]
    ['Bakkerij Pieters']
    """
    for match in _statement().finditer(text):
        if end := _end_of_name(text, match.end()):
            yield Finding(match.end(), end, "employer", "employer: said")
    for match in _verb_behind().finditer(text):
        yield Finding(*match.span("name"), "employer", "employer: said")
    for name in known:
        if name.casefold() not in names("brands"):
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                yield Finding(*match.span(), "employer", "employer: known in this project")


def _end_of_name(text: str, start: int) -> int:
    """Where a name in capitals, or a brand in small letters, ends; 0 where there is none."""
    match = re.compile(_NAME).match(text, start)
    if match and not is_function_word(match.group().split()[0].casefold()):
        return match.end()
    ends = [m.end() for m in re.finditer(r"[^\s,;:!?]+?(?=[.,;:!?]?(?:\s|$))", text[start : start + 80])][:_MOST_WORDS]
    brands = [end for end in ends if text[start : start + end].casefold() in names("brands")]
    longest = max(brands, default=0)
    return start + longest if longest and not is_function_word(text[start : start + longest].casefold()) else 0


@cache
def _statement() -> re.Pattern[str]:
    """Everything up to the name: "ik werk als kok bij", "mijn baas bij de", "werkgever:"."""
    people = "|".join(lists()["people"])
    own = r"(?:mijn|m['’]n|mn|onze|zijn|haar|hun|my|our|his|her|their)"
    works = (
        rf"(?:ik\s+(?:\w+\s+)?werk(?:te)?|werk(?:te)?\s+ik|(?:hij|zij|ze|{people})\s+(?:\w+\s+)?werkt(?:e|en)?"
        r"|(?<=\ben )werk(?:te)?|werkzaam|in dienst|stage(?: gelopen)?|(?:een|mijn|nieuwe|bij)?baan(?:tje)?"
        rf"|i(?:['’]ve|['’]m| have| am)?\s+(?:been\s+)?work(?:ed|ing)?|(?:he|she|{people})\s+work(?:s|ed)|employed)"
    )
    colleagues = rf"{own}\s+(?:baas|chef|collega(?:['’]?s)?|leidinggevende|teamleider|werk|boss|colleagues?|job)"
    boss = "(?:werkgever|employer)"
    employer = rf"(?:{own}\s+(?:\w+\s+)?{boss}(?:\s*,|\s+(?:is|was|heet|heette))?|\b{boss}\s*:)"
    return re.compile(
        rf"\b(?:(?i:{works}{_BETWEEN}\s+(?:bij|voor|at|for|by|in\s+(?=het\s|de\s))\s*|in dienst van\s+"
        rf"|{colleagues}\s+(?:bij|at)\s+|{employer}\s+)){_ARTICLE}"
    )


@cache
def _verb_behind() -> re.Pattern[str]:
    """The name before the verb: "heb jaren bij Philips gewerkt"."""
    return re.compile(
        rf"\b(?i:bij|voor)\s+{_ARTICLE}(?P<name>{_NAME})"
        r"\s+(?i:(?:heb|heeft|had)\s+)?(?i:gewerkt|werkte?|werkzaam|in dienst)\b"
    )
