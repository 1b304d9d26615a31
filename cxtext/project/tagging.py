"""A machine reads the documents of a study; its codings come in as suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from cxtext import __version__

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project

#: segments that are read before something is kept
_PIECE = 400


class _Tags(Protocol):
    @property
    def codings(self) -> pd.DataFrame: ...


class Machine(Protocol):
    """What can tag: `cxtext.Tagger`, or something of one's own."""

    @property
    def coder(self) -> str:
        """Its name, with the version."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """From which score on a code is given."""

    def tag(self, segments: pd.DataFrame) -> _Tags:
        """Code segments."""


@dataclass(frozen=True)
class Tagged:
    """What a run did.

    Attributes
    ----------
    documents, suggestions : int
        How many documents were read, and how many codings suggested.
    """

    documents: int
    suggestions: int


def tag_study(
    project: Project,
    machine: Machine,
    *,
    again: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Tagged:
    """Let a machine suggest codings; what is done is kept piece by piece, so that a broken-off run goes on.

    Parameters
    ----------
    project : Project
    machine : Machine
    again : bool
        Also documents that it read before; suggestions about which nobody decided are replaced.
    progress : callable
        Told how many of how many documents are done.

    Returns
    -------
    Tagged
    """
    segments = project.segments()
    done = project.finished()
    seen = set() if again else set(done.loc[done["coder"] == machine.coder, "document"])
    sizes = Counter(segments["document"][~segments["document"].isin(seen)])
    if not sizes:
        return Tagged(0, 0)
    settings: dict[str, Any] = {"cxtext": __version__, "thresholds": dict(machine.thresholds)}
    run = project.start_run(machine.coder, settings)
    read = suggestions = 0
    for piece in _pieces(sizes):
        codings = machine.tag(segments[segments["document"].isin(piece)]).codings
        suggestions += project.suggest(codings, piece, coder=machine.coder, run=run)
        read += len(piece)
        progress(read, len(sizes))
    return Tagged(read, suggestions)


def _pieces(sizes: Mapping[str, int]) -> list[list[str]]:
    """Whole documents in pieces of about so many segments."""
    pieces: list[list[str]] = [[]]
    room = _PIECE
    for document, size in sizes.items():
        if pieces[-1] and room < size:
            pieces.append([])
            room = _PIECE
        pieces[-1].append(document)
        room -= size
    return pieces
