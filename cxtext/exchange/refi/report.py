"""What came through an exchange and what did not: the standard obliges a program to say it, element by element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from cxtext.showing import html_table
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["kept", "changed", "repaired", "flagged", "dropped"]

#: worst first
OUTCOMES: tuple[Outcome, ...] = ("dropped", "repaired", "flagged", "changed", "kept")
EXCHANGED = {
    "element": TEXT,
    "name": TEXT,
    "guid": TEXT,
    "outcome": TEXT,
    "why": TEXT,
    "detail": TEXT,
    "count": "int64",
}
_WORDS = {"dropped": "Dropped", "repaired": "Repaired", "flagged": "Look at", "changed": "Changed"}
_SHOWN = 3


@dataclass(frozen=True)
class ReportRow:
    """What happened to an element.

    Attributes
    ----------
    element : str
        Its name in the standard, ``"PlainTextSelection"``; an attribute is ``"Project@basePath"``.
    name, guid : str
        Its name for people (else that of what it belongs to) and its GUID.
    outcome : {"kept", "changed", "repaired", "flagged", "dropped"}
        Flagged: it was kept, and a person should look at it.
    why : str
        One reason for all of its sort.
    detail : str
        What is particular to this one.
    count : int
        How many elements the row speaks of.
    """

    element: str
    name: str
    guid: str
    outcome: Outcome
    why: str
    detail: str = ""
    count: int = 1


@dataclass(frozen=True)
class Counting:
    """How a program counted the positions in one text, as far as can be told from its selections.

    Attributes
    ----------
    name, guid : str
        The text.
    scheme, runner_up : str
        ``"code points"`` or ``"UTF-16 units"``, with ``", line end as 1"`` or ``2`` where the text has ``CR LF``. The
        runner-up is empty where every way of counting gives the same places.
    fits, runner_up_fits : int
        Selections that lie where the quote in their name is, or else on borders of words.
    selections : int
    """

    name: str
    guid: str
    scheme: str
    fits: int
    runner_up: str
    runner_up_fits: int
    selections: int

    @property
    def decided(self) -> bool:
        """False where two ways of counting fit equally well and give different places."""
        return not self.runner_up or self.fits > self.runner_up_fits


@dataclass(frozen=True)
class ExchangeReport:
    """What an import or export did.

    Attributes
    ----------
    rows : tuple of ReportRow
        The worst first; what was simply kept in one row per sort of element.
    counting : tuple of Counting
        Of every text with selections.
    """

    rows: tuple[ReportRow, ...]
    counting: tuple[Counting, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a tidy frame: `EXCHANGED`."""
        return make_table([asdict(row) for row in self.rows], EXCHANGED)

    def _repr_html_(self) -> str:
        return html_table((), (), notes=self.lines())

    def lines(self) -> list[str]:
        """Short sentences for people, the summary first.

        Examples
        --------
        >>> ExchangeReport((ReportRow("Code", "", "", "kept", "", count=12),)).lines()
        ['Kept: 12 Code.']
        """
        kept = ", ".join(f"{row.count} {row.element}" for row in self.rows if row.outcome == "kept")
        groups: dict[tuple[str, str, str], list[ReportRow]] = {}
        for row in self.rows:
            if row.outcome != "kept":
                groups.setdefault((row.outcome, row.element, row.why), []).append(row)
        return [f"Kept: {kept or 'nothing'}.", *_counting_lines(self.counting), *map(_line, groups.values())]


def _counting_lines(counted: Sequence[Counting]) -> Iterator[str]:
    """A line per source; of many that all fit in one way, one line together."""
    alike: dict[str, list[Counting]] = {}
    for counting in counted:
        if counting.decided and counting.fits == counting.selections:
            alike.setdefault(counting.scheme, []).append(counting)
    together = {scheme: some for scheme, some in alike.items() if len(some) > _SHOWN}
    for scheme, some in together.items():
        yield f"{len(some)} sources: positions read as {scheme}; all {sum(c.fits for c in some)} selections fit."
    gathered = [counting for some in together.values() for counting in some]
    yield from (_counting_line(counting) for counting in counted if counting not in gathered)


def _counting_line(counting: Counting) -> str:
    line = (
        f"{counting.name}: positions read as {counting.scheme}; {counting.fits} of {counting.selections} selections fit"
    )
    if counting.runner_up:
        line += f" (next best: {counting.runner_up}, {counting.runner_up_fits})"
    return f"{line}." if counting.decided else f"{line}; look at a few of them, because it could not be decided."


def _line(rows: Sequence[ReportRow]) -> str:
    first = rows[0]
    told = [f"{row.name or row.guid}{f' ({row.detail})' if row.detail else ''}" for row in rows]
    names = ", ".join(name for name in told[:_SHOWN] if name)
    more = f", and {len(told) - _SHOWN} more" if names and len(told) > _SHOWN else ""
    count = sum(row.count for row in rows)
    return f"{_WORDS[first.outcome]}: {count} {first.element}: {first.why}{f' [{names}{more}]' if names else ''}."


@dataclass
class Ledger:
    """Collects what happens while a file is read or written."""

    rows: list[ReportRow] = field(default_factory=list)
    counting: list[Counting] = field(default_factory=list)

    def add(
        self,
        outcome: Outcome,
        element: str,
        why: str,
        *,
        name: str = "",
        guid: str = "",
        detail: str = "",
        count: int = 1,
    ) -> None:
        """Write down one thing."""
        self.rows.append(ReportRow(element, name, guid, outcome, why, detail, count))

    def kept(self, element: str, count: int) -> None:
        """Write down how many elements of a sort came through."""
        if count:
            self.add("kept", element, "", count=count)

    def report(self) -> ExchangeReport:
        """All of it, the worst first."""
        rows = sorted(self.rows, key=lambda row: OUTCOMES.index(row.outcome))
        return ExchangeReport(tuple(rows), tuple(self.counting))
