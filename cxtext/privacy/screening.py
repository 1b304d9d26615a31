"""Whether a quote can be handed on as it is, or a person should look at it first."""

from __future__ import annotations

from collections.abc import Iterable

from cxtext.privacy.detection import find_personal_data
from cxtext.privacy.words import lists, pattern


def needs_check(text: str, *, known: Iterable[str] = ()) -> bool:
    """Whether a text holds what may be personal data, or a term of a special category (GDPR, art. 9 and 10).

    Parameters
    ----------
    text : str
        Dutch or English.
    known : iterable of str
        Names of people in this project.

    Returns
    -------
    bool

    Examples
    --------
    >>> needs_check("Ik ben Fatma Demir."), needs_check("Door mijn burn-out lukte het niet."), needs_check("Te duur.")
    (True, True, False)
    """
    special = any(pattern(f"special_{group}").search(text) for group in lists()["special"])
    return special or bool(find_personal_data(text, known=known))
