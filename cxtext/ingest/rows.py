"""Rows of a table, whatever file it is in, and what went wrong with some of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cxtext.records import Notice, clean_text

#: broken rows that are named one by one; the rest is counted
MOST_NAMED = 20


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes
    ----------
    number : int
        As a spreadsheet counts: the headings are row 1. In jsonl the number of the line.
    cells : Mapping[str, str]
        Heading to text.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not be read.

    Attributes
    ----------
    number : int
    reason : str
        What is wrong with it.
    """

    number: int
    reason: str


@dataclass
class Tally:
    """Counts what is left out of one table, and says so.

    Attributes
    ----------
    source : str
        The file.
    broken, unanswered, errors, unnamed : int
        Rows that are broken, hold no answer, hold an error of Excel, have no id.
    not_counted : collections.Counter
        Previews and unfinished rows.
    """

    source: str
    broken: int = 0
    unanswered: int = 0
    errors: int = 0
    unnamed: int = 0
    not_counted: Counter[str] = field(default_factory=Counter)
    _error_rows: list[int] = field(default_factory=list)
    _pending: list[Notice] = field(default_factory=list)

    def add_broken(self, number: int, reason: str) -> None:
        """Report a broken row; after `MOST_NAMED` of them only count it."""
        self.broken += 1
        if self.broken <= MOST_NAMED:
            self._pending.append(Notice(self.source, f"Row {number} was left out: {reason}."))

    def add_error(self, number: int) -> None:
        """Count a row whose answer is an error of Excel."""
        self.errors += 1
        if self.errors <= MOST_NAMED:
            self._error_rows.append(number)

    def add_notices(self, notices: Iterable[Notice]) -> None:
        """Report something else about the table, once."""
        self._pending.extend(notice for notice in notices if notice not in self._pending)

    def flush(self) -> Iterator[Notice]:
        """Give out the reports since the last time."""
        yield from self._pending
        self._pending.clear()

    def close(self) -> Iterator[Notice]:
        """Say what was counted."""
        yield from self.flush()
        if self.broken > MOST_NAMED:
            yield Notice(self.source, f"{self.broken - MOST_NAMED:,} more broken rows were left out.")
        if previews := self.not_counted["preview"]:
            yield Notice(self.source, f"Left out: {_rows(previews)} that {_were(previews)} a preview, a test or spam.")
        if unfinished := self.not_counted["unfinished"]:
            message = f"Left out: {_rows(unfinished)} that {_were(unfinished)} not finished."
            yield Notice(self.source, f"{message} To read them: --keep-unfinished.")
        if self.unanswered:
            yield Notice(
                self.source,
                f'Left out: {_rows(self.unanswered)} without an answer (empty, "nvt", "-" and the like).',
            )
        if self.errors:
            named = ", ".join(map(str, self._error_rows))
            yield Notice(
                self.source,
                f"Left out: {_rows(self.errors)} with an error of Excel as the answer (row {named}"
                f"{', ...' if self.errors > MOST_NAMED else ''}). Repair the formulas and export again.",
            )
        if self.unnamed:
            yield Notice(self.source, f"{_rows(self.unnamed)} without an id: the row number is used.")


def unique_headings(headings: Sequence[str]) -> tuple[list[str], str]:
    """Give every column a heading of its own.

    Parameters
    ----------
    headings : sequence of str
        As the file has them.

    Returns
    -------
    tuple of (list of str, str)
        The headings, empty ones named by their place and repeated ones numbered; and what was changed, for a notice.

    Examples
    --------
    >>> unique_headings(["Naam", "Naam", ""])[0]
    ['Naam', 'Naam (2)', 'column 3']
    """
    given = [clean_text(heading).strip() or f"column {place}" for place, heading in enumerate(headings, 1)]
    taken, unique = set(given), list[str]()
    used: set[str] = set()
    for heading in given:
        name, count = heading, 1
        while name in used or (count > 1 and name in taken):
            count += 1
            name = f"{heading} ({count})"
        used.add(name)
        unique.append(name)
    changed = [name for name, heading in zip(unique, headings, strict=True) if name != clean_text(heading).strip()]
    return unique, ", ".join(f'"{name}"' for name in changed[:12])


def is_empty(cells: Iterable[str]) -> bool:
    """Whether a row holds nothing at all."""
    return not any(cell.strip() for cell in cells)


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
