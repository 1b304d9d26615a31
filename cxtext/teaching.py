"""A machine learns from a study: how good it is at each code, what it suggests, and what to code next."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.embedding import encode
from cxtext.errors import OptionError
from cxtext.project.learned import Taught, decisions_so_far
from cxtext.project.lessons import Lessons, lessons_of
from cxtext.tables import CODINGS, make_table
from cxtext.tag import Tagger
from cxtext.tag.decoding import runs_of_documents
from cxtext.tag.learning import next_segments

if TYPE_CHECKING:
    from cxtext.project import Project

#: told the stage (``read``, ``heads``, ``curve``, ``suggest``, ``next``) and how much of how much of it is done
Progress = Callable[[str, int, int], None]
#: segments that are tagged at a time
_PIECE = 200
#: segments of which those to code next are chosen
_MOST = 3000


def teach(project: Project, *, n: int = 40, progress: Progress = lambda stage, done, total: None) -> Taught:
    """Learn from what people coded in a study; nothing is changed in it.

    Parameters
    ----------
    project : Project
    n : int
        Segments to code next.
    progress : callable

    Returns
    -------
    Taught

    Raises
    ------
    OptionError
        Nobody coded or accepted anything yet.
    """
    decisions, codebook = decisions_so_far(project), project.codebook
    lessons, segments = lessons_of(project), project.segments()
    if not (lessons.codings["status"] == "accepted").any():
        raise OptionError(
            "Nobody coded or accepted anything yet, so there is nothing to learn from. Code some of it first."
        )
    tagger = Tagger(codebook).fit(lessons.segments, lessons.codings, known=lessons.known, progress=progress)
    assert tagger.lesson is not None
    left = _left(segments, lessons)
    codings, scores = _tag(tagger, segments, left, progress)
    progress("next", 0, 1)
    chosen = _next(tagger, segments[segments["segment"].isin(left)], scores, n)
    return Taught(
        coder=tagger.coder,
        codebook=codebook.version,
        suggestions=_unknown(codings, lessons),
        lesson={
            "codes": _rows(tagger.lesson.codes), "curve": _rows(tagger.lesson.curve), "next": chosen,
            "decisions": decisions, "segments": len(lessons.segments), "whole": lessons.whole, "left": len(left),
        },
    )  # fmt: skip


def _left(segments: pd.DataFrame, lessons: Lessons) -> set[str]:
    """Segments that nobody read with all codes in mind."""
    whole = lessons.segments["segment"][lessons.known.all(axis=1).to_numpy(dtype=bool)]
    return set(segments["segment"]) - set(whole)


def _tag(
    tagger: Tagger, segments: pd.DataFrame, left: set[str], progress: Progress
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code the documents in which something is left to read, a piece at a time."""
    unread = segments["document"][segments["segment"].isin(left)].unique()
    rows = segments[segments["document"].isin(unread)]
    codings, scores = [make_table([], CODINGS)], []
    for part in runs_of_documents(rows["document"].tolist(), _PIECE):
        tags = tagger.tag(rows.iloc[part])
        codings.append(tags.codings[tags.codings["segment"].isin(left)])
        scores.append(tags.scores[tags.scores["segment"].isin(left)])
        progress("suggest", part.stop, len(rows))
    return pd.concat(codings, ignore_index=True), pd.concat(scores or [pd.DataFrame({"segment": []})])


def _next(tagger: Tagger, left: pd.DataFrame, scores: pd.DataFrame, n: int) -> list[str]:
    """Ids of the segments that are most worth coding."""
    untouched = left[left["text"].str.strip() != ""].merge(scores, on="segment")
    some = untouched.iloc[np.linspace(0, len(untouched) - 1, min(_MOST, len(untouched))).astype(int)]
    if some.empty:
        return []
    order = next_segments(some, encode(some["text"].tolist()), dict(tagger.thresholds), n=n)
    return [str(id) for id in some["segment"].iloc[order]]


def _unknown(codings: pd.DataFrame, lessons: Lessons) -> pd.DataFrame:
    """Suggestions of codes that people did not look for there."""
    known = lessons.known.set_axis(lessons.segments["segment"]).stack()
    decided = set(known.index[known.to_numpy(dtype=bool)])
    paths = codings["group"] + "/" + codings["code"]
    keep = [place not in decided for place in zip(codings["segment"], paths, strict=True)]
    return codings[keep].reset_index(drop=True)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows that JSON can hold: nothing in the place of what is no number."""
    return [
        {str(key): None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]
