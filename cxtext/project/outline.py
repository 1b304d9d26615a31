"""A study as a page shows it: what there is, one text at a time, and what changed since; rows, without frames."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, true

from cxtext.errors import OptionError
from cxtext.project import frames, schema
from cxtext.project.database import among
from cxtext.project.history import changes_after, latest

if TYPE_CHECKING:
    from cxtext.project.history import Writer
    from cxtext.project.view import View

Row = dict[str, Any]
#: what changed in more entries of the log than this is read anew
MOST_CHANGES = 200
#: tables of which a page shows nothing but the codings
_QUIET = {"codings", "coders", "seen"}

_CODING = (
    "id", "document", "segment", "start", "end", "group", "code", "coder", "status", "score", "evidence", "decided_by",
)  # fmt: skip
_TURN = ("start", "end", "speaker", "role", "case", "time_start", "time_end")


def list_documents(project: View, *, seen_by: str | None = None) -> list[Row]:
    """Documents in their order, without their text.

    Parameters
    ----------
    project : Project
    seen_by : str, optional
        A coder who codes blind; see `cxtext.project.Project.codings`.

    Returns
    -------
    list of dict
        ``id``, ``name``, ``kind``, ``source``, ``language``, ``prompt``, ``signs`` (length in code points),
        ``coded`` and ``open`` (numbers of accepted codings and of open suggestions), and ``finished`` (by the coder
        at work).
    """
    place, coding, finished = schema.documents, schema.codings, schema.finished
    count = (
        select(
            coding.c.document,
            func.sum(case((coding.c.status == "accepted", 1), else_=0)).label("coded"),
            func.sum(case((coding.c.status == "suggested", 1), else_=0)).label("open"),
        )
        .where(frames.seen_by(seen_by))
        .group_by(coding.c.document)
        .subquery()
    )
    done = select(finished.c.document).where(finished.c.coder == project.coder)
    names = ("id", "name", "kind", "source", "language", "prompt")
    query = (
        select(
            *(place.c[name] for name in names), func.length(place.c.text).label("signs"),
            func.coalesce(count.c.coded, 0).label("coded"), func.coalesce(count.c.open, 0).label("open"),
            place.c.id.in_(done).label("finished"),
        )
        .outerjoin(count, count.c.document == place.c.id)
        .order_by(place.c.position)
    )  # fmt: skip
    with project._read() as connection:
        return _rows(connection, query)


def read_texts(
    project: View, *, documents: Sequence[str] = (), source: str = "", seen_by: str | None = None
) -> tuple[int, list[Row]]:
    """Documents with their text and everything on it.

    Parameters
    ----------
    project : Project
    documents : sequence of str
        Which, by id.
    source : str
        Or all survey answers of this file.
    seen_by : str, optional
        A coder who codes blind.

    Returns
    -------
    int
        Number of the last entry of the log that is in it.
    list of dict
        ``id``, ``name``, ``kind``, ``prompt``, ``attributes``, ``text``, ``turns``, ``segments`` (triples of id, start
        and end), ``codings``, ``memos`` (on the document and its codings) and ``seen`` (segments that the coder at
        work has read by themselves).

    Raises
    ------
    OptionError
        There is no such document.
    """
    place = schema.documents
    with project._read() as connection:
        number = latest(connection)
        which = among(connection, place.c.id, documents)
        if source:
            which = and_(place.c.source == source, place.c.kind == "survey")
        names = ("id", "name", "kind", "prompt", "attributes", "text")
        found = _rows(connection, select(*(place.c[name] for name in names)).where(which).order_by(place.c.position))
        if not found:
            msg = f"There is no document {', '.join(documents) or source!r} in the study. It may be another study."
            raise OptionError(msg)
        ids = [row["id"] for row in found]
        turns = _by_document(connection, schema.turns, _TURN, ids, schema.turns.c.number)
        segments = _by_document(connection, schema.segments, ("id", "start", "end"), ids, schema.segments.c.position)
        coding = schema.codings
        codings = _by_document(
            connection, coding, _CODING, ids, coding.c.start, coding.c.end, coding.c.id, where=frames.seen_by(seen_by)
        )
        own = schema.seen.c.coder == project.coder
        seen = _by_document(connection, schema.seen, ("segment",), ids, schema.seen.c.segment, where=own)
        memos = _memos(connection, [*ids, *(row[0] for rows in codings.values() for row in rows)], seen_by)
    for row in found:
        id = row["id"]
        row["turns"] = [dict(zip(_TURN, one, strict=True)) for one in turns.get(id, ())]
        row["segments"] = segments.get(id, [])
        row["codings"] = [dict(zip(_CODING, one, strict=True)) for one in codings.get(id, ())]
        row["seen"] = [segment for (segment,) in seen.get(id, ())]
        targets = (id, *(one["id"] for one in row["codings"])) if memos else ()
        row["memos"] = [memo for target in targets for memo in memos.get(target, ())]
    return number, found


def list_memos(project: View, *, seen_by: str | None = None) -> list[Row]:
    """All memos, the latest first.

    Parameters
    ----------
    project : Project
    seen_by : str, optional
        A coder who codes blind sees their own.

    Returns
    -------
    list of dict
        ``id``, ``about``, ``target``, ``coder``, ``text``, ``created``, and of the coding that it is about
        ``document``, ``start``, ``end``, ``group``, ``code`` and ``quote`` (what was coded); None where it is about
        something else, or where the coding is gone.
    """
    memo, coding, document = schema.memos, schema.codings, schema.documents
    said = func.substr(document.c.text, coding.c.start + 1, coding.c.end - coding.c.start).label("quote")
    columns = (coding.c[name] for name in ("document", "start", "end", "group", "code"))
    query = (
        select(memo, *columns, said)
        .outerjoin(coding, (memo.c.about == "coding") & (coding.c.id == memo.c.target))
        .outerjoin(document, document.c.id == coding.c.document)
        .where(_memos_of(seen_by))
        .order_by(memo.c.created.desc(), memo.c.id)
    )
    with project._read() as connection:
        return _rows(connection, query)


def changes_since(project: View, number: int, *, seen_by: str | None = None) -> Row:
    """What changed after an entry of the log.

    Parameters
    ----------
    project : Project
    number : int
        From `read_texts`, or from here.
    seen_by : str, optional
        A coder who codes blind.

    Returns
    -------
    dict
        ``number`` (of the last entry now), ``tables`` (names of those that changed), ``codings`` and ``memos`` (id to
        the row as it is now, or None where it is gone); or ``everything``: true where too much changed to tell.
    """
    with project._read() as connection:
        last = latest(connection)
        if last == number:
            return {"number": last, "tables": [], "codings": {}, "memos": {}}
        if last < number or last - number > MOST_CHANGES:
            return {"number": last, "everything": True}
        touched: dict[str, set[str]] = {}
        for table, steps in changes_after(connection, number):
            touched.setdefault(table, set()).update(id for id, _, _ in steps)
        others_show = "blind" in touched.get("settings", ()) or (seen_by is not None and "finished" in touched)
        if "documents" in touched or sum(map(len, touched.values())) > 10 * MOST_CHANGES or others_show:
            return {"number": last, "everything": True}
        codings = _now(connection, schema.codings, _CODING, touched.get("codings", ()), frames.seen_by(seen_by))
        memos = _now(
            connection, schema.memos, tuple(schema.memos.c.keys()), touched.get("memos", ()), _memos_of(seen_by)
        )
    return {"number": last, "tables": sorted(touched), "codings": codings, "memos": memos}


def changes_of_one(project: View, writer: Writer, number: int) -> Row | None:
    """What `changes_since` gives after a change that was the only one, known without asking the study again.

    Parameters
    ----------
    project : Project
    writer : Writer
        Of the change, after its end.
    number : int
        As of `changes_since`.

    Returns
    -------
    dict or None
        None where somebody else changed something too, or where it depends on who sees it: it changed more than codings
        of the coder at work.
    """
    tables = {table for table, _ in writer.done}
    steps = [step for table, steps in writer.done if table == "codings" for step in steps]
    own = all(row is None or row["coder"] == project.coder for _, *rows in steps for row in rows)
    if writer.number != number + 1 or not own or len(steps) > MOST_CHANGES or not tables <= _QUIET:
        return None
    codings = {id: row and {name: row[name] for name in _CODING} for id, _, row in steps}
    return {"number": writer.number, "tables": sorted(tables), "codings": codings, "memos": {}}


def _now(
    connection: Connection, table: Any, names: Iterable[str], ids: Collection[str], where: ColumnElement[bool]
) -> dict[str, Row | None]:
    """Rows by id; None for what is gone, and nothing for what is not to be seen."""
    if not ids:
        return {}
    chosen = among(connection, table.c.id, ids)
    shown = {
        row["id"]: row for row in _rows(connection, select(*(table.c[name] for name in names)).where(chosen, where))
    }
    there = set(connection.execute(select(table.c.id).where(chosen)).scalars()) if len(shown) < len(set(ids)) else shown
    return {**{id: None for id in ids if id not in there}, **shown}


def _by_document(
    connection: Connection, table: Any, names: Sequence[str], ids: Sequence[str], *order: Any, where: Any = None
) -> dict[str, list[tuple[Any, ...]]]:
    """Values of some columns, by document; thousands are read at a time, so they are no mappings yet."""
    columns = [table.c[name] for name in names]
    query = select(table.c.document, *columns).where(among(connection, table.c.document, ids))
    if where is not None:
        query = query.where(where)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for document, *values in connection.execute(query.order_by(*order)):
        found.setdefault(document, []).append(tuple(values))
    return found


def _memos(connection: Connection, targets: Sequence[str], seen_by: str | None) -> dict[str, list[Row]]:
    """Memos by what they are about."""
    place = schema.memos
    about = place.c.about.in_(("document", "coding"))
    query = select(place).where(among(connection, place.c.target, targets), about, _memos_of(seen_by))
    found: dict[str, list[Row]] = {}
    for row in _rows(connection, query.order_by(place.c.created)):
        found.setdefault(row["target"], []).append(row)
    return found


def _memos_of(seen_by: str | None) -> ColumnElement[bool]:
    """A coder who codes blind sees their own memos."""
    return true() if seen_by is None else schema.memos.c.coder == seen_by


def _rows(connection: Connection, query: Any) -> list[Row]:
    result = connection.execute(query)
    names = list(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]  # a third of the time of mappings()
