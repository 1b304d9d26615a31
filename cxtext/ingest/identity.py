"""Ids that occur once, without keeping all of them in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cxtext.ingest.items import Item
from cxtext.records import Document, Notice

_MOST_NAMED = 5


class SeenIds:
    """The ids given out so far, in a temporary file that SQLite removes."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, count INTEGER) WITHOUT ROWID")

    def close(self) -> None:
        """Let go of the temporary file."""
        self._database.close()

    def take(self, id: str) -> str:
        """Give an id out: as it is the first time, with ``-2``, ``-3``, ... after that."""
        if self._add(id):
            return id
        (count,) = self._database.execute("SELECT count FROM seen WHERE id = ?", (_key(id),)).fetchone()
        while True:
            count += 1
            if self._add(f"{id}-{count}"):
                self._database.execute("UPDATE seen SET count = ? WHERE id = ?", (count, _key(id)))
                return f"{id}-{count}"

    def _add(self, id: str) -> bool:
        return self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, 1)", (_key(id),)).rowcount == 1


def make_unique(items: Iterable[Item], seen: SeenIds) -> Iterator[Item]:
    """Give each document of a file an id that no other has.

    Parameters
    ----------
    items : iterable of Document or Notice
        Of one file.
    seen : SeenIds

    Yields
    ------
    Document or Notice
        At the end a notice that counts the ids that were changed.

    Examples
    --------
    >>> import contextlib
    >>> documents = [Document("a", "a", "survey", "f.csv", "", ())] * 2
    >>> with contextlib.closing(SeenIds()) as seen:
    ...     first, second, notice = make_unique(documents, seen)
    >>> second.id
    'a-2'
    """
    changed = 0
    named: list[str] = []
    source = ""
    for item in items:
        if isinstance(item, Document):
            unique = seen.take(item.id)
            if unique != item.id:
                changed += 1
                source = item.source
                if len(named) < _MOST_NAMED:
                    named.append(f'"{item.id}" became "{unique}"')
                item = replace(item, id=unique)
        yield item
    if changed:
        more = f" and {changed - len(named):,} more" if changed > len(named) else ""
        yield Notice(source, f"{changed:,} ids occurred before and were numbered: {', '.join(named)}{more}.")


def _key(id: str) -> bytes:
    return id.encode("utf-8", "surrogatepass")
