"""What machines learned from a study, kept in it: their suggestions, and how good they were, run by run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from cxtext import __version__
from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.codings import know_coder
from cxtext.project.database import now, told
from cxtext.project.frames import current_codebook
from cxtext.project.history import Writer, changes_of, latest, writing

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project.project import Project
    from cxtext.project.view import View

#: what makes two codings one question
_QUESTION = ("document", "start", "end", "group", "code")
_KEPT = ("document", "segment", "start", "end", "group", "code", "evidence")
#: part of the settings of a run that learned from the study
LESSON = "lesson"


@dataclass(frozen=True)
class LearnedRun:
    """A machine that learned from the study.

    Attributes
    ----------
    coder : str
        Its name.
    started : str
        Universal time, ISO 8601.
    lesson : Mapping[str, Any]
        What was kept with it: how good each code is, and what to code next.
    """

    coder: str
    started: str
    lesson: Mapping[str, Any]


@dataclass(frozen=True)
class Taught:
    """What a machine made of a study.

    Attributes
    ----------
    coder : str
        Its name.
    codebook : int
        Version of the codebook that it learned.
    suggestions : pandas.DataFrame
        `cxtext.tables.CODINGS`, where people did not read with the code in mind.
    lesson : dict
        ``codes`` (rows of `cxtext.tag.learning.CODES`), ``curve`` (rows of `cxtext.tag.learning.CURVE`), ``next`` (ids
        of segments, the most useful first), and the numbers of ``decisions`` of people, of ``segments`` read with some
        code in mind, of those read ``whole`` and of those ``left``.
    """

    coder: str
    codebook: int
    suggestions: pd.DataFrame
    lesson: dict[str, Any]


def decisions_so_far(project: View) -> int:
    """How many codings people gave, accepted or rejected, by which one sees whether there is something new to learn."""
    coding, coder = schema.codings, schema.coders
    by_person = (coder.c.kind != "machine") | (coding.c.decided_by != "")
    query = select(func.count()).join_from(coding, coder, coder.c.id == coding.c.coder)
    with project._read() as connection:
        return connection.execute(query.where(coding.c.status != "suggested", by_person)).scalar_one()


def learned_runs(project: View, *, last: int | None = None) -> list[LearnedRun]:
    """Machines that learned from the study, the earliest first; only the `last` so many where that is given."""
    place = schema.runs
    query = select(place.c.coder, place.c.started, place.c.settings).order_by(place.c.started.desc())
    with project._read() as connection:
        rows = connection.execute(query)
        found = (LearnedRun(coder, at, kept[LESSON]) for coder, at, kept in rows if LESSON in kept)
        return list(islice(found, last))[::-1]


def keep_learned(project: View, taught: Taught) -> int:
    """Keep what a machine learned and suggests, in the place of what those before it suggested, as one change.

    The change is one of the machine: people who take back their own last change do not take back this. About what
    people decided, nothing is suggested again.

    Parameters
    ----------
    project : Project
    taught : Taught

    Returns
    -------
    int
        How many suggestions there are now.

    Raises
    ------
    OptionError
        The codebook was changed meanwhile; nothing was kept.
    """
    coder, run, moment = taught.coder, str(uuid.uuid4()), now()
    earlier = {one.coder for one in learned_runs(project)} | {coder}
    with told(project.place), writing(project._engine, coder, "learn", batch=run) as writer:
        if current_codebook(writer.connection).version != taught.codebook:
            raise OptionError("The codebook was changed while the machine was learning. Let it learn again.")
        know_coder(writer, coder, "machine")
        settings = {"cxtext": __version__, LESSON: taught.lesson}
        writer.insert("runs", [{"id": run, "coder": coder, "settings": settings, "started": moment}])
        _clear(writer, earlier, coder)
        answered = _answered(writer)
        rows = [
            {
                **{name: row[name] for name in _KEPT}, "id": str(uuid.uuid4()), "coder": coder, "status": "suggested",
                "score": float(row["score"]), "uncertain": bool(row["uncertain"]), "run": run, "created": moment,
            }
            for row in taught.suggestions.to_dict("records")
            if tuple(row[name] for name in _QUESTION) not in answered
        ]  # fmt: skip
        writer.insert("codings", rows)
        writer.summary = f"{coder} learned, and suggests {len(rows)} codings"
    return len(rows)


def take_back_learned(project: Project, started: str) -> int | None:
    """Undo what a machine learned last, though people went on coding since.

    Suggestions of it that nobody decided about go, and those that stood there before come back, but for what people
    decided about meanwhile. It is a change of the coder at work, who can undo it in turn.

    Parameters
    ----------
    project : Project
    started : str
        When that run was: `LearnedRun.started`.

    Returns
    -------
    int or None
        How many suggestions went; None where that is not the last run, or not there any more.
    """
    place, entries, codings = schema.runs.c, schema.log.c, schema.codings.c
    last = learned_runs(project, last=1)
    if not last or last[0].started != started:
        return None
    coder = last[0].coder
    with project.change("unlearn") as writer:
        query = select(place.id).where(place.started == started, place.coder == coder)
        if not (run := writer.connection.scalar(query)):
            return None
        number = latest(writer.connection, entries.batch == run, entries.action == "learn")
        went: dict[str, list[dict[str, Any]]] = {"coders": [], "codings": []}
        for table, steps in changes_of(writer.connection, number):
            went.setdefault(table, []).extend(before for _, before, after in steps if before and after is None)
        open_ones = select(codings.id).where(codings.coder == coder, codings.status == "suggested")
        gone = writer.delete("codings", list(writer.connection.execute(open_ones).scalars()))
        answered = _answered(writer)
        back = [row for row in went["codings"] if tuple(row[name] for name in _QUESTION) not in answered]
        _bring_back(writer, "coders", went["coders"])
        _bring_back(writer, "codings", back)
        writer.delete("runs", [run])
        writer.summary = f"what {coder} learned: {gone} suggestions"
    return gone


def _bring_back(writer: Writer, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows that were there before, but for those that are there again."""
    there = writer.rows(table, [row["id"] for row in rows])
    writer.insert(table, [row for row in rows if row["id"] not in there])


def _clear(writer: Writer, earlier: set[str], coder: str) -> None:
    """Take away what earlier machines suggested and nobody decided about, and those of whom nothing is left."""
    place = schema.codings
    rows = writer.connection.execute(select(place.c.id, place.c.coder, place.c.status)).all()
    writer.delete("codings", [id for id, who, status in rows if who in earlier and status == "suggested"])
    left = {who for _, who, status in rows if status != "suggested"}
    writer.delete("coders", sorted(earlier - left - {coder}))


def _answered(writer: Writer) -> set[tuple[Any, ...]]:
    """What somebody decided about, or gave."""
    place = schema.codings
    query = select(*(place.c[name] for name in _QUESTION)).where(place.c.status != "suggested")
    return {tuple(row) for row in writer.connection.execute(query)}
