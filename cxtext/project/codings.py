"""Keeping codings right: what can be one, and how they follow the codes of a codebook."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

from sqlalchemy import select

from cxtext.codebook import ChangedCodings, Codebook, CodebookChange, apply_to_codings
from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.database import now
from cxtext.project.frames import read_codings
from cxtext.project.history import Writer
from cxtext.tables import CODINGS, TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

CoderKind = Literal["person", "machine", "consensus"]
Status = Literal["suggested", "accepted", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)

#: what makes two codings the same: the same code by the same coder on the same stretch
SAME = ["document", "start", "end", "group", "code", "coder"]


def know_coder(writer: Writer, name: str, kind: CoderKind) -> None:
    """Make a coder known; one that is known is left as it is."""
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
    """Insert those that are not there yet, as decided by somebody where that is said; returns how many."""
    there = read_codings(writer.connection, schema.codings.c.document.in_(list(codings["document"].unique())))
    taken = set(there[SAME].itertuples(index=False, name=None))
    once = codings.drop_duplicates(SAME)
    new = once[[key not in taken for key in once[SAME].itertuples(index=False, name=None)]]
    created = now()
    new = new.assign(score=new["score"].astype(object).where(new["score"].notna(), None))
    rows = [
        {str(name): value for name, value in row.items()}
        | {"id": str(uuid.uuid4()), "created": created}
        | ({"decided_by": decided_by, "decided": created} if decided_by else {})
        for row in new.to_dict("records")
    ]
    writer.insert("codings", rows)
    return len(new)


def finish_documents(writer: Writer, documents: Iterable[str], coder: str) -> int:
    """Note that a coder has coded all of some documents; returns for how many that is new."""
    ids = {f"{document}/{coder}": document for document in documents}
    known = writer.rows("finished", list(ids))
    new = {id: document for id, document in ids.items() if id not in known}
    rows = [{"id": id, "document": document, "coder": coder, "at": now()} for id, document in new.items()]
    writer.insert("finished", rows)
    return len(new)


def follow_codes(writer: Writer, change: CodebookChange, *, drop_removed: bool) -> ChangedCodings:
    """Let all codings follow their codes; see `cxtext.codebook.apply_to_codings`."""
    codings = read_codings(writer.connection)
    after = apply_to_codings(codings, change, drop_removed=drop_removed)
    places = {row["coding"]: {"group": row["group"], "code": row["code"]} for row in after.codings.to_dict("records")}
    writer.delete("codings", [id for id in codings["coding"] if id not in places])
    writer.update("codings", places)
    return after


def codes_in_use(writer: Writer) -> dict[str, int]:
    """How many codings each code has, by path."""
    place = schema.codings
    counts: dict[str, int] = {}
    for group, code in writer.connection.execute(select(place.c.group, place.c.code)):
        counts[f"{group}/{code}"] = counts.get(f"{group}/{code}", 0) + 1
    return counts
