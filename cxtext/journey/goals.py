"""Goals: what respondents came for, and at which step of their path they tell that they have it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, by_document, given_once, moments
from cxtext.journey.mentions import share_of
from cxtext.journey.questions import process_signs
from cxtext.resources import read_data
from cxtext.showing import html_table
from cxtext.stats import Estimate, wilson
from cxtext.tables import TEXT, make_table

GOALS_MET: dict[str, str] = {
    "step": TEXT, "name": TEXT, "met": "int64", "respondents": "int64", "share": "float64", "low": "float64",
    "high": "float64", "position": "float64", "quotes": TEXT,
}  # fmt: skip

_SHOWN = ("name", "met", "respondents", "share", "low", "high", "position")
_ASKED = re.compile(
    r"\bdoel\b.*(bereikt|gehaald)|\bbereikt\b.*\bwil|\b(gelukt|opgelost)\b|\bgoal\b|\b(re)?solved\b|\bget what you\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Goals:
    """Where on their paths respondents tell that they have what they came for.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per ``step`` at which somebody does: how many first tell it there (``met``), of the ``respondents`` who
        take the step (share with Wilson interval; NaN below 10), mean ``position`` of the step in their paths (1 is the
        first), and ``quotes``.
    met : Estimate
        Share of the respondents with a path who tell it at all.
    wanted : str
        The first need of each respondent with a path, else their first expectation: segments, joined by ``;``.
    wanting : int
        Respondents with one.
    """

    table: pd.DataFrame
    met: Estimate
    wanted: str
    wanting: int

    def __repr__(self) -> str:
        return f"Goals({round(self.met.value * self.met.n) if self.met.n else 0} of {self.met.n} respondents met)"

    def _repr_html_(self) -> str:
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self))


def asked_goals(documents: pd.DataFrame) -> tuple[str, pd.Series]:
    """Find the question whether respondents got what they came for, by its heading and its answers yes and no.

    Parameters
    ----------
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.

    Returns
    -------
    column : str
        The first that has both answers, in half of what was answered or more; ``""`` where there is none.
    reached : pandas.Series
        Of bool, by respondent: their last answer. Other answers than yes and no do not count.

    Examples
    --------
    >>> answers = pd.DataFrame({"document": ["a", "b"], "case": ["a", "b"], "Is het gelukt?": ["Ja", "nee"]})
    >>> column, reached = asked_goals(answers)
    >>> column, reached.to_dict()
    ('Is het gelukt?', {'a': True, 'b': False})
    """
    once = given_once(documents)
    words = read_data("columns.yaml")["choices"]
    known = {word: answer for answer in ("yes", "no") for word in map(str.casefold, words[answer])}
    for column in map(str, documents.columns):
        if column.startswith("@") or not _ASKED.search(column):
            continue
        given = by_document(once, column).str.casefold()
        answers = given[given != ""].map(known).dropna()
        if answers.nunique() == 2 and 2 * len(answers) >= given.ne("").sum():
            when = moments(once).reindex(answers.index).sort_values(kind="stable", na_position="first")
            last = pd.DataFrame({"case": by_document(once, "case"), "yes": answers.eq("yes")}).loc[when.index]
            reached = last.drop_duplicates("case", keep="last").set_index("case")["yes"]
            return column, reached.astype(bool)
    return "", pd.Series(dtype=bool)


def goals(segments: pd.DataFrame, codings: pd.DataFrame, steps: pd.DataFrame) -> Goals:
    """Find where respondents have what they came for, in their own words.

    A sentence that says so without a denial (`cxtext.journey.process_signs`) counts for the step it belongs to, else
    for the step told last in the same document. Who does not say it may have it all the same.

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS` and `cxtext.tables.CODINGS`.
    steps : pandas.DataFrame
        From `cxtext.journey.story_steps` or `cxtext.journey.contact_steps`.

    Returns
    -------
    Goals

    Examples
    --------
    >>> from cxtext.journey.steps import STEPS
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> goals(make_table([], SEGMENTS), make_table([], CODINGS), make_table([], STEPS))
    Goals(0 of 0 respondents met)
    """
    said = of_respondents(segments, "case", "document", "segment", "text")
    said = said[among(said["case"], steps["case"])]
    number = {id: at for at, ids in enumerate(steps["segments"].tolist()) for id in ids.split(";")}
    place = pd.Series([number.get(id, np.nan) for id in said["segment"].tolist()], index=said.index, dtype=float)
    place = place.groupby([said["case"], said["document"]]).ffill()
    signs = process_signs()
    told = [bool(signs["resolved"].search(text)) and not signs["denied"].search(text)
            for text in said["text"].str.casefold().tolist()]  # fmt: skip
    has = said.assign(place=place)[np.array(told, dtype=bool) & place.notna().to_numpy()]
    has = has.merge(steps[["step", "name", "position"]], left_on="place", right_index=True)
    once = has.sort_values(["case", "position"], kind="stable").drop_duplicates("case")
    took = steps.groupby("step")["case"].nunique()
    rows: list[dict[str, Any]] = []
    for step, own in once.groupby("step", sort=True):
        here = has[(has["step"] == step) & among(has["case"], own["case"])]
        rows.append({
            "step": step, "name": own["name"].iloc[0], "met": len(own), "respondents": int(took[str(step)]),
            **share_of(len(own), int(took[str(step)])), "position": float(own["position"].mean()),
            "quotes": ";".join(here["segment"].tolist()),
        })  # fmt: skip
    kinds = codes_of(codings, "kind")
    wants = said.merge(kinds.loc[kinds["code"].isin(("need", "expectation")), ["segment", "code"]], on="segment")
    wants = wants.sort_values(["case", "code"], ascending=[True, False], kind="stable").drop_duplicates("case")
    rows.sort(key=lambda row: (-row["met"], row["name"]))
    met = wilson(len(once), steps["case"].nunique())
    return Goals(make_table(rows, GOALS_MET), met, ";".join(wants["segment"].tolist()), len(wants))
