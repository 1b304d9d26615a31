"""All personal data in a text."""

from __future__ import annotations

from collections.abc import Iterable

from cxtext.privacy.addresses import find_addresses
from cxtext.privacy.contacts import find_contacts
from cxtext.privacy.dates import find_birthdates
from cxtext.privacy.findings import Finding, settle
from cxtext.privacy.names import find_names
from cxtext.privacy.numbers import find_numbers


def find_personal_data(text: str, *, known: Iterable[str] = ()) -> list[Finding]:
    """Find direct and strong indirect identifiers.

    Parameters
    ----------
    text : str
        Dutch or English, spoken or written.
    known : iterable of str
        Names of people in this project.

    Returns
    -------
    list of Finding
        In the order of the text, not overlapping; those that are not sure belong on the review list.

    Examples
    --------
    >>> text = "Ik ben Fatma Demir, Kerkstraat 12, 3511 LX Utrecht, 06-12345678."
    >>> [(f.kind, text[f.start : f.end]) for f in find_personal_data(text)][:2]
    [('name', 'Fatma Demir'), ('address', 'Kerkstraat 12')]
    """
    people, numbers = find_names(text, known), list(find_numbers(text))
    beside = [*people, *numbers]
    return settle([*find_contacts(text), *find_addresses(text, people), *find_birthdates(text, beside), *beside])
