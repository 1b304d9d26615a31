"""What records have to keep to, before a byte is written: the schema, and references that lead somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cxtext.errors import WriteError
from cxtext.exchange.refi.fields import is_color, is_valid
from cxtext.exchange.refi.guids import is_guid
from cxtext.exchange.refi.model import (
    DIRECTIONS,
    PLACES,
    VARIABLE_TYPES,
    QdaCode,
    QdaCodebook,
    QdaCoding,
    QdaProject,
    QdaRegion,
    QdaSelection,
    QdaSource,
    QdaStamp,
    QdaValue,
)
from cxtext.records import clean_text

_SHOWN = 5
#: texts that a source of a kind may hold
_MOST_TEXTS = {"text": 0, "note": 0, "pdf": 1, "picture": 1}
_DEEPEST = 150


def check_codebook(codebook: QdaCodebook) -> None:
    """Check a codebook before it is written.

    Raises
    ------
    WriteError
        With the first problems.
    """
    codes = {code.guid for code in codebook.codes}
    problems = [] if codes else ["it has no codes, and the standard asks for at least one"]
    problems += _codes(codebook.codes)
    problems += _twice("set", [group.guid for group in codebook.sets])
    for group in codebook.sets:
        problems += _leads(f"set {group.name!r}", "code", group.codes, codes)
    _refuse("codebook", problems)


def check_project(project: QdaProject) -> None:
    """Check a project before it is written.

    Raises
    ------
    WriteError
        With the first problems.
    """
    _refuse("project", list(_Check(project).problems()))


def _refuse(what: str, problems: list[str]) -> None:
    if problems:
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        msg = f"The {what} cannot be written: {'; '.join(problems[:_SHOWN])}{more}. Nothing was written."
        raise WriteError(msg)


def _codes(codes: Iterable[QdaCode]) -> Iterator[str]:
    depth = {"": 0}
    for code in codes:
        if not code.name:
            yield f"code {code.guid} has no name"
        if code.color and not is_color(code.color):
            yield f"the colour {code.color!r} of code {code.name!r} is not of the form #rrggbb"
        if code.parent not in depth:
            yield f"the code that holds {code.name!r} is missing, or comes after it"
        depth[code.guid] = depth.get(code.parent, 0) + 1
        if depth[code.guid] == _DEEPEST:
            yield f"code {code.name!r} is nested {_DEEPEST} deep"
    yield from _twice("code", [code.guid for code in codes])


def _twice(what: str, guids: Collection[str]) -> Iterator[str]:
    seen: set[str] = set()
    for guid in guids:
        if not is_guid(guid):
            yield f"a {what} has the GUID {guid!r}, which is not of the form 8-4-4-4-12 in lower case"
        elif guid in seen:
            yield f"two {what}s have the GUID {guid}"
        seen.add(guid)


def _leads(owner: str, what: str, guids: Iterable[str], known: Collection[str]) -> Iterator[str]:
    yield from (f"{owner} names the {what} {guid!r}, which is missing" for guid in guids if guid not in known)


class _Check:
    """One check of a project; what can be referred to is listed once."""

    def __init__(self, project: QdaProject) -> None:
        self.project = project
        self.texts = [text for source in project.sources for text in source.texts]
        self.all = [*project.sources, *self.texts, *project.notes]
        self.selections = [part for source in self.all for part in source.parts]
        self.users = {user.guid for user in project.users}
        self.codes = {code.guid for code in project.codes}
        self.variables = {variable.guid for variable in project.variables}
        self.sources = {source.guid for source in (*project.sources, *self.texts)}
        self.notes = {note.guid for note in project.notes}

    def problems(self) -> Iterator[str]:
        """All that is wrong."""
        project = self.project
        yield from _codes(project.codes)
        coded: list[QdaSource | QdaSelection | QdaRegion] = [*self.all, *self.selections]
        codings = [coding for holder in coded for coding in holder.codings]
        for what, guids in {
            "user": [user.guid for user in project.users],
            "variable": [variable.guid for variable in project.variables],
            "case": [case.guid for case in project.cases],
            "source": [source.guid for source in (*project.sources, *self.texts)],
            "note": [note.guid for note in project.notes],
            "selection": [selection.guid for selection in self.selections],
            "coding": [coding.guid for coding in codings],
            "set": [group.guid for group in project.sets],
            "link": [link.guid for link in project.links],
            "sync point": [point.guid for source in self.all for point in source.sync_points],
        }.items():
            yield from _twice(what, guids)
        yield from self._stamp("the project", project)
        yield from _leads("the project", "note", project.project_notes, self.notes)
        for code in project.codes:
            yield from _leads(f"code {code.name!r}", "note", code.notes, self.notes)
        for variable in project.variables:
            if variable.type not in VARIABLE_TYPES:
                yield f"variable {variable.name!r} has the type {variable.type!r}"
        yield from self._members()
        for source in project.sources:
            yield from self._source(source, notes=False)
        for note in project.notes:
            yield from self._source(note, notes=True)

    def _members(self) -> Iterator[str]:
        """Cases, sets and links."""
        selections = {selection.guid for selection in self.selections}
        for case in self.project.cases:
            owner = f"case {case.name!r}"
            yield from _leads(owner, "code", case.codes, self.codes)
            yield from _leads(owner, "source", case.sources, self.sources)
            yield from _leads(owner, "selection", case.selections, selections)
            yield from self._values(owner, case.values)
        for group in self.project.sets:
            owner = f"set {group.name!r}"
            yield from _leads(owner, "code", group.codes, self.codes)
            yield from _leads(owner, "source", group.sources, self.sources)
            yield from _leads(owner, "note", group.notes, self.notes)
        for link in self.project.links:
            owner = f"link {link.name!r}"
            yield from _leads(owner, "note", link.notes, self.notes)
            if link.color and not is_color(link.color):
                yield f"the colour {link.color!r} of {owner} is not of the form #rrggbb"
            if link.direction and link.direction not in DIRECTIONS:
                yield f"{owner} has the direction {link.direction!r}"
            for guid in (link.origin, link.target):
                if guid and not is_guid(guid):
                    yield f"{owner} names {guid!r}, which is no GUID"

    def _source(self, source: QdaSource, *, notes: bool) -> Iterator[str]:
        owner = f"{source.kind} {source.name!r}"
        if notes != (source.kind == "note"):
            yield f"{owner} is among the {'notes' if notes else 'sources'}"
        if source.text is not None and (source.kind not in ("text", "note") or clean_text(source.text) != source.text):
            yield f"the text of {owner} is not clean (NFC, line ends), or belongs in `texts`"
        if source.kind in _MOST_TEXTS and len(source.texts) > _MOST_TEXTS[source.kind]:
            yield f"{owner} holds more texts than the standard has a place for"
        yield from self._stamp(owner, source)
        yield from self._codings(owner, source.codings)
        yield from _leads(owner, "note", source.notes, self.notes)
        yield from self._values(owner, source.values)
        for part in source.parts:
            where = f"a selection in {owner}"
            yield from self._stamp(where, part)
            yield from self._codings(where, part.codings)
            yield from _leads(where, "note", part.notes, self.notes)
            yield from _place(where, part, source)
        for text in source.texts:
            yield from self._source(text, notes=False)

    def _stamp(self, owner: str, stamp: QdaStamp) -> Iterator[str]:
        yield from _leads(owner, "user", filter(None, (stamp.user, stamp.modified_by)), self.users)
        yield from (
            f"{owner} has the date {time!r}"
            for time in (stamp.created, stamp.modified)
            if time and not is_valid(time, "DateTime")
        )

    def _codings(self, owner: str, codings: Iterable[QdaCoding]) -> Iterator[str]:
        for coding in codings:
            yield from _leads(f"a coding of {owner}", "code", [coding.code], self.codes)
            yield from _leads(f"a coding of {owner}", "user", filter(None, [coding.user]), self.users)
            yield from _leads(f"a coding of {owner}", "note", coding.notes, self.notes)
            if coding.created and not is_valid(coding.created, "DateTime"):
                yield f"a coding of {owner} has the date {coding.created!r}"

    def _values(self, owner: str, values: Iterable[QdaValue]) -> Iterator[str]:
        for value in values:
            yield from _leads(owner, "variable", [value.variable], self.variables)
            if value.type and not is_valid(value.value, value.type):
                yield f"{owner} has the value {value.value!r}, which is no {value.type}"


def _place(owner: str, part: QdaSelection | QdaRegion, source: QdaSource) -> Iterator[str]:
    if isinstance(part, QdaRegion):
        if len(part.place) != len(PLACES.get(source.kind, ())):
            yield f"{owner} has {len(part.place)} numbers for its place"
    elif source.text is not None and not 0 <= part.start <= part.end <= len(source.text):
        yield f"{owner} goes from {part.start} to {part.end}, and the text has {len(source.text)} characters"
