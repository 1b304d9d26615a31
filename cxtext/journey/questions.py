"""What people have to ask, and ask again: questions as signs of an unclear process."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, by_document, labels, moments
from cxtext.journey.mentions import share_of
from cxtext.records import Notice
from cxtext.resources import read_data
from cxtext.showing import html_table
from cxtext.stats import star_groups
from cxtext.tables import TEXT, make_table
from cxtext.terms import read_vocabulary

QUESTIONS: dict[str, str] = {
    "question": TEXT, "name": TEXT, "questions": "int64", "wordings": "int64", "respondents": "int64",
    "of_respondents": "int64", "share": "float64", "low": "float64", "high": "float64", "repeated": "int64",
    "repeated_respondents": "int64", "hard": "int64", "hard_respondents": "int64", "unanswered": "int64",
    "transferred": "int64", "confused": "int64", "unclear": "int64", "verdict": TEXT, "phase": TEXT, "quotes": TEXT,
}  # fmt: skip
ASKED: dict[str, str] = {
    "segment": TEXT, "document": TEXT, "case": TEXT, "text": TEXT, "question": TEXT, "repeated": "bool",
    "unanswered": "bool", "transferred": "bool", "confused": "bool",
}  # fmt: skip

#: cosine from which two questions are the same in other words, measured on sentence and content words together
SAME_QUESTION = 0.65
_SHOWN = ("name", "respondents", "of_respondents", "questions", "wordings", "repeated", "hard", "confused", "verdict")
_FEW = 3
_AFTER = 2
_TRANSFERS = 2

Encoder = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Questions:
    """The questions that respondents have, grouped by what is asked.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per group of like questions, that of most respondents first: its most typical wording as ``name``,
        ``questions`` in so many different ``wordings``, ``respondents`` of all (share with Wilson interval; NaN below
        10), how many questions were ``repeated`` (asked before by the same respondent, within the days that were set)
        and how many were ``hard`` (``unanswered`` or ``transferred`` twice), both with their respondents; how many came
        with confusion (``confused``); how many respondents show any of these signs (``unclear``); a ``verdict``:
        ``"unclear"`` where 3 respondents or more do and they are half or more of who ask, else ``""``; the ``phase`` of
        most of them, and the ``quotes``.
    asked : pandas.DataFrame
        One row per question: ``segment``, its group (``question``) and its signs.
    days : int
    notices : tuple of Notice
    """

    table: pd.DataFrame
    asked: pd.DataFrame
    days: int
    notices: tuple[Notice, ...] = ()

    def __repr__(self) -> str:
        unclear = int((self.table["verdict"] == "unclear").sum())
        return f"Questions({len(self.asked)} questions, {len(self.table)} different ones, {unclear} unclear)"

    def _repr_html_(self) -> str:
        notes = [notice.message for notice in self.notices]
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self), notes=notes)


def questions(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    assigned: pd.Series | None = None,
    days: int = 7,
    least: float = SAME_QUESTION,
    encode: Encoder | None = None,
) -> Questions:
    """Group the questions of respondents by what they ask, and look for signs that the process is unclear to them.

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS` and `cxtext.tables.CODINGS`; questions are the segments coded ``kind/question``.
    documents : pandas.DataFrame, optional
        With ``@date`` and ``@owner``, as a log of contacts has them. Then the same question asked of another owner
        counts as passed on.
    assigned : pandas.Series, optional
        Phase by segment, as of `cxtext.journey.Journey`.
    days : int
        A question is repeated where the same respondent asked it before, within so many days; without dates, where
        they asked it before in another document.
    least : float
        Cosine from which two questions are the same in other words.
    encode : callable, optional
        Texts to vectors (n, d) of unit length; `cxtext.embedding.encode` where it is left out.

    Returns
    -------
    Questions
        A question that is not in the data may still be asked.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> questions(make_table([], SEGMENTS), make_table([], CODINGS))
    Questions(0 questions, 0 different ones, 0 unclear)
    """
    said = of_respondents(segments)
    coded = codes_of(codings, "kind")
    own = said[among(said["segment"], coded.loc[coded["code"] == "question", "segment"])].reset_index(drop=True)
    phase = labels(own["segment"], assigned if assigned is not None else pd.Series(dtype=TEXT))
    groups = _groups(own, least, encode)
    signs = _told_signs(said, own)
    felt = codes_of(codings, "emotion")
    signs["confused"] = among(own["segment"], felt.loc[felt["code"] == "confusion", "segment"])
    own = own.assign(question=groups, phase=phase, **signs)
    own, notices = _over_time(own, documents, days)
    asked = own[own["question"] != ""]
    rows = [_row(str(group), rows, said["case"].nunique()) for group, rows in asked.groupby("question", sort=True)]
    rows.sort(key=lambda row: (-row["respondents"], -row["questions"], row["name"]))
    names = {row["question"]: f"q{number:02d}" for number, row in enumerate(rows, start=1)}
    table = make_table([row | {"question": names[row["question"]]} for row in rows], QUESTIONS)
    columns = {name: asked[name].tolist() for name in ASKED} | {"question": asked["question"].map(names).tolist()}
    return Questions(table, make_table(columns, ASKED), days, notices)


def _groups(own: pd.DataFrame, least: float, encode: Encoder | None) -> list[str]:
    """Id of the segment that is the centre of each question's group."""
    if own.empty:
        return []
    if encode is None:
        from cxtext import embedding

        encode = embedding.encode
    texts = own["text"].tolist()
    words = read_vocabulary(texts, ["en" if language == "en" else "nl" for language in own["language"]])
    content = [" ".join(w.surface for w in row if w) or text for row, text in zip(words.words, texts, strict=True)]
    joined = np.asarray(encode(texts), dtype=np.float32) + np.asarray(encode(content), dtype=np.float32)
    joined /= np.maximum(np.linalg.norm(joined, axis=1, keepdims=True), 1e-9)
    return own["segment"].to_numpy(dtype=object)[star_groups(joined, least=least)].tolist()


@cache
def process_signs() -> dict[str, re.Pattern[str]]:
    """Read the signs that tell how a process went: a pattern of lower-case text by sign.

    Returns
    -------
    dict of str to re.Pattern

    Examples
    --------
    >>> bool(process_signs()["transferred"].search("ik werd doorverbonden"))
    True
    """
    data = read_data("process.yaml")
    return {sign: re.compile("|".join(rule for some in by.values() for rule in some)) for sign, by in data.items()}


def _told_signs(said: pd.DataFrame, own: pd.DataFrame) -> dict[str, Any]:
    """What a respondent says in the question and right after it, in the same document, about how it was answered."""
    place = {segment: at for at, segment in enumerate(said["segment"].tolist())}
    texts, document = said["text"].str.casefold().tolist(), said["document"].tolist()
    told = []
    for segment in own["segment"]:
        at = place[segment]
        near = [i for i in range(at, min(at + _AFTER + 1, len(texts))) if document[i] == document[at]]
        told.append(" ".join(texts[i] for i in near))
    patterns = process_signs()
    passed_on = [len(patterns["transferred"].findall(text)) for text in told]
    return {
        "unanswered": np.array([bool(patterns["unanswered"].search(text)) for text in told], dtype=bool),
        "transferred": np.array([times >= _TRANSFERS for times in passed_on], dtype=bool),
    }


def _over_time(own: pd.DataFrame, documents: pd.DataFrame | None, days: int) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """Mark what the same respondent asked before, and what went past several owners."""
    when = pd.Series(pd.NaT, index=own.index, dtype="datetime64[ns]")
    notices: tuple[Notice, ...] = ()
    if documents is not None and "@date" in documents:
        when = pd.to_datetime(own["document"].map(moments(documents)))
        if len(own) and (lost := int(when.isna().sum())):
            notices = (Notice("@date", f"{lost} questions have no readable date: repeats of them are not counted."),)
    own = own.assign(when=when, owner=labels(own["document"], by_document(documents, "@owner")))
    dated = bool(when.notna().any())
    own = own.sort_values(["question", "case", "when"], kind="stable")
    before = own.groupby(["question", "case"])[["document", "when"]].shift()
    other = before["document"].notna() & (before["document"] != own["document"])
    soon = own["when"] - before["when"] <= pd.Timedelta(days=days) if dated else other
    own = own.assign(repeated=other & soon)
    owned = own[own["owner"] != ""]
    former = owned.groupby(["question", "case"])["owner"].shift()
    handed = (former.notna() & (former != owned["owner"])).groupby([owned["question"], owned["case"]]).transform("sum")
    own.loc[handed.index[handed >= _TRANSFERS], "transferred"] = True
    return own.sort_index(), notices


def _row(group: str, rows: pd.DataFrame, of: int) -> dict[str, Any]:
    hard = rows["unanswered"] | rows["transferred"]
    sign = rows["repeated"] | hard | rows["confused"]
    people, unclear = rows["case"].nunique(), rows.loc[sign, "case"].nunique()
    phases = rows.loc[rows["phase"] != "", "phase"].value_counts()
    others = [segment for segment in rows["segment"] if segment != group]
    return {
        "question": group, "name": rows.loc[rows["segment"] == group, "text"].iloc[0], "questions": len(rows),
        "wordings": rows["text"].str.casefold().str.replace(r"\W+", " ", regex=True).str.strip().nunique(),
        "respondents": people, "of_respondents": of, **share_of(people, of), "repeated": int(rows["repeated"].sum()),
        "repeated_respondents": rows.loc[rows["repeated"], "case"].nunique(), "hard": int(hard.sum()),
        "hard_respondents": rows.loc[hard, "case"].nunique(), "unanswered": int(rows["unanswered"].sum()),
        "transferred": int(rows["transferred"].sum()), "confused": int(rows["confused"].sum()), "unclear": unclear,
        "verdict": "unclear" if unclear >= _FEW and 2 * unclear >= people else "",
        "phase": str(phases.index[0]) if len(phases) else "", "quotes": ";".join([group, *others]),
    }  # fmt: skip
