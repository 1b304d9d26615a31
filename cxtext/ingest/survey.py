"""From the rows of a table to documents: one per answer, or one per run of rows of one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.answers import is_error_cell, is_no_answer
from cxtext.ingest.choices import Choice, find_choices, merge_choices, merge_header
from cxtext.ingest.columns import ANSWER_CODE, Columns, plain_heading, recognise_columns, titles_of
from cxtext.ingest.exports import Export, find_export
from cxtext.ingest.headings import Headings
from cxtext.ingest.interview import count_words, make_turns, role_notices
from cxtext.ingest.items import Item, Skipped
from cxtext.ingest.languages import language_of, language_of_answer
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.rows import BrokenRow, Row, Tally
from cxtext.ingest.speakers import Roles, assign_roles
from cxtext.ingest.times import TIME, parse_time
from cxtext.ingest.utterances import Utterance
from cxtext.records import Document, Notice, Turn, clean_text
from cxtext.tables import attribute_name

#: columns and language are recognised from so many rows
SAMPLE = 200
#: more columns than any survey has
MOST_COLUMNS = 3_000
#: attributes that are made where the file has none: who gave several answers, and at which moment
RESPONDENT, WAVE = "respondent", "wave"

_FEWEST_WORDS_OF_PROMPT = 4
_SECONDS = re.compile(r"\d{1,7}(?:[.,]\d{1,6})?")
_CLOCK = re.compile(TIME)


def read_table(
    path: Path, options: ReadOptions, rows: Iterator[Row | BrokenRow], headings: Headings | None = None
) -> Iterator[Item]:
    """Make documents of the rows of a table, without ever holding more than some of them.

    Parameters
    ----------
    path : pathlib.Path
        The file, as the user named it.
    options : ReadOptions
    rows : iterator of Row or BrokenRow
    headings : Headings or None
        Those of the first rows where they are left out.

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
    table = understand(source, options, first, headings)
    yield from _column_notices(source, table)
    language = language_of("\n".join(table.sample()), source, options)
    usable = _usable(chain(first, rows), table, options, tally)
    in_turns = bool(table.columns.speaker or "document" in table.columns.parts)
    for item in (_runs if in_turns else _answers)(path, options, table, language, usable, tally):
        yield from tally.flush()
        yield item
    yield from tally.close()


@dataclass(frozen=True)
class Table:
    """What was understood of a table from its first rows.

    Attributes
    ----------
    headings : Headings
    choices : list of Choice
        Questions with a column per option, which become one attribute.
    header : list of str
        Headings after that.
    rows : list of dict of str to str
        The first rows after that, those that do not count left out.
    columns : Columns
    export : Export
        How rows are marked that do not count.
    """

    headings: Headings
    choices: list[Choice]
    header: list[str]
    rows: list[dict[str, str]]
    columns: Columns
    export: Export

    def sample(self) -> list[str]:
        """Answers in the first rows."""
        cells = (clean_text(row.get(name, "")) for row in self.rows for name in self.columns.texts)
        return [text for text in cells if not is_no_answer(text)]

    def question(self, name: str) -> str:
        """The question that a column answers; empty where its heading is none."""
        asked = self.headings.questions.get(name, name)
        is_question = asked.endswith("?") or len(asked.split()) >= _FEWEST_WORDS_OF_PROMPT
        return asked if is_question else ""


def understand(
    source: str, options: ReadOptions, first: Sequence[Row | BrokenRow], headings: Headings | None = None
) -> Table:
    """Find out what a table holds.

    Parameters
    ----------
    source : str
        The file, for messages.
    options : ReadOptions
    first : sequence of Row or BrokenRow
        Its first rows.
    headings : Headings or None
        Those of the first rows where they are left out.

    Returns
    -------
    Table

    Raises
    ------
    ReadError
        See `read_table`.
    """
    good = [row.cells for row in first if isinstance(row, Row)]
    if not good:
        reasons = [f"row {row.number}: {row.reason}" for row in first[:3] if isinstance(row, BrokenRow)]
        raise ReadError(
            source,
            "; ".join(["it holds no rows that can be read", *reasons]),
            "Check that it holds one row per answer under a row of headings.",
        )
    headings = headings or Headings(list(dict.fromkeys(name for cells in good for name in cells)))
    if len(headings.names) > MOST_COLUMNS:
        reason = f"it has {len(headings.names):,} columns, more than any survey"
        raise ReadError(source, reason, "Check what is in it.")
    forms = titles_of(headings.names, headings.questions)
    export = find_export({name: [plain_heading(title) for title in titles] for name, titles in forms.items()})
    counted = [cells for cells in good if export.reason(cells) is None] or good
    choices = find_choices(headings.names, counted)
    header = merge_header(headings.names, choices)
    rows = [merge_choices(cells, choices) for cells in counted]
    columns = recognise_columns(source, header, rows, options, headings.questions)
    return Table(headings, choices, header, rows, columns, export)


