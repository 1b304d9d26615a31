"""A project of REFI-QDA into a study, new or not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.exchange.chosen import coder_of, left_out, main_language
from cxtext.exchange.marked import Marked
from cxtext.exchange.places import Segments
from cxtext.exchange.qda_codes import from_qda
from cxtext.exchange.qda_memos import Memos
from cxtext.exchange.qda_texts import NO_SPEAKERS, Stretch, new_id, read_source, same_documents
from cxtext.exchange.refi import QdaCase, QdaCoding, QdaProject, QdaRegion, QdaSelection, QdaSource
from cxtext.exchange.refi.report import Ledger
from cxtext.project.codings import SAME, CoderKind, check_codings, insert_codings, know_coder, put_codebook, rows_of
from cxtext.project.documents import add_documents
from cxtext.project.frames import current_codebook, read_codings, read_documents
from cxtext.project.history import Writer
from cxtext.records import COLUMN_ROLES
from cxtext.tables import CODINGS, make_table

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project


def into_study(project: Project, qda: QdaProject, file: Path, ledger: Ledger) -> None:
    """Take a project of REFI-QDA into a study, as one change.

    Parameters
    ----------
    project : Project
    qda : QdaProject
    file : pathlib.Path
        Where it was read from.
    ledger : Ledger
        Told of all that was kept, changed and dropped.
    """
    language = main_language(project)
    with project.change("import") as writer:
        _Import(writer, project.coder, qda, file, ledger).run(language)
        writer.summary = file.name


class _Import:
    """One import, step by step; each step knows the ids that those before it gave."""

    def __init__(self, writer: Writer, coder: str, qda: QdaProject, file: Path, ledger: Ledger) -> None:
        self._writer, self._coder, self._qda, self._file, self._ledger = writer, coder, qda, file, ledger
        #: GUID of a user to coder, kind and status
        self._users = {user.guid: coder_of(user.name or user.id or f"user {user.guid[:8]}") for user in qda.users}
        self._documents: dict[str, str] = {}
        self._texts = [
            replace(text, name=text.name or source.name)
            for source in qda.sources
            for text in (source, *source.texts)
            if text.text is not None
        ]
        self._memos = Memos(writer, qda, self._coder_of, ledger)

    def run(self, language: str) -> None:
        self._know_users()
        paths = self._codes(language)
        variables = self._variables()
        self._add_documents(variables)
        self._values_of_cases(variables)
        codings = self._codings(paths)
        self._memos.add(self._documents, codings, paths)
        self._report()

    def _coder_of(self, *users: str) -> str:
        """Who did something: the first user that is named, else the coder at work."""
        return next((self._users[user][0] for user in users if user), self._coder)

    def _know_users(self) -> None:
        kinds: dict[str, CoderKind] = {}
        names = Counter(user.name for user in self._qda.users)
        for user in self._qda.users:
            name, kind, _ = self._users[user.guid]
            if kinds.setdefault(name, kind) != kind or names[user.name] > 1:
                self._ledger.add("changed", "User", "several users have this name; they are one coder", name=name)
        for name, kind in kinds.items():
            know_coder(self._writer, name, kind)
        self._ledger.kept("coder", len(kinds))

    def _codes(self, language: str) -> dict[str, str]:
        coded = {coding.code for holder in self._holders() for coding in holder.codings}
        before = current_codebook(self._writer.connection)
        after, paths = from_qda(self._qda.codes, coded, before, language, self._ledger)
        if after != before:
            put_codebook(self._writer, after)
        self._ledger.kept("code", len(paths))
        return paths

    def _holders(self) -> list[QdaSource | QdaSelection]:
        holders: list[QdaSource | QdaSelection] = []
        for text in self._texts:
            holders += [text, *text.selections]
        return holders

    def _variables(self) -> dict[str, tuple[str, str]]:
        """Name of each variable, and the part that it plays."""
        found: dict[str, tuple[str, str]] = {}
        holders: list[QdaCase | QdaSource] = [*self._qda.cases, *self._qda.sources]
        used = {value.variable for holder in holders for value in holder.values}
        names: Counter[str] = Counter()
        for variable in self._qda.variables:
            names[variable.name] += 1
            name = variable.name
            if names[name] > 1:
                name = f"{name} ({names[name]})"
                self._ledger.add("changed", "Variable", "another has the same name; it was numbered", name=name)
            marked = Marked.read(variable.description)
            part = marked.one("part")
            found[variable.guid] = (name, part if part in COLUMN_ROLES and part not in ("text", "case") else "")
            left_out(self._ledger, "Variable", "nothing has a value of it", variable.guid not in used, name=name)
            left_out(self._ledger, "Variable", "cxtext has no place for its description", bool(marked.text), name=name)
        return found

    def _add_documents(self, variables: dict[str, tuple[str, str]]) -> None:
        there = read_documents(self._writer.connection)
        taken = {document.id for document in there}
        self._documents = same_documents(self._texts, there, self._ledger)
        values = {
            text.guid: _named((*source.values, *text.values), variables)
            for source in self._qda.sources
            for text in (source, *source.texts)
        }
        whole, stretches = self._cases()
        new = []
        for text in self._texts:
            attributes = values[text.guid]
            if text.guid in self._documents:
                self._add_values("documents", self._documents[text.guid], attributes)
                continue
            id = new_id(text.name, Marked.read(text.description), taken)
            columns = {part: name for name, part in variables.values() if part and name in attributes}
            cases = whole[text.guid]
            for other in cases[1:]:
                self._ledger.add("dropped", "SourceRef", "a document belongs to one case", name=text.name, detail=other)
            read = read_source(
                text, file=str(self._file), id=id, attributes=attributes, columns=columns,
                case=next(iter(cases), ""), stretches=stretches[text.guid],
            )  # fmt: skip
            self._documents[text.guid] = id
            new.append(read.document)
            if read.how != NO_SPEAKERS or read.document.kind == "interview":
                self._ledger.add("changed", "document", read.how, name=id)
            why = "they overlap, or the whole document belongs to a case already"
            left_out(self._ledger, "SelectionRef", why, read.unread, name=id)
        add_documents(self._writer, new)
        self._ledger.kept("document", len(self._texts))

    def _cases(self) -> tuple[defaultdict[str, list[str]], defaultdict[str, list[Stretch]]]:
        """Cases of whole sources, and of stretches, by GUID of the source."""
        places = {part.guid: (text.guid, part) for text in self._texts for part in text.selections}
        whole: defaultdict[str, list[str]] = defaultdict(list)
        stretches: defaultdict[str, list[Stretch]] = defaultdict(list)
        for case in self._qda.cases:
            name = _name(case)
            for source in case.sources:
                whole[source].append(name)
            for guid in case.selections:
                source, part = places.get(guid, ("", None))
                if part and part.start < part.end:
                    stretches[source].append(Stretch(part.start, part.end, name))
                else:
                    self._ledger.add("dropped", "SelectionRef", "it is no stretch of a text", name=name, guid=guid)
        return whole, stretches

    def _values_of_cases(self, variables: dict[str, tuple[str, str]]) -> None:
        names: Counter[str] = Counter()
        known = self._writer.rows("cases", [_name(case) for case in self._qda.cases])
        for case in self._qda.cases:
            name = _name(case)
            names[name] += 1
            again = int(names[name] > 1)
            left_out(self._ledger, "Case", "several cases have this name; they are one respondent", again, name=name)
            left_out(self._ledger, "Case", "cxtext has no place for the codes of a case", len(case.codes), name=name)
            left_out(self._ledger, "Case", "cxtext has no place for its description", bool(case.description), name=name)
            if name in known:
                self._add_values("cases", name, _named(case.values, variables))
            else:
                self._ledger.add("dropped", "Case", "no document of the study is of this case", name=name)
        self._ledger.kept("case", len(names))

    def _add_values(self, table: str, id: str, values: dict[str, str]) -> None:
        """Give a document or case of the study the attributes that it does not have."""
        if not values:
            return
        have: dict[str, str] = self._writer.rows(table, [id])[id]["attributes"]
        for name, value in values.items():
            if have.get(name, value) != value:
                why = "the study has another value, which was kept"
                self._ledger.add("flagged", "VariableValue", why, name=id, detail=f"{name}: {value}; {have[name]}")
        self._writer.update(table, {id: {"attributes": {**values, **have}}})

    def _codings(self, paths: dict[str, str]) -> dict[str, str]:
        """Add codings; returns GUID to id in the study, for notes on them."""
        rows = [row for text in self._texts for row in self._rows(text, paths)]
        frame = self._as_codings(rows)
        keys = list(frame[SAME].itertuples(index=False, name=None))
        there = read_codings(self._writer.connection)
        ids = dict(zip(there[SAME].itertuples(index=False, name=None), there["coding"], strict=True))
        taken, found, twice, known, other = set(there["coding"]), dict[str, str](), 0, 0, list[int]()
        for at, (row, key) in enumerate(zip(rows, keys, strict=True)):
            if key in ids:
                twice, known = twice + (ids[key] not in taken), known + (ids[key] in taken)
            elif row["id"] in taken:
                other.append(at)
                ids[key] = row["id"]
                why = "the study has this coding with another code, stretch or coder, which was kept"
                self._ledger.add("flagged", "Coding", why, guid=row["id"], detail=f"{row['group']}/{row['code']}")
            ids.setdefault(key, row["id"])
            found[row["id"]] = ids[key]
        left_out(self._ledger, "Coding", "the same coding is there twice", twice)
        left_out(self._ledger, "Coding", "the study has the same coding already", known)
        new = rows_of(frame.drop(index=other))
        check_codings(self._writer, new, current_codebook(self._writer.connection))
        self._ledger.kept("coding", insert_codings(self._writer, new))
        return found

    def _as_codings(self, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
        """The table of codings, each with the segment that it lies in."""
        segments = Segments(self._writer.connection, sorted({row["document"] for row in rows}))
        for row in rows:
            row["segment"] = segments.holding(row["document"], row["start"], row["end"])
        return make_table(rows, {"id": "str", **CODINGS, "created": "str"})

    def _rows(self, text: QdaSource, paths: dict[str, str]) -> Iterable[dict[str, Any]]:
        document, length = self._documents[text.guid], len(text.text or "")
        holders: list[tuple[int, int, QdaSource | QdaSelection]] = [(0, length, text)]
        holders += [(part.start, part.end, part) for part in text.selections]
        for start, end, holder in holders:
            if start == end:
                why = "it is on an empty stretch, and a coding needs at least one character"
                left_out(self._ledger, "Coding", why, len(holder.codings), name=text.name)
                continue
            if holder is text and text.codings:
                why = "the whole source has the code; it is on the whole text now"
                self._ledger.add("changed", "Coding", why, name=text.name, count=len(text.codings))
            for coding in holder.codings:
                yield self._row(coding, holder, paths) | {"document": document, "start": start, "end": end}

    def _row(self, coding: QdaCoding, holder: QdaSource | QdaSelection, paths: dict[str, str]) -> dict[str, Any]:
        user = coding.user or holder.user
        if not user:
            why = "nobody is named who coded; it is a coding of the one who imports"
            self._ledger.add("changed", "Coding", why, guid=coding.guid)
        group, _, code = paths[coding.code].partition("/")
        return {
            "id": coding.guid, "group": group, "code": code, "coder": self._coder_of(user),
            "status": self._users[user][2] if user else "accepted", "created": coding.created or holder.created,
            "evidence": "", "run": "",
        }  # fmt: skip

    def _report(self) -> None:
        """Say what the study has no place for."""
        ledger, qda = self._ledger, self._qda
        for source in qda.sources:
            why = "cxtext analyses text alone; the file stays in the project"
            left_out(ledger, "file", why, source.attachment is not None, name=source.name)
            silent = all(text.text is None for text in (source, *source.texts))
            left_out(ledger, f"{source.kind} source", "no text of it is in the project", silent, name=source.name)
            untold = () if source.text is not None else source.selections
            parts: list[QdaRegion | QdaSelection] = [*source.regions, *untold]
            why = "what it codes is no stretch of a text"
            left_out(ledger, "selection", why, len(parts), name=source.name)
            codings = sum(len(part.codings) for part in parts) + (0 if source.text is not None else len(source.codings))
            left_out(ledger, "Coding", why, codings, name=source.name)
            points = sum(len(text.sync_points) for text in (source, *source.texts))
            left_out(ledger, "SyncPoint", "cxtext has no place for it", points, name=source.name)
        for group in qda.sets:
            ledger.add("dropped", "Set", "cxtext has no place for sets", name=group.name, guid=group.guid)
        for link in qda.links:
            ledger.add("dropped", "Link", "cxtext has no place for links", name=link.name, guid=link.guid)
        stamped = sum(bool(holder.user or holder.modified_by) for holder in self._holders())
        left_out(ledger, "date and user", "those of sources and selections have no place", stamped)


def _name(case: QdaCase) -> str:
    return case.name or f"case {case.guid[:8]}"


def _named(values: Iterable[Any], variables: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {variables[value.variable][0]: value.value for value in values if value.value}
