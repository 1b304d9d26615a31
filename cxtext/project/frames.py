"""What a study holds, as the frames and records that the rest of cxtext speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from cxtext.codebook import Code, Codebook, Group
from cxtext.project import schema
from cxtext.records import Document, Turn
from cxtext.tables import CODINGS, SEGMENTS, TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

#: codings of a study: those of `cxtext.tables.CODINGS` with their id, and who decided about them and when
STUDY_CODINGS: dict[str, str] = {"coding": TEXT, **CODINGS, "created": TEXT, "decided_by": TEXT, "decided": TEXT}

MEMOS: dict[str, str] = {
    "memo": TEXT, "about": TEXT, "target": TEXT, "coder": TEXT, "text": TEXT, "created": TEXT,
}  # fmt: skip


def read_documents(connection: Connection, ids: Iterable[str] | None = None) -> list[Document]:
    """Documents in their order, with their turns; all, or those with these ids."""
    turns: dict[str, list[Turn]] = {}
    place = schema.turns
    chosen = None if ids is None else list(ids)
    query = select(place).order_by(place.c.document, place.c.number)
    if chosen is not None:
        query = query.where(place.c.document.in_(chosen))
    names = [field.name for field in fields(Turn)]
    for row in connection.execute(query).mappings():
        turns.setdefault(row["document"], []).append(Turn(**{name: row[name] for name in names}))
    query = select(schema.documents).order_by(schema.documents.c.position)
    if chosen is not None:
        query = query.where(schema.documents.c.id.in_(chosen))
    names = [field.name for field in fields(Document) if field.name != "turns"]
    return [
        Document(**{name: row[name] for name in names}, turns=tuple(turns.get(row["id"], ())))
        for row in connection.execute(query).mappings()
    ]


def read_segments(connection: Connection, documents: Sequence[str] | None = None) -> pd.DataFrame:
    """Table `cxtext.tables.SEGMENTS` of all documents, or of some."""
    place, turn, document = schema.segments, schema.turns, schema.documents
    query = (
        select(
            place.c.id.label("segment"), place.c.document, turn.c.case, place.c.position, place.c.turn,
            turn.c.speaker, turn.c.role, place.c.start, place.c.end, turn.c.time_start, turn.c.time_end,
            document.c.language, place.c.prompt,
        )
        .join(turn, (turn.c.document == place.c.document) & (turn.c.number == place.c.turn))
        .join(document, document.c.id == place.c.document)
        .order_by(document.c.position, place.c.position)
    )  # fmt: skip
    texts = select(document.c.id, document.c.text)
    if documents is not None:
        query = query.where(place.c.document.in_(documents))
        texts = texts.where(document.c.id.in_(documents))
    text_of = dict(connection.execute(texts).all())
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        row["text"] = text_of[row["document"]][row["start"] : row["end"]]
    return make_table(rows, SEGMENTS)


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


def codebook_content(codebook: Codebook) -> dict[str, Any]:
    """A codebook as the plain values that the study keeps."""
    return asdict(codebook)


def codebook_of(content: Mapping[str, Any]) -> Codebook:
    """The codebook that `codebook_content` wrote down."""
    groups = tuple(Group(**{**group, "codes": tuple(map(_code, group["codes"]))}) for group in content["groups"])
    return Codebook(content["name"], content["version"], groups)


def _code(content: Mapping[str, Any]) -> Code:
    texts = {name: tuple(content.get(name, ())) for name in ("examples", "counter_examples")}
    return Code(**{**content, **texts})


def current_codebook(connection: Connection) -> Codebook:
    """The codebook of the highest version."""
    place = schema.codebooks
    query = select(place.c.content).order_by(place.c.version.desc()).limit(1)
    return codebook_of(connection.execute(query).scalar_one())
