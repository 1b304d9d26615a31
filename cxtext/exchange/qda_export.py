"""A study as a project of REFI-QDA. Equal studies give equal projects, GUIDs included."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cxtext.exchange.chosen import chosen_codings, left_out, main_language, user_name
from cxtext.exchange.formats import ExportOptions
from cxtext.exchange.marked import Marked
from cxtext.exchange.qda_codes import code_guid, to_qda
from cxtext.exchange.refi import (
    QdaCase,
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSource,
    QdaUser,
    QdaValue,
    QdaVariable,
)
from cxtext.exchange.refi.fields import is_valid
from cxtext.exchange.refi.guids import is_guid, make_guid, plain_guid
from cxtext.exchange.refi.model import VariableType
from cxtext.exchange.refi.report import Ledger
from cxtext.language import detect_language
from cxtext.records import Document, clean_text
from cxtext.tables import case_of

if TYPE_CHECKING:
    from cxtext.project import Project

#: longest name of a note, which is the beginning of its text
_LONGEST_NAME = 60
#: values that are numbers and no ids: no zeros in front, no plus
_INTEGER = re.compile(r"0|-?[1-9]\d{0,8}")
_FLOAT = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{1,9})?")
_FILE = re.compile(r"\.(?:txt|md|docx?|odt|rtf|pdf)$", re.IGNORECASE)


def to_project(project: Project, options: ExportOptions, ledger: Ledger) -> QdaProject:
    """Make a project of REFI-QDA of a study.

    Parameters
    ----------
    project : Project
    options : ExportOptions
    ledger : Ledger
        Told of everything that the standard has no place for.

    Returns
    -------
    QdaProject
        Groups of codes as codes that cannot be given; documents as text sources; codings of all coders on one
        selection per stretch; cases with their documents, or with their turns in a document of several cases;
        attributes as variables; memos as notes.
    """
    return _Export(project, options, ledger).project()


def document_id(name: str) -> str:
    """Id of a document, from the name of its source.

    Examples
    --------
    >>> document_id("Interview 3.docx")
    'Interview 3'
    """
    return _FILE.sub("", " ".join(clean_text(name).split())) or "document"


def document_guid(document: Document) -> str:
    """GUID of a document, by its id and text: the same in every study."""
    return make_guid("cxtext document", document.id, document.sha256)


def value_type(values: Iterable[str]) -> VariableType:
    """Type of a variable, by its values that are not empty: Text, unless all of them are surely something else.

    Examples
    --------
    >>> value_type(["7", "10"]), value_type(["007", "010"]), value_type(["7.5", "8"]), value_type(["2024-03-01"])
    ('Integer', 'Text', 'Float', 'Date')
    """
    values = [value for value in values if value]
    if values and all(map(_INTEGER.fullmatch, values)):
        return "Integer"
    if values and all(map(_FLOAT.fullmatch, values)):
        return "Float"
    if values and all(len(value) == len("2024-03-01") and is_valid(value, "Date") for value in values):
        return "Date"
    return "Text"


def note_name(text: str) -> str:
    """Name of a note: the beginning of its text."""
    first = text.strip().split("\n", 1)[0].strip()
    return first if len(first) <= _LONGEST_NAME else f"{first[: _LONGEST_NAME - 1].rstrip()}…"


class _Export:
    """One export; what refers to each other is made in order."""

    def __init__(self, project: Project, options: ExportOptions, ledger: Ledger) -> None:
        self._project, self._ledger, self._coders = project, ledger, options.coders
        self._documents = project.corpus().documents
        self._guids = {d.id: document_guid(d) for d in self._documents}
        self._codings = chosen_codings(project, options, ledger).to_dict("records")
        self._kinds = project.coders
        self._known_cases = project.cases()
        self._values = self._values_by_name()
        self._users: dict[str, QdaUser] = {}
        self._used: set[str] = set()
        self._notes: list[QdaSource] = []
        self._notes_on: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        #: stretches of cases in a document of several cases, by document
        self._stretches: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)

    def project(self) -> QdaProject:
        codebook = self._project.codebook
        self._memos({coding["coding"] for coding in self._codings}, {code.path for code in codebook})
        notes = self._notes_on
        paths = {code_guid(code.path): code.path for code in codebook}
        codes = tuple(
            replace(code, notes=tuple(notes["code", paths.get(code.guid, "")]))
            for code in to_qda(codebook, main_language(self._project))
        )
        cases = self._cases()
        sources = tuple(self._sources())
        self._report()
        return QdaProject(
            name=self._project.name,
            users=tuple(sorted(self._users.values(), key=lambda user: user.name)),
            codes=codes,
            variables=self._variables(),
            cases=cases,
            sources=sources,
            notes=tuple(self._notes),
            project_notes=tuple(notes["study", ""]),
        )

    def _user(self, coder: str, status: Any = "accepted") -> str:
        self._used.add(coder)
        name = user_name(coder, self._kinds[coder], status)
        user = self._users.setdefault(name, QdaUser(make_guid("cxtext user", name), name))
        return user.guid

    def _memos(self, codings: set[str], paths: set[str]) -> None:
        known = {"study": {""}, "document": set(self._guids), "coding": codings, "code": paths}
        for memo in self._project.memos().to_dict("records"):
            target = "" if memo["about"] == "study" else memo["target"]
            if self._coders and memo["coder"] not in self._coders:
                self._ledger.add("dropped", "Note", "it is of another coder")
                continue
            if target not in known[memo["about"]]:
                why = f"the {memo['about']} that it is about does not go out"
                self._ledger.add("dropped", "Note", why, name=note_name(memo["text"]))
                continue
            text = clean_text(memo["text"])
            note = QdaSource(
                _guid(memo["memo"], "note"), note_name(text), "note", text, user=self._user(memo["coder"]),
                created=memo["created"],
            )  # fmt: skip
            self._notes.append(note)
            self._notes_on[memo["about"], target].append(note.guid)

    def _cases(self) -> tuple[QdaCase, ...]:
        sources: defaultdict[str, list[str]] = defaultdict(list)
        turns: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for document in self._documents:
            said = [
                (case_of(document, turn), turn)
                for turn in document.turns
                if turn.role == "respondent" and turn.start < turn.end
            ]
            cases = {case for case, _ in said}
            for case in sorted(cases) if len(cases) == 1 else ():
                sources[case].append(document.id)
            for case, turn in said if len(cases) > 1 else ():
                turns[case].append((document.id, turn.start, turn.end))
                self._stretches[document.id].add((turn.start, turn.end))
        return tuple(self._case(case, sources[case], turns[case]) for case in sorted({*sources, *turns}))

    def _case(self, case: str, documents: list[str], turns: list[tuple[str, int, int]]) -> QdaCase:
        first = (documents or [turns[0][0]])[0]
        return QdaCase(
            make_guid("cxtext case", case, self._guids[first]),
            case,
            values=self._qda_values(self._known_cases.get(case, {})),
            sources=tuple(self._guids[id] for id in documents),
            selections=tuple(dict.fromkeys(self._selection_guid(*turn) for turn in turns)),
        )

    def _values_by_name(self) -> dict[str, list[str]]:
        values: defaultdict[str, list[str]] = defaultdict(list)
        for attributes in (*map(_attributes, self._documents), *self._known_cases.values()):
            for name, value in attributes.items():
                values[name].append(value)
        return dict(values)

    def _qda_values(self, attributes: Mapping[str, str]) -> tuple[QdaValue, ...]:
        return tuple(
            QdaValue(_variable_guid(name), value, value_type(self._values[name]))
            for name, value in attributes.items()
            if value
        )

    def _variables(self) -> tuple[QdaVariable, ...]:
        """Variables that have a value, with the part that they play in every document that has them."""
        variables = []
        for name, values in self._values.items():
            if not any(values):
                self._ledger.add("dropped", "Variable", "it has no value anywhere", name=name)
                continue
            having = [document for document in self._documents if name in document.attributes]
            parts = [{part for part, column in d.columns.items() if column == name} for d in having] or [set()]
            part = sorted(set.intersection(*parts))
            if any(set(part) != each for each in parts):
                self._ledger.add("dropped", "Variable", "it plays a part in some documents alone", name=name)
            description = str(Marked("", {"part": tuple(part)} if part else {}))
            variables.append(QdaVariable(_variable_guid(name), name, value_type(values), description))
        return tuple(variables)

    def _sources(self) -> Iterator[QdaSource]:
        codings: defaultdict[str, defaultdict[tuple[int, int], list[QdaCoding]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in self._codings:
            coding = QdaCoding(
                _guid(row["coding"], "coding"),
                code_guid(f"{row['group']}/{row['code']}"),
                self._user(row["coder"], row["status"]),
                row["created"],
                tuple(self._notes_on["coding", row["coding"]]),
            )
            codings[row["document"]][row["start"], row["end"]].append(coding)
        names, ids = Counter(document.name for document in self._documents), set(self._guids)
        for document in self._documents:
            own = document.name.strip() and names[document.name] == 1 and document.name not in ids - {document.id}
            name = document.name if own else document.id
            places = codings[document.id]
            yield QdaSource(
                self._guids[document.id],
                name,
                text=document.text,
                description=str(Marked("", _marks(document, name))),
                selections=tuple(
                    QdaSelection(
                        self._selection_guid(document.id, *place),
                        *place,
                        codings=tuple(sorted(places.get(place, ()), key=lambda coding: coding.guid)),
                    )
                    for place in sorted({*places, *self._stretches[document.id]})
                ),
                values=self._qda_values(_attributes(document)),
                notes=tuple(self._notes_on["document", document.id]),
            )

    def _selection_guid(self, document: str, start: int, end: int) -> str:
        return make_guid("cxtext selection", self._guids[document], start, end)

    def _report(self) -> None:
        """Say what the standard has no place for."""
        ledger = self._ledger
        for document in self._documents:
            why = "who speaks in it, in which role and when, has no place in the standard"
            left_out(ledger, "turn", why, len(document.turns), name=document.name)
            case = document.columns.get("case", "")
            of_turns = sum(len(turn.attributes.keys() - {case}) for turn in document.turns)
            left_out(ledger, "attribute of a turn", "attributes of turns have no place", of_turns, name=document.name)
        codings = self._codings
        scored = sum(row["score"] == row["score"] or bool(row["evidence"]) for row in codings)
        counts = self._project.counts()
        settings = [name for name in self._project.settings if name != "name"]
        for element, why, count in (
            ("file of a document", "names of files on one's own computer stay there", len(self._documents)),
            ("segment", "they are made again from the text", counts["segments"]),
            ("score and evidence", "these of machines have no place in the standard", scored),
            ("decision", "who accepted a coding has no place", sum(bool(row["decided_by"]) for row in codings)),
            ("finished document", "who finished a document has no place", counts["finished"]),
            ("setting", f"settings of the study have no place: {', '.join(settings)}", len(settings)),
            ("log", "the log of the changes stays in the study", 1),
        ):
            left_out(ledger, element, why, count)
        for name in sorted(self._kinds.keys() - self._used):
            ledger.add("dropped", "User", "nothing that goes out is theirs", name=name)


def _attributes(document: Document) -> dict[str, str]:
    """Attributes but the one that names the case, which goes out as a case."""
    return {name: value for name, value in document.attributes.items() if name != document.columns.get("case")}


def _marks(document: Document, name: str) -> dict[str, tuple[str, ...]]:
    """What cxtext would not find out by itself when it reads the source again."""
    marks = {
        "id": document.id if document.id != document_id(name) else "",
        "kind": document.kind if document.kind != "interview" else "",
        "language": document.language if document.language != detect_language(document.text) else "",
        "prompt": document.prompt,
    }
    return {mark: (value,) for mark, value in marks.items() if value}


def _variable_guid(name: str) -> str:
    return make_guid("cxtext variable", name)


def _guid(id: str, what: str) -> str:
    return plain_guid(id) if is_guid(plain_guid(id)) else make_guid(f"cxtext {what}", id)
