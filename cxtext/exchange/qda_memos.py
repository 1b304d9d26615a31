"""Notes, comments and bare selections of REFI-QDA as memos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cxtext.exchange.chosen import left_out
from cxtext.exchange.marked import Marked
from cxtext.exchange.refi import QdaProject, QdaSelection, QdaSource
from cxtext.exchange.refi.guids import make_guid
from cxtext.exchange.refi.positions import quote_of
from cxtext.exchange.refi.report import Ledger
from cxtext.project.database import now
from cxtext.project.history import Writer

About: TypeAlias = Literal["study", "document", "coding", "code"]
#: what a memo is about, its target, and a text that goes before it
Place: TypeAlias = tuple[About, str, str]


@dataclass(frozen=True)
class _Memo:
    id: str
    place: Place
    text: str
    coder: str
    created: str


class Memos:
    """Makes memos of a project.

    Parameters
    ----------
    writer : Writer
    qda : QdaProject
    coder_of : callable
        Coder of the first user, by GUID, that is not empty.
    ledger : Ledger
    """

    def __init__(self, writer: Writer, qda: QdaProject, coder_of: Callable[..., str], ledger: Ledger) -> None:
        self._writer, self._qda, self._coder_of, self._ledger = writer, qda, coder_of, ledger

    def add(self, documents: Mapping[str, str], codings: Mapping[str, str], paths: Mapping[str, str]) -> None:
        """Add all memos.

        Parameters
        ----------
        documents, codings, paths : Mapping[str, str]
            GUID to document, coding and code of the study.
        """
        memos = [*self._of_notes(documents, codings, paths), *self._of_texts(documents, codings)]
        if self._qda.description:
            memos.append(self._comment("", ("study", "", ""), self._qda.description, self._qda))
        known = self._writer.rows("memos", [memo.id for memo in memos])
        for memo in memos:
            if memo.id in known and known[memo.id]["text"] != memo.place[2] + memo.text:
                why = "the study has another text of it, which was kept"
                self._ledger.add("flagged", "Note", why, guid=memo.id)
        new = [memo for memo in memos if memo.id not in known]
        self._writer.insert(
            "memos",
            [
                {
                    "id": memo.id, "about": memo.place[0], "target": memo.place[1], "coder": memo.coder,
                    "text": memo.place[2] + memo.text, "created": memo.created or now(),
                }
                for memo in new
            ],
        )  # fmt: skip
        self._ledger.kept("memo", len(new))

    def _of_notes(
        self, documents: Mapping[str, str], codings: Mapping[str, str], paths: Mapping[str, str]
    ) -> Iterator[_Memo]:
        places = self._places(documents, codings, paths)
        for note in self._qda.notes:
            lost = len(note.selections) + len(note.codings) + len(note.values) + len(note.notes)
            left_out(self._ledger, "Note", "what is coded in a note has no place", lost, name=note.name)
            if note.text is None:
                self._ledger.add("dropped", "Note", "it has no text", name=note.name, guid=note.guid)
                continue
            text = note.text
            if note.name and not text.strip().startswith(note.name.rstrip("…").rstrip()):
                text = f"{note.name}\n\n{text}"
            text = f"{text}\n\n{note.description}" if note.description else text
            unplaced: list[Place] = [("study", "", "")]
            for number, place in enumerate(list(dict.fromkeys(places[note.guid])) or unplaced):
                id = note.guid if number == 0 else make_guid("memo", note.guid, *place)
                yield _Memo(id, place, text, self._coder_of(note.user), note.created)

    def _places(
        self, documents: Mapping[str, str], codings: Mapping[str, str], paths: Mapping[str, str]
    ) -> defaultdict[str, list[Place]]:
        """What each note is about."""
        places: defaultdict[str, list[Place]] = defaultdict(list)

        def note(guids: Iterable[str], place: Place) -> None:
            for guid in guids:
                places[guid].append(place)

        note(self._qda.project_notes, ("study", "", ""))
        for code in self._qda.codes:
            path = paths.get(code.guid)
            note(code.notes, ("code", path, "") if path else ("study", "", f"{code.name}: "))
        for source in self._qda.sources:
            for text in (source, *source.texts):
                document = documents.get(text.guid)
                note(text.notes, ("document", document, "") if document else ("study", "", f"{source.name}: "))
                for part in text.selections if document else ():
                    note(part.notes, _place(part, text, document or "", codings))
                parts = text.parts if not document else text.regions
                for region in parts:
                    note(region.notes, ("study", "", f"{source.name}: "))
                for holder in (text, *text.parts):
                    for coding in holder.codings:
                        id = codings.get(coding.guid)
                        note(coding.notes, ("coding", id, "") if id else ("study", "", f"{source.name}: "))
        return places

    def _of_texts(self, documents: Mapping[str, str], codings: Mapping[str, str]) -> Iterator[_Memo]:
        """Comments on sources and selections, and selections that nobody coded."""
        in_cases = {guid for case in self._qda.cases for guid in case.selections}
        for source in self._qda.sources:
            for text in (source, *source.texts):
                document, comment = documents.get(text.guid, ""), Marked.read(text.description).text
                if comment:
                    about: Place = ("document", document, "") if document else ("study", "", f"{source.name}: ")
                    yield self._comment(text.guid, about, comment, text)
                if not document:
                    continue
                for part in text.selections:
                    said = "\n".join(filter(None, (part.name, part.description)))
                    bare = not part.codings and not part.notes and part.guid not in in_cases
                    if said or bare:
                        yield self._comment(part.guid, _place(part, text, document, codings), said, part)

    def _comment(self, guid: str, place: Place, text: str, holder: QdaSource | QdaSelection | QdaProject) -> _Memo:
        what = type(holder).__name__.removeprefix("Qda")
        self._ledger.add("changed", what, "its comment, or the place that it marks, is a memo now", guid=guid)
        return _Memo(make_guid("memo of", guid, text), place, text, self._coder_of(holder.user), holder.created)


def _place(part: QdaSelection, text: QdaSource, document: str, codings: Mapping[str, str]) -> Place:
    """A coding of the selection; or the document, with the place in it."""
    found = next((codings[coding.guid] for coding in part.codings if coding.guid in codings), "")
    if found:
        return ("coding", found, "")
    quote = quote_of((text.text or "")[part.start : part.end])
    return ("document", document, f"“{quote}” ({part.start}-{part.end})\n")
