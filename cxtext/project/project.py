"""The study file: documents, a codebook, and everybody's codings side by side. It holds tables and analyses nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import select

from cxtext.codebook import ChangedCodings, Codebook, CodebookChange, load_codebook
from cxtext.codebook.yaml_form import as_yaml
from cxtext.errors import OptionError
from cxtext.project import schema
from cxtext.project.checks import Problem, check_study, repair_study
from cxtext.project.codings import (
    STATUSES,
    CoderKind,
    Status,
    check_codings,
    decision,
    finish_documents,
    insert_codings,
    know_coder,
    moved,
    put_codebook,
    rows_of,
)
from cxtext.project.database import among, connect, is_free, is_server, make_study, now, told
from cxtext.project.decisions import About, Decision, keep_decision, keep_memo
from cxtext.project.documents import add_documents
from cxtext.project.frames import current_codebook
from cxtext.project.history import Entry, Within, Writer, redo, undo, writing
from cxtext.project.view import View
from cxtext.records import Corpus, Notice

if TYPE_CHECKING:
    import pandas as pd


class Project(View):
    """A study on disk (or on a PostgreSQL server).

    Open one with `Project.open` or `Project.create`; use it in a ``with`` statement, or close it.

    Parameters
    ----------
    place : str or pathlib.Path
        The study file, or ``postgresql://user:password@host/name``.
    coder : str
        Who works with it: the name that codings and the log get.

    Examples
    --------
    >>> with Project.create("study.cxt", coder="Noor") as project:  # doctest: +SKIP
    ...     project.add(cxtext.read_corpus("interviews/"))
    """

    @classmethod
    def create(
        cls,
        place: str | Path,
        *,
        coder: str,
        codebook: Codebook | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Self:
        """Make a new study.

        Parameters
        ----------
        place : str or pathlib.Path
        coder : str
        codebook : Codebook, optional
            That of cxtext where it is left out.
        settings : Mapping[str, Any], optional
            What to keep with it: ``name``, ``language``, ``record`` (the processing record), ``blind``.

        Returns
        -------
        Project

        Raises
        ------
        WriteError
            There is something of that name already, or it cannot be written.
        OptionError
            The coder has no name, or something of the settings cannot be kept; no file is left then.
        """
        project = cls(place, coder=coder)
        path = None if is_server(project.place) else Path(project.place)
        own = path is not None and not path.exists()
        project._engine = connect(project.place, create=True)
        try:
            with project._write("init") as writer:
                make_study(writer.connection, project.place)
                writer.insert("coders", [{"id": coder, "kind": "person", "created": now()}])
                content = as_yaml(replace(codebook or load_codebook(), version=1))
                writer.insert("codebooks", [{"id": "1", "version": 1, "content": content}])
                writer.insert("settings", [{"id": key, "value": value} for key, value in (settings or {}).items()])
                writer.summary = "the study was made"
        except BaseException:
            project.close()
            if path is not None and own and is_free(path):
                path.unlink(missing_ok=True)
            raise
        return project

    @classmethod
    def open(cls, place: str | Path, *, coder: str) -> Self:
        """Open a study.

        Parameters
        ----------
        place : str or pathlib.Path
        coder : str

        Returns
        -------
        Project

        Raises
        ------
        ReadError
            There is none, it is something else, it is damaged, or it was made by a newer version.
        """
        project = cls(place, coder=coder)
        project._engine = connect(project.place, create=False)
        return project

    def add(self, corpus: Corpus) -> list[Notice]:
        """Take documents in, with their segments; their text never changes afterwards.

        Parameters
        ----------
        corpus : Corpus

        Returns
        -------
        list of Notice
            Documents that were there already, and those that are not taken because another text has their id.
        """
        with self._write("add") as writer:
            added, notices = add_documents(writer, corpus)
            writer.summary = f"{added} documents"
        return notices

    def set(self, **settings: Any) -> None:
        """Keep something with the study, or (None) forget it."""
        with self._write("set") as writer:
            known = writer.rows("settings", list(settings))
            kept = {key: value for key, value in settings.items() if value is not None}
            writer.delete("settings", [key for key in settings if key not in kept])
            writer.update("settings", {key: {"value": value} for key, value in kept.items() if key in known})
            writer.insert("settings", [{"id": k, "value": value} for k, value in kept.items() if k not in known])
            writer.summary = ", ".join(key if key in kept else f"no {key}" for key in settings)

    def add_coder(self, name: str, kind: CoderKind = "person") -> None:
        """Make a coder known; one that is known is left as it is."""
        with self._write("coder") as writer:
            know_coder(writer, name, kind)

    def add_codings(self, codings: pd.DataFrame, *, kind: CoderKind = "person", summary: str = "") -> int:
        """Add codings of one or more coders.

        Parameters
        ----------
        codings : pandas.DataFrame
            `cxtext.tables.CODINGS`. An empty ``coder`` is the coder at work, an empty ``status`` is ``accepted``.
        kind : {"person", "machine", "consensus"}
            Of coders that are not known yet.
        summary : str
            For the log.

        Returns
        -------
        int
            How many were added: the same code by the same coder on the same stretch is there once.

        Raises
        ------
        OptionError
            A coding is of an unknown document or code, lies outside the text, or has a status that is none.
        """
        rows = rows_of(codings, coder=self.coder, status="accepted")
        with self._write("code") as writer:
            check_codings(writer, rows, current_codebook(writer.connection))
            for name in dict.fromkeys(row["coder"] for row in rows):
                know_coder(writer, name, kind)
            added = insert_codings(writer, rows)
            writer.summary = summary or f"{added} codings"
        return added

    def start_run(self, coder: str, settings: Mapping[str, Any]) -> str:
        """Begin a run of a machine; returns its id. What belongs to a run is undone together.

        Parameters
        ----------
        coder : str
            Name of the machine.
        settings : Mapping[str, Any]
            What somebody needs to repeat it.
        """
        run = str(uuid.uuid4())
        with self._write("tag", batch=run) as writer:
            know_coder(writer, coder, "machine")
            writer.insert("runs", [{"id": run, "coder": coder, "settings": dict(settings), "started": now()}])
            writer.summary = f"a run of {coder} began"
        return run

    def suggest(self, codings: pd.DataFrame, documents: Sequence[str], *, coder: str, run: str) -> int:
        """Keep what a machine suggests for some documents, in the place of what it suggested there before.

        What a person accepted or rejected stays, and is not suggested again.

        Parameters
        ----------
        codings : pandas.DataFrame
            `cxtext.tables.CODINGS`, all of this coder and in these documents.
        documents : sequence of str
            Ids of the documents that the machine read; they count as finished by it.
        coder : str
        run : str
            From `start_run`.

        Returns
        -------
        int
            How many suggestions were added.

        Raises
        ------
        OptionError
            A coding cannot be one of this study.
        """
        rows = rows_of(codings.assign(coder=coder, run=run), status="suggested")
        with self._write("tag", batch=run) as writer:
            check_codings(writer, rows, current_codebook(writer.connection))
            place = schema.codings
            old = select(place.c.id).where(
                place.c.coder == coder,
                place.c.status == "suggested",
                among(writer.connection, place.c.document, documents),
            )
            writer.delete("codings", list(writer.connection.execute(old).scalars()))
            added = insert_codings(writer, rows)
            finish_documents(writer, documents, coder)
            writer.summary = f"{len(documents)} documents by {coder}, {added} suggestions"
        return added

    def decide(self, codings: Iterable[str], status: Status) -> int:
        """Accept or reject codings, by id, or make them suggestions again; returns how many changed.

        Raises
        ------
        OptionError
            There is no such status.
        """
        if status not in STATUSES:
            msg = f"{status!r} is no status of a coding. Choose one of {', '.join(STATUSES)}."
            raise OptionError(msg)
        with self._write("decide") as writer:
            know_coder(writer, self.coder, "person")
            before = writer.rows("codings", list(codings))
            changed = writer.update(
                "codings", {id: decision(status, self.coder) for id, row in before.items() if row["status"] != status}
            )
            writer.summary = f"{changed} codings {status}"
        return changed

    def change_codings(self, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Give codings, by id, another stretch (``start``, ``end``), ``code`` or ``group``; returns how many changed.

        Raises
        ------
        OptionError
            What they would become is no coding of this study, or one that is there already.
        """
        with self._write("change") as writer:
            changed = writer.update("codings", moved(writer, changes))
            writer.summary = f"{changed} codings"
        return changed

    def remove_codings(self, codings: Iterable[str]) -> int:
        """Take codings away, by id; returns how many there were."""
        with self._write("uncode") as writer:
            removed = writer.delete("codings", list(codings))
            writer.summary = f"{removed} codings"
        return removed

    def keep(self, decision: Decision) -> int | None:
        """Keep what the coder at work decided in one go, as one change.

        Parameters
        ----------
        decision : Decision

        Returns
        -------
        int or None
            Number of its line in the log; None where nothing was kept: it changed nothing, or somebody decided
            meanwhile about a suggestion that it accepts or rejects.

        Raises
        ------
        OptionError
            A coding is none of this study.
        """
        with self._write("review") as writer:
            keep_decision(writer, self.coder, decision)
        return writer.number

    def finish(self, documents: Iterable[str], *, coder: str | None = None) -> None:
        """Say that a person, the coder at work where nobody is named, has coded all of some documents."""
        coder = coder or self.coder
        with self._write("finish") as writer:
            know_coder(writer, coder, "person")
            writer.summary = f"{finish_documents(writer, documents, coder)} documents by {coder}"

    def add_memo(self, text: str, *, about: About, target: str = "") -> str:
        """Keep a note on the study, a document, a coding (by id) or a code (``group/code``); returns its id.

        Raises
        ------
        OptionError
            The study has no such target.
        """
        with self._write("memo") as writer:
            know_coder(writer, self.coder, "person")
            id = keep_memo(writer, self.coder, text, about=about, target=target)
            writer.summary = f"on {target or about}"
        return id

    def set_codebook(self, change: Codebook | CodebookChange, *, drop_removed: bool = False) -> ChangedCodings:
        """Put a new version of the codebook in use; codings follow their codes.

        Parameters
        ----------
        change : Codebook or CodebookChange
            A change of the present codebook (`cxtext.codebook.merge_codes` and the like), or another codebook: then
            codes that were moved or renamed are matched (`cxtext.codebook.matched_codes`), and those it lacks removed.
        drop_removed : bool
            Codings of removed codes go too.

        Returns
        -------
        ChangedCodings
            What became of the codings, and where an exclusive group has two codes now.

        Raises
        ------
        OptionError
            There are codings of a removed code, and they are not to be dropped.
        """
        with self._write("codebook") as writer:
            return put_codebook(writer, change, drop_removed=drop_removed)

    def undo(self, *, only: int | None = None, own: bool = False, within: Within | None = None) -> list[Entry]:
        """Take back the last change that holds; returns what was taken back. See `cxtext.project.history.undo`."""
        with told(self.place, reading=True):
            return undo(self._engine, self.coder, only=only, own=own, within=within)

    def redo(self, *, own: bool = False, within: Within | None = None) -> list[Entry]:
        """Do again what was undone last; returns what was done again. See `cxtext.project.history.redo`."""
        with told(self.place, reading=True):
            return redo(self._engine, self.coder, own=own, within=within)

    def check(self, *, repair: bool = False) -> list[Problem]:
        """Look for damage; with `repair`, put right what can be. Returns what is (still) wrong."""
        return repair_study(self._engine, self.coder) if repair else check_study(self._engine)

    @contextmanager
    def change(self, action: str) -> Iterator[Writer]:
        """Make one change of several parts: all of it is kept, with one line in the log, or nothing.

        Parameters
        ----------
        action : str
            A verb, for the log.

        Yields
        ------
        Writer
            For the functions of `cxtext.project.codings` and `cxtext.project.documents`.
        """
        with self._write(action) as writer:
            know_coder(writer, self.coder, "person")
            yield writer

    @contextmanager
    def _write(self, action: str, *, batch: str = "") -> Iterator[Writer]:
        with told(self.place), writing(self._engine, self.coder, action, batch=batch) as writer:
            yield writer
