"""The analysis that the page shows: made beside the work, kept until the codings change."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cxtext.errors import CxtextError, OptionError
from cxtext.project import Project
from cxtext.web.shelf import kept_for, position, shelf_of

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project.attributes import Attributes
    from cxtext.study import Study
    from cxtext.themes import Themes


@dataclass(frozen=True)
class Base:
    """What the figures rest on, as far as the coder at work may see it.

    Attributes
    ----------
    number : int
        Last entry of the log that is in it.
    version : int
        Changes with the documents, the codings that count and the themes that are kept; and with nothing else.
    material : int
        The same, but for the themes.
    themes : dict or None
        As the study keeps them, where somebody changed them.
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS` and `cxtext.tables.CODINGS`, of codings that count.
    coded : pandas.DataFrame
        `cxtext.crosstab.CODED`.
    attributes : Attributes
    names : dict of str to str
        Of the documents.
    """

    number: int
    version: int
    material: int
    themes: dict[str, Any] | None
    segments: pd.DataFrame
    codings: pd.DataFrame
    coded: pd.DataFrame
    attributes: Attributes
    names: dict[str, str]


def base_of(project: Project) -> Base:
    """What the figures of a study rest on now."""
    number = position(project)
    return shelf_of(project).get(("base", number), lambda: _base(project, number))


def _base(project: Project, number: int) -> Base:
    import pandas as pd

    from cxtext.crosstab import coded_segments
    from cxtext.project.outline import list_documents

    segments, codings = project.segments(), project.codings_that_count(seen_by=project.seen_by)
    parts = [int(pd.util.hash_pandas_object(frame, index=False).sum()) for frame in (segments, codings)]
    names = {row["id"]: row["name"] for row in list_documents(project)}
    coded = coded_segments(codings, segments)
    themes, material = project.settings.get("themes"), hash(tuple(parts))
    version = hash((material, json.dumps(themes, sort_keys=True)))
    return Base(number, version, material, themes, segments, codings, coded, project.attributes(), names)


class Analyses:
    """Makes the analysis of a study in a thread of its own.

    Attributes
    ----------
    study : Study or None
        The last one that was made.
    made : int
        How many were made.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._base: Base | None = None
        self._error = ""
        self.study: Study | None = None
        self.made = 0
        self.stage = ("", 0, 0)

    def state(self, base: Base) -> dict[str, Any]:
        """What there is: ``state`` is none, working, ready or failed; ``made`` is the number of what is shown.

        It is 0 where there is none; ``current`` says that nothing changed since.
        """
        with self._lock:
            made, working = self.made, self._thread is not None and self._thread.is_alive()
            failed = bool(self._error)
            state = "working" if working else "ready" if made and not failed else "failed" if failed else "none"
            stage, done, total = self.stage
            current = made > 0 and self._holds(base)
        return {
            "state": state, "made": made, "current": current, "error": self._error, "stage": stage, "done": done,
            "total": total,
        }  # fmt: skip

    def start(self, project: Project, base: Base) -> None:
        """Begin to make it, unless it is made, or being made."""
        with self._lock:
            if (self._thread and self._thread.is_alive()) or self._holds(base):
                return
            self._error, self.stage = "", ("read", 0, 5)
            self._thread = threading.Thread(target=self._make, args=(project, base), daemon=True)
            self._thread.start()

    def wait(self, project: Project, base: Base) -> Study:
        """The analysis of now, when it is made.

        Raises
        ------
        OptionError
            It cannot be made.
        """
        for _ in range(2):  # one that was begun before the last change is of no use
            self.start(project, base)
            if thread := self._thread:
                thread.join()
            if self.study is not None and self._holds(base):
                return self.study
        raise OptionError(self._error or "The study changed meanwhile. Ask again.")

    def _make(self, project: Project, base: Base) -> None:
        try:
            study = self._analyse(project, base)
        except CxtextError as error:
            self._error = str(error)
        except Exception as error:
            self._error = f"The analysis failed ({type(error).__name__}: {error})."
        else:
            self.put(study, base)

    def put(self, study: Study, base: Base) -> None:
        """Have what was made of a base."""
        with self._lock:
            self.study, self._base, self.made = study, base, self.made + 1

    def _holds(self, base: Base) -> bool:
        return self._base is not None and self._base.version == base.version

    def _analyse(self, project: Project, base: Base) -> Study:
        from cxtext.privacy.processing import ProcessingRecord
        from cxtext.study import analyse
        from cxtext.themes import restore_themes

        if base.codings.empty:
            raise OptionError("Nothing is coded yet. Code something, or let cxtext suggest: cxtext tag.")
        before, was = self.study, self._base
        if before is not None and was is not None and was.material == base.material and base.themes:
            return with_themes(before, restore_themes(base.themes, before.segments, before.codings).themes, project)
        study = analyse(
            project.corpus(), codings=base.codings, themes=base.themes, language=_language(project),
            progress=self._told,
        )  # fmt: skip
        record = project.settings.get("record")
        return replace(study, record=ProcessingRecord.from_mapping(record) if record else None)

    def _told(self, stage: str, done: int, total: int) -> None:
        self.stage = (stage, done + 1, total + 1)


def with_themes(study: Study, themes: Themes, project: Project) -> Study:
    """A study with other themes, and with the map that they are on: the same map, where only a lock changed."""
    if themes.table is study.themes.table and themes.members is study.themes.members:
        return replace(study, themes=themes)
    from cxtext.journey import map_journey

    journey = map_journey(
        study.segments, study.codings, study.scores, documents=study.documents, themes=themes,
        language=_language(project),
    )  # fmt: skip
    return replace(study, themes=themes, journey=journey, method={**study.method, "themes": themes.method})


def _language(project: Project) -> str:
    settings = project.settings
    language = str(settings.get("report_language") or settings.get("language") or "nl")
    return language if language in ("nl", "en") else "nl"


def analyses_of(project: Project) -> Analyses:
    """The analyses of a study that is open."""
    return kept_for(project, Analyses)
