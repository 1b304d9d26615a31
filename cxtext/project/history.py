"""Every change in one transaction and in the log; undo and redo are changes too."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Engine, bindparam, delete, func, insert, select, update

from cxtext.project.database import APPLICATION, now, told
from cxtext.project.schema import CHANGING, changes, log

#: at most so many values are given to the database in one question
_MANY = 500

#: id of a row, the row before (None: it was not there) and after (None: it is gone)
Step = tuple[str, dict[str, Any] | None, dict[str, Any] | None]


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
    with _transaction(engine) as connection:
        writer = Writer(connection)
        yield writer
        _write_down(writer, coder, action, batch=batch)


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":  # one writer at a time, as in a file
            connection.execute(select(func.pg_advisory_xact_lock(APPLICATION)))
        yield connection


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


def undo(engine: Engine, coder: str, *, only: int | None = None) -> list[Entry]:
    """Take back the last change that holds; of a batch, all of it.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    coder : str
    only : int, optional
        Take nothing back where the last change is not this entry.

    Returns
    -------
    list of Entry
        What was taken back, the latest first; empty where there is nothing to take back.
    """

    def find(entries: Iterable[Entry]) -> int | None:
        number = _last_done(entries)
        return number if only in (None, number) else None

    return _repeat(engine, coder, "undo", find)


def redo(engine: Engine, coder: str) -> list[Entry]:
    """Do again what was undone last, as long as nothing else was changed since.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    coder : str

    Returns
    -------
    list of Entry
        What was done again, the earliest first; empty where there is nothing to do again.
    """
    return _repeat(engine, coder, "redo", _last_undone)


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
    query = select(changes.c.table, changes.c.content).where(changes.c.log == number).order_by(changes.c.place)
    found = [(table, _unpack(content)) for table, content in connection.execute(query)]
    if not found or not {table for table, _ in found} <= set(CHANGING):
        msg = f"entry {number} of the log has no changes that can be read"
        raise ValueError(msg)
    return found


def _repeat(engine: Engine, coder: str, action: str, find: Callable[[Iterable[Entry]], int | None]) -> list[Entry]:
    """Undo, or redo, the entry that `find` names, and those of its batch that follow."""
    touched: list[Entry] = []
    with _transaction(engine) as connection:
        while number := find(_backwards(connection)):
            entry = _entry(connection, number)
            if touched and (not entry.batch or entry.batch != touched[0].batch):
                break
            writer = Writer(connection)
            writer.summary = entry.summary
            for table, steps in _turned(changes_of(connection, number), back=action == "undo"):
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


def _backwards(connection: Connection) -> Iterator[Entry]:
    query = select(log).order_by(log.c.number.desc()).execution_options(yield_per=_MANY)
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
