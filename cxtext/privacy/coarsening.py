"""What is found on request, and the coarser thing that stands for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cxtext.ingest.columns import plain_heading
from cxtext.privacy.ages import age_class, age_of, class_of_cell, find_ages
from cxtext.privacy.backends import find_names_with
from cxtext.privacy.employers import find_employers
from cxtext.privacy.findings import Finding, Kind, settle
from cxtext.privacy.options import PrivacyOptions
from cxtext.privacy.places import find_places, is_small_place
from cxtext.privacy.shifting import find_dates
from cxtext.privacy.words import lists

_DIGITS = re.compile(r"\bpostcode(?:gebied)?(?:\s+(?:is|van|was|:)|:)?\s+(?P<digits>[1-9]\d{3})(?![\w-]|[.,]\d)", re.I)
_POSTCODE = re.compile(r"[1-9]\d{3}(?:\s?[A-Za-z]{2})?")


def find_on_request(
    text: str, found: list[Finding], options: PrivacyOptions, *, asked: str = "", employers: Iterable[str] = ()
) -> list[Finding]:
    """Add what the options ask for to what is always found.

    Parameters
    ----------
    text : str
    found : list of Finding
        What is always found. It goes before the rest, but a name that is part of the name of an employer does not.
    options : PrivacyOptions
    asked : str
        What was said right before the text.
    employers : iterable of str
        Employers that are known.

    Returns
    -------
    list of Finding
        In the order of the text, not overlapping.

    Examples
    --------
    >>> text = "Ik ben 47, postcode 3511."
    >>> [f.kind for f in find_on_request(text, [], PrivacyOptions(ages=True, postcodes="area"))]
    ['age', 'postcode']
    """
    if options.employers:
        work = settle(find_employers(text, employers))
        found = _beside([f for f in found if f.kind != "name" or not any(_within(f, other) for other in work)], work)
    if options.backend:
        found = _beside(found, find_names_with(options.backend, text))
    return _beside(found, _coarse(text, found, options, asked))


def _coarse(text: str, found: list[Finding], options: PrivacyOptions, asked: str) -> Iterator[Finding]:
    if options.ages:
        yield from find_ages(text, [finding for finding in found if finding.kind == "name"], asked=asked)
    if options.postcodes == "area":
        for match in _DIGITS.finditer(text):
            yield Finding(*match.span("digits"), "postcode", "postcode: four digits")
    if options.shift_dates:
        yield from find_dates(text)
    if options.places:
        yield from find_places(text)


def _within(name: Finding, employer: Finding) -> bool:
    return employer.start <= name.start and name.end <= employer.end


def _beside(found: list[Finding], more: Iterable[Finding]) -> list[Finding]:
    """Findings with those of others that overlap none of them."""
    free = [f for f in settle(more) if all(f.end <= other.start or other.end <= f.start for other in found)]
    return sorted([*found, *free], key=lambda f: f.start)


def coarse_text(kind: Kind, said: str, options: PrivacyOptions) -> str | None:
    """What stands in a text for an age or a postcode; None where a placeholder does.

    Examples
    --------
    >>> coarse_text("age", "47 jaar", PrivacyOptions()), coarse_text("postcode", "3511 LX", PrivacyOptions())
    ('[40-49 JAAR]', None)
    """
    if kind == "age" and (age := age_of(said)) is not None:
        return f"[{age_class(age)} JAAR]"
    if kind == "postcode" and options.postcodes == "area":
        return f"[POSTCODE {said[:2]}..]"
    return None


def coarse_cell(kind: Kind, cell: str, options: PrivacyOptions) -> str | None:
    """What stands in a cell under a heading that tells its kind; None where a placeholder does.

    Examples
    --------
    >>> coarse_cell("age", "47", PrivacyOptions()), coarse_cell("place", "Utrecht", PrivacyOptions())
    ('40-49', 'Utrecht')
    """
    if kind == "age":
        return class_of_cell(cell) or cell
    if kind == "place" and not is_small_place(cell):
        return cell
    if kind == "postcode" and options.postcodes == "area" and _POSTCODE.fullmatch(cell.strip()):
        return cell.strip()[:2]
    return None


def kind_of_heading(heading: str, options: PrivacyOptions) -> Kind | None:
    """Kind of personal data that a column holds by its heading.

    Examples
    --------
    >>> kind_of_heading("Leeftijd", PrivacyOptions()), kind_of_heading("Leeftijd", PrivacyOptions(ages=True))
    (None, 'age')
    """
    asked = {"age": options.ages, "employer": options.employers, "place": options.places}
    headings = {**lists()["headings"], **{k: v for k, v in lists()["headings_on_request"].items() if asked[k]}}
    plain = plain_heading(heading)
    return next((kind for kind, known in headings.items() if plain in known), None)
