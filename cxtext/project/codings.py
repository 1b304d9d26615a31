"""Keeping codings right: what can be one, and how they follow the codes of a codebook."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import index
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from sqlalchemy import func, select

from cxtext.codebook import ChangedCodings, Codebook, CodebookChange, apply_to_codings, matched_codes
from cxtext.codebook.yaml_form import as_yaml
from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.database import among, now
from cxtext.project.frames import current_codebook, read_codings
from cxtext.project.history import Writer
from cxtext.tables import CODINGS, TEXT

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

CoderKind = Literal["person", "machine", "consensus"]
Status = Literal["suggested", "accepted", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)

#: what makes two codings the same: the same code by the same coder on the same stretch
SAME = ["document", "start", "end", "group", "code", "coder"]
#: what of a coding can be changed
_MOVABLE = ("start", "end", "group", "code")
#: length of a text by its sum, as a text never changes
_LENGTHS: dict[str, int] = {}
_TEXTS = [name for name, dtype in CODINGS.items() if dtype == TEXT]

#: a coding as a row of the study
Row = dict[str, Any]


def know_coder(writer: Writer, name: str, kind: CoderKind) -> None:
    """Make a coder known; one that is known is left as it is.

    Raises
    ------
    OptionError
        The name is empty.
    """
    if not name.strip():
        raise OptionError("A coder without a name cannot be kept. Name the coder.")
    if name not in writer.rows("coders", [name]):
        writer.insert("coders", [{"id": name, "kind": kind, "created": now()}])


def rows_of(codings: pd.DataFrame, **defaults: str) -> list[Row]:
    """Rows of a table of codings; see `filled`."""
    return filled(codings.to_dict("records"), **defaults)


def filled(codings: Iterable[Mapping[Any, Any]], **defaults: str) -> list[Row]:
    """Codings with all that one has: empty text where there is none, or the default of the column.

    ``id`` and ``created`` are kept where they are given. One at a time has to be kept in an instant, so there are rows
    here, and no tables.

    Raises
    ------
    OptionError
        The start or end of one is no whole number.
    """
    return [_filled(row, defaults) for row in codings]


def _filled(given: Mapping[Any, Any], defaults: Mapping[str, str]) -> Row:
    row: Row = {name: "" if _is_none(given.get(name)) else str(given[name]) for name in _TEXTS}
    row |= {name: default for name, default in defaults.items() if row[name] == ""}
    try:
        row |= {name: index(given[name]) for name in ("start", "end")}
    except (TypeError, KeyError) as error:
        msg = f"{row['document']} {row['group']}/{row['code']}: start and end are whole numbers ({error})."
        raise OptionError(msg) from error
    score = given.get("score")
    row["score"] = None if _is_none(score) else float(cast("float", score))
    row["uncertain"] = given.get("uncertain") == True  # noqa: E712  (a missing value is neither)
    return row | {name: given[name] for name in ("id", "created") if name in given}


def _is_none(value: object) -> bool:
    return value is None or value != value


def check_codings(writer: Writer, codings: Sequence[Row], codebook: Codebook) -> None:
    """Refuse what cannot be a coding of this study.

    Raises
    ------
    OptionError
        A coding is of an unknown document or code, lies outside the text, or has a status that is none; the first
        five are named.
    """
    known = {code.path for code in codebook}
    lengths = _lengths(writer.connection, {row["document"] for row in codings})

    def reason(row: Row) -> str:
        if row["document"] not in lengths:
            return "there is no such document in the study"
        if not 0 <= row["start"] < row["end"] <= lengths[row["document"]]:
            return "it lies outside the text, or is empty"
        if f"{row['group']}/{row['code']}" not in known:
            return "there is no such code in the codebook"
        return "" if row["status"] in STATUSES else f"the status is none of {', '.join(STATUSES)}"

    wrong = [
        f"{row['document']} {row['start']}-{row['end']} {row['group']}/{row['code']}: {why}"
        for row in codings
        if (why := reason(row))
    ]
    if wrong:
        more = f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        msg = f"{len(wrong)} of {len(codings)} codings cannot be kept, so none was: {'; '.join(wrong[:5])}{more}."
        raise OptionError(msg)


def _lengths(connection: Connection, documents: Collection[str]) -> dict[str, int]:
    """Lengths of the texts of documents, those that the study has: each is read to its end for that only once."""
    place = schema.documents.c
    sums = dict(connection.execute(select(place.id, place.sha256).where(among(connection, place.id, documents))).all())
    if new := [id for id, sha256 in sums.items() if sha256 not in _LENGTHS]:
        measured = select(place.sha256, func.length(place.text)).where(among(connection, place.id, new))
        _LENGTHS.update(connection.execute(measured).all())
    return {id: _LENGTHS[sha256] for id, sha256 in sums.items()}


def outside(codings: pd.DataFrame, texts: Mapping[str, int]) -> pd.Series:
    """Which codings are no stretch of their document, by the lengths of the texts."""
    length = codings["document"].map(texts).astype("float64")
    inside = (codings["start"] >= 0) & (codings["start"] < codings["end"]) & (codings["end"] <= length)
    return length.notna() & ~inside


def insert_codings(writer: Writer, codings: Sequence[Row], *, decided_by: str = "") -> int:
    """Insert those that are not there yet, as decided by somebody where that is said; returns how many."""
    taken = set(_keys_near(writer, codings))
    new: dict[tuple[Any, ...], Row] = {}
    created = now()
    decided = {"decided_by": decided_by, "decided": created} if decided_by else {}
    for row in codings:
        if (key := _key(row)) not in taken and key not in new:
            new[key] = {
                **row, **decided, "id": row.get("id") or str(uuid.uuid4()), "created": row.get("created") or created,
            }  # fmt: skip
    writer.insert("codings", new.values())
    return len(new)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in SAME)


def _keys_near(writer: Writer, codings: Collection[Row], *, but: Collection[str] = ()) -> Iterator[tuple[Any, ...]]:
    """What is coded from the first to the last start of some codings, in their documents, but for some by id."""
    if not codings:
        return
    place, starts = schema.codings.c, [row["start"] for row in codings]
    query = select(place.id, *(place[name] for name in SAME)).where(
        among(writer.connection, place.document, {row["document"] for row in codings}),
        place.start.between(min(starts), max(starts)),
    )
    for id, *key in writer.connection.execute(query):
        if id not in but:
            yield tuple(key)


def moved(writer: Writer, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What codings become by a change of their stretch or code, by id; ids that are not there are passed over.

    Raises
    ------
    OptionError
        Something else of a coding is to change, it would be no coding of this study, or one that is there already.
    """
    if other := sorted({name for change in changes.values() for name in change} - set(_MOVABLE)):
        msg = f"Of a coding, {', '.join(_MOVABLE)} can be changed, and not {', '.join(other)}."
        raise OptionError(msg)
    before = writer.rows("codings", list(changes))
    after = filled({**row, **changes[id]} for id, row in before.items())
    check_codings(writer, after, current_codebook(writer.connection))
    taken = set(_keys_near(writer, after, but=before))
    for row in after:
        if (key := _key(row)) in taken:
            document, start, end, group, code, coder = key
            msg = f"{coder} has {group}/{code} on {document} {start}-{end} already; nothing was changed. Remove one."
            raise OptionError(msg)
        taken.add(key)
    found = {row["id"]: {name: row[name] for name in _MOVABLE} for row in after}
    for id, row in before.items():
        if (row["start"], row["end"]) != (found[id]["start"], found[id]["end"]):
            found[id]["segment"] = ""  # it is on a stretch of its own now
    return found


