"""The file (or the server) under a study: opening, making, moving to a newer format, and errors in plain words."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from cxtext.errors import CxtextError, MissingExtraError, ReadError, WriteError
from cxtext.project.schema import create_format_1, meta

#: marks an SQLite file as a study of cxtext ("CXTS")
APPLICATION = 0x43585453
#: seconds to wait for another program that is writing
PATIENCE = 10

#: how a study comes from format n - 1 to format n; the first makes it
MIGRATIONS: dict[int, Callable[[Connection], None]] = {1: create_format_1}


def now() -> str:
    """Moment of calling, in universal time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def is_server(place: str) -> bool:
    """Whether a study is on a server, named by an URL, and not in a file."""
    return place.startswith(("postgresql:", "postgresql+"))


def connect(place: str, *, create: bool) -> Engine:
    """Open the database of a study, or make it.

    Parameters
    ----------
    place : str
        A file, or the URL of a PostgreSQL database.
    create : bool
        Make a new one, where there is none yet.

    Returns
    -------
    sqlalchemy.Engine

    Raises
    ------
    ReadError
        There is no study, it is something else, or it is of a newer format.
    WriteError
        It cannot be made, or brought to the present format.
    """
    engine = _server(place) if is_server(place) else _file(Path(place), create=create)
    try:
        with told(place):
            (_make if create else _migrate)(engine, place)
    except CxtextError:
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
    if create and path.exists():
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


def _make(engine: Engine, place: str) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.has_table(connection, meta.name):
            raise WriteError(f"{place}: this database holds a study already. Name another one, or go on with that one.")
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
        for migrate in MIGRATIONS.values():
            migrate(connection)
        values = {"format": str(max(MIGRATIONS)), "id": str(uuid.uuid4()), "created": now()}
        connection.execute(insert(meta), [{"key": key, "value": value} for key, value in values.items()])


def _migrate(engine: Engine, place: str) -> None:
    with engine.begin() as connection:
        if not engine.dialect.has_table(connection, meta.name):
            raise ReadError(place, "it holds no study", "Make one with cxtext init.")
        number = int(connection.scalar(select(meta.c.value).where(meta.c.key == "format")) or 0)
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
    with engine.execution_options(writes=True).begin() as connection:
        for step in range(number + 1, latest + 1):
            MIGRATIONS[step](connection)
        connection.execute(update(meta).where(meta.c.key == "format").values(value=str(latest)))


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn errors of the database into those of cxtext, which say what to do."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise _explained(place, error) from error


def _explained(place: str, error: SQLAlchemyError | OSError) -> CxtextError:
    reason = str(error.orig if isinstance(error, DBAPIError) else error)
    plain = reason.casefold()
    if "locked" in plain or "busy" in plain:
        return WriteError(f"{place}: another program is writing to this study. Wait until it is ready and try again.")
    if "full" in plain or "no space" in plain:
        return WriteError(f"{place}: the disk is full; nothing of this change was kept. Make room and try again.")
    if "readonly" in plain or "read-only" in plain or "unable to open" in plain or "permission" in plain:
        return WriteError(
            f"{place}: the study, or its folder, cannot be written; nothing was changed. "
            "Copy it to a folder that you may write in."
        )
    if "malformed" in plain or "not a database" in plain or "corrupt" in plain:
        return ReadError(
            place,
            f"the study file is damaged ({reason})",
            "Go back to a copy of it; sqlite3 FILE .recover saves what can be saved.",
        )
    return ReadError(place, f"the database says: {reason}", "Check the study with cxtext check.")


def integrity(engine: Engine) -> str:
    """Result of the database's own check of the file: ``ok``, or what is wrong."""
    if engine.dialect.name != "sqlite":
        return "ok"
    with engine.begin() as connection:
        return "; ".join(row[0] for row in connection.execute(text("PRAGMA integrity_check(20)")))
