"""Rows of a table that a person corrected, back into the study: what changed there, what here, and what in both."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cxtext.codebook import Codebook
from cxtext.exchange.formats import ImportOptions
from cxtext.exchange.memo_edits import beyond_cell, edited_memos, in_cell
from cxtext.exchange.places import Segments
from cxtext.exchange.refi.report import Ledger
from cxtext.project.codings import (
    SAME,
    STATUSES,
    check_codings,
    decision,
    filled,
    insert_codings,
    know_coder,
)
from cxtext.project.database import now
from cxtext.project.frames import current_codebook, read_codings, read_documents
from cxtext.project.schema import memos

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.project.history import Writer

#: of what is in a table, that which can be changed
CHANGEABLE = ("start", "end", "group", "code", "status", "memo")

_LONGEST_NUMBER = 15
_MEMOS = (
    select(memos.c.id, memos.c.target, memos.c.text)
    .where(memos.c.about == "coding")
    .order_by(memos.c.created, memos.c.id)
)


@dataclass(frozen=True)
class TableRow:
    """One row of a table of codings.

    Attributes
    ----------
    number : int
        In the file, for messages.
    values : Mapping[str, str]
        By column; a column that is left out, or a cell that is empty, says nothing, but that of the memo.
    unsure : str
        Why it is not to be taken, where what it says may have got lost on the way.
    """

    number: int
    values: Mapping[str, str]
    unsure: str = ""

    def get(self, name: str) -> str:
        """Value of a column, without space around it."""
        return self.values.get(name, "").strip()


class RowError(Exception):
    """A row that cannot be taken; its text says why."""


def stamp_of(values: Mapping[str, Any]) -> str:
    """Fingerprint of what can be changed in a coding, by which is told whether it was.

    Examples
    --------
    >>> row = {"start": 0, "end": 4, "group": "kind", "code": "pain", "status": "accepted"}
    >>> stamp_of(row) == stamp_of({**row, "start": "0", "memo": " "}) != stamp_of({**row, "code": "need"})
    True
    """
    state = "\x1f".join(" ".join(str(values.get(name, "")).split()) for name in CHANGEABLE)
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def printable(text: str) -> str:
    """A text that can be written anywhere: halves of characters as their escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def joined_memos(project: Project) -> dict[str, str]:
    """Memos on each coding as one text, by id of the coding."""
    table = project.memos()
    about = table[table["about"] == "coding"]
    return {str(target): "\n\n".join(texts) for target, texts in about.groupby("target", sort=False)["text"]}


def apply_rows(
    project: Project,
    rows: Iterable[TableRow],
    options: ImportOptions,
    ledger: Ledger,
    *,
    file: str,
    exported: Mapping[str, str] | None = None,
) -> None:
    """Take the rows of a table into the study, as one change.

    Rows are known by their coding. What was changed in the table alone is changed in the study; what was changed in
    both is a conflict, and stays as it is in the study unless the options say otherwise. Rows without a coding are
    new ones.

    Parameters
    ----------
    project : Project
    rows : iterable of TableRow
    options : ImportOptions
    ledger : Ledger
        Told of every row that changed something, of conflicts, and of rows that cannot be taken.
    file : str
        For the log.
    exported : Mapping[str, str], optional
        Coding to stamp, of all that were in the table when it was made: a workbook, whose cells do not hold all that
        a memo can.
    """
    with project.change("import") as writer:
        merge = _Merge(writer, project.coder, options, ledger, exported)
        for row in rows:
            merge.take(row)
        merge.remove()
        merge.apply()
        writer.summary = f"{file}: {merge.summary}"


