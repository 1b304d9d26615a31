"""A project as XML, in the order of the schema, and the files that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from xml.etree.ElementTree import Element

from cxtext.exchange.refi.attachments import QdaAttachment
from cxtext.exchange.refi.codebooks import write_codes
from cxtext.exchange.refi.container import MOST_BYTES_OF_FILE
from cxtext.exchange.refi.guids import make_guid
from cxtext.exchange.refi.model import (
    PLACES,
    QdaCoding,
    QdaProject,
    QdaRegion,
    QdaSelection,
    QdaSource,
    QdaStamp,
    QdaSyncPoint,
    QdaValue,
)
from cxtext.exchange.refi.positions import quote_of
from cxtext.exchange.refi.xml import XmlWriter, fits_xml

NAMESPACE = "urn:QDA-XML:project:1.0"

_SAFE_NAME = re.compile('[^\\\\/:*?"<>|\x00-\x1f\ud800-\udfff\ufffe\uffff]{1,200}')
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_TAGS = {
    "text": "TextSource", "note": "Note", "pdf": "PDFSource", "picture": "PictureSource", "audio": "AudioSource",
    "video": "VideoSource",
}  # fmt: skip
_SELECTIONS = {
    "pdf": "PDFSelection",
    "picture": "PictureSelection",
    "audio": "AudioSelection",
    "video": "VideoSelection",
}
_TEXTS = {"pdf": "Representation", "picture": "TextDescription", "audio": "Transcript", "video": "Transcript"}


class ProjectWriter:
    """Makes the XML of a checked project.

    Parameters
    ----------
    xml : XmlWriter

    Attributes
    ----------
    files : dict of str to QdaAttachment
        What belongs in the folder ``sources``, by name.
    """

    def __init__(self, xml: XmlWriter) -> None:
        self.files: dict[str, QdaAttachment] = {}
        self._xml = xml
        self._names: set[str] = set()

    def write(self, project: QdaProject) -> Element:
        """Make the root element."""
        xml = self._xml
        root = xml.root(
            "Project",
            NAMESPACE,
            project.origin,
            name=project.name,
            creatingUserGUID=project.user,
            creationDateTime=project.created,
            modifyingUserGUID=project.modified_by,
            modifiedDateTime=project.modified,
        )
        if project.users:
            users = xml.element(root, "Users")
            for user in project.users:
                xml.element(users, "User", guid=user.guid, name=user.name, id=user.id)
        if project.codes:
            write_codes(xml, xml.element(root, "CodeBook"), project.codes, notes=True)
        if project.variables:
            variables = xml.element(root, "Variables")
            for variable in project.variables:
                element = xml.element(
                    variables, "Variable", guid=variable.guid, name=variable.name, typeOfVariable=variable.type
                )
                xml.description(element, variable.description)
        self._cases(root, project)
        for tag, sources in (("Sources", project.sources), ("Notes", project.notes)):
            parent = xml.element(root, tag) if sources else root
            for source in sources:
                self._source(parent, source, _TAGS[source.kind])
        self._links_and_sets(root, project)
        xml.description(root, project.description)
        xml.references(root, "NoteRef", project.project_notes)
        return root

    def _cases(self, root: Element, project: QdaProject) -> None:
        cases = self._xml.element(root, "Cases") if project.cases else root
        for case in project.cases:
            element = self._xml.element(cases, "Case", guid=case.guid, name=case.name)
            self._xml.description(element, case.description)
            self._xml.references(element, "CodeRef", case.codes)
            self._values(element, case.values)
            self._xml.references(element, "SourceRef", case.sources)
            self._xml.references(element, "SelectionRef", case.selections)

    def _links_and_sets(self, root: Element, project: QdaProject) -> None:
        links = self._xml.element(root, "Links") if project.links else root
        for link in project.links:
            element = self._xml.element(
                links, "Link", guid=link.guid, name=link.name, direction=link.direction, color=link.color,
                originGUID=link.origin, targetGUID=link.target,
            )  # fmt: skip
            self._xml.references(element, "NoteRef", link.notes)
        sets = self._xml.element(root, "Sets") if project.sets else root
        for group in project.sets:
            element = self._xml.element(sets, "Set", guid=group.guid, name=group.name)
            self._xml.description(element, group.description)
            self._xml.references(element, "MemberCode", group.codes)
            self._xml.references(element, "MemberSource", group.sources)
            self._xml.references(element, "MemberNote", group.notes)

    def _source(self, parent: Element, source: QdaSource, tag: str) -> None:
        media = source.kind in PLACES
        inline = source.kind == "note" and source.text is not None and fits_xml(source.text)
        files = {"path": self._attachment(source)} if media else {"richTextPath": self._attachment(source)}
        if source.text is not None and not inline:
            content = source.text.encode()
            files["plainTextPath"] = self._add(f"{source.guid}.txt", QdaAttachment.from_bytes("", content))
        element = self._xml.element(parent, tag, guid=source.guid, name=source.name, **files, **_stamp(source))
        self._xml.description(element, source.description)
        if inline:
            self._xml.text(element, "PlainTextContent", source.text or "")
        if source.kind == "pdf":
            self._regions(element, source)
        for text in source.texts:
            self._source(element, text, _TEXTS[source.kind])
        if source.kind != "pdf":
            self._regions(element, source)
        transcript = tag == "Transcript"
        if transcript:
            self._transcript(element, source)
        else:
            for selection in source.selections:
                child = self._xml.element(
                    element, "PlainTextSelection", guid=selection.guid, name=_name(selection, source),
                    startPosition=selection.start, endPosition=selection.end, **_stamp(selection),
                )  # fmt: skip
                self._rest(child, selection)
            self._codings(element, source.codings)
        self._xml.references(element, "NoteRef", source.notes)
        if not transcript:
            self._values(element, source.values)

    def _transcript(self, element: Element, source: QdaSource) -> None:
        """Write sync points and the selections between them; a selection without one at its ends gets one."""
        lost = len(source.codings) + len(source.values)
        if lost:
            why = "a transcript has no place for codings of the whole and for values"
            self._xml.ledger.add("dropped", "Transcript", why, name=source.name, guid=source.guid, count=lost)
        points = {point.position: point for point in reversed(source.sync_points) if point.position is not None}
        made = []
        for selection in source.selections:
            for place in (selection.start, selection.end):
                if place not in points:
                    points[place] = QdaSyncPoint(make_guid("sync point", source.guid, place), position=place)
                    made.append(points[place])
        if made:
            why = "selections in a transcript need sync points; these were added, without a time"
            self._xml.ledger.add("changed", "SyncPoint", why, name=source.name, guid=source.guid, count=len(made))
        for point in (*source.sync_points, *made):
            self._xml.element(element, "SyncPoint", guid=point.guid, timeStamp=point.time, position=point.position)
        for selection in source.selections:
            child = self._xml.element(
                element, "TranscriptSelection", guid=selection.guid, name=_name(selection, source),
                fromSyncPoint=points[selection.start].guid, toSyncPoint=points[selection.end].guid, **_stamp(selection),
            )  # fmt: skip
            self._rest(child, selection)

    def _regions(self, element: Element, source: QdaSource) -> None:
        for region in source.regions:
            place = dict(zip(PLACES[source.kind], region.place, strict=True))
            tag = _SELECTIONS[source.kind]
            child = self._xml.element(element, tag, guid=region.guid, name=region.name, **place, **_stamp(region))
            self._rest(child, region)

    def _rest(self, element: Element, part: QdaSelection | QdaRegion) -> None:
        self._xml.description(element, part.description)
        self._codings(element, part.codings)
        self._xml.references(element, "NoteRef", part.notes)

    def _codings(self, element: Element, codings: Iterable[QdaCoding]) -> None:
        for coding in codings:
            child = self._xml.element(
                element, "Coding", guid=coding.guid, creatingUser=coding.user, creationDateTime=coding.created
            )
            self._xml.references(child, "CodeRef", [coding.code])
            self._xml.references(child, "NoteRef", coding.notes)

    def _values(self, element: Element, values: Iterable[QdaValue]) -> None:
        for value in values:
            child = self._xml.element(element, "VariableValue")
            self._xml.references(child, "VariableRef", [value.variable])
            if value.type:
                self._xml.text(child, f"{value.type}Value", value.value)

    def _attachment(self, source: QdaSource) -> str:
        attachment = source.attachment
        if attachment is None:
            return ""
        if attachment.size > MOST_BYTES_OF_FILE:
            why = "it is larger than the 2 GB that the standard allows for a file"
            self._xml.ledger.add("dropped", "file", why, name=attachment.name, guid=source.guid)
            return ""
        name = attachment.name
        if not _SAFE_NAME.fullmatch(name) or name.strip(". ") == "":
            name = source.guid + "".join(_SUFFIX.findall(name))
        return self._add(name, attachment, source.guid)

    def _add(self, name: str, attachment: QdaAttachment, guid: str = "") -> str:
        """Give a file a name that no other has, whatever the case of its letters."""
        free = name
        while free.lower() in self._names:
            free = f"{guid or 'text'}-{free}"
        if attachment.name and free != attachment.name:
            why = "its name was taken or not fit for a file"
            self._xml.ledger.add("changed", "file", why, name=attachment.name, guid=guid, detail=free)
        self._names.add(free.lower())
        self.files[free] = replace(attachment, name=free)
        return f"internal://{free}"


def _stamp(stamp: QdaStamp) -> dict[str, str]:
    return {
        "creatingUser": stamp.user,
        "creationDateTime": stamp.created,
        "modifyingUser": stamp.modified_by,
        "modifiedDateTime": stamp.modified,
    }


def _name(selection: QdaSelection, source: QdaSource) -> str:
    """Name of a selection in a file: its own, or a quote for programs that count characters in another way."""
    return selection.name or quote_of((source.text or "")[selection.start : selection.end])
