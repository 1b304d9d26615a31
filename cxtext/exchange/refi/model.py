"""A REFI-QDA project as frozen records, faithful to the standard (version 1.0 of the schema, 1.5 of the document).

GUIDs are lower case without braces; an empty string stands for what is not given. Records refer to each other by
GUID. Dates are as the file has them (``xsd:dateTime``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cxtext.exchange.refi.attachments import QdaAttachment

SourceKind = Literal["text", "pdf", "audio", "video", "picture", "note"]
VariableType = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]

VARIABLE_TYPES: tuple[VariableType, ...] = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")
DIRECTIONS = ("Associative", "OneWay", "Bidirectional")
#: attributes that say where a region is, by the kind of its source
PLACES: dict[str, tuple[str, ...]] = {
    "pdf": ("page", "firstX", "firstY", "secondX", "secondY"),
    "picture": ("firstX", "firstY", "secondX", "secondY"),
    "audio": ("begin", "end"),
    "video": ("begin", "end"),
}


@dataclass(frozen=True, kw_only=True)
class QdaStamp:
    """Who made and who changed a thing, and when.

    Attributes
    ----------
    user, modified_by : str
        GUIDs of users.
    created, modified : str
        Date and time, ``"2024-03-01T09:30:00Z"``.
    """

    user: str = ""
    created: str = ""
    modified_by: str = ""
    modified: str = ""


@dataclass(frozen=True)
class QdaUser:
    """A person who codes.

    Attributes
    ----------
    guid, name : str
    id : str
        Initials or login, where the program has them.
    """

    guid: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True)
class QdaCode:
    """A code.

    Attributes
    ----------
    guid, name : str
    is_codable : bool
        False for what is a folder of codes only.
    color : str
        ``"#rrggbb"``.
    description : str
    parent : str
        GUID of the code that holds it; empty at the top.
    notes : tuple of str
        GUIDs of its notes.
    """

    guid: str
    name: str
    is_codable: bool = True
    color: str = ""
    description: str = ""
    parent: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaSet:
    """A set of codes, sources and notes (a document group, a code group).

    Attributes
    ----------
    guid, name, description : str
    codes, sources, notes : tuple of str
        GUIDs of its members.
    """

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaCodebook:
    """What a ``.qdc`` file holds.

    Attributes
    ----------
    codes : tuple of QdaCode
        Every code before the codes that it holds.
    sets : tuple of QdaSet
        Of codes alone.
    origin : str
        The program that wrote the file it was read from; what cxtext writes says ``"cxtext"``.
    """

    codes: tuple[QdaCode, ...]
    sets: tuple[QdaSet, ...] = ()
    origin: str = "cxtext"


@dataclass(frozen=True)
class QdaVariable:
    """A variable of cases or sources.

    Attributes
    ----------
    guid, name : str
    type : {"Text", "Boolean", "Integer", "Float", "Date", "DateTime"}
    description : str
    """

    guid: str
    name: str
    type: VariableType = "Text"
    description: str = ""


@dataclass(frozen=True)
class QdaValue:
    """The value of a variable for one case or source.

    Attributes
    ----------
    variable : str
        GUID of the variable.
    value : str
        As the file writes it: ``"7"``, ``"true"``, ``"2024-03-01"``.
    type : str
        One of `VARIABLE_TYPES`, or empty where the file names the variable and gives no value.
    """

    variable: str
    value: str
    type: VariableType | Literal[""] = "Text"


@dataclass(frozen=True)
class QdaCoding:
    """One code, given by one user.

    Attributes
    ----------
    guid, code : str
    user, created : str
    notes : tuple of str
        GUIDs of its notes.
    """

    guid: str
    code: str
    user: str = ""
    created: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaSelection(QdaStamp):
    """A stretch of text.

    Attributes
    ----------
    guid : str
    start, end : int
        Place in the clean text, in code points, end exclusive. Where the text is missing: the numbers of the file.
    name : str
        Empty where it only repeats the text of the selection.
    description : str
        A comment; without codings it makes the selection an annotation.
    codings : tuple of QdaCoding
    notes : tuple of str
    """

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    codings: tuple[QdaCoding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaRegion(QdaStamp):
    """A part of a pdf, picture or recording: carried along, not shown.

    Attributes
    ----------
    guid : str
    place : tuple of int
        In the order of `PLACES` for the kind of its source (page and points, pixels, milliseconds).
    name, description : str
    codings : tuple of QdaCoding
    notes : tuple of str
    """

    guid: str
    place: tuple[int, ...]
    name: str = ""
    description: str = ""
    codings: tuple[QdaCoding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaSyncPoint:
    """A place in a transcript that is a moment of the recording.

    Attributes
    ----------
    guid : str
    time : int or None
        Milliseconds.
    position : int or None
        Place in the clean text, in code points.
    """

    guid: str
    time: int | None = None
    position: int | None = None


@dataclass(frozen=True)
class QdaSource(QdaStamp):
    r"""A source, a text that belongs to one, or a note (which the standard makes a text source as well).

    Attributes
    ----------
    guid, name : str
    kind : {"text", "pdf", "audio", "video", "picture", "note"}
    text : str or None
        NFC, line ends ``\n``; None where there is none, or where its file is missing.
    attachment : QdaAttachment or None
        The formatted twin of a text (docx), or the pdf, picture or recording itself.
    selections : tuple of QdaSelection
        In `text`.
    regions : tuple of QdaRegion
        In the attachment.
    texts : tuple of QdaSource
        Of a pdf: its text. Of a picture: its description. Of a recording: its transcripts.
    sync_points : tuple of QdaSyncPoint
        Of a transcript.
    codings : tuple of QdaCoding
        Of the source as a whole.
    values : tuple of QdaValue
    notes : tuple of str
        GUIDs of its notes.
    description : str
    """

    guid: str
    name: str = ""
    kind: SourceKind = "text"
    text: str | None = None
    attachment: QdaAttachment | None = None
    selections: tuple[QdaSelection, ...] = ()
    regions: tuple[QdaRegion, ...] = ()
    texts: tuple[QdaSource, ...] = ()
    sync_points: tuple[QdaSyncPoint, ...] = ()
    codings: tuple[QdaCoding, ...] = ()
    values: tuple[QdaValue, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""

    @property
    def parts(self) -> list[QdaSelection | QdaRegion]:
        """Its selections and regions."""
        return [*self.selections, *self.regions]


@dataclass(frozen=True)
class QdaCase:
    """A case: a respondent, a household, an organisation.

    Attributes
    ----------
    guid, name, description : str
    codes : tuple of str
    values : tuple of QdaValue
    sources, selections : tuple of str
        GUIDs of what belongs to it; a selection may be a region.
    """

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[QdaValue, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaLink:
    """A link between two things of any kind.

    Attributes
    ----------
    guid, name : str
    direction : str
        One of `DIRECTIONS`, or empty.
    color : str
    origin, target : str
        GUIDs.
    notes : tuple of str
    """

    guid: str
    name: str = ""
    direction: str = ""
    color: str = ""
    origin: str = ""
    target: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QdaProject(QdaStamp):
    """What a ``.qdpx`` file holds.

    Attributes
    ----------
    name : str
    origin : str
        The program that wrote the file it was read from; what cxtext writes says ``"cxtext"``.
    users : tuple of QdaUser
    codes : tuple of QdaCode
        Every code before the codes that it holds.
    variables : tuple of QdaVariable
    cases : tuple of QdaCase
    sources : tuple of QdaSource
    notes : tuple of QdaSource
        Memos, of the kind ``"note"``.
    links : tuple of QdaLink
    sets : tuple of QdaSet
    description : str
    project_notes : tuple of str
        GUIDs of the notes on the project as a whole.
    """

    name: str
    origin: str = "cxtext"
    users: tuple[QdaUser, ...] = ()
    codes: tuple[QdaCode, ...] = ()
    variables: tuple[QdaVariable, ...] = ()
    cases: tuple[QdaCase, ...] = ()
    sources: tuple[QdaSource, ...] = ()
    notes: tuple[QdaSource, ...] = ()
    links: tuple[QdaLink, ...] = ()
    sets: tuple[QdaSet, ...] = ()
    description: str = ""
    project_notes: tuple[str, ...] = ()
