"""GUIDs: compared without braces and in lower case; broken, missing and double ones are repaired, always alike."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from cxtext.exchange.refi.report import Ledger

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:QDA-XML:project:1.0")
_FAMILIES = {
    "Code": "code", "Case": "case", "Variable": "variable", "User": "user", "Set": "set", "Note": "note",
    "Coding": "coding", "Link": "link", "SyncPoint": "sync point", "TextSource": "source", "PDFSource": "source",
    "PictureSource": "source", "AudioSource": "source", "VideoSource": "source", "Representation": "source",
    "TextDescription": "source", "Transcript": "source", "PlainTextSelection": "selection",
    "TranscriptSelection": "selection", "PDFSelection": "selection", "PictureSelection": "selection",
    "AudioSelection": "selection", "VideoSelection": "selection",
}  # fmt: skip


def plain_guid(guid: str) -> str:
    """Form in which GUIDs are compared: without braces and blanks, in lower case.

    Examples
    --------
    >>> plain_guid("{0A1B2C3D-0000-4000-8000-00000000000F}")
    '0a1b2c3d-0000-4000-8000-00000000000f'
    """
    return guid.strip().strip("{}").strip().lower()


def is_guid(guid: str) -> bool:
    """Whether a GUID has the form in which records hold it."""
    return _GUID.fullmatch(guid) is not None


def make_guid(*parts: object) -> str:
    """GUID that is the same for the same parts, everywhere.

    Examples
    --------
    >>> make_guid("code", "prijs") == make_guid("code", "prijs")
    True
    """
    return str(uuid.uuid5(_NAMESPACE, "\n".join(map(str, parts))))


class Guids:
    """The GUIDs of a file: one for every element that needs one, and where references lead.

    Parameters
    ----------
    root : xml.etree.ElementTree.Element
        Its GUIDs are replaced by good ones.
    ledger : Ledger
        Told of every repair.
    """

    def __init__(self, root: Element, ledger: Ledger) -> None:
        self._known: dict[str, dict[str, str]] = {family: {} for family in _FAMILIES.values()}
        seen: dict[str, int] = {}
        for element in root.iter():
            if family := _FAMILIES.get(element.tag):
                seen[family] = seen.get(family, 0) + 1
                self._settle(element, family, seen[family], ledger)

    def _settle(self, element: Element, family: str, number: int, ledger: Ledger) -> None:
        written = plain_guid(element.get("guid", ""))
        known = self._known[family]
        guid = written
        if not written:
            guid, why = make_guid(family, number, element.get("name", "")), "it had no GUID and was given one"
        elif written in known:
            guid, why = make_guid(family, number, written), "its GUID was taken already; it was given another one"
        elif not is_guid(written):
            guid, why = (
                make_guid(family, written),
                "its GUID was of the wrong form; it was replaced everywhere",
            )
        if written:
            known.setdefault(written, guid)
        known.setdefault(guid, guid)
        element.set("guid", guid)
        if guid != written:
            ledger.add("repaired", element.tag, why, name=element.get("name", ""), guid=guid, detail=written)

    def find(self, written: str, families: Iterable[str]) -> tuple[str, str]:
        """Family and GUID of what a reference leads to; two empty strings where it leads nowhere."""
        key = plain_guid(written)
        return next(((family, self._known[family][key]) for family in families if key in self._known[family]), ("", ""))

    def find_anything(self, written: str) -> str:
        """GUID of what a reference of a link leads to; empty where it leads nowhere."""
        return self.find(written, self._known)[1]

    def add(self, family: str, written: str) -> str:
        """Make a GUID for what a reference leads to and the file lacks."""
        key = plain_guid(written)
        guid = key if is_guid(key) else make_guid(family, key)
        self._known[family][key] = self._known[family][guid] = guid
        return guid
