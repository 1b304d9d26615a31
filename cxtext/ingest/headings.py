"""The rows above the answers: one row of headings, or the two and three of Qualtrics and SurveyMonkey."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cxtext.errors import ReadError
from cxtext.ingest.rows import is_empty, unique_headings
from cxtext.records import clean_text

#: how a cell of the third row of Qualtrics begins
_IMPORT_ID = '{"importid"'
#: so many columns about the answer itself stand first in SurveyMonkey's export, with nothing in the second row
_FEWEST_LEADING = 2
_MOST_LETTERS_OF_OPTION = 300


@dataclass(frozen=True)
class Headings:
    """What the rows above the answers say.

    Attributes
    ----------
    names : list of str
        One per column, all different.
    questions : Mapping[str, str]
        Heading to the question, where the file has both.
    last : int
        Number of the last row of headings, as a spreadsheet counts.
    notes : tuple of str
        What was changed or assumed, one sentence each.
    """

    names: list[str]
    questions: Mapping[str, str] = field(default_factory=dict)
    last: int = 1
    notes: tuple[str, ...] = ()


def find_headings(source: str, rows: Iterator[list[str]], *, skip_first: bool = False) -> Headings:
    """Find the headings of a table.

    Parameters
    ----------
    source : str
        The file, for the message.
    rows : iterator of list of str
        The table from its first row; it is read up to the second row after the first that holds something.
    skip_first : bool
        The first row is no part of the table (``sep=;``).

    Returns
    -------
    Headings

    Raises
    ------
    ReadError
        No row holds anything, or it cannot be read.

    Examples
    --------
    >>> rows = [["Q1", "Q2"], ["NPS?", "Waarom?"], ['{"ImportId":"QID1"}', '{"ImportId":"QID2"}'], ["9", "Snel"]]
    >>> find_headings("a.csv", iter(rows))
    Headings(names=['Q1', 'Q2'], questions={'Q1': 'NPS?', 'Q2': 'Waarom?'}, last=3, notes=())
    """
    problem = "there is none"
    first = 0
    top: list[list[str]] = []
    try:
        for number, cells in enumerate(rows, 1):
            if top or not (is_empty(cells) or (skip_first and number == 1)):
                first = first or number
                top.append(cells)
            if len(top) == 3:
                break
    except csv.Error as error:
        problem = str(error)
    if not top:
        raise ReadError(
            source,
            f"the row with headings cannot be read ({problem})",
            "The first row has to hold the headings of the columns.",
        )
    head, second, third = (*top, [], [])[:3]
    if _is_import_row(third):
        return _named(head, second, first + 2)
    if _is_import_row(second):
        return _named(head, [], first + 1)
    if _is_old_qualtrics(head, second):
        return _named(head, second, first + 1)
    if _is_option_row(head, second):
        return _named(_with_options(head, second), [], first + 1)
    return _named(head, [], first)


def _named(head: Sequence[str], questions: Sequence[str], last: int) -> Headings:
    names, changed = unique_headings(head)
    texts = {name: " ".join(clean_text(text).split()) for name, text in zip(names, questions, strict=False)}
    notes = (f"Columns with no heading, or a repeated one, were named: {changed}.",) if changed else ()
    return Headings(names, {name: text for name, text in texts.items() if text and text != name}, last, notes)


def _is_import_row(cells: Sequence[str]) -> bool:
    """Whether a row is the third of Qualtrics, with the ids of its questions as JSON."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all("".join(cell.split()).lower().startswith(_IMPORT_ID) for cell in filled)


def _is_old_qualtrics(head: Sequence[str], second: Sequence[str]) -> bool:
    return list(head[:2]) == ["V1", "V2"] and bool(second) and second[0].strip().casefold() == "responseid"


def _is_option_row(head: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a row holds the options under the questions, as the second of SurveyMonkey."""
    leading = next((at for at, cell in enumerate(second) if cell.strip()), 0)
    about = head[:leading]
    return (
        leading >= _FEWEST_LEADING
        and all(cell.strip() for cell in about)
        and "respondent id" in {cell.strip().casefold().replace("-", " ") for cell in about}
        and all(len(cell) <= _MOST_LETTERS_OF_OPTION for cell in second)
    )


def _with_options(head: Sequence[str], second: Sequence[str]) -> list[str]:
    """Headings of SurveyMonkey: the question, and behind it the option where it has several columns."""
    width = max(len(head), len(second))
    above = [*head, *[""] * (width - len(head))]
    options = [*second, *[""] * (width - len(second))]
    questions: list[str] = []
    for cell in above:
        questions.append(cell.strip() or (questions[-1] if questions else ""))
    return [
        f"{question} [{option.strip()}]" if questions.count(question) > 1 and option.strip() else question
        for question, option in zip(questions, options, strict=True)
    ]
