"""The file (or the server) under a study: opening, making, moving to a newer format, and errors in plain words."""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    Text,
    cast,
    create_engine,
    event,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError

from cxtext.errors import CxtextError, MissingExtraError, OptionError, ReadError, WriteError
from cxtext.project.schema import create_format_1, create_format_2, meta

#: marks an SQLite file as a study of cxtext ("CXTS")
APPLICATION = 0x43585453
#: seconds to wait for another program that is writing
PATIENCE = 10

#: what reading a damaged value ends in, wherever it is read, and where nothing but reading is done
_NO_TEXT = (UnicodeDecodeError, json.JSONDecodeError, zlib.error)
_DAMAGE = (*_NO_TEXT, ValueError, TypeError, LookupError, AttributeError)
_COPY = "Go back to a copy of it; cxtext check says what else is damaged."

#: how a study comes from format n - 1 to format n; the first makes it
MIGRATIONS: dict[int, Callable[[Connection], None]] = {1: create_format_1, 2: create_format_2}


def now() -> str:
    """Moment of calling, in universal time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def is_server(place: str) -> bool:
    """Whether a study is on a server, named by an URL, and not in a file."""
    return place.startswith(("postgresql:", "postgresql+"))


def shown(place: str) -> str:
    """A place as it may be told: the password of a server stays out of messages, which a whole team may read.

    Examples
    --------
    >>> shown("postgresql://noor:geheim@host/study"), shown("study.cxt")
    ('postgresql://noor:***@host/study', 'study.cxt')
    """
    return make_url(place).render_as_string() if is_server(place) else place


def connect(place: str, *, create: bool) -> Engine:
    """Open the database of a study, or (for `make_study`) a place where there is none yet.

    Parameters
    ----------
    place : str
        A file, or the URL of a PostgreSQL database.
    create : bool
        There is none yet.

    Returns
    -------
    sqlalchemy.Engine

    Raises
    ------
    ReadError
        There is no study, it is something else, or it is of a newer format.
    WriteError
        There is a file of this name already, or it cannot be brought to the present format.
    """
    engine = _server(place) if is_server(place) else _file(Path(place), create=create)
    try:
        if not create:
            with told(place, reading=True):
                _migrate(engine, shown(place))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _server(place: str) -> Engine:
    try:
        url: URL = make_url(place)
    except ArgumentError as error:
        raise ReadError(place, "it is no URL of a database", "Write postgresql://user:password@host/name.") from error
    try:
        import pg8000  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("A study on a PostgreSQL server", "team") from error
    return create_engine(url.set(drivername="postgresql+pg8000"))


def _file(path: Path, *, create: bool) -> Engine:
    if create and not is_free(path):
        raise WriteError(f"{path}: there is a file of this name already. Name another one, or go on with that study.")
    if not create:
        _check_file(path)
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by sqlite3
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def is_free(path: Path) -> bool:
    """Whether a study can be made here: an empty file is what is left of one whose making was killed."""
    try:
        return path.stat().st_size == 0 and path.is_file()
    except OSError:
        return True


def _check_file(path: Path) -> None:
    """Refuse what is no study, before SQLite touches it."""
    advice = "Name the study file that cxtext init made; it ends in .cxt."
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise ReadError(str(path), f"there is no study to open ({error.strerror or error})", advice) from error
    if not head.startswith(b"SQLite format 3\x00"):
        raise ReadError(str(path), "it is not a study of cxtext", advice)
    if int.from_bytes(head[68:72], "big") != APPLICATION:
        raise ReadError(str(path), "it is a database of another program, not a study of cxtext", advice)


def make_study(connection: Connection, place: str) -> None:
    """Make the tables of a study.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        In the transaction that also writes what the study holds at first, so that there is never half a study.
    place : str

    Raises
    ------
    WriteError
        There is a study already.
    """
    if connection.dialect.has_table(connection, meta.name):
        raise WriteError(
            f"{shown(place)}: this database holds a study already. Name another one, or go on with that one."
        )
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
    for migrate in MIGRATIONS.values():
        migrate(connection)
    values = {"format": str(max(MIGRATIONS)), "id": str(uuid.uuid4()), "created": now()}
    connection.execute(insert(meta), [{"key": key, "value": value} for key, value in values.items()])


def _migrate(engine: Engine, place: str) -> None:
    with engine.begin() as connection:
        if not engine.dialect.has_table(connection, meta.name):
            raise ReadError(place, "it holds no study", "Make one with cxtext init.")
        number = _format(connection)
    latest = max(MIGRATIONS)
    if number > latest:
        reason = f"it was made by a newer version of cxtext (format {number}; this version knows {latest})"
        raise ReadError(place, reason, "Update: pip install --upgrade cxtext.")
    if number == latest:
        return
    if engine.dialect.name == "sqlite":
        path = Path(place)
        backup = path.with_name(f"{path.stem}.format-{number}{path.suffix}")
        if not backup.exists():
            shutil.copy2(path, backup)
    with exclusive(engine) as connection:
        for step in range(_format(connection) + 1, latest + 1):  # somebody else may have brought it further meanwhile
            MIGRATIONS[step](connection)
        connection.execute(update(meta).where(meta.c.key == "format").values(value=str(latest)))


def _format(connection: Connection) -> int:
    return int(connection.scalar(select(meta.c.value).where(meta.c.key == "format")) or 0)


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: one at a time, on a server as in a file."""
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(APPLICATION)))
        yield connection


