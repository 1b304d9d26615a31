"""Every change in one transaction and in the log; undo and redo are changes too."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, bindparam, delete, func, insert, select, update

from cxtext.errors import OptionError
from cxtext.project.database import exclusive, now, told
from cxtext.project.schema import CHANGING, changes, log

#: at most so many values are given to the database in one question
_MANY = 500

#: tables whose rows one coder changes without touching what others do
_APART = {"coders", "codings", "finished", "memos", "runs", "seen", "settings"}

#: id of a row, the row before (None: it was not there) and after (None: it is gone)
Step = tuple[str, dict[str, Any] | None, dict[str, Any] | None]
#: whether a step in a table may be made
Within = Callable[[str, Step], bool]


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes
    ----------
    number : int
    at : str
        Universal time, ISO 8601.
    coder : str
        Who did it.
    action : str
        A verb: ``add``, ``tag``, ``code``, ``decide``, ..., ``undo``, ``redo``.
    summary : str
        For people.
    batch : str
        Entries of one batch (a run of the tagger) are undone together.
    target : int or None
        Of an undo or redo: the entry that was undone or done again.
    """

    number: int
    at: str
    coder: str
    action: str
    summary: str
    batch: str = ""
    target: int | None = None


class Writer:
    """Changes rows inside one transaction and remembers what they were.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        In a transaction.

    Attributes
    ----------
    summary : str
        What the log will say; set it before the end.
    number : int or None
        Of its line in the log, when it is written; None where nothing changed.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.summary = ""
        self.number: int | None = None
        self.done: list[tuple[str, list[Step]]] = []

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows; each has an ``id``. What is left out gets the default of its column."""
        defaults = {column.name: getattr(column.default, "arg", None) for column in _columns(table)}
        self.apply(table, [(row["id"], None, {**defaults, **row}) for row in rows])

    def update(self, table: str, rows: Mapping[str, Mapping[str, Any]]) -> int:
        """Give rows (by id) new values; ids that are not there are passed over. Returns how many are different now."""
        before = self.rows(table, list(rows))
        steps: list[Step] = [(id, old, {**old, **rows[id]}) for id, old in before.items()]
        return self.apply(table, [step for step in steps if step[1] != step[2]])

    def delete(self, table: str, ids: Sequence[str]) -> int:
        """Remove rows by id; those that are not there are passed over. Returns how many were removed."""
        return self.apply(table, [(id, row, None) for id, row in self.rows(table, ids).items()])

    def apply(self, table: str, steps: Sequence[Step]) -> int:
        """Bring rows from what they were to what they shall be. Returns how many."""
        place = CHANGING[table]
        gone = [id for id, _, after in steps if after is None]
        for some in _by(_MANY, gone):
            self.connection.execute(delete(place).where(place.c.id.in_(some)))
        added = [after for _, before, after in steps if before is None and after is not None]
        if added:
            self.connection.execute(insert(place), added)
        changed = [after for _, before, after in steps if before is not None and after is not None]
        if changed:
            values = {c.name: bindparam(f"_{c.name}", type_=c.type) for c in _columns(table) if c.name != "id"}
            self.connection.execute(
                update(place).where(place.c.id == bindparam("_id")).values(values),
                [{f"_{name}": value for name, value in row.items()} for row in changed],
            )
        if steps:
            self.done.append((table, list(steps)))
        return len(steps)

    def rows(self, table: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Rows as they are now, by id."""
        place = CHANGING[table]
        return {
            row["id"]: dict(row)
            for some in _by(_MANY, ids)
            for row in self.connection.execute(select(*_columns(table)).where(place.c.id.in_(some))).mappings()
        }


@contextmanager
def writing(engine: Engine, coder: str, action: str, *, batch: str = "") -> Iterator[Writer]:
    """One change: all of it is kept, with its line in the log, or nothing.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    coder : str
        Who changes.
    action : str
    batch : str

    Yields
    ------
    Writer
        Where it changed nothing, nothing is logged.
    """
    with exclusive(engine) as connection:
        writer = Writer(connection)
        yield writer
        _write_down(writer, coder, action, batch=batch)


def _write_down(writer: Writer, coder: str, action: str, *, batch: str = "", target: int | None = None) -> None:
    """Add what a writer did to the log."""
    if not writer.done:
        return
    entry = insert(log).values(at=now(), coder=coder, action=action, summary=writer.summary, batch=batch, target=target)
    number = writer.connection.execute(entry.returning(log.c.number)).scalar_one()
    writer.number = number
    rows = [
        {"log": number, "place": place, "table": table, "content": _pack(steps)}
        for place, (table, steps) in enumerate(writer.done)
    ]
    writer.connection.execute(insert(changes), rows)


def undo(
    engine: Engine, coder: str, *, only: int | None = None, own: bool = False, within: Within | None = None
) -> list[Entry]:
    """Take back the last change that holds; of a batch, all of it.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    coder : str
    only : int, optional
        Take nothing back where the last change is not this entry.
    own : bool
        The last change that this coder made, where others may have changed something else after it.
    within : callable, optional
        Whether a step in a table may be taken back.

    Returns
    -------
    list of Entry
        What was taken back, the latest first; empty where there is nothing to take back.

    Raises
    ------
    OptionError
        Of an own change: others changed the same after it, or not all of it is `within`.
    """

    def find(entries: Iterable[Entry]) -> int | None:
        number = _last_done(entries)
        return number if only in (None, number) else None

    return _repeat(engine, coder, "undo", find, own=own, within=within)


def redo(engine: Engine, coder: str, *, own: bool = False, within: Within | None = None) -> list[Entry]:
    """Do again what was undone last, as long as nothing else was changed since.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    coder : str
    own : bool
        What this coder did and undid, as long as this coder changed nothing else since.
    within : callable, optional
        Whether a step in a table may be done again.

    Returns
    -------
    list of Entry
        What was done again, the earliest first; empty where there is nothing to do again.

    Raises
    ------
    OptionError
        Of an own change: others changed the same after it, or not all of it is `within`.
    """
    return _repeat(engine, coder, "redo", _last_undone, own=own, within=within)


def read_log(connection: Connection, *, last: int | None = None) -> list[Entry]:
    """Lines of the log, the earliest first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    last : int, optional
        Only so many, of the end.

    Returns
    -------
    list of Entry
    """
    return list(islice(_backwards(connection), last))[::-1]


@told("the study", reading=True)
def changes_of(connection: Connection, number: int) -> list[tuple[str, list[Step]]]:
    """What one entry of the log changed: per table, id with the row before and after."""
    found = _read_changes(connection, changes.c.log == number)
    if not found:
        raise ValueError(f"entry {number} of the log has no changes that can be read")
    return found


@told("the study", reading=True)
def changes_after(connection: Connection, number: int) -> list[tuple[str, list[Step]]]:
    """What all entries of the log after one changed, the earliest first; as `changes_of`."""
    return _read_changes(connection, changes.c.log > number)


def _read_changes(connection: Connection, where: ColumnElement[bool]) -> list[tuple[str, list[Step]]]:
    query = select(changes.c.log, changes.c.table, changes.c.content).where(where)
    rows = connection.execute(query.order_by(changes.c.log, changes.c.place)).all()
    if strange := {(number, table) for number, table, _ in rows if table not in CHANGING}:
        number, table = min(strange)
        raise ValueError(f"entry {number} of the log changes {table!r}, which cannot be read")
    return [(table, _unpack(content)) for _, table, content in rows]


def _repeat(
    engine: Engine,
    coder: str,
    action: str,
    find: Callable[[Iterable[Entry]], int | None],
    *,
    own: bool,
    within: Within | None,
) -> list[Entry]:
    """Undo, or redo, the entry that `find` names, and those of its batch that follow."""
    touched: list[Entry] = []
    with exclusive(engine) as connection:
        while number := find(_backwards(connection, of=coder if own else None)):
            entry = _entry(connection, number)
            if touched and (not entry.batch or entry.batch != touched[0].batch):
                break
            writer = Writer(connection)
            writer.summary = entry.summary
            turned = _turned(changes_of(connection, number), back=action == "undo")
            if within and not all(within(table, step) for table, steps in turned for step in steps):
                raise OptionError(f"This was no coding of your own: {entry.action}, {entry.summary}. See cxtext log.")
            if own and find(_backwards(connection)) != number:
                _check_apart(writer, number, turned)
            for table, steps in turned:
                writer.apply(table, steps)
            _write_down(writer, coder, action, target=number)
            touched.append(entry)
    return touched


def _turned(done: list[tuple[str, list[Step]]], *, back: bool) -> list[tuple[str, list[Step]]]:
    if not back:
        return done
    return [(table, [(id, after, before) for id, before, after in reversed(steps)]) for table, steps in reversed(done)]


def _entry(connection: Connection, number: int) -> Entry:
    return Entry(**connection.execute(select(log).where(log.c.number == number)).mappings().one())


def latest(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """Number of the last entry of the log, or of the last that is such; 0 where there is none."""
    return connection.execute(select(func.max(log.c.number)).where(*conditions)).scalar() or 0


def _check_apart(writer: Writer, number: int, steps: Sequence[tuple[str, list[Step]]]) -> None:
    """Refuse to turn a change that is not the last, where the same was changed since, or what it rests on."""
    start = latest(writer.connection, log.c.target == number) or number
    later = select(changes.c.table).where(changes.c.log > start).distinct()
    tables = {table for table, _ in steps}.union(writer.connection.execute(later).scalars())
    as_left = all(
        writer.rows(table, [id for id, _, _ in some]) == {id: before for id, before, _ in some if before is not None}
        for table, some in steps
    )
    if not (as_left and tables <= _APART):
        msg = (
            "Somebody changed the same, the codebook or the documents after your last change, so it was left as it is. "
            "See cxtext log."
        )
        raise OptionError(msg)


def _backwards(connection: Connection, *, of: str | None = None) -> Iterator[Entry]:
    """Entries of the log, the latest first: all, or changes of one coder with their undoing and redoing."""
    query = select(log).order_by(log.c.number.desc()).execution_options(yield_per=_MANY)
    if of is not None:
        first = log.alias()
        query = query.join(first, first.c.number == func.coalesce(log.c.target, log.c.number))
        query = query.where(first.c.coder == of)
    with connection.execute(query) as rows:
        for row in rows.mappings():
            yield Entry(**row)


def _last_done(entries: Iterable[Entry]) -> int | None:
    """Number of the latest change that holds, from the entries of the log backwards."""
    undone = set()
    for entry in entries:
        if entry.action == "undo":
            undone.add(entry.target)
        elif (number := entry.target or entry.number) not in undone:
            return None if entry.action == "init" else number
    return None


def _last_undone(entries: Iterable[Entry]) -> int | None:
    """Number of the change that was undone last, where nothing but undoing and redoing came after."""
    again = set()
    for entry in entries:
        if entry.action == "redo":
            again.add(entry.target)
        elif entry.action != "undo":
            return None
        elif entry.target not in again:
            return entry.target
    return None


def _columns(table: str) -> list[Column[Any]]:
    """Columns of a table but the number that the database gives by itself."""
    return [column for column in CHANGING[table].columns if column.name != "row"]


def _pack(steps: Sequence[Step]) -> bytes:
    return zlib.compress(json.dumps(steps, ensure_ascii=False, separators=(",", ":")).encode())


def _unpack(content: bytes) -> list[Step]:
    return [(id, before, after) for id, before, after in json.loads(zlib.decompress(content))]


def _by(size: int, items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + size] for at in range(0, len(items), size))
