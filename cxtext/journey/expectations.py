"""Expectations: what respondents expected or were promised, whether it was delivered, and the gaps between."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, where_given
from cxtext.journey.mapping import NEGATIVE
from cxtext.journey.mentions import evidence, valences
from cxtext.journey.rated import rated_questions
from cxtext.resources import read_data
from cxtext.stats import holm, mean_change
from cxtext.tables import TEXT, make_table

EXPECTATIONS: dict[str, str] = {
    "phase": TEXT, "item": TEXT, "segments": "int64", "respondents": "int64", "of_respondents": "int64",
    "delivered": "int64", "broken": "int64", "quotes": TEXT, "quotes_broken": TEXT,
}  # fmt: skip
EXPECTATION_GAPS: dict[str, str] = {
    "touchpoint": TEXT, "less": TEXT, "of": TEXT, "n": "int64", "mean": "float64", "mean_of": "float64",
    "gap": "float64", "low": "float64", "high": "float64", "p": "float64", "p_holm": "float64", "verdict": TEXT,
    "documents": TEXT,
}  # fmt: skip

#: what is taken from what, and what it is called where the difference is surely negative, or positive
_PAIRS = (
    ("delivered", "expected", "disappointed", "exceeded"),
    ("delivered", "promised", "overpromised", "exceeded"),
    ("promised", "expected", "underpromised", "overpromised"),
)
_FEW, _LEVEL = 3, 0.05
#: sentences after an expectation in which its outcome is sought
_AFTER = 2


def expectations(segments: pd.DataFrame, codings: pd.DataFrame, scores: pd.DataFrame, phase: pd.Series) -> pd.DataFrame:
    """Count what was expected and what was promised in each phase, and how often it was delivered or broken.

    Parameters
    ----------
    segments, codings, scores : pandas.DataFrame
        As for `cxtext.journey.map_journey`.
    phase : pandas.Series
        Phase by segment, such as `cxtext.journey.Journey.assigned`.

    Returns
    -------
    pandas.DataFrame
        Columns `EXPECTATIONS`; one row per ``phase`` and ``item`` (``"expected"`` or ``"promised"``): ``respondents``
        of those who speak about the phase, and how many of them found it ``delivered`` or ``broken``, by the first
        clear feeling in the sentence itself or the two that follow. A respondent can be in both, and in neither.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> scores = pd.DataFrame({"segment": [], "valence": []})
    >>> expectations(make_table([], SEGMENTS), make_table([], CODINGS), scores, pd.Series(dtype=TEXT)).empty
    True
    """
    said = of_respondents(segments)
    said = said.assign(valence=valences(said["segment"], scores))
    said = said.assign(phase=said["segment"].map(phase).astype(object).fillna("").astype(str), outcome=_outcomes(said))
    kinds = codes_of(codings, "kind")
    own = said[among(said["segment"], kinds.loc[kinds["code"] == "expectation", "segment"]) & said["phase"].ne("")]
    own = own.assign(item=np.where(own["text"].str.lower().str.contains(_promised()), "promised", "expected"))
    spoke = said.groupby("phase")["case"].nunique()
    rows: list[dict[str, Any]] = []
    for (name, item), part in own.groupby(["phase", "item"], sort=True):
        kept, broken = part[part["outcome"] > 0], part[part["outcome"] < 0]
        rows.append({
            "phase": name, "item": item, "segments": len(part), "respondents": part["case"].nunique(),
            "of_respondents": int(spoke[str(name)]), "delivered": kept["case"].nunique(),
            "broken": broken["case"].nunique(), "quotes": evidence(part), "quotes_broken": evidence(broken),
        })  # fmt: skip
    return make_table(rows, EXPECTATIONS)


def expectation_gaps(documents: pd.DataFrame) -> pd.DataFrame:
    """Set what was delivered beside what was expected and promised, where respondents gave a score to each.

    Parameters
    ----------
    documents : pandas.DataFrame
        With questions that `cxtext.journey.rated_questions` knows as ``"expected"``, ``"promised"`` and
        ``"delivered"``, all asked on one scale on which high is good.

    Returns
    -------
    pandas.DataFrame
        Columns `EXPECTATION_GAPS`: one row per ``touchpoint`` (``""``: all) and pair. The ``gap`` is the score of
        ``less`` minus that ``of`` the other, of the ``n`` respondents who gave both (paired t-interval; Holm over the
        rows), with the ``verdict``: ``"disappointed"`` (delivered less than expected), ``"overpromised"`` (promised
        more than expected, or than delivered), ``"exceeded"``, ``"underpromised"``, ``"unsure"``, or ``""`` below 3.

    Examples
    --------
    >>> scores = {"Wat verwachtte u?": list("9889"), "Wat kreeg u uiteindelijk?": list("5456")}
    >>> answers = pd.DataFrame({"document": list("abcd"), "case": list("abcd"), **scores})
    >>> expectation_gaps(answers)[["less", "of", "gap", "verdict"]].values.tolist()
    [['delivered', 'expected', -3.5, 'unsure']]
    """
    asked = {one.kind: one for one in reversed(list(rated_questions(documents)))}
    rows: list[dict[str, Any]] = []
    for less, of, low, high in _PAIRS:
        if not {less, of} <= set(asked):
            continue
        given = where_given(documents, asked[less].values).join(asked[of].values.rename("other"), how="inner")
        for touchpoint in ["", *(name for name in given["touchpoint"].unique() if name)]:
            own = given[given["touchpoint"] == touchpoint] if touchpoint else given
            means = own.groupby("case")[["score", "other"]].mean()
            found = mean_change(means["other"], means["score"])
            rows.append({
                "touchpoint": touchpoint, "less": less, "of": of, "n": found.n, "mean": means["score"].mean(),
                "mean_of": means["other"].mean(), "gap": found.value, "low": found.low, "high": found.high,
                "p": found.p if found.n >= _FEW else np.nan, "documents": ";".join(map(str, own.index)),
                "verdict": low if found.value < 0 else high,
            })  # fmt: skip
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        sure = row["verdict"] if p < _LEVEL else "unsure"
        row |= {"p_holm": p, "verdict": sure if row["n"] >= _FEW else ""}
    return make_table(rows, EXPECTATION_GAPS)


def _outcomes(said: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Sign of the first clear feeling of each segment and those of the same respondent right after it; 0 without."""
    clear = np.where(said["valence"] <= NEGATIVE, -1, np.where(said["valence"] >= -NEGATIVE, 1, 0))
    found = clear.copy()
    document, case = (pd.factorize(said[name].to_numpy(dtype=object))[0] for name in ("document", "case"))
    keys = document * (len(said) + 1) + case
    for step in range(1, _AFTER + 1):
        later, same = np.zeros_like(clear), np.zeros(len(clear), dtype=bool)
        later[:-step], same[:-step] = clear[step:], keys[step:] == keys[:-step]
        found = np.where((found == 0) & same, later, found)
    return found


@cache
def _promised() -> re.Pattern[str]:
    data = read_data("expectations.yaml")
    return re.compile(r"\b(?:" + "|".join(map(re.escape, data["promised"])) + ")")
