"""What was recognised in files, before anything is done with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.ingest import Paths, ReadOptions, Skipped, read_documents
from cxtext.records import Document, Notice
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

FILES = {
    "file": TEXT, "reader": TEXT, "kind": TEXT, "documents": "int64", "respondents": "int64", "words": "int64",
    "languages": TEXT,
}  # fmt: skip
SPEAKERS = {"file": TEXT, "speaker": TEXT, "role": TEXT, "turns": "int64", "words": "int64"}
COLUMNS = {
    "file": TEXT, "column": TEXT, "taken_for": TEXT, "question": TEXT, "filled": "int64", "different": "int64",
    "values": TEXT,
}  # fmt: skip
NOTES = {"file": TEXT, "note": TEXT, "read": "bool"}

#: values of a column that are kept to show them, and that are shown
_MOST_KEPT, _MOST_SHOWN = 1_000, 3
_MOST_LETTERS = 40
_NUMBER = re.compile(r"[-+]?\d{1,12}(?:[.,]\d{1,6})?")
_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}\b.*")

#: parts in the words of the options
_NAMES = {"text": "answers", "id": "id of the row", "case": "respondent", "nps": "NPS (0-10)"}
_NO_PART = "attribute"


@dataclass(frozen=True)
class Inspection:
    """What was recognised.

    Attributes
    ----------
    files : pandas.DataFrame
        One row per file: ``file``, ``reader`` (the suffix), ``kind`` (interview or survey), ``documents``,
        ``respondents``, ``words`` (of respondents), ``languages``.
    speakers : pandas.DataFrame
        ``file``, ``speaker``, ``role``, ``turns``, ``words``.
    columns : pandas.DataFrame
        Of tables and of lines above a transcript: ``file``, ``column``, ``taken_for`` (``attribute`` where it plays no
        part), ``question``, ``filled``, ``different``, ``values`` (the range of numbers, else the most frequent ones).
    notes : pandas.DataFrame
        ``file``, ``note``, ``read`` (False where the file was skipped).
    """

    files: pd.DataFrame
    speakers: pd.DataFrame
    columns: pd.DataFrame
    notes: pd.DataFrame

    def __repr__(self) -> str:
        skipped = int((~self.notes["read"]).sum())
        return f"Inspection({len(self.files)} files read, {skipped} skipped, {len(self.notes) - skipped} notes)"

    def _repr_html_(self) -> str:
        parts = {"Files": self.files, "Speakers": self.speakers, "Columns": self.columns, "Notes": self.notes}
        return "".join(f"<h4>{name}</h4>{part.to_html(index=False)}" for name, part in parts.items() if len(part))


@dataclass
class _Column:
    """What is seen of one column."""

    taken_for: str
    question: str = ""
    filled: int = 0
    values: Counter[str] = field(default_factory=Counter)

    def add(self, value: str) -> None:
        if value.strip():
            self.filled += 1
            if value in self.values or len(self.values) < _MOST_KEPT:
                self.values[value] += 1

    def shown(self) -> str:
        """The range of numbers, the order of dates, else the most frequent values."""
        if self.taken_for == "answers":
            words = sum(len(value.split()) * count for value, count in self.values.items())
            return f"{words / max(self.values.total(), 1):.0f} words each" if self.values else ""
        if self.values and all(_NUMBER.fullmatch(value.strip()) for value in self.values):
            numbers = sorted(self.values, key=lambda value: float(value.strip().replace(",", ".")))
            return numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
        dates = [match for value in self.values if (match := _DATE.fullmatch(value.strip()))]
        if dates and len(dates) == len(self.values):
            return f"{next(iter(self.values))} ... ({_date_order(dates)})"
        common = [value if len(value) <= _MOST_LETTERS else f"{value[:_MOST_LETTERS]}..." for value in self.values]
        more = " ..." if len(common) > _MOST_SHOWN else ""
        return " | ".join(common[:_MOST_SHOWN]) + more


@dataclass
class _File:
    """What is seen of one file."""

    kind: str
    documents: int = 0
    words: int = 0
    cases: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    speakers: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    seen: dict[str, _Column] = field(default_factory=dict)
    last_row: str = ""

    def add(self, document: Document) -> None:
        self.documents += 1
        self.languages[document.language or "?"] += 1
        for turn in document.turns:
            said = len(document.text[turn.start : turn.end].split())
            self.words += said if turn.role == "respondent" else 0
            if document.kind == "interview":
                counts = self.speakers.setdefault((turn.speaker, turn.role), [0, 0])
                counts[0] += 1
                counts[1] += said
        self.cases.add(document.attribute("case") or document.id)
        parts = {heading: part for part, heading in document.columns.items()}
        if "text" in document.columns:
            heading = document.columns["text"]
            self._column(heading, "text", document.prompt).add(document.text)
        new_row = document.kind == "interview" or document.name != self.last_row
        for heading, value in document.attributes.items():
            column = self._column(heading, parts.get(heading, _NO_PART))
            if new_row:
                column.add(value)
        self.last_row = document.name

    def _column(self, heading: str, part: str, question: str = "") -> _Column:
        shown = question if question != heading else ""
        column = self.seen.setdefault(heading, _Column(_NO_PART, shown))
        if column.taken_for == _NO_PART:
            column.taken_for = _NAMES.get(part, part)
        return column


def inspect_files(paths: Paths, **reading: Any) -> Inspection:
    """Read files and tell what was recognised in them.

    Parameters
    ----------
    paths : path, or iterable of paths
    **reading
        As in `cxtext.read_corpus`.

    Returns
    -------
    Inspection

    Raises
    ------
    OptionError
        An option has a value that cannot be used.

    Examples
    --------
    >>> inspect_files("no such folder").notes["note"][0]
    'there is no such file or folder. Check the name.'
    """
    files: dict[str, _File] = {}
    notes: list[dict[str, Any]] = []
    for item in read_documents(paths, ReadOptions(**reading)):
        match item:
            case Document():
                files.setdefault(item.source, _File(item.kind)).add(item)
            case Notice():
                notes.append({"file": item.source, "note": item.message, "read": not isinstance(item, Skipped)})
    return Inspection(
        make_table(
            [
                {
                    "file": name, "reader": Path(name).suffix.lower(), "kind": file.kind, "documents": file.documents,
                    "respondents": len(file.cases), "words": file.words,
                    "languages": ", ".join(f"{code} {n}" for code, n in file.languages.most_common()),
                }
                for name, file in files.items()
            ],
            FILES,
        ),
        make_table(
            [
                {"file": name, "speaker": speaker, "role": role, "turns": turns, "words": words}
                for name, file in files.items()
                for (speaker, role), (turns, words) in file.speakers.items()
            ],
            SPEAKERS,
        ),
        make_table(
            [
                {
                    "file": name, "column": heading, "taken_for": column.taken_for, "question": column.question,
                    "filled": column.filled, "different": len(column.values), "values": column.shown(),
                }
                for name, file in files.items()
                for heading, column in file.seen.items()
            ],
            COLUMNS,
        ),
        make_table(notes, NOTES),
    )  # fmt: skip


def _date_order(dates: Iterable[re.Match[str]]) -> str:
    """Whether the day or the month stands first, as far as the values show it."""
    first, second = zip(*((int(date[1]), int(date[2])) for date in dates), strict=True)
    if max(first) > 12:
        return "day first"
    if max(second) > 12:
        return "month first"
    return "day or month first: cannot be told"
