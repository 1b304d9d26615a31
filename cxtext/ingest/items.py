"""What a reader yields: documents, notices, and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cxtext.records import Document, Notice


@dataclass(frozen=True)
class Skipped(Notice):
    """A file, or a document in it, that could not be read, with the reason and the advice.

    Attributes
    ----------
    source : str
        The file.
    message : str
        What is wrong, and what to do.
    """


#: What readers yield. `Skipped` is a `Notice` too, so look for it first.
Item: TypeAlias = Document | Notice
