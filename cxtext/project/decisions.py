"""What a person decides in one go, kept as one change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import select

from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.codings import (
    CoderKind,
    Status,
    check_codings,
    check_documents,
    filled,
    finish_documents,
    insert_codings,
    key_of,
    know_coder,
)
from cxtext.project.codings import decision as decided
from cxtext.project.database import now
from cxtext.project.frames import current_codebook
from cxtext.project.history import Writer

About = Literal["study", "document", "coding", "code"]


@dataclass(frozen=True)
class Decision:
    """One decision of a coder.

    Attributes
    ----------
    accepted, rejected : tuple of str
        Suggestions, by id. Where somebody decided about one of them meanwhile, nothing of the decision is kept.
    codings : tuple of Mapping[str, Any]
        Codings to add, as rows of `cxtext.tables.CODINGS`; what is left out of a row is that of the coder at work,
        and accepted.
    decided_by : str
        Who decided about `codings`, where that is not their coder.
    kind : {"person", "machine", "consensus"}
        Of a coder of `codings` that is not known yet.
    seen : Mapping[str, str]
        Segments that the coder at work has read with all codes in mind; the value is their document.
    finished : tuple of str
        Documents of which the coder at work has read all.
    memo : str
        A note on the coding `memo_on`, or on the first of `codings` that is new.
    memo_on : str
    """

    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    codings: tuple[Mapping[str, Any], ...] = ()
    decided_by: str = ""
    kind: CoderKind = "person"
    seen: Mapping[str, str] | None = None
    finished: tuple[str, ...] = ()
    memo: str = ""
    memo_on: str = ""


def keep_decision(writer: Writer, coder: str, decision: Decision) -> None:
    """Write a decision down; see `cxtext.project.Project.keep`."""
    wanted: dict[str, Status] = {
        **dict.fromkeys(decision.accepted, "accepted"), **dict.fromkeys(decision.rejected, "rejected"),
    }  # fmt: skip
    open_ones = {id for id, row in writer.rows("codings", list(wanted)).items() if row["status"] == "suggested"}
    if open_ones != set(wanted):
        return
    know_coder(writer, coder, "person")
    changed = writer.update("codings", {id: decided(status, coder) for id, status in wanted.items()})
    new = _add(writer, coder, decision)
    seen = decision.seen or {}
    check_documents(writer, seen.values())
    place = schema.seen
    own = select(place.c.segment).where(place.c.coder == coder)
    known = set(writer.connection.execute(own).scalars()) if seen else set()
    rows = [
        {"id": key_of(segment, coder), "segment": segment, "document": document, "coder": coder, "at": now()}
        for segment, document in seen.items()
        if segment not in known
    ]
    writer.insert("seen", rows)
    finished = finish_documents(writer, decision.finished, coder)
    if decision.memo and (target := decision.memo_on or next(iter(new), "")):
        keep_memo(writer, coder, decision.memo, about="coding", target=target)
    memos = int(decision.memo != "")
    done = {"decided": changed, "coded": len(new), "read": len(rows), "finished": finished, "memo": memos}
    writer.summary = ", ".join(f"{count} {what}" for what, count in done.items() if count)


def keep_memo(writer: Writer, coder: str, text: str, *, about: About, target: str = "") -> str:
    """Write a note down; see `cxtext.project.Project.add_memo`."""
    match about:
        case "study":
            known = not target
        case "document":
            check_documents(writer, [target])
            known = True
        case "coding":
            known = bool(writer.rows("codings", [target]))
        case "code":
            known = target in {code.path for code in current_codebook(writer.connection)}
        case _:
            msg = f"{about!r} is nothing that a memo can be about. Choose one of {', '.join(get_args(About))}."
            raise OptionError(msg)
    if not known:
        raise OptionError(f"There is no {about} {target!r} in the study to write a memo about.")
    id = str(uuid.uuid4())
    row = {"id": id, "about": about, "target": target, "coder": coder, "text": text, "created": now()}
    writer.insert("memos", [row])
    return id


def _add(writer: Writer, coder: str, decision: Decision) -> list[str]:
    """Add the codings of a decision; returns the ids of those that are new."""
    if not decision.codings:
        return []
    rows = filled(decision.codings, coder=coder, status="accepted")
    check_codings(writer, rows, current_codebook(writer.connection))
    for name in dict.fromkeys(row["coder"] for row in rows):
        if name != coder:
            know_coder(writer, name, decision.kind)
    if not insert_codings(writer, rows, decided_by=decision.decided_by):
        return []
    _, steps = writer.done[-1]
    return [id for id, _, _ in steps]