class _Merge:
    """Collects what the rows of a table come down to."""

    def __init__(
        self, writer: Writer, coder: str, options: ImportOptions, ledger: Ledger, exported: Mapping[str, str] | None
    ) -> None:
        self._writer, self._coder, self._options, self._ledger = writer, coder, options, ledger
        self._exported, self._in_cells = exported or {}, exported is not None
        #: id and text of the memos on each coding
        self._memos: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for id, target, text in writer.connection.execute(_MEMOS):
            self._memos[target].append((id, text))
        table = read_codings(writer.connection)
        self._now: dict[str, dict[str, Any]] = {
            row["coding"]: {str(name): value for name, value in row.items()} | {"memo": self._shown(row["coding"])}
            for row in table.to_dict("records")
        }
        self._keys = {tuple(row[name] for name in SAME): id for id, row in self._now.items()}
        self._texts = {document.id: document.text for document in read_documents(writer.connection)}
        self._codebook: Codebook = current_codebook(writer.connection)
        self._paths = {code.path for code in self._codebook}
        self._seen: set[str] = set()
        self._changes: dict[str, dict[str, Any]] = {}
        self._new: list[dict[str, Any]] = []
        self._notes: dict[str, list[str]] = {}
        self._nameless = False
        self._gone: list[str] = []
        self._same = 0

    @property
    def summary(self) -> str:
        """What was done, for the log."""
        return f"{len(self._changes)} codings changed, {len(self._new)} added, {len(self._gone)} removed"

    def take(self, row: TableRow) -> None:
        """Decide about one row."""
        id = row.get("coding")
        try:
            if row.unsure:
                self._seen.add(id)
                self._nameless |= not id
                self._ledger.add("flagged", "row", f"{row.unsure}; it was not taken", name=f"row {row.number}")
                return
            if broken := [name for name, value in row.values.items() if printable(value) != value]:
                raise RowError(f"its {printable(broken[0])} holds half a character (a surrogate), which is no text")
            if id in self._seen:
                raise RowError("its coding is in another row already")
            if id:
                self._seen.add(id)
            if id in self._now:
                self._compare(row, self._now[id])
            elif id and (id in self._exported or row.get("stamp")):
                raise RowError("its coding was removed from the study since")
            else:
                self._add(row, id)
        except RowError as error:
            self._ledger.add("dropped", "row", str(error), name=f"row {row.number}", guid=printable(id))

    def _compare(self, row: TableRow, here: dict[str, Any]) -> None:
        id = here["coding"]
        for fixed in ("document", "coder"):
            if row.get(fixed) not in ("", here[fixed]):
                raise RowError(f"its {fixed} was changed, and a coding keeps its {fixed}")
        there = {
            **here,
            **self._stretch(row, here),
            **self._code(row, here),
            "status": row.get("status").casefold() or here["status"],
        }
        if "memo" in row.values:
            there["memo"] = row.values["memo"]
        else:  # a table without memos says nothing of them
            here, there = {**here, "memo": ""}, {**there, "memo": ""}
        told, ours = stamp_of(there), stamp_of(here)
        base = self._exported.get(id) or row.get("stamp")
        if told in (base, ours):
            self._same += 1
            return
        detail = f"study: {_told(here)}; file: {_told(there)}"
        if base != ours and self._options.theirs != "excel":
            why = "it was changed in the study too; that of the study was kept"
            if not base:
                why = "it differs from the study, and the file does not tell which is newer; that of the study was kept"
            if self._options.theirs is None:
                why += " (choose with --theirs)"
            self._ledger.add("flagged", "conflict", why, name=f"row {row.number}", guid=id, detail=detail)
            return
        self._change(row, here, there)
        self._ledger.add("changed", "coding", "as in the file", name=f"row {row.number}", guid=id, detail=detail)

    def _change(self, row: TableRow, here: dict[str, Any], there: dict[str, Any]) -> None:
        self._check(there)
        id = here["coding"]
        after = {name: there[name] for name in ("start", "end", "group", "code") if there[name] != here[name]}
        if there["status"] != here["status"]:
            after |= decision(there["status"], self._coder)
        edited = " ".join(there["memo"].split()) != " ".join(here["memo"].split())
        notes = self._edited(id, there["memo"]) if edited else None
        self._keys.pop(tuple(here[name] for name in SAME), None)
        if self._keys.setdefault(tuple(there[name] for name in SAME), id) != id:
            self._keys[tuple(here[name] for name in SAME)] = id
            raise RowError("the coder has given this code to this stretch already")
        if notes is not None:
            self._notes[id] = notes
        self._changes[id] = after

    def _shown(self, id: str) -> str:
        """Memos on a coding, as the table has them."""
        memo = "\n\n".join(text for _, text in self._memos[id])
        return in_cell(memo) if self._in_cells else memo

    def _edited(self, id: str, text: str) -> list[str]:
        """Memos on a coding, after they were edited in the table."""
        old = [memo for _, memo in self._memos[id]]
        if self._in_cells and (rest := beyond_cell("\n\n".join(old))):
            why = "it is longer than a cell: what the cell showed was replaced, and the rest of it was kept"
            self._ledger.add("flagged", "memo", why, guid=id)
            text += rest
        memos = edited_memos(old, text)
        if memos is None:
            raise RowError(
                f"its cell holds {len(old)} memos, and which of them was changed is unclear; do so in the study"
            )
        return memos

    def _add(self, row: TableRow, id: str) -> None:
        document = row.get("document")
        if document not in self._texts:
            raise RowError(f"there is no document {document!r} in the study")
        status = row.get("status").casefold() or "accepted"
        new: dict[str, Any] = {
            "id": id or str(uuid.uuid4()), "document": document, **self._stretch(row, None), **self._code(row, None),
            "coder": row.get("coder") or self._coder, "status": status, "segment": row.get("segment"),
            "score": _number(row.get("score")), "uncertain": row.get("uncertain").casefold() == "true",
            "evidence": row.get("evidence"), "run": "", "created": row.get("created"),
        }  # fmt: skip
        self._check(new)
        place = (new["document"], new["start"], new["end"])
        if new["segment"] and not self._segments.touches(new["segment"], *place):
            new["segment"] = self._segments.holding(*place)
        if tuple(new[name] for name in SAME) in self._keys:
            raise RowError("the coder has given this code to this stretch already")
        self._keys[tuple(new[name] for name in SAME)] = new["id"]
        self._new.append(new)
        if note := row.get("memo"):
            self._notes[new["id"]] = [note]
        if row.get("segment") != new["segment"]:
            why = "there is none of that name at its place; it is of the one that holds it, if any"
            self._ledger.add("changed", "segment", why, name=f"row {row.number}", detail=row.get("segment"))
        self._ledger.add("changed", "coding", "it is new", name=f"row {row.number}", detail=_told(new))

    @cached_property
    def _segments(self) -> Segments:
        return Segments(self._writer.connection)

    def _stretch(self, row: TableRow, here: Mapping[str, Any] | None) -> dict[str, int]:
        """Place that a row tells, by its numbers or by its text."""
        start, end = row.get("start"), row.get("end")
        if all(number.isdecimal() and len(number) <= _LONGEST_NUMBER for number in (start, end)):
            return {"start": int(start), "end": int(end)}
        if start or end:
            raise RowError(f"{start or 'nothing'} to {end or 'nothing'} is no place in a text")
        if here:
            return {"start": here["start"], "end": here["end"]}
        text, said = self._texts[row.get("document")], row.get("text")
        first = text.find(said) if said else -1
        if first < 0:
            raise RowError("its text does not occur in the document; copy it from there as it is")
        if text.find(said, first + 1) >= 0:
            raise RowError("its text occurs more than once in the document; take a longer stretch")
        return {"start": first, "end": first + len(said)}

    def _code(self, row: TableRow, here: Mapping[str, Any] | None) -> dict[str, str]:
        """Group and code that a row tells; a code alone tells its group, where only one has it."""
        old = here or {"group": "", "code": ""}
        group, code = row.get("group") or old["group"], row.get("code") or old["code"]
        if f"{group}/{code}" in self._paths:
            return {"group": group, "code": code}
        groups = [found.group for found in self._codebook if found.id == code]
        if len(groups) == 1 and group == old["group"]:
            return {"group": groups[0], "code": code}
        raise RowError(f"there is no code {group}/{code} in the codebook")

    def _check(self, coding: Mapping[str, Any]) -> None:
        if coding["status"] not in STATUSES:
            raise RowError(f"{coding['status']!r} is no status; write {', '.join(STATUSES)}")
        if not 0 <= coding["start"] < coding["end"] <= len(self._texts[coding["document"]]):
            raise RowError("its place lies outside the document, or is empty")

    def remove(self) -> None:
        """Decide about codings whose rows are gone from the table."""
        for id in self._exported.keys() - self._seen:
            if id not in self._now:
                continue
            name = _told(self._now[id])
            if self._options.remove and self._nameless:
                why = "its row may be one of those whose cells were merged; it was kept"
                self._ledger.add("flagged", "coding", why, name=name, guid=id)
            elif not self._options.remove:
                why = "its row is gone from the table; with --remove it goes from the study"
                self._ledger.add("flagged", "coding", why, name=name, guid=id)
            elif stamp_of(self._now[id]) != self._exported[id] and self._options.theirs != "excel":
                why = "its row is gone from the table, but it was changed in the study; it was kept"
                self._ledger.add("flagged", "conflict", why, name=name, guid=id)
            else:
                self._gone.append(id)
                self._ledger.add("changed", "coding", "its row is gone; it was removed", name=name, guid=id)

    def apply(self) -> None:
        """Write all of it."""
        writer = self._writer
        writer.delete("codings", sorted(self._gone))
        writer.update("codings", {id: change for id, change in self._changes.items() if change})
        for name in dict.fromkeys(row["coder"] for row in self._new):
            know_coder(writer, name, "person")
        new = filled(self._new)
        check_codings(writer, new, self._codebook)
        insert_codings(writer, new)
        self._write_memos()
        self._ledger.kept("coding", self._same)

    def _write_memos(self) -> None:
        for coding, texts in self._notes.items():
            old = self._memos[coding]
            changed = {id: {"text": text} for (id, was), text in zip(old, texts, strict=False) if text not in ("", was)}
            gone = [id for (id, was), text in zip(old, texts, strict=False) if was and not text]
            new = [
                {
                    "id": str(uuid.uuid4()), "about": "coding", "target": coding, "coder": self._coder, "text": text,
                    "created": now(),
                }
                for text in texts[len(old) :]
            ]  # fmt: skip
            self._writer.update("memos", changed)
            self._writer.delete("memos", gone)
            self._writer.insert("memos", new)


def _told(coding: Mapping[str, Any]) -> str:
    memo = " with a memo" if coding.get("memo") else ""
    place = f"{coding['document']} {coding['start']}-{coding['end']}"
    return f"{place} {coding['group']}/{coding['code']}, {coding['status']}{memo}"


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError as error:
        raise RowError(f"the score {text!r} is no number") from error
