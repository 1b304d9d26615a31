"""What a turn, a document and a corpus are: small frozen records, whose text never changes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Role = Literal["interviewer", "respondent", "unknown"]
DocumentKind = Literal["interview", "survey"]

ROLES: tuple[Role, ...] = ("interviewer", "respondent", "unknown")

#: What a survey column can be recognised as (see `Document.columns`).
COLUMN_ROLES = (
    "text",
    "id",
    "case",
    "nps",
    "date",
    "time",
    "touchpoint",
    "channel",
    "owner",
    "wave",
    "document",
)


@dataclass(frozen=True)
class Turn:
    """What one speaker says in one go (in a survey: one answer).

    Attributes
    ----------
    start, end : int
        Place in the text of the document, in code points, end exclusive.
    speaker : str
        The label as the file has it; empty where there is none.
    role : {"interviewer", "respondent", "unknown"}
        Only respondents are coded.
    time_start, time_end : float or None
        Seconds from the start of the recording.
    attributes : Mapping[str, str]
        Attributes of this turn alone (a row of a table that holds several rows per document).
    """

    start: int
    end: int
    speaker: str
    role: Role
    time_start: float | None = None
    time_end: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    r"""One interview or one survey answer.

    Attributes
    ----------
    id : str
        Unique in its corpus; made from the file name (and the row), the same at every reading.
    name : str
        For people: the file's name, or the respondent.
    kind : {"interview", "survey"}
    source : str
        The file it came from, as the user named it.
    text : str
        NFC, line ends ``\n``, no byte order mark. It never changes: everything else points into it.
    turns : tuple of Turn
        In order, not overlapping.
    language : str
        ``"nl"``, ``"en"``, another ISO 639-1 code, or ``""`` where it cannot be told.
    attributes : Mapping[str, str]
        Everything else the file says about it (columns of the row, header of the transcript), as text.
    columns : Mapping[str, str]
        Which attribute plays which part: ``{"nps": "Score (0-10)", "touchpoint": "Contactmoment"}``. The column of
        ``text`` is no attribute: it holds the text itself.
    prompt : str
        The question that the text answers, where the file tells it (a survey's column heading).
    """

    id: str
    name: str
    kind: DocumentKind
    source: str
    text: str
    turns: tuple[Turn, ...]
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    prompt: str = ""

    @property
    def sha256(self) -> str:
        """Fingerprint of the text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def respondents(self) -> frozenset[str]:
        """Labels of the speakers who are respondents."""
        return frozenset(turn.speaker for turn in self.turns if turn.role == "respondent")

    def attribute(self, part: str) -> str:
        """Value of the attribute that plays `part` (``"nps"``, ``"touchpoint"``, ...), or ``""``."""
        return self.attributes.get(self.columns.get(part, ""), "")


@dataclass(frozen=True)
class Notice:
    """Something the user should know about a source: dropped rows, a guess, an oddity.

    Attributes
    ----------
    source : str
        The file.
    message : str
        One sentence.
    """

    source: str
    message: str


@dataclass(frozen=True)
class Corpus:
    """The documents of a study with what could not be read.

    Attributes
    ----------
    documents : tuple of Document
    skipped : tuple of Notice
        Files that could not be read, each with the reason.
    notices : tuple of Notice
        What was left out of, or assumed about, the files that were read.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def __repr__(self) -> str:
        kinds = [d.kind for d in self.documents]
        return (
            f"Corpus({kinds.count('interview')} interviews, {kinds.count('survey')} survey answers, "
            f"{len(self.skipped)} files skipped)"
        )


def clean_text(text: str) -> str:
    r"""Bring text into the one form that documents hold: NFC, ``\n``, no BOM, no NUL, no lone surrogates.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> clean_text("\ufeffcafe\u0301\r\nja")
    'café\nja'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\x00", "")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)
