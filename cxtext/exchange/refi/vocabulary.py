"""The words of the standard that cxtext has a place for; everything else in a file is reported and left out."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from cxtext.exchange.refi.report import Ledger

_STAMP = "creatingUser creationDateTime modifyingUser modifiedDateTime"
_SELECTION = ("guid name " + _STAMP, "Description Coding NoteRef")
_SOURCE = "Description Coding NoteRef VariableValue "
_TEXT = (
    f"guid name richTextPath plainTextPath {_STAMP}",
    _SOURCE + "PlainTextContent PlainTextSelection",
)
_CORNERS = " firstX firstY secondX secondY"
_REF = ("targetGUID", "")

_WORDS: dict[str, tuple[str, str]] = {
    "Project": (
        "name origin creatingUserGUID creationDateTime modifyingUserGUID modifiedDateTime",
        "Users CodeBook Variables Cases Sources Notes Links Sets Graphs Description NoteRef",
    ),
    "Users": ("", "User"),
    "User": ("guid name id", ""),
    "CodeBook": ("origin", "Codes Sets"),
    "Codes": ("", "Code"),
    "Code": ("guid name isCodable color", "Description NoteRef Code"),
    "Variables": ("", "Variable"),
    "Variable": ("guid name typeOfVariable", "Description"),
    "Cases": ("", "Case"),
    "Case": ("guid name", "Description CodeRef VariableValue SourceRef SelectionRef"),
    "VariableValue": (
        "", "VariableRef TextValue BooleanValue IntegerValue FloatValue DateValue DateTimeValue",
    ),
    "Sets": ("", "Set"),
    "Set": ("guid name", "Description MemberCode MemberSource MemberNote"),
    "MemberCode": ("targetGUID guid", ""),
    "Sources": ("", "TextSource PDFSource PictureSource AudioSource VideoSource"),
    "TextSource": _TEXT,
    "Note": _TEXT,
    "Representation": _TEXT,
    "TextDescription": _TEXT,
    "Transcript": (_TEXT[0], "Description PlainTextContent SyncPoint TranscriptSelection NoteRef"),
    "PDFSource": (f"guid name path {_STAMP}", _SOURCE + "PDFSelection Representation"),
    "PictureSource": (f"guid name path {_STAMP}", _SOURCE + "PictureSelection TextDescription"),
    "AudioSource": (f"guid name path {_STAMP}", _SOURCE + "AudioSelection Transcript"),
    "VideoSource": (f"guid name path {_STAMP}", _SOURCE + "VideoSelection Transcript"),
    "PlainTextSelection": (_SELECTION[0] + " startPosition endPosition", _SELECTION[1]),
    "TranscriptSelection": (_SELECTION[0] + " fromSyncPoint toSyncPoint", _SELECTION[1]),
    "PDFSelection": (_SELECTION[0] + " page" + _CORNERS, _SELECTION[1]),
    "PictureSelection": (_SELECTION[0] + _CORNERS, _SELECTION[1]),
    "AudioSelection": (_SELECTION[0] + " begin end", _SELECTION[1]),
    "VideoSelection": (_SELECTION[0] + " begin end", _SELECTION[1]),
    "SyncPoint": ("guid timeStamp position", ""),
    "Coding": ("guid creatingUser creationDateTime", "CodeRef NoteRef"),
    "Notes": ("", "Note"),
    "Links": ("", "Link"),
    "Link": ("guid name direction color originGUID targetGUID", "NoteRef"),
    **dict.fromkeys(
        ("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef", "MemberSource", "MemberNote"), _REF
    ),
}  # fmt: skip
_ATTRIBUTES = {name: frozenset(attributes.split()) for name, (attributes, _) in _WORDS.items()}
_CHILDREN = {name: frozenset(children.split()) for name, (_, children) in _WORDS.items()}
_WHY_OF = {
    "Graph": "cxtext has no place for graphs",
    "Project@basePath": "it is a folder on the computer of the one who exported",
}
#: attributes that say how to read the XML, not what is in it
_XML = "{http://www.w3.org/"
_NO_PLACE = "cxtext has no place for it"


def drop_unknown(root: Element, ledger: Ledger) -> None:
    """Take out what cxtext has no place for, and report each.

    Parameters
    ----------
    root : xml.etree.ElementTree.Element
        With local names only.
    ledger : Ledger
    """
    waiting = [(root, "")]
    while waiting:
        element, owner = waiting.pop()
        owner = element.get("name") or owner
        known = _ATTRIBUTES.get(element.tag, frozenset())
        for attribute in [name for name in element.attrib if name not in known and not name.startswith(_XML)]:
            what = f"{element.tag}@{attribute}"
            ledger.add("dropped", what, _WHY_OF.get(what, _NO_PLACE), name=owner, guid=element.get("guid", ""))
            del element.attrib[attribute]
        known = _CHILDREN.get(element.tag, frozenset())
        for child in list(element):
            if child.tag in known:
                waiting.append((child, owner))
                continue
            inside = sum(1 for _ in child.iter()) - 1
            detail = f"with {inside} elements in it" if inside else ""
            ledger.add(
                "dropped", child.tag, _WHY_OF.get(child.tag, _NO_PLACE), name=child.get("name") or owner,
                guid=child.get("guid", ""), detail=detail,
            )  # fmt: skip
            element.remove(child)
