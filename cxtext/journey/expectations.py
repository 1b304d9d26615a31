"""Expectations: what respondents expected or were promised, and whether it was delivered."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, labels
from cxtext.journey.lanes import readable
from cxtext.journey.mapping import NEGATIVE
from cxtext.journey.mentions import evidence, valences
from cxtext.resources import read_data
from cxtext.tables import TEXT, make_table

EXPECTATIONS: dict[str, str] = {
    "phase": TEXT, "item": TEXT, "segments": "int64", "respondents": "int64", "of_respondents": "int64",
    "delivered": "int64", "broken": "int64", "quotes": TEXT, "quotes_broken": TEXT,
}  # fmt: skip

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
    said = of_respondents(segments, "case", "document", "segment", "text")
    said = said.assign(valence=valences(said["segment"], scores), phase=labels(said["segment"], phase))
    said = said.assign(outcome=_outcomes(said))
    kinds = codes_of(codings, "kind")
    own = said[among(said["segment"], kinds.loc[kinds["code"] == "expectation", "segment"]) & said["phase"].ne("")]
    promised = own["text"].str.lower().str.contains(_promised())
    own = own.assign(readable=readable(own["text"]), item=np.where(promised, "promised", "expected"))
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


def _outcomes(said: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Sign of the first clear feeling of each segment and those of the same respondent right after it; 0 without."""
    clear = np.where(said["valence"] <= NEGATIVE, -1, np.where(said["valence"] >= -NEGATIVE, 1, 0))
    found = clear.copy()
    document, case = (pd.factorize(said[name])[0] for name in ("document", "case"))
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