def _usable(
    rows: Iterable[Row | BrokenRow], table: Table, options: ReadOptions, tally: Tally
) -> Iterator[tuple[Row, dict[str, str]]]:
    """Choose the rows that become documents or turns, with their answers by heading."""
    columns = table.columns
    for row in rows:
        if isinstance(row, BrokenRow):
            tally.add_broken(row.number, row.reason)
            continue
        reason = None if options.keep_all_rows else table.export.reason(row.cells)
        if reason == "preview" or (reason and not options.keep_unfinished):
            tally.not_counted[reason] += 1
            continue
        merged = Row(row.number, merge_choices(row.cells, table.choices))
        if not any(name in merged.cells for name in columns.texts):
            tally.add_broken(row.number, f'it has no "{columns.texts[0]}"')
            continue
        texts = {name: clean_text(merged.cells.get(name, "")).strip() for name in columns.texts}
        if options.keep_all_rows:
            yield merged, texts
            continue
        given = {name: text for name, text in texts.items() if not is_no_answer(text)}
        answers = {name: text for name, text in given.items() if not is_error_cell(text)}
        if answers:
            yield merged, answers
        elif given:
            tally.add_error(row.number)
        else:
            tally.unanswered += 1


def _answers(
    path: Path,
    options: ReadOptions,
    table: Table,
    language: str,
    rows: Iterable[tuple[Row, dict[str, str]]],
    tally: Tally,
) -> Iterator[Document]:
    """One document per answer: per row, and where there are several open questions per question of a row."""
    columns = table.columns
    several = len(columns.texts) > 1
    for row, answers in rows:
        given = clean_text(row.cells.get(columns.parts.get("id", ""), ""))
        tally.unnamed += bool("id" in columns.parts and not given.strip())
        name = given if given.strip() else str(row.number)
        own = f"{options.key_of(path)}/{name}"
        attributes = _others(row, columns)
        parts = dict(columns.parts)
        if several and "case" not in parts:
            parts["case"] = attribute_name(RESPONDENT, attributes)
            attributes[parts["case"]] = own
        for heading, text in answers.items():
            moment = _of_moment(heading, columns, attributes)
            yield Document(
                id=f"{own}/{heading}" if several else own,
                name=name,
                kind="survey",
                source=str(path),
                text=text,
                turns=(Turn(0, len(text), "", "respondent"),),
                language=language_of_answer(text, language, options),
                attributes={**attributes, **moment.attributes},
                columns={"text": heading, **parts, **moment.parts},
                prompt=table.question(heading),
            )


@dataclass(frozen=True)
class _Moment:
    attributes: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)


def _of_moment(heading: str, columns: Columns, attributes: Mapping[str, str]) -> _Moment:
    """What is so for one question alone: its own NPS, and the moment as its wave."""
    if heading not in columns.moments:
        return _Moment()
    nps, moment = columns.moments[heading]
    if "wave" in columns.parts:
        return _Moment(parts={"nps": nps})
    wave = attribute_name(WAVE, attributes)
    return _Moment({wave: moment}, {"nps": nps, "wave": wave})


def _runs(
    path: Path,
    options: ReadOptions,
    table: Table,
    language: str,
    rows: Iterable[tuple[Row, dict[str, str]]],
    tally: Tally,
) -> Iterator[Document | Skipped]:
    """One document per run of rows with one value in the document column; the whole table where there is none."""
    columns = table.columns
    (heading,) = columns.texts[:1]
    column = columns.parts.get("document")

    def document_of(row: tuple[Row, dict[str, str]]) -> str:
        value = clean_text(row[0].cells.get(column, "")) if column else options.key_of(path)
        return value if value.strip() else f"{options.key_of(path)}/{row[0].number}"

    for name, run in groupby(rows, key=document_of):
        utterances = [_utterance(row, answers[heading], columns) for row, answers in run if heading in answers]
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
            columns={"text": heading, **columns.parts},
            prompt=table.question(heading),
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
    """Attributes of a row: all cells but the answers."""
    cells = {name: clean_text(cell) for name, cell in row.cells.items() if name not in columns.texts}
    for name in (columns.parts.get("nps", ""), *(nps for nps, _ in columns.moments.values())):
        if code := re.fullmatch(ANSWER_CODE, cells.get(name, "").strip()):
            cells[name] = code[1]
    return cells


def _column_notices(source: str, table: Table) -> Iterator[Notice]:
    columns = table.columns
    nps = columns.parts.get("nps", "")
    if any(re.fullmatch(ANSWER_CODE, row.get(nps, "").strip()) for row in table.rows):
        yield Notice(source, f'The codes A0 to A10 in the column "{nps}" were read as the answers 0 to 10.')
    if len(columns.texts) > 1:
        yield Notice(
            source,
            f"{len(columns.texts)} open questions were read, each answer as a document of its own: "
            f"{_quoted(columns.texts)}. To read fewer: --text-column HEADING, once per question.",
        )
    if columns.other_text:
        yield Notice(
            source,
            f"Other columns with text were not read as answers: {_quoted(columns.other_text)}. "
            "To read them: --text-column HEADING, once per question.",
        )
    if columns.moments:
        pairs = ", ".join(f'"{nps}" for "{moment}"' for nps, moment in columns.moments.values())
        yield Notice(source, f"Each of them has the NPS of its own moment, which is its wave: {pairs}.")
    if columns.other_nps:
        yield Notice(
            source,
            f'The NPS is taken from the column "{columns.parts["nps"]}". Other columns that may hold it: '
            f"{_quoted(columns.other_nps)}. To take one of those: --nps-column HEADING.",
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
