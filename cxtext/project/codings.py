"""Keeping codings right: what can be one, and how they follow the codes of a codebook."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import func, select

from cxtext.codebook import ChangedCodings, Codebook, CodebookChange, apply_to_codings, matched_codes
from cxtext.codebook.yaml_form import as_yaml
from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.database import among, now
from cxtext.project.frames import current_codebook, read_codings
from cxtext.project.history import Writer
from cxtext.tables import CODINGS, TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

CoderKind = Literal["person", "machine", "consensus"]
Status = Literal["suggested", "accepted", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)

#: what makes two codings the same: the same code by the same coder on the same stretch
SAME = ["document", "start", "end", "group", "code", "coder"]
#: what of a coding can be changed
_MOVABLE = ("start", "end", "group", "code")


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


def filled(codings: pd.DataFrame, **defaults: str) -> pd.DataFrame:
    """All columns of a coding, with empty text where there is none, or the default of the column."""
    frame = codings.reindex(columns=list(CODINGS))
    text = {name: defaults.get(name, "") for name, dtype in CODINGS.items() if dtype == TEXT}
    for name, default in text.items():
        frame[name] = frame[name].astype(object).where(frame[name].notna() & (frame[name] != ""), default)
    return make_table({name: frame[name].tolist() for name in CODINGS}, CODINGS)


def check_codings(writer: Writer, codings: pd.DataFrame, codebook: Codebook) -> None:
    """Refuse what cannot be a coding of this study.

    Raises
    ------
    OptionError
        A coding is of an unknown document or code, lies outside the text, or has a status that is none; the first
        five are named.
    """
    ids = list(codings["document"].unique())
    rows = writer.rows("documents", ids)
    texts = {id: len(row["text"]) for id, row in rows.items()}
    known = {code.path for code in codebook}
    paths = codings["group"] + "/" + codings["code"]
    problems = [
        (~codings["document"].isin(texts), "there is no such document in the study"),
        (outside(codings, texts), "it lies outside the text, or is empty"),
        (~paths.isin(known), "there is no such code in the codebook"),
        (~codings["status"].isin(STATUSES), f"the status is none of {', '.join(STATUSES)}"),
    ]
    wrong = [
        f"{row['document']} {row['start']}-{row['end']} {row['group']}/{row['code']}: {reason}"
        for found, reason in problems
        for row in codings[found].to_dict("records")
    ]
    if wrong:
        more = f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        msg = f"{len(wrong)} of {len(codings)} codings cannot be kept, so none was: {'; '.join(wrong[:5])}{more}."
        raise OptionError(msg)


def outside(codings: pd.DataFrame, texts: Mapping[str, int]) -> pd.Series:
    """Which codings are no stretch of their document, by the lengths of the texts."""
    length = codings["document"].map(texts).astype("float64")
    inside = (codings["start"] >= 0) & (codings["start"] < codings["end"]) & (codings["end"] <= length)
    return length.notna() & ~inside


def insert_codings(writer: Writer, codings: pd.DataFrame, *, decided_by: str = "") -> int:
    """Insert those that are not there yet, as decided by somebody where that is said; returns how many.

    Columns ``id`` and ``created`` are kept where they are given.
    """
    there = codings_in(writer, codings["document"])
    taken = set(there[SAME].itertuples(index=False, name=None))
    once = codings.drop_duplicates(SAME)
    new = once.loc[[key not in taken for key in once[SAME].itertuples(index=False, name=None)]]
    created = now()
    new = new.assign(score=new["score"].astype(object).where(new["score"].notna(), None))
    decided = {"decided_by": decided_by, "decided": created} if decided_by else {}
    rows = [{str(name): value for name, value in row.items()} | decided for row in new.to_dict("records")]
    for row in rows:
        row["id"] = row.get("id") or str(uuid.uuid4())
        row["created"] = row.get("created") or created
    writer.insert("codings", rows)
    return len(new)


def codings_in(writer: Writer, documents: Iterable[str]) -> pd.DataFrame:
    """All codings of some documents, as `cxtext.project.frames.STUDY_CODINGS`."""
    return read_codings(writer.connection, among(writer.connection, schema.codings.c.document, set(documents)))


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
    try:
        after = make_table([{**row, **changes[id]} for id, row in before.items()], CODINGS)
    except (TypeError, ValueError) as error:
        raise OptionError(f"A coding cannot become this: {error}. Give start and end as whole numbers.") from error
    check_codings(writer, after, current_codebook(writer.connection))
    there = codings_in(writer, after["document"])
    taken = set(there.loc[~there["coding"].isin(list(before)), SAME].itertuples(index=False, name=None))
    for row in after[SAME].itertuples(index=False, name=None):
        if row in taken:
            document, start, end, group, code, coder = row
            msg = f"{coder} has {group}/{code} on {document} {start}-{end} already; nothing was changed. Remove one."
            raise OptionError(msg)
        taken.add(row)
    return {
        id: {name: row[name] for name in _MOVABLE} for id, row in zip(before, after.to_dict("records"), strict=True)
    }


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
    place = schema.finished
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
    places = {row["coding"]: {"group": row["group"], "code": row["code"]} for row in after.codings.to_dict("records")}
    writer.delete("codings", [id for id in codings["coding"] if id not in places])
    writer.update("codings", places)
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
        moved = {code.path: kept.get(code.path, "") for code in before if kept.get(code.path) != code.path}
        change = CodebookChange(change, moved, f"codebook {change.name}")
    place = schema.codebooks
    version: int = writer.connection.execute(select(func.max(place.c.version))).scalar_one() + 1
    content = as_yaml(replace(change.codebook, version=version))
    writer.insert("codebooks", [{"id": str(version), "version": version, "content": content}])
    writer.summary = f"version {version}: {change.summary}"
    return follow_codes(writer, change, drop_removed=drop_removed)
