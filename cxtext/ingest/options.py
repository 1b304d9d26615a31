"""What the user can say about the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cxtext.errors import OptionError
from cxtext.records import clean_text

#: languages that can be analysed
LANGUAGES = ("nl", "en")


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What the user says about the files; every reader gets it.

    Attributes
    ----------
    interviewer : tuple of str
        Names of those who ask. Capitals and a department in brackets do not matter.
    language : {"nl", "en"} or None
        Language of all documents; found per document where it is left out.
    text_column : tuple of str
        Headings of the open questions in tables, or the questions themselves; recognised where they are left out.
    id_column, document_column, nps_column, date_column, touchpoint_column, wave_column, channel_column, \
owner_column : str or None
        Headings of columns in tables; recognised where they are left out.
    encoding : str or None
        Character encoding of text files; found per file where it is left out.
    keep_unfinished : bool
        Answers of respondents who did not finish a survey count too.
    keep_all_rows : bool
        Rows without an answer give documents too (with the text of the cell, possibly empty).
    key : str or None
        What the ids of this file's documents begin with; the stem of its name where it is left out.

    Raises
    ------
    OptionError
        The language or the encoding is not known.

    Examples
    --------
    >>> ReadOptions(interviewer="Noor Visser").interviewer
    ('Noor Visser',)
    """

    interviewer: tuple[str, ...] = ()
    language: str | None = None
    text_column: tuple[str, ...] = ()
    id_column: str | None = None
    document_column: str | None = None
    nps_column: str | None = None
    date_column: str | None = None
    touchpoint_column: str | None = None
    wave_column: str | None = None
    channel_column: str | None = None
    owner_column: str | None = None
    encoding: str | None = None
    keep_unfinished: bool = False
    keep_all_rows: bool = False
    key: str | None = None

    def __post_init__(self) -> None:
        for name in ("interviewer", "text_column"):
            object.__setattr__(self, name, _several(getattr(self, name)))
        if self.language not in (None, *LANGUAGES):
            msg = f"The language {self.language!r} cannot be analysed. Choose one of: {', '.join(LANGUAGES)}."
            raise OptionError(msg)
        if self.encoding is not None and not _is_encoding(self.encoding):
            msg = f"There is no encoding named {self.encoding!r}. Try utf-8, cp1252 or utf-16."
            raise OptionError(msg)

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns that the user named, without those of the text: part to heading."""
        parts = ("id", "document", "nps", "date", "touchpoint", "wave", "channel", "owner")
        named = {part: getattr(self, f"{part}_column") for part in parts}
        return {part: heading for part, heading in named.items() if heading is not None}

    def key_of(self, path: Path) -> str:
        """Start of the ids of the documents in a file."""
        return self.key or clean_text(path.stem)


def _several(names: str | Iterable[str] | None) -> tuple[str, ...]:
    """Names as a tuple, also where one or none is given."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return True
