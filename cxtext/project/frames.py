"""What a study holds, as the frames and records that the rest of cxtext speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ColumnElement, Connection, RowMapping, Table, select, true

from cxtext.codebook import Codebook
from cxtext.codebook.yaml_form import from_yaml
from cxtext.project import schema
from cxtext.project.database import among, told
from cxtext.records import Document, Turn
from cxtext.tables import CODINGS, SEGMENTS, TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

#: codings of a study: those of `cxtext.tables.CODINGS` with their id, and who decided about them and when
STUDY_CODINGS: dict[str, str] = {"coding": TEXT, **CODINGS, "created": TEXT, "decided_by": TEXT, "decided": TEXT}

MEMOS: dict[str, str] = {
    "memo": TEXT, "about": TEXT, "target": TEXT, "coder": TEXT, "text": TEXT, "created": TEXT,
}  # fmt: skip


@told("the study", reading=True)
def read_documents(connection: Connection, ids: Iterable[str] | None = None) -> list[Document]:
    """Documents in their order, with their turns; all, or those with these ids."""
    turns: dict[str, list[Turn]] = {}
    place = schema.turns
    chosen = None if ids is None else list(ids)
    query = select(place).order_by(place.c.document, place.c.number)
    if chosen is not None:
        query = query.where(among(connection, place.c.document, chosen))
    names = [field.name for field in fields(Turn)]
    for row in connection.execute(query).mappings():
        turns.setdefault(row["document"], []).append(Turn(**_sound(row, place, names)))
    query = select(schema.documents).order_by(schema.documents.c.position)
    if chosen is not None:
        query = query.where(among(connection, schema.documents.c.id, chosen))
    names = [field.name for field in fields(Document) if field.name != "turns"]
    return [
        Document(**_sound(row, schema.documents, names), turns=tuple(turns.get(row["id"], ())))
        for row in connection.execute(query).mappings()
    ]


@told("the study", reading=True)
def read_segments(connection: Connection, documents: Sequence[str] | None = None) -> pd.DataFrame:
    """Table `cxtext.tables.SEGMENTS` of all documents, or of some."""
    place, turn, document = schema.segments.c, schema.turns.c, schema.documents.c
    query = (
        select(
            place.id.label("segment"), place.document, place.position, place.turn, place.start, place.end,
            document.language, place.prompt,
        )
        .join(schema.documents, document.id == place.document)
        .order_by(document.position, place.position)
    )  # fmt: skip
    said = select(turn.document, turn.number, turn.case, turn.speaker, turn.role, turn.time_start, turn.time_end)
    texts = select(document.id, document.text)
    if documents is not None:
        query = query.where(among(connection, place.document, documents))
        said = said.where(among(connection, turn.document, documents))
        texts = texts.where(among(connection, document.id, documents))
    text_of = dict(connection.execute(texts).all())
    # put together here: a database that looks for the turn of each segment goes through all turns of a long document
    turn_of = {(one.document, one.number): one for one in connection.execute(said)}
    rows = []
    for found in connection.execute(query).mappings():
        one = turn_of.get((found["document"], found["turn"]))
        if one is not None:
            names = ("case", "speaker", "role", "time_start", "time_end")
            rows.append({**found, **{name: getattr(one, name) for name in names}})
    for row in rows:
        row["text"] = text_of[row["document"]][row["start"] : row["end"]]
    return make_table(rows, SEGMENTS)


@told("the study", reading=True)
def read_codings(connection: Connection, *conditions: Any) -> pd.DataFrame:
    """Table `STUDY_CODINGS`, in the order of the documents and of the text."""
    place, document = schema.codings, schema.documents
    query = (
        select(place)
        .join(document, document.c.id == place.c.document)
        .where(*conditions)
        .order_by(
            document.c.position, place.c.start, place.c.end, place.c.group, place.c.code, place.c.coder, place.c.id
        )
    )
    rows = [{**row, "coding": row["id"]} for row in connection.execute(query).mappings()]
    return make_table(rows, STUDY_CODINGS)


def _sound(row: RowMapping, table: Table, names: Iterable[str]) -> dict[str, Any]:
    """Values of a row, each of the type of its column: SQLite itself keeps what it is given."""
    for name in names:
        value, column = row[name], table.c[name]
        if not (
            isinstance(value, dict if isinstance(column.type, JSON) else column.type.python_type)
            or (value is None and column.nullable)
        ):
            msg = f"{name} of a row of {table.name} is {value!r:.40}"
            raise TypeError(msg)
    return {name: row[name] for name in names}


def seen_by(coder: str | None) -> ColumnElement[bool]:
    """Which codings a coder who codes blind sees: their own, and all in documents that they finished; None sees all."""
    if coder is None:
        return true()
    done = select(schema.finished.c.document).where(schema.finished.c.coder == coder)
    return (schema.codings.c.coder == coder) | schema.codings.c.document.in_(done)


@told("the study", reading=True)
def current_codebook(connection: Connection) -> Codebook:
    """The codebook of the highest version."""
    place = schema.codebooks
    query = select(place.c.content).order_by(place.c.version.desc()).limit(1)
    return _parsed(connection.execute(query).scalar_one())


@lru_cache(maxsize=8)
def _parsed(content: str) -> Codebook:
    """Every change looks at the codebook, and reading YAML takes longer than the change."""
    return from_yaml(content, "the codebook of the study", name="codebook")
