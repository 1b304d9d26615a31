"""What people read and decided in a study, segment by segment: what a model learns from, and is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxtext.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project


@dataclass(frozen=True)
class Lessons:
    """What people made of a study.

    Attributes
    ----------
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS` that were read with at least one code in mind.
    codings : pandas.DataFrame
        `cxtext.project.frames.STUDY_CODINGS` that people accepted or rejected, on these segments.
    known : pandas.DataFrame
        Per segment (row) and code path (column): whether it is known if the code holds.
    whole : int
        How many segments were read with all codes in mind.
    """

    segments: pd.DataFrame
    codings: pd.DataFrame
    known: pd.DataFrame
    whole: int


def lessons_of(project: Project) -> Lessons:
    """Gather what a model can learn from a study.

    A segment counts as read for all codes when a person (or the consensus) finished its document, or read it by
    itself (`Project.seen`). Otherwise it counts as read for the groups of which a person coded or decided something
    in it, but for codes of which a suggestion is still open there. In a read segment, a code holds where somebody
    accepted it, and where the consensus decided about the group, where the consensus has it.

    Parameters
    ----------
    project : Project

    Returns
    -------
    Lessons
    """
    segments, codebook, kinds = project.segments(), project.codebook, project.coders
    people = set(kinds) - of_kind(kinds, "machine")
    codings = on_segments(project.codings(), segments)
    decided = settled(decided_by_people(codings, kinds), kinds)
    whole = segments["segment"].isin(read_whole(segments, project.finished(), project.seen(), people)).to_numpy()
    known = _known(segments, codings, decided, codebook)
    known |= whole[:, None]
    some = known.any(axis=1).to_numpy(dtype=bool)
    return Lessons(
        segments=segments[some].reset_index(drop=True),
        codings=decided,
        known=known[some].reset_index(drop=True),
        whole=int(whole.sum()),
    )


def of_kind(kinds: Mapping[str, str], wanted: str) -> set[str]:
    """Names of the coders that are a person, a machine or the consensus."""
    return {name for name, kind in kinds.items() if kind == wanted}


def read_whole(segments: pd.DataFrame, finished: pd.DataFrame, seen: pd.DataFrame, coders: set[str]) -> set[str]:
    """Segments that one of some coders read with all codes in mind: of finished documents, or by themselves."""
    documents = set(finished.loc[finished["coder"].isin(coders), "document"])
    return set(segments.loc[segments["document"].isin(documents), "segment"]) | set(
        seen.loc[seen["coder"].isin(coders), "segment"]
    )


def read_by(
    segments: pd.DataFrame, finished: pd.DataFrame, seen: pd.DataFrame, codings: pd.DataFrame, coder: str
) -> set[str]:
    """Segments that a coder read: those that `read_whole` names, and all of a document coded without a reading mark."""
    marked = set(seen.loc[seen["coder"] == coder, "document"])
    documents = set(codings.loc[codings["coder"] == coder, "document"]) - marked
    coded = set(segments.loc[segments["document"].isin(documents), "segment"])
    return read_whole(segments, finished, seen, {coder}) | coded


def decided_by_people(codings: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Codings that people accepted or rejected; a suggestion gets the name of the person who decided about it."""
    machine = codings["coder"].isin(of_kind(kinds, "machine"))
    decided = codings[(codings["status"] != "suggested") & (~machine | (codings["decided_by"] != ""))]
    return decided.assign(coder=decided["coder"].where(~machine, decided["decided_by"]))


def settled(codings: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Codings of people, but only those of the consensus where it decided about a group on a segment."""
    import pandas as pd

    keys = pd.MultiIndex.from_frame(codings[["segment", "group"]])
    consensus = codings["coder"].isin(of_kind(kinds, "consensus")).to_numpy()
    return codings[consensus | ~keys.isin(keys[consensus])]


def on_segments(codings: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Codings by the segments that they are on.

    Parameters
    ----------
    codings : pandas.DataFrame
        `cxtext.tables.CODINGS`.
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS`.

    Returns
    -------
    pandas.DataFrame
        A coding of a segment as it is; one of a stretch of one's own once for each segment of which it covers at
        least half, or that holds at least half of it. Codings on no segment are left out.
    """
    import pandas as pd

    own = codings["segment"].isin(segments["segment"])
    free = codings[~own]
    if free.empty:
        return codings
    pairs = free.drop(columns="segment").merge(
        segments[["document", "segment", "start", "end"]].rename(columns={"start": "from", "end": "to"}), on="document"
    )
    shared = pairs[["end", "to"]].min(axis=1) - pairs[["start", "from"]].max(axis=1)
    shorter = pd.concat([pairs["end"] - pairs["start"], pairs["to"] - pairs["from"]], axis=1).min(axis=1)
    placed = pairs.loc[(shared > 0) & (2 * shared >= shorter), codings.columns]
    return pd.concat([codings[own], placed], ignore_index=True)


def _known(segments: pd.DataFrame, codings: pd.DataFrame, decided: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Which codes were decided about in which segments, by the groups of the decisions and the open suggestions."""
    import numpy as np
    import pandas as pd

    paths = pd.Index([code.path for code in codebook])
    rows = pd.Index(segments["segment"])
    known = np.zeros((len(rows), len(paths)), dtype=bool)
    for group, places in decided.groupby("group")["segment"]:
        known |= rows.isin(places)[:, None] & paths.str.startswith(f"{group}/")
    for some, value in ((codings[codings["status"] == "suggested"], False), (decided, True)):
        codes = some["group"] + "/" + some["code"]
        known[rows.get_indexer(pd.Index(some["segment"])), paths.get_indexer(pd.Index(codes))] = value
    return pd.DataFrame(known, columns=paths)
