"""Organisations that respondents deal with beside the one that is studied: their network."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import yaml

from cxtext.coded import of_respondents
from cxtext.journey.answers import by_document, labels, objects
from cxtext.journey.lanes import readable
from cxtext.journey.mentions import evidence, share_of, valences
from cxtext.journey.wording import word_pattern
from cxtext.resources import data_path
from cxtext.stats import mean_interval
from cxtext.tables import TEXT, make_table

ORGANISATIONS: dict[str, str] = {
    "source": TEXT, "organisation": TEXT, "name": TEXT, "segments": "int64", "respondents": "int64",
    "of_respondents": "int64", "share": "float64", "low": "float64", "high": "float64", "valence": "float64",
    "valence_low": "float64", "valence_high": "float64", "quotes": TEXT,
}  # fmt: skip

_ATTRIBUTE = re.compile(r"organisatie|organi[sz]ation|instelling|betrokken partij", re.IGNORECASE)


def organisations(
    segments: pd.DataFrame,
    scores: pd.DataFrame | None = None,
    documents: pd.DataFrame | None = None,
    *,
    language: str = "nl",
) -> pd.DataFrame:
    """List the organisations in the networks of respondents.

    Parameters
    ----------
    segments, scores
        As for `cxtext.journey.map_journey`.
    documents : pandas.DataFrame, optional
        A column whose heading tells of organisations gives those of each document, separated by ``;`` or a comma.
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    pandas.DataFrame
        Columns `ORGANISATIONS`, one row per ``source`` (``"attribute"``, or ``"text"``: kinds of organisations that are
        named in the text, from a list) and organisation, that of most respondents first: respondents of all with the
        share (Wilson; NaN below 10), feeling of what they say there (t-interval), and ``quotes``. The list cannot know
        every organisation, and one of them may be the one that is studied.

    Examples
    --------
    >>> from cxtext.tables import SEGMENTS
    >>> organisations(make_table([], SEGMENTS)).empty
    True
    """
    said = of_respondents(segments, "case", "document", "segment", "text")
    said = said.assign(valence=valences(said["segment"], scores), readable=readable(said["text"]))
    n = said["case"].nunique()
    rows = []
    for column in documents.columns if documents is not None else []:
        if not str(column).startswith("@") and _ATTRIBUTE.search(str(column)):
            given = labels(said["document"], by_document(documents, str(column)))
            parts = given.str.split(r"\s*[;,]\s*", regex=True).explode()
            for name in parts[parts.notna() & (parts != "")].unique():
                own = said.loc[parts.index[parts == name].unique()]
                rows.append(_row(own, n) | {"source": "attribute", "organisation": str(name), "name": str(name)})
    listed = yaml.safe_load(data_path("organisations.yaml").read_text(encoding="utf-8"))
    any_of = word_pattern([word for entry in listed for word in entry["words"]])
    texts = {at: text for at, text in enumerate(map(str.casefold, objects(said["text"]))) if any_of.search(text)}
    for entry in listed:
        pattern = word_pattern(entry["words"])
        if found := [at for at, text in texts.items() if pattern.search(text)]:
            names = {"organisation": entry["id"], "name": entry["name"][language]}
            rows.append(_row(said.iloc[found], n) | {"source": "text", **names})
    rows.sort(key=lambda row: (row["source"], -row["respondents"], row["name"]))
    return make_table(rows, ORGANISATIONS)


def _row(own: pd.DataFrame, n: int) -> dict[str, Any]:
    mean, people = mean_interval(own.groupby("case")["valence"].mean().to_numpy()), own["case"].nunique()
    return {
        "segments": len(own), "respondents": people, "of_respondents": n, **share_of(people, n),
        "valence": mean.value, "valence_low": mean.low, "valence_high": mean.high, "quotes": evidence(own),
    }  # fmt: skip
