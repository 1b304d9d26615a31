"""The quotes of a study: one row per segment, with all that a reader wants to know of it."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.report.rows import rows_of

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
    return study.codings[study.codings["status"] != "rejected"]


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
    quotes = study.segments.merge(study.documents[["document", "name", "source"]], on="document", how="left")
    theme = study.themes.members.drop_duplicates("segment").set_index("segment")["theme"]
    quotes["phase"] = quotes["segment"].map(study.journey.assigned).astype(object).fillna("").astype(str)
    quotes["theme"] = quotes["segment"].map(theme).astype(object).fillna("").astype(str)
    quotes["file"] = quotes.pop("source").map(file_names(study)).astype(str)
    quotes["who"] = [
        _who(row.case, row.document, row.speaker, row.name)
        for row in rows_of(quotes[["case", "document", "speaker", "name"]])
    ]
    return quotes


def _who(case: str, document: str, speaker: str, name: str) -> str:
    """Name a respondent; a bare number is called a respondent, which is the same word in Dutch and English."""
    own = case in (document, f"{document}/{speaker}")
    if own and speaker:
        return f"{speaker}, {name}"
    known = name if own else case
    return known if any(map(str.isalpha, known)) else f"respondent {known}"
