"""Whether a study is whole: what is wrong in it, and what of that can be repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Text, cast, column, func, inspect, select, text

from cxtext.errors import CxtextError, ReadError
from cxtext.project import schema
from cxtext.project.attributes import read_attributes
from cxtext.project.codings import outside
from cxtext.project.database import among, integrity, told
from cxtext.project.frames import current_codebook, read_codings, read_documents, read_segments
from cxtext.project.history import changes_of, read_log, writing

if TYPE_CHECKING:
    import pandas as pd

_COPY = "Go back to a copy of the study."


@dataclass(frozen=True)
class Problem:
    """Something wrong in a study.

    Attributes
    ----------
    what : str
        One sentence, with the place.
    advice : str
        What can be done.
    rows : tuple of (str, str)
        Table and id of rows that a repair takes away.
    """

    what: str
    advice: str
    rows: tuple[tuple[str, str], ...] = ()


def check_study(engine: Engine) -> list[Problem]:
    """Look for damage: in the file, the texts, the places that codings point to, codes, the log and the word index.

    Parameters
    ----------
    engine : sqlalchemy.Engine

    Returns
    -------
    list of Problem
        Empty where all is well.
    """
    problems = _looked(engine, _file) or _looked(engine, _tables)
    looks = () if problems else (_rows, _texts, _attributes, _segments, _codings, _log, _words)
    return problems + [problem for look in looks for problem in _looked(engine, look)]


def _looked(engine: Engine, look: Callable[[Connection], Iterable[Problem]]) -> list[Problem]:
    """What one look finds; where it ends in an error, that is what is wrong."""
    try:
        with told("the study", reading=True), engine.begin() as connection:
            return list(look(connection))
    except CxtextError as error:
        return [Problem(getattr(error, "reason", str(error)), _COPY)]


def repair_study(engine: Engine, coder: str) -> list[Problem]:
    """Repair what can be: rows that point nowhere are taken away (undo brings them back), the word index is made again.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    coder : str

    Returns
    -------
    list of Problem
        What is left.
    """
    problems = check_study(engine)
    try:
        with told("the study", reading=True):
            with writing(engine, coder, "repair") as writer:
                for table in reversed(schema.CHANGING):
                    writer.delete(table, [id for problem in problems for place, id in problem.rows if place == table])
                writer.summary = f"{sum(bool(problem.rows) for problem in problems)} problems"
            with engine.execution_options(writes=True).begin() as connection:
                schema.fill_words(connection)
    except CxtextError as error:
        return [*problems, Problem(f"Nothing could be repaired: {error}", _COPY)]
    return check_study(engine)


def _file(connection: Connection) -> Iterator[Problem]:
    if (state := integrity(connection)) != "ok":
        yield Problem(
            f"The file is damaged: {state}", "Go back to a copy; sqlite3 FILE .recover saves what can be saved."
        )


def _tables(connection: Connection) -> Iterator[Problem]:
    there = set(inspect(connection).get_table_names())
    if missing := sorted({*schema.metadata.tables, "words"} - there):
        yield Problem(f"The study lacks the tables {', '.join(missing)}.", _COPY)


def _rows(connection: Connection) -> Iterator[Problem]:
    """Rows point to documents, coders and entries of the log that are there; a server sees to that by itself."""
    if connection.dialect.name != "sqlite":
        return
    lost: dict[tuple[str, str], list[int]] = {}
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        lost.setdefault((table, parent), []).append(row)
    for (table, parent), rows in lost.items():
        ids: tuple[tuple[str, str], ...] = ()
        advice = _COPY
        if parent == "coders":
            advice = "Make them known again: Project.add_coder. " + _COPY
        elif parent == "documents" and table != "codings":
            place = schema.CHANGING[table]
            query = select(place.c.id).where(among(connection, cast(column("rowid"), Text), map(str, rows)))
            ids = tuple((table, id) for id in connection.execute(query).scalars())
            advice = "A repair removes them."
        yield Problem(f"{len(rows)} rows of {table} belong to nothing in {parent}.", advice, ids)


def _texts(connection: Connection) -> Iterator[Problem]:
    place = schema.documents
    stored = dict(connection.execute(select(place.c.id, place.c.sha256)).all())
    for document in read_documents(connection):
        if document.sha256 != stored[document.id]:
            yield Problem(
                f"The text of {document.id} is not the one that was added.",
                "Go back to a copy of the study: codings in this document may point to the wrong words.",
            )
        for turn in document.turns:
            if not 0 <= turn.start <= turn.end <= len(document.text):
                yield Problem(f"A turn of {document.id} lies outside its text.", "Go back to a copy of the study.")


def _attributes(connection: Connection) -> Iterator[Problem]:
    """What is kept as JSON can be read."""
    read_attributes(connection)
    for place in (schema.settings.c.value, schema.runs.c.settings):
        connection.execute(select(place)).all()
    yield from ()


def _segments(connection: Connection) -> Iterator[Problem]:
    segments = read_segments(connection)
    place = schema.segments
    count = connection.execute(select(func.count()).select_from(place)).scalar_one()
    if count != len(segments):
        kept = set(segments["segment"])
        lost = [id for id in connection.execute(select(place.c.id)).scalars() if id not in kept]
        rows = tuple(("segments", id) for id in lost)
        yield Problem(f"{len(lost)} segments belong to no turn: {', '.join(lost[:3])}", "A repair removes them.", rows)
    bad = (segments["start"] < 0) | (segments["start"] > segments["end"])
    wrong = segments[bad | (segments["text"] != segments["text"].str.strip())]
    if len(wrong):
        yield Problem(f"{len(wrong)} segments are not as they were cut.", "Go back to a copy of the study.")


def _codings(connection: Connection) -> Iterator[Problem]:
    codings = read_codings(connection)
    place = schema.documents
    texts = {
        id: len(said) for id, said in connection.execute(select(place.c.id, place.c.text)) if isinstance(said, str)
    }
    paths = codings["group"] + "/" + codings["code"]
    known = {code.path for code in current_codebook(connection)}
    segments = {*connection.execute(select(schema.segments.c.id)).scalars(), ""}
    for bad, what in (
        (outside(codings, texts), "lie outside the text of their document"),
        (~paths.isin(known), "have a code that is not in the codebook"),
        (~codings["segment"].isin(segments), "belong to a segment that is not there"),
    ):
        yield from _of_codings(codings[bad], what)
    place = schema.codings
    count = connection.execute(select(func.count()).select_from(place)).scalar_one()
    if count != len(codings):
        there = set(codings["coding"])
        lost = [id for id in connection.execute(select(place.c.id)).scalars() if id not in there]
        rows = tuple(("codings", id) for id in lost)
        yield Problem(f"{len(lost)} codings belong to no document.", "A repair removes them.", rows)


def _of_codings(codings: pd.DataFrame, what: str) -> Iterator[Problem]:
    if len(codings):
        first = codings.iloc[0]
        example = f"{first['document']} {first['start']}-{first['end']} {first['group']}/{first['code']}"
        rows = tuple(("codings", id) for id in codings["coding"])
        yield Problem(f"{len(codings)} codings {what}, such as {example}.", "A repair removes them.", rows)


def _log(connection: Connection) -> Iterator[Problem]:
    """Every entry can be read, so that every change can be undone."""
    for entry in read_log(connection):
        try:
            changes_of(connection, entry.number)
        except ReadError:
            yield Problem(f"Entry {entry.number} of the log cannot be read.", "It cannot be undone.")


def _words(connection: Connection) -> Iterator[Problem]:
    indexed = connection.execute(text("SELECT count(*) FROM words")).scalar_one()
    turns = connection.execute(select(func.count()).select_from(schema.turns)).scalar_one()
    if indexed != turns:
        yield Problem(
            f"The index of words has {indexed} turns, and the study {turns}.", "A repair makes the index again."
        )