@contextmanager
def told(place: str, *, reading: bool = False) -> Iterator[None]:
    """Turn errors of the database into those of cxtext, which say what to do.

    Parameters
    ----------
    place : str
    reading : bool
        Nothing but reading is done: a value of the wrong type is damage then, and no mistake of who calls.
    """
    place = shown(place)
    try:
        yield
    except CxtextError:
        raise
    except (SQLAlchemyError, OSError) as error:
        raise _explained(place, error) from error
    except UnicodeEncodeError as error:
        sign = error.object[error.start : error.start + 1]
        msg = f"{place}: {sign!r} in what is to be kept or found is half a character. Write it without that."
        raise OptionError(msg) from error
    except _DAMAGE as error:
        if not (reading or isinstance(error, _NO_TEXT)):
            raise
        raise ReadError(place, f"the study is damaged ({type(error).__name__}: {error})", _COPY) from error


def _explained(place: str, error: SQLAlchemyError | OSError) -> CxtextError:
    reason = str(error.orig if isinstance(error, StatementError) else error)
    plain = reason.casefold()
    if "locked" in plain or "busy" in plain:
        return WriteError(f"{place}: another program is writing to this study. Wait until it is ready and try again.")
    if isinstance(error, StatementError) and isinstance(error.orig, (TypeError, ValueError)):
        return OptionError(f"{place}: it cannot be kept ({reason}). Give text, numbers, lists and mappings of these.")
    code = str(getattr(getattr(error, "orig", None), "sqlite_errorname", ""))
    if code.startswith("SQLITE_IOERR") and "READ" not in code:
        return WriteError(
            f"{place}: the study cannot be written ({reason}); nothing of this change was kept. "
            "See whether there is room on the disk, and how large a file may be, and try again."
        )
    if "full" in plain or "no space" in plain:
        return WriteError(f"{place}: the disk is full; nothing of this change was kept. Make room and try again.")
    if "readonly" in plain or "read-only" in plain or "unable to open" in plain or "permission" in plain:
        return WriteError(
            f"{place}: the study, or its folder, cannot be written; nothing was changed. "
            "Copy it to a folder that you may write in."
        )
    if "could not decode" in plain or "no row was found" in plain:
        return ReadError(place, f"the study is damaged ({reason})", _COPY)
    if "malformed" in plain or "not a database" in plain or "corrupt" in plain:
        return ReadError(
            place,
            f"the study file is damaged ({reason})",
            "Go back to a copy of it; sqlite3 FILE .recover saves what can be saved.",
        )
    return ReadError(place, f"the database says: {reason}", "Check the study with cxtext check.")


def among(connection: Connection, place: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column has one of some values, of which there may be more than a query has room for variables."""
    values = list(values)
    if len(values) == 1:
        return place == values[0]
    listed = literal(json.dumps(values), Text)
    if connection.dialect.name == "sqlite":
        return place.in_(select(func.json_each(listed).table_valued("value").c.value))
    return place.in_(select(func.json_array_elements_text(cast(listed, JSON))))


def integrity(connection: Connection) -> str:
    """Result of the database's own check of the file: ``ok``, or what is wrong."""
    if connection.dialect.name != "sqlite":
        return "ok"
    return "; ".join(row[0] for row in connection.execute(text("PRAGMA integrity_check(20)")))
