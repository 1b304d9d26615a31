"""How much each code of a study is used, and where."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, exists, func, select

from cxtext.codebook import Codebook
from cxtext.project import frames, schema
from cxtext.project.database import among
from cxtext.project.frames import current_codebook

if TYPE_CHECKING:
    from cxtext.project.view import View

Row = dict[str, Any]
#: document, start and end
_Stretch = tuple[str, int, int]
_COUNTED = ("document", "start", "end", "group", "code", "status")
_SHOWN = ("id", "document", "start", "end", "coder", "status", "decided_by")


def code_usage(project: View, *, seen_by: str | None = None) -> dict[str, dict[str, int]]:
    """Count, for every code, what it was given to.

    Parameters
    ----------
    project : Project
    seen_by : str, optional
        A coder who codes blind; see `cxtext.project.Project.codings`.

    Returns
    -------
    dict of str to dict
        By code path: ``segments`` (stretches of text that have it by an accepted coding) and ``respondents`` (who said
        them); ``all_segments`` and ``all_respondents``, of the code and all below it together; ``open`` (suggestions
        that wait); and ``codings`` (of every status, by everybody: what would go with the code; for a coder of a team,
        only those that this coder may see).
    """
    codings = schema.codings
    with project._read() as connection:
        codebook = current_codebook(connection)
        speakers = _Speakers(connection)
        rows = connection.execute(select(*(codings.c[name] for name in _COUNTED), frames.seen_by(seen_by))).all()
    held: dict[str, set[_Stretch]] = defaultdict(set)
    open_: dict[str, int] = defaultdict(int)
    every: dict[str, int] = defaultdict(int)
    for row in rows:
        document, start, end, group, code, status, visible = tuple(row)
        path = f"{group}/{code}"
        every[path] += visible or project.role != "coder"
        if visible and status == "accepted":
            held[path].add((document, start, end))
        elif visible and status == "suggested":
            open_[path] += 1
    said = {path: speakers.of_all(stretches) for path, stretches in held.items()}
    return {
        code.path: {
            "segments": len(held[code.path]),
            "respondents": len(said.get(code.path, ())),
            "all_segments": len(set().union(*(held[path] for path in _branch(codebook, code.path)))),
            "all_respondents": len(set().union(*(said.get(path, set()) for path in _branch(codebook, code.path)))),
            "open": open_[code.path],
            "codings": every[code.path],
        }
        for code in codebook
    }


def quotes_of(project: View, path: str, *, limit: int, seen_by: str | None = None) -> list[Row]:
    """Stretches about which people said that a code holds, or does not.

    Parameters
    ----------
    project : Project
    path : str
        The code, ``group/code``.
    limit : int
        At most so many.
    seen_by : str, optional
        A coder who codes blind.

    Returns
    -------
    list of dict
        ``id``, ``document``, ``start``, ``end``, ``coder``, ``status`` (``accepted`` or ``rejected``), ``decided_by``,
        ``text``, ``name``, ``kind`` and ``source`` of the document, and ``respondent``, in the order of the documents;
        a stretch that several coded comes once for each status.
    """
    group, _, code = path.partition("/")
    coding, document = schema.codings, schema.documents
    query = (
        select(*(coding.c[name] for name in _SHOWN), document.c.name, document.c.kind, document.c.source)
        .join(document, document.c.id == coding.c.document)
        .where(coding.c.group == group, coding.c.code == code, coding.c.status != "suggested", frames.seen_by(seen_by))
        .order_by(document.c.position, coding.c.start, coding.c.end, coding.c.id)
    )
    with project._read() as connection:
        found: dict[tuple[Any, ...], Row] = {}
        for one in connection.execute(query).mappings():
            found.setdefault((one["document"], one["start"], one["end"], one["status"]), dict(one))
            if len(found) == limit:
                break
        rows = list(found.values())
        ids = {row["document"] for row in rows}
        texts = dict(connection.execute(select(document.c.id, document.c.text).where(document.c.id.in_(ids))).all())
        speakers = _Speakers(connection)
    for row in rows:
        stretch = row["document"], row["start"], row["end"]
        row["text"] = texts[row["document"]][row["start"] : row["end"]]
        row["respondent"] = ", ".join(sorted(speakers.of(*stretch)))
    return rows


def still_to_read(project: View, segments: Sequence[str], *, seen_by: str | None = None) -> list[Row]:
    """Segments, in a given order, that no person has read or coded, or not the one who codes blind.

    Parameters
    ----------
    project : Project
    segments : sequence of str
        Ids.
    seen_by : str, optional
        A coder who codes blind: gets no suggestions, and is not told what others have read.

    Returns
    -------
    list of dict
        ``segment``, ``document``, ``start``, ``end``, ``text``, ``prompt``, ``name``, ``kind`` and ``source`` of the
        document, ``respondent``, and ``suggested``: pairs of code path and score, the highest first.
    """
    place, document, turn, coding = schema.segments, schema.documents, schema.turns, schema.codings
    people = select(schema.coders.c.id).where(schema.coders.c.kind != "machine")
    if seen_by is not None:
        people = people.where(schema.coders.c.id == seen_by)
    seen = select(schema.seen.c.segment).where(schema.seen.c.coder.in_(people))
    finished = select(schema.finished.c.document).where(schema.finished.c.coder.in_(people))
    decided = exists().where(
        coding.c.document == place.c.document, coding.c.start < place.c.end, place.c.start < coding.c.end,
        coding.c.status != "suggested", frames.seen_by(seen_by),
    )  # fmt: skip
    with project._read() as connection:
        query = (
            select(
                place.c.id.label("segment"), place.c.document, place.c.start, place.c.end, place.c.prompt,
                document.c.name, document.c.kind, document.c.source, turn.c.case.label("respondent"),
                func.substr(document.c.text, place.c.start + 1, place.c.end - place.c.start).label("text"),
            )
            .join(document, document.c.id == place.c.document)
            .join(turn, (turn.c.document == place.c.document) & (turn.c.number == place.c.turn))
            .where(
                among(connection, place.c.id, segments), place.c.id.not_in(seen), place.c.document.not_in(finished),
                ~decided,
            )
        )  # fmt: skip
        found = {row["segment"]: dict(row) for row in connection.execute(query).mappings()}
        suggested = (
            select(coding.c.segment, coding.c.group, coding.c.code, coding.c.score)
            .where(among(connection, coding.c.segment, found), coding.c.status == "suggested", frames.seen_by(seen_by))
            .order_by(coding.c.score.desc())
        )
        pairs: dict[str, list[tuple[str, float | None]]] = defaultdict(list)
        for segment, group, code, score in connection.execute(suggested):
            pairs[segment].append((f"{group}/{code}", score))
    return [{**found[id], "suggested": pairs[id]} for id in segments if id in found]


class _Speakers:
    """Knows which respondents say a stretch."""

    def __init__(self, connection: Connection) -> None:
        turn = schema.turns
        query = select(turn.c.document, turn.c.start, turn.c.end, turn.c.case).where(turn.c.role != "interviewer")
        self._turns: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for document, start, end, case in connection.execute(query.order_by(turn.c.document, turn.c.start)):
            self._turns[document].append((start, end, case))

    def of(self, document: str, start: int, end: int) -> set[str]:
        turns = self._turns[document]
        found = set()
        for at in range(bisect_right(turns, (start, end, "")) - 1, len(turns)):
            if at >= 0 and turns[at][0] < end and start < turns[at][1]:
                found.add(turns[at][2])
            elif at >= 0 and turns[at][0] >= end:
                break
        return found

    def of_all(self, stretches: Iterable[_Stretch]) -> set[str]:
        return set().union(*(self.of(*stretch) for stretch in stretches))


def _branch(codebook: Codebook, path: str) -> list[str]:
    """A code and all below it."""
    group, _, id = path.partition("/")
    code = codebook.code(group, id)
    return [path, *(other.path for other in codebook.below(code))]
