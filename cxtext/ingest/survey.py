"""From the rows of a table to documents: one per answer, or one per run of rows of one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.answers import is_error_cell, is_no_answer
from cxtext.ingest.columns import Columns, recognise_columns
from cxtext.ingest.interview import count_words, make_turns, role_notices
from cxtext.ingest.items import Item, Skipped
from cxtext.ingest.languages import language_of, language_of_answer
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.rows import BrokenRow, Row, Tally
from cxtext.ingest.speakers import Roles, assign_roles
from cxtext.ingest.times import TIME, parse_time
from cxtext.ingest.utterances import Utterance
from cxtext.records import Document, Notice, Turn, clean_text

#: columns and language are recognised from so many rows
SAMPLE = 200
#: more columns than any survey has
MOST_COLUMNS = 3_000

_FEWEST_WORDS_OF_PROMPT = 4
_SECONDS = re.compile(r"\d{1,7}(?:[.,]\d{1,6})?")
_CLOCK = re.compile(TIME)


def read_table(
    path: Path, options: ReadOptions, rows: Iterator[Row | BrokenRow], header: Sequence[str] = ()
) -> Iterator[Item]:
    """Make documents of the rows of a table, without ever holding more than some of them.

    Parameters
    ----------
    path : pathlib.Path
        The file, as the user named it.
    options : ReadOptions
    rows : iterator of Row or BrokenRow
    header : sequence of str
        The headings; those of the first rows where they are left out.

    Yields
    ------
    Document or Notice
        Documents of kind ``"survey"`` (``"interview"`` where a column names speakers).

    Raises
    ------
    ReadError
        There are no rows, no column with text, not the columns that the user named, or it is another language.
    """
    source = str(path)
    tally = Tally(source)
    first = list(islice(rows, SAMPLE))
    good = [row.cells for row in first if isinstance(row, Row)]
    if not good:
        reasons = [f"row {row.number}: {row.reason}" for row in first[:3] if isinstance(row, BrokenRow)]
        raise ReadError(
            source,
            "; ".join(["it holds no rows that can be read", *reasons]),
            "Check that it holds one row per answer under a row of headings.",
        )
    header = header or list(dict.fromkeys(name for cells in good for name in cells))
    if len(header) > MOST_COLUMNS:
        raise ReadError(source, f"it has {len(header):,} columns, more than any survey", "Check what is in it.")
    columns = recognise_columns(source, header, good, options)
    yield from _column_notices(source, columns)
    sample = (clean_text(cells.get(columns.text, "")) for cells in good)
    language = language_of("\n".join(text for text in sample if not is_no_answer(text)), source, options)
    usable = _usable(chain(first, rows), columns, options, tally)
    in_turns = bool(columns.speaker or "document" in columns.parts)
    for item in (_runs if in_turns else _answers)(path, options, columns, language, usable, tally):
        yield from tally.flush()
        yield item
    yield from tally.close()


def _usable(
    rows: Iterable[Row | BrokenRow], columns: Columns, options: ReadOptions, tally: Tally
) -> Iterator[tuple[Row, str]]:
    """Choose the rows that become a document or a turn, with their text."""
    for row in rows:
        if isinstance(row, BrokenRow):
            tally.add_broken(row.number, row.reason)
            continue
        cell = row.cells.get(columns.text)
        if cell is None:
            tally.add_broken(row.number, f'it has no "{columns.text}"')
            continue
        text = clean_text(cell).strip()
        if not options.keep_all_rows and is_error_cell(text):
            tally.add_error(row.number)
        elif not options.keep_all_rows and is_no_answer(text):
            tally.unanswered += 1
        else:
            yield row, text


def _answers(
    path: Path,
    options: ReadOptions,
    columns: Columns,
    language: str,
    rows: Iterable[tuple[Row, str]],
    tally: Tally,
) -> Iterator[Document]:
    """One document per row."""
    for row, text in rows:
        given = clean_text(row.cells.get(columns.parts.get("id", ""), ""))
        tally.unnamed += bool("id" in columns.parts and not given.strip())
        name = given if given.strip() else str(row.number)
        yield Document(
            id=f"{options.key_of(path)}/{name}",
            name=name,
            kind="survey",
            source=str(path),
            text=text,
            turns=(Turn(0, len(text), "", "respondent"),),
            language=language_of_answer(text, language, options),
            attributes=_others(row, columns),
            columns={"text": columns.text, **columns.parts},
            prompt=_prompt(columns),
        )


def _runs(
    path: Path,
    options: ReadOptions,
    columns: Columns,
    language: str,
    rows: Iterable[tuple[Row, str]],
    tally: Tally,
) -> Iterator[Document | Skipped]:
    """One document per run of rows with one value in the document column; the whole table where there is none."""
    column = columns.parts.get("document")

    def document_of(row: tuple[Row, str]) -> str:
        value = clean_text(row[0].cells.get(column, "")) if column else options.key_of(path)
        return value if value.strip() else f"{options.key_of(path)}/{row[0].number}"

    for name, run in groupby(rows, key=document_of):
        utterances = [_utterance(row, text, columns) for row, text in run]
        roles = Roles({"": "respondent"})
        if columns.speaker:
            try:
                roles = assign_roles(str(path), count_words(utterances), options.interviewer)
            except ReadError as error:
                if not options.keep_all_rows:
                    yield Skipped(str(path), f'document "{name}": {error.reason}. {error.advice}')
                    continue
                reason = f'document "{name}": {error.reason}, so everybody is taken as a respondent. {error.advice}'
                tally.add_notices([Notice(str(path), reason)])
                roles = Roles({utterance.speaker: "respondent" for utterance in utterances})
            tally.add_notices(role_notices(str(path), roles, utterances))
        text, turns = make_turns(utterances, roles.of)
        first, *others = (u.attributes for u in utterances)
        yield Document(
            id=name,
            name=name,
            kind="interview" if columns.speaker else "survey",
            source=str(path),
            text=text,
            turns=turns,
            language=language_of_answer(text, language, options),
            attributes={k: v for k, v in first.items() if all(other.get(k) == v for other in others)},
            columns={"text": columns.text, **columns.parts},
            prompt=_prompt(columns),
        )


def _utterance(row: Row, text: str, columns: Columns) -> Utterance:
    speaker = clean_text(row.cells.get(columns.speaker, "")) if columns.speaker else ""
    start, end = (_seconds(row.cells.get(name or "", "")) for name in (columns.time_start, columns.time_end))
    return Utterance(" ".join(speaker.split()), text, start, end, _others(row, columns))


def _seconds(cell: str) -> float | None:
    """Read a time in seconds or as h:mm:ss; None where it is neither."""
    if _SECONDS.fullmatch(cell.strip()):
        return float(cell.strip().replace(",", "."))
    return parse_time(cell.strip()) if _CLOCK.fullmatch(cell.strip()) else None


def _others(row: Row, columns: Columns) -> dict[str, str]:
    return {name: clean_text(cell) for name, cell in row.cells.items() if name != columns.text}


def _prompt(columns: Columns) -> str:
    return columns.text if len(columns.text.split()) >= _FEWEST_WORDS_OF_PROMPT else ""


def _column_notices(source: str, columns: Columns) -> Iterator[Notice]:
    if columns.other_text:
        named = ", ".join(f'"{name}"' for name in columns.other_text)
        yield Notice(
            source,
            f'The answers are taken from the column "{columns.text}". Other columns with text: {named}. '
            "To read one of those: --text-column HEADING.",
        )
    if columns.other_nps:
        named = ", ".join(f'"{name}"' for name in columns.other_nps)
        yield Notice(
            source,
            f'The NPS is taken from the column "{columns.parts["nps"]}". Other columns that may hold it: {named}. '
            "To take one of those: --nps-column HEADING.",
        )
