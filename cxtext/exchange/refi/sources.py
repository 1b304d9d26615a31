"""Sources and notes of a project: their texts, the selections in them, and their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from cxtext.exchange.refi.attachments import QdaAttachment
from cxtext.exchange.refi.container import Files
from cxtext.exchange.refi.fields import Fields, description
from cxtext.exchange.refi.model import (
    PLACES,
    QdaRegion,
    QdaSelection,
    QdaSource,
    QdaSyncPoint,
    SourceKind,
)
from cxtext.exchange.refi.positions import CleanMap, Fit, Mark, cuts_a_word, detect_scheme, repeats
from cxtext.exchange.refi.report import Counting
from cxtext.records import clean_text

_KINDS: dict[str, SourceKind] = {
    "TextSource": "text", "Representation": "text", "TextDescription": "text", "Transcript": "text", "Note": "note",
    "PDFSource": "pdf", "PictureSource": "picture", "AudioSource": "audio", "VideoSource": "video",
}  # fmt: skip
_SOUND = frozenset({".mp3", ".m4a", ".wav", ".wma", ".ogg", ".oga", ".opus", ".flac", ".aac", ".aif", ".aiff", ".amr"})


class SourceReader:
    """Reads sources.

    Parameters
    ----------
    fields : Fields
    files : Files
    origin : str
        The program that wrote the project.
    """

    def __init__(self, fields: Fields, files: Files, origin: str) -> None:
        self._fields, self._files, self._origin = fields, files, origin

    def read(self, element: Element) -> QdaSource:
        """Read a source or note, with the texts that belong to it."""
        kind = _KINDS[element.tag]
        source = QdaSource(
            guid=element.get("guid", ""),
            name=element.get("name", ""),
            kind=kind,
            description=description(element),
            codings=self._fields.codings(element),
            values=self._fields.values(element),
            notes=self._fields.notes(element),
            **self._fields.stamp(element),
        )
        return self._with_text(source, element) if kind in ("text", "note") else self._with_media(source, element)

    def _with_media(self, source: QdaSource, element: Element) -> QdaSource:
        attachment = self._attachment(element, "path")
        kind, name = source.kind, attachment.name if attachment else source.name
        if kind == "video" and PurePosixPath(name).suffix.lower() in _SOUND:
            self._fields.report("repaired", element, "its file holds sound alone; it was read as an audio source")
            kind = "audio"
        return replace(
            source,
            kind=kind,
            attachment=attachment,
            regions=tuple(self._regions(element, source.kind)),
            texts=tuple(self.read(child) for child in element if child.tag in _KINDS),
        )

    def _regions(self, element: Element, kind: str) -> Iterator[QdaRegion]:
        for child in element:
            if not child.tag.endswith("Selection"):
                continue
            numbers = [self._fields.number(child, name) for name in PLACES[kind]]
            place = tuple(number for number in numbers if number is not None)
            if len(place) < len(numbers):
                self._fields.report("repaired", child, "its place was missing or unreadable and is 0 now")
                place = tuple(number or 0 for number in numbers)
            yield QdaRegion(child.get("guid", ""), place, child.get("name", ""), **self._fields.part(child))

    def _attachment(self, element: Element, attribute: str) -> QdaAttachment | None:
        address = element.get(attribute, "").strip()
        return self._files.find(address, element) if address else None

    def _with_text(self, source: QdaSource, element: Element) -> QdaSource:
        raw = self._raw_text(element)
        points = [child for child in element if child.tag == "SyncPoint"]
        positions = {child.get("guid", ""): self._fields.number(child, "position") for child in points}
        found = [child for child in element if child.tag in ("PlainTextSelection", "TranscriptSelection")]
        marks = [self._mark(child, positions) for child in found]
        source = replace(source, attachment=self._attachment(element, "richTextPath"))
        if raw is None:
            if source.kind == "text":
                why = "it has no text that could be read; positions in it were kept as the file has them"
                self._fields.report("flagged", element, why)
            selections = [self._selection(child, mark) for child, mark in zip(found, marks, strict=True)]
            return replace(source, selections=tuple(selections), sync_points=self._sync_points(points, positions))
        if not marks and not points:
            return replace(source, text=clean_text(raw))
        clean = CleanMap(raw)
        extra = [Mark(position or 0, position or 0) for position in positions.values()]
        fits = detect_scheme(raw, [*marks, *extra], self._origin)
        if marks:
            self._report_counting(element, fits, len(marks))
        best = fits[0]
        selections = [
            self._placed(child, mark, best, n, clean) for n, (child, mark) in enumerate(zip(found, marks, strict=True))
        ]
        for point, held in zip(points, best.held[len(marks) :], strict=True):
            if not held:
                self._fields.report("repaired", point, "it lay outside the text; it was moved to its border")
        moved = {
            guid: None if position is None else clean.start(best.places[len(marks) + n][0])
            for n, (guid, position) in enumerate(positions.items())
        }
        return replace(
            source, text=clean.text, selections=tuple(selections), sync_points=self._sync_points(points, moved)
        )

    def _raw_text(self, element: Element) -> str | None:
        content, address = element.find("PlainTextContent"), element.get("plainTextPath", "").strip()
        if not address:
            return None if content is None else (content.text or "").removeprefix("\ufeff")
        text = self._files.read_text(address, element)
        if content is None:
            return text
        if text is None:
            return content.text or ""
        owner = element.get("name", "")
        self._fields.report("dropped", content, "its text was given twice; the file was read", owner=owner)
        return text

    def _mark(self, element: Element, points: Mapping[str, int | None]) -> Mark:
        if element.tag == "TranscriptSelection":
            written = (element.get(name, "") for name in ("fromSyncPoint", "toSyncPoint"))
            start, end = (points.get(self._fields.guids.find(guid, ("sync point",))[1]) for guid in written)
        else:
            start, end = (self._fields.number(element, name) for name in ("startPosition", "endPosition"))
        if start is None or end is None:
            self._fields.report("repaired", element, "its place was missing or unreadable; it is empty now")
            start = end = start if start is not None else end or 0
        if start > end:
            self._fields.report("repaired", element, "it ended before it began", detail=f"{start}-{end}")
            start, end = end, start
        return Mark(start, end, element.get("name", ""))

    def _selection(self, element: Element, mark: Mark) -> QdaSelection:
        return QdaSelection(element.get("guid", ""), mark.start, mark.end, mark.name, **self._fields.part(element))

    def _placed(self, element: Element, mark: Mark, fit: Fit, number: int, clean: CleanMap) -> QdaSelection:
        """Selection at its place in the clean text, with a word in the report where it does not fit."""
        first, last = fit.places[number]
        start, end = clean.start(first), clean.end(last)
        detail = f"{mark.start}-{mark.end}"
        end = max(start, end)
        if not fit.held[number]:
            why = "it lay outside the text, or cut a character in two; it was cut to what is there"
            self._fields.report("repaired", element, why, detail=detail)
        elif fit.quoted[number] and not fit.fits[number]:
            self._fields.report("flagged", element, "its name quotes another place than its position", detail=detail)
        elif not fit.quoted[number] and cuts_a_word(clean.text, start, end):
            self._fields.report("flagged", element, "it begins or ends inside a word", detail=detail)
        name = "" if repeats(mark.name, clean.text[start:end]) else mark.name
        return self._selection(element, Mark(start, end, name))

    def _sync_points(self, elements: list[Element], positions: Mapping[str, int | None]) -> tuple[QdaSyncPoint, ...]:
        guids = [element.get("guid", "") for element in elements]
        times = [self._fields.number(element, "timeStamp") for element in elements]
        return tuple(QdaSyncPoint(guid, time, positions[guid]) for guid, time in zip(guids, times, strict=True))

    def _report_counting(self, element: Element, fits: list[Fit], count: int) -> None:
        best, *others = fits
        second = others[0] if others else None
        counting = Counting(
            name=element.get("name", ""),
            guid=element.get("guid", ""),
            scheme=str(best.scheme),
            fits=sum(best.fits[:count]),
            runner_up=str(second.scheme) if second else "",
            runner_up_fits=sum(second.fits[:count]) if second else 0,
            selections=count,
        )
        self._fields.ledger.counting.append(counting)
        if not counting.decided:
            why = "its positions can be read in two ways that fit equally well"
            self._fields.report("flagged", element, why, detail=f"{counting.scheme}; {counting.runner_up}")
