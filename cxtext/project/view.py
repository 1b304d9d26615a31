"""What a study holds, for those who read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine, func, select

from cxtext.codebook import Codebook
from cxtext.errors import OptionError
from cxtext.project import frames, schema
from cxtext.project.attributes import Attributes, read_attributes
from cxtext.project.codings import STATUSES, CoderKind
from cxtext.project.database import is_server, shown, told
from cxtext.project.frames import MEMOS, current_codebook, read_codings, read_documents, read_segments
from cxtext.project.history import Entry, latest, read_log
from cxtext.project.lessons import on_segments, settled
from cxtext.records import Corpus
from cxtext.showing import html_table
from cxtext.tables import CODINGS, documents_table, make_table

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project.accounts import Role


class View:
    """The reading half of `cxtext.project.Project`.

    Parameters
    ----------
    place : str or pathlib.Path
        The study file, or the URL of a database.
    coder : str
        Who works with it.
    """

    def __init__(self, place: str | Path, *, coder: str) -> None:
        if not coder.strip():
            raise OptionError("The name of the coder is empty. Say who works with the study.")
        self.place = str(place)
        self.coder = coder
        #: of the coder at work in a team, which the server sees to; None on one's own machine
        self.role: Role | None = None
        self._engine: Engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def as_coder(self, name: str, role: Role) -> Self:
        """The same study as somebody of a team works with it; it is closed with this one.

        Parameters
        ----------
        name : str
        role : {"coder", "lead", "reader"}
            Somebody who only reads sees everything, also where the study is coded blind.

        Returns
        -------
        Project
        """
        other = copy(self)
        other.coder, other.role = name, role
        return other

    def __repr__(self) -> str:
        counts = self.counts()
        return f"Project({shown(self.place)!r}, {counts['documents']} documents, {counts['codings']} codings)"

    def _repr_html_(self) -> str:
        held = Counter(self.codings()[["coder", "status"]].itertuples(index=False, name=None))
        finished = Counter(self.finished()["coder"])
        rows = [
            {"coder": name, "kind": kind, "documents finished": finished[name]}
            | {status: held[name, status] for status in STATUSES}
            for name, kind in self.coders.items()
        ]
        return html_table(rows, ["coder", "kind", "documents finished", *STATUSES], head=repr(self), most=len(rows))

    @property
    def id(self) -> str:
        """Id that the study got when it was made."""
        with self._read() as connection:
            return connection.execute(select(schema.meta.c.value).where(schema.meta.c.key == "id")).scalar_one()

    @property
    def number(self) -> int:
        """Number of the last entry of the log."""
        with self._read() as connection:
            return latest(connection)

    @property
    def name(self) -> str:
        """Name of the study."""
        fallback = self.place.rsplit("/", 1)[-1] if is_server(self.place) else Path(self.place).stem
        return str(self.settings.get("name") or fallback)

    @property
    def beside(self) -> str:
        """Where files that belong to the study go: its own name, to which endings are added."""
        return self.name if is_server(self.place) else self.place

    @property
    def settings(self) -> dict[str, Any]:
        """What is kept with the study: name, language, processing record, saved searches."""
        with self._read() as connection:
            return dict(connection.execute(select(schema.settings.c.id, schema.settings.c.value)).all())

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now."""
        with self._read() as connection:
            return current_codebook(connection)

    @property
    def coders(self) -> dict[str, CoderKind]:
        """Everybody who coded, and what they are."""
        place = schema.coders
        with self._read() as connection:
            return dict(connection.execute(select(place.c.id, place.c.kind).order_by(place.c.created)).all())

    @property
    def seen_by(self) -> str | None:
        """Whose view of the codings holds: of the coder at work where the study is coded blind, else everybody's."""
        if self.role == "reader":
            return None
        place = schema.settings.c  # asked at every turn: the others can be large
        with self._read() as connection:
            return self.coder if connection.scalar(select(place.value).where(place.id == "blind")) else None

    def counts(self) -> dict[str, int]:
        """Number of rows of each table."""
        with self._read() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in schema.CHANGING.items()
            }

    def corpus(self) -> Corpus:
        """The documents as they were read."""
        with self._read() as connection:
            return Corpus(tuple(read_documents(connection)))

    def documents(self) -> pd.DataFrame:
        """Table `cxtext.tables.DOCUMENTS` with the attributes."""
        return documents_table(self.corpus())

    def segments(self, documents: Sequence[str] | None = None) -> pd.DataFrame:
        """Table `cxtext.tables.SEGMENTS`, of all documents or of some."""
        with self._read() as connection:
            return read_segments(connection, documents)

    def codings(self, *, seen_by: str | None = None) -> pd.DataFrame:
        """Everybody's codings.

        Parameters
        ----------
        seen_by : str, optional
            A coder who codes blind: what others did in a document comes only when this coder has finished it.

        Returns
        -------
        pandas.DataFrame
            `cxtext.project.frames.STUDY_CODINGS`.
        """
        with self._read() as connection:
            return read_codings(connection, frames.seen_by(seen_by))

    def attributes(self) -> Attributes:
        """What is known of documents, respondents and turns."""
        with self._read() as connection:
            return read_attributes(connection)

    def codings_that_count(self, *, seen_by: str | None = None) -> pd.DataFrame:
        """Table `cxtext.tables.CODINGS` of what a report rests on.

        Accepted codings, by whomever, but only those of the consensus where it decided about a group on a segment; and
        suggestions in documents that no person has finished. A coding of a stretch of its own counts for the segments
        it is on.

        Parameters
        ----------
        seen_by : str, optional
            A coder who codes blind: only what this coder may see; as in `codings`.
        """
        finished, coders = self.finished(), self.coders
        codings = settled(on_segments(self.codings(seen_by=seen_by), self.segments()), coders)
        by_people = finished["document"][finished["coder"].map(coders).eq("person")]
        open_suggestions = codings["status"].eq("suggested") & ~codings["document"].isin(by_people)
        return codings.loc[codings["status"].eq("accepted") | open_suggestions, list(CODINGS)].reset_index(drop=True)

    def cases(self) -> dict[str, dict[str, str]]:
        """Respondents, with what is known of them beside the documents."""
        place = schema.cases
        with self._read() as connection:
            return dict(connection.execute(select(place.c.id, place.c.attributes).order_by(place.c.id)).all())

    def finished(self) -> pd.DataFrame:
        """Who finished which document: columns ``document``, ``coder``, ``at``."""
        place = schema.finished
        with self._read() as connection:
            rows = connection.execute(select(place.c.document, place.c.coder, place.c.at)).mappings().all()
        return make_table(map(dict, rows), dict.fromkeys(("document", "coder", "at"), "str"))

    def seen(self) -> pd.DataFrame:
        """Who read which segments outside finished documents: ``segment``, ``document``, ``coder``, ``at``."""
        place = schema.seen
        with self._read() as connection:
            query = select(place.c.segment, place.c.document, place.c.coder, place.c.at)
            rows = connection.execute(query).mappings().all()
        return make_table(map(dict, rows), dict.fromkeys(("segment", "document", "coder", "at"), "str"))

    def memos(self) -> pd.DataFrame:
        """All notes, the earliest first: `cxtext.project.frames.MEMOS`."""
        place = schema.memos
        with self._read() as connection:
            rows = connection.execute(select(place).order_by(place.c.created, place.c.id)).mappings().all()
        return make_table([{**row, "memo": row["id"]} for row in rows], MEMOS)

    def log(self, *, last: int | None = None) -> list[Entry]:
        """Who did what and when, the earliest first; only the `last` so many where that is given."""
        with self._read() as connection:
            return read_log(connection, last=last)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with told(self.place, reading=True), self._engine.begin() as connection:
            yield connection
