"""Steps of respondents, in the order in which they tell them or in which they were logged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cxtext.codebook import load_codebook
from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, by_document, given_once, joined, labels, moments, rows_of_answers
from cxtext.journey.mentions import valences
from cxtext.records import Notice
from cxtext.tables import TEXT, make_table

STEPS: dict[str, str] = {
    "case": TEXT, "position": "int64", "step": TEXT, "name": TEXT, "document": TEXT, "segments": TEXT,
    "valence": "float64",
}  # fmt: skip


def story_steps(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame | None = None,
    *,
    group: str = "channel",
    step: pd.Series | None = None,
    names: Mapping[str, str] | None = None,
    language: str = "nl",
) -> pd.DataFrame:
    """Steps in the order in which respondents tell them; sentences in a row about the same step are one.

    Parameters
    ----------
    segments, codings, scores
        As for `cxtext.journey.map_journey`.
    group : str
        Group whose codes are the steps, such as ``"channel"`` or ``"phase"``. A segment with two codes is the one with
        the highest score.
    step : pandas.Series, optional
        Step by segment, in place of the codes of a group; ``names`` are theirs.
    names : Mapping[str, str], optional
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    pandas.DataFrame
        Columns `STEPS`. People do not always tell things in the order in which they happened.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> story_steps(make_table([], SEGMENTS), make_table([], CODINGS)).empty
    True
    """
    if step is None:
        codes = codes_of(codings, group)
        codes = codes.assign(score=codes["score"].fillna(1.0)).sort_values(["segment", "score"], kind="stable")
        step = codes.drop_duplicates("segment", keep="last").set_index("segment")["code"]
        names = {code.id: code.name(language) for code in load_codebook() if code.group == group}
    said = of_respondents(segments, "case", "document", "segment")
    said = said.assign(step=labels(said["segment"], step), valence=valences(said["segment"], scores))
    return numbered(said[said["step"] != ""], names or {})


def contact_steps(
    segments: pd.DataFrame,
    documents: pd.DataFrame,
    scores: pd.DataFrame | None = None,
    *,
    step: str = "@touchpoint",
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """Steps of a log of contacts: one document (or row) is one contact, in the order of its date and time.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    documents : pandas.DataFrame
        With ``@date`` (and ``@time``); without them their order is that of the table.
    scores : pandas.DataFrame, optional
        Columns ``segment`` and ``valence``.
    step : str
        Column of the documents: ``"@touchpoint"``, ``"@channel"``, ``"@owner"``.

    Returns
    -------
    steps : pandas.DataFrame
        Columns `STEPS`.
    notices : tuple of Notice
        Dates that could not be read; those contacts were left out.

    Examples
    --------
    >>> from cxtext.tables import DOCUMENTS, SEGMENTS
    >>> contact_steps(make_table([], SEGMENTS), make_table([], DOCUMENTS))[0].empty
    True
    """
    named = by_document(documents, step)
    said = of_respondents(segments, "case", "document", "segment")
    contact = labels(said["document"], rows_of_answers(documents))
    mean = pd.Series(valences(said["segment"], scores), index=said.index).groupby(contact).mean()
    ids = joined(contact, said["segment"])
    order = given_once(documents).set_index("document")
    order = order.assign(step=labels(order.index.to_series(), named), when=moments(documents))
    order = order[order["step"] != ""]
    lost = order[order["when"].isna()] if "@date" in documents else order.head(0)
    order = order[~among(order.index.to_series(), lost.index)].sort_values("when", kind="stable").reset_index()
    rows = order.assign(valence=order["document"].map(mean).astype("float64"), segment=labels(order["document"], ids))
    notices = [Notice("@date", f"{len(lost)} contacts have no readable date and were left out.")] if len(lost) else []
    return numbered(rows, {}, merge=False), tuple(notices)


def numbered(rows: pd.DataFrame, names: Mapping[str, str], *, merge: bool = True) -> pd.DataFrame:
    """Number the steps of each respondent.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``case``, ``document``, ``segment``, ``step``, ``valence``, in the order of the story.
    names : Mapping[str, str]
        Of the steps; without one, a step is its own name.
    merge : bool
        Whether neighbours that are the same are one step.

    Returns
    -------
    pandas.DataFrame
        Columns `STEPS`.

    Examples
    --------
    >>> row = {"case": "a", "document": "d", "segment": "s", "step": "web", "valence": 1.0}
    >>> numbered(pd.DataFrame([row, row]), {"web": "the site"})[["position", "name"]].to_numpy().tolist()
    [[1, 'the site']]
    """
    rows = rows.sort_values("case", kind="stable")
    new = (rows["case"] != rows["case"].shift()) | (rows["step"] != rows["step"].shift())
    rows = rows.assign(number=new.cumsum() if merge else np.arange(len(rows)))
    found = rows.drop_duplicates("number").set_index("number")
    found = found.assign(
        position=found.groupby("case").cumcount() + 1, name=found["step"].map(lambda step: names.get(step, step)),
        segments=joined(rows["number"], rows["segment"]), valence=rows.groupby("number")["valence"].mean(),
    ).reset_index()  # fmt: skip
    return make_table({column: found[column] for column in STEPS}, STEPS)
