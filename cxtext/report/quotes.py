"""The quotes of a study: one row per segment, with all that a reader wants to know of it."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.journey.answers import labels, objects
from cxtext.tables import TEXT

if TYPE_CHECKING:
    from cxtext.study import Study


def active_codings(study: Study) -> pd.DataFrame:
    """Codings that nobody rejected.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        `cxtext.tables.CODINGS`.
    """
    kept = study.codings["status"] != "rejected"
    return study.codings if kept.all() else study.codings[kept]


def file_names(study: Study) -> dict[str, str]:
    """Names of the files for the report: without folders, which tell nothing and may tell too much.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict of str to str
        Source, as the user named it, to what is shown; two files of one name keep the last folder.
    """
    sources = [*study.documents["source"].unique(), *(notice.source for notice in study.corpus.skipped)]
    names = Counter(PurePath(source).name for source in sources)
    return {
        source: PurePath(source).name if names[PurePath(source).name] == 1 else "/".join(PurePath(source).parts[-2:])
        for source in sources
    }


def quotes_table(study: Study) -> pd.DataFrame:
    """Bring together what is known of each segment.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per segment, in the order of the study: the columns of `cxtext.tables.SEGMENTS`, then ``name``
        and ``file`` of its document, ``who`` said it (for people), ``phase`` and ``theme`` (``""`` where none).
    """
    quotes, documents = study.segments.reset_index(drop=True), study.documents.set_index("document")
    quotes["name"] = labels(quotes["document"], documents["name"])
    members = study.themes.members.drop_duplicates("segment")
    quotes["phase"] = labels(quotes["segment"], study.journey.assigned)
    quotes["theme"] = labels(quotes["segment"], members.set_index("segment")["theme"])
    quotes["file"] = labels(quotes["document"], documents["source"].map(file_names(study)))
    told = map(_who, *(objects(quotes[column]) for column in ("case", "document", "speaker", "name")))
    quotes["who"] = pd.Series(list(told), index=quotes.index, dtype=TEXT)
    return quotes


def _who(case: str, document: str, speaker: str, name: str) -> str:
    """Name a respondent; a bare number is called a respondent, which is the same word in Dutch and English."""
    own = case in (document, f"{document}/{speaker}")
    if own and speaker:
        return f"{speaker}, {name}"
    known = name if own else case
    return known if any(map(str.isalpha, known)) else f"respondent {known}"