def decision(status: Status, coder: str) -> dict[str, str]:
    """What a coding becomes by a decision; a suggestion is decided by nobody."""
    if status == "suggested":
        return {"status": status, "decided_by": "", "decided": ""}
    return {"status": status, "decided_by": coder, "decided": now()}


def finish_documents(writer: Writer, documents: Iterable[str], coder: str) -> int:
    """Note that a coder has coded all of some documents; returns for how many that is new.

    Raises
    ------
    OptionError
        There is no such document.
    """
    documents, place = list(documents), schema.finished
    if not documents:
        return 0
    done = set(writer.connection.execute(select(place.c.document).where(place.c.coder == coder)).scalars())
    new = [document for document in dict.fromkeys(documents) if document not in done]
    check_documents(writer, new)
    rows = [{"id": key_of(document, coder), "document": document, "coder": coder, "at": now()} for document in new]
    writer.insert("finished", rows)
    return len(new)


def check_documents(writer: Writer, documents: Iterable[str]) -> None:
    """Refuse documents that the study does not have.

    Raises
    ------
    OptionError
        There is none of some id.
    """
    place, wanted = schema.documents.c.id, set(documents)
    if not wanted:
        return
    known = set(writer.connection.execute(select(place).where(among(writer.connection, place, wanted))).scalars())
    if missing := sorted(wanted - known):
        msg = f"There is no document {', '.join(map(repr, missing[:5]))} in the study. Name documents by their id."
        raise OptionError(msg)


def key_of(*parts: str) -> str:
    """Key of a row that is known by several texts, whatever signs are in them."""
    return json.dumps(parts, ensure_ascii=False)


def follow_codes(writer: Writer, change: CodebookChange, *, drop_removed: bool) -> ChangedCodings:
    """Let all codings follow their codes; see `cxtext.codebook.apply_to_codings`."""
    codings = read_codings(writer.connection)
    after = apply_to_codings(codings, change, drop_removed=drop_removed)
    kept = after.codings.set_index("coding")[["group", "code"]]
    before = codings.set_index("coding")[["group", "code"]]
    writer.delete("codings", list(before.index.difference(kept.index)))
    moved = kept[(kept != before.loc[kept.index]).any(axis=1)]
    writer.update("codings", {id: {"group": group, "code": code} for id, group, code in moved.itertuples(name=None)})
    return after


def put_codebook(writer: Writer, change: Codebook | CodebookChange, *, drop_removed: bool = False) -> ChangedCodings:
    """Put a new version of the codebook in use, and say so in the log; codings follow their codes.

    Raises
    ------
    OptionError
        There are codings of a removed code, and they are not to be dropped.
    """
    if isinstance(change, Codebook):
        before = current_codebook(writer.connection)
        kept = matched_codes(before, change)
        places = {code.path: kept.get(code.path, "") for code in before if kept.get(code.path) != code.path}
        change = CodebookChange(change, places, f"codebook {change.name}")
    place = schema.codebooks
    version: int = writer.connection.execute(select(func.max(place.c.version))).scalar_one() + 1
    content = as_yaml(replace(change.codebook, version=version))
    writer.insert("codebooks", [{"id": str(version), "version": version, "content": content}])
    writer.summary = f"version {version}: {change.summary}"
    return follow_codes(writer, change, drop_removed=drop_removed)
