"""Taking documents into a study, whose text never changes afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.database import now
from cxtext.project.history import Writer
from cxtext.records import Document, Notice, clean_text
from cxtext.segmentation import segment
from cxtext.tables import case_of

_OTHER_TEXT = (
    "{id} is in the study with another text, and the text of a document never changes; this one was not taken. "
    "Give the file another name to add it beside the first."
)

_UNCLEAN = (
    "The text of {id} has signs that no document holds (NUL, \\r, a byte order mark, half a character, or accents that "
    "are not in NFC); nothing was added. Pass it through cxtext.records.clean_text before you cut it into turns."
)


def add_documents(writer: Writer, documents: Iterable[Document]) -> tuple[int, list[Notice]]:
    """Insert documents with their turns, cases and segments.

    Returns
    -------
    int
        How many were added.
    list of Notice
        Documents that were there already, and those that are not taken because another text has their id.

    Raises
    ------
    OptionError
        The text of a document is not in the one form that texts have (`cxtext.records.clean_text`).
    """
    place = schema.documents
    there = dict(writer.connection.execute(select(place.c.id, place.c.sha256)).all())
    first, new, notices = len(there), list[Document](), list[Notice]()
    for document in documents:
        if document.id not in there:
            if clean_text(document.text) != document.text:
                raise OptionError(_UNCLEAN.format(id=document.id))
            new.append(document)
            there[document.id] = document.sha256
        elif there[document.id] == document.sha256:
            notices.append(Notice(document.source, f"{document.id} is in the study already."))
        else:
            notices.append(Notice(document.source, _OTHER_TEXT.format(id=document.id)))
    moment = now()
    writer.insert("documents", [_row(document, at, moment) for at, document in enumerate(new, first)])
    turns = [row for document in new for row in _turn_rows(document)]
    writer.insert("turns", turns)
    cases = dict.fromkeys(row["case"] for row in turns if row["role"] != "interviewer")
    known = writer.rows("cases", list(cases))
    writer.insert("cases", [{"id": case, "attributes": {}} for case in cases if case not in known])
    writer.insert("segments", _segment_rows(new))
    return len(new), notices


def _row(document: Document, position: int, added: str) -> dict[str, Any]:
    return {
        "id": document.id, "position": position, "name": document.name, "kind": document.kind,
        "source": document.source, "language": document.language, "prompt": document.prompt,
        "text": document.text, "sha256": document.sha256, "attributes": dict(document.attributes),
        "columns": dict(document.columns), "added": added,
    }  # fmt: skip


def _turn_rows(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{document.id}:{number}", "document": document.id, "number": number, "start": turn.start,
            "end": turn.end, "speaker": turn.speaker, "role": turn.role, "case": case_of(document, turn),
            "time_start": turn.time_start, "time_end": turn.time_end, "attributes": dict(turn.attributes),
        }
        for number, turn in enumerate(document.turns)
    ]  # fmt: skip


def _segment_rows(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """What cannot be looked up in documents and turns."""
    columns = {"segment": "id", **{name: name for name in ("document", "position", "turn", "start", "end", "prompt")}}
    rows = segment(documents)[list(columns)].rename(columns=columns).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
