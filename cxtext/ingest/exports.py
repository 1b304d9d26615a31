"""Rows of a survey program's export that nobody answered, or not to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cxtext.ingest.answers import table_words

#: why a row does not count
Reason = Literal["preview", "unfinished"]
_REASONS: tuple[Reason, ...] = ("preview", "unfinished")


@dataclass(frozen=True)
class Export:
    """How a survey program marks rows that do not count.

    Attributes
    ----------
    program : str
        Empty where the file is of no program that is known.
    marks : sequence of (Reason, str, frozenset of str)
        Reason, heading, and the values (in lower case) that mean it.
    """

    program: str = ""
    marks: Sequence[tuple[Reason, str, frozenset[str]]] = ()

    def reason(self, cells: Mapping[str, str]) -> Reason | None:
        """Why a row does not count; None where it does."""
        for reason, heading, values in self.marks:
            if cells.get(heading, "").strip().casefold() in values:
                return reason
        return None


def find_export(titles: Mapping[str, Sequence[str]]) -> Export:
    """Recognise the program that wrote a table.

    Parameters
    ----------
    titles : Mapping[str, sequence of str]
        Heading to the forms in which it may be known, in lower case without signs.

    Returns
    -------
    Export

    Examples
    --------
    >>> export = find_export({"ResponseId": ["response id"], "Finished": ["finished"]})
    >>> export.program, export.reason({"Finished": "False"})
    ('Qualtrics', 'unfinished')
    """

    def heading(forms: Sequence[str]) -> str | None:
        return next((name for name, known in titles.items() if set(known) & set(forms)), None)

    for rules in table_words()["exports"]:
        if all(heading(forms) for forms in rules["has"]):
            return Export(rules["program"], tuple(_marks(rules, heading)))
    return Export()


def _marks(rules: Mapping[str, Any], heading: Any) -> list[tuple[Reason, str, frozenset[str]]]:
    found = [(reason, heading(mark["headings"]), mark["values"]) for reason in _REASONS for mark in rules[reason]]
    return [(reason, name, frozenset(values)) for reason, name, values in found if name]
