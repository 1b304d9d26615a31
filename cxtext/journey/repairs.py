"""What to repair first: reach times severity, and what respondents still miss."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.errors import OptionError
from cxtext.journey.mentions import evidence, mentions, share_of
from cxtext.stats import MIN_PERCENTAGE, lift, opportunity, opportunity_interval
from cxtext.stats import priorities as prioritise
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.themes import Themes

PRIORITIES: dict[str, str] = {
    "item": TEXT, "name": TEXT, "respondents": "int64", "of_respondents": "int64", "reach": "float64", "low": "float64",
    "high": "float64", "severity": "float64", "priority": "float64", "priority_low": "float64",
    "priority_high": "float64", "top3": "float64", "together": "int64", "together_with": TEXT, "fits": "int64",
    "reason": TEXT, "quotes": TEXT,
}  # fmt: skip
OPPORTUNITIES: dict[str, str] = {
    "item": TEXT, "name": TEXT, "respondents": "int64", "importance": "float64", "satisfaction": "float64",
    "score": "float64", "low": "float64", "high": "float64", "method": TEXT, "reason": TEXT, "quotes": TEXT,
}  # fmt: skip

_PLACES = 3


@dataclass(frozen=True)
class PriorityTable:
    """Problems in the order in which to repair them.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per ``item``: ``reach`` (share of the respondents who could have it, with its Wilson interval; NaN below
        10), mean ``severity`` (0-4) of who has it, ``priority`` (reach x severity / 4, median, with the interval that
        holds 90 %), the probability of being in the ``top3``, how many other problems go ``together`` with it in
        respondents (lift above 1 with its interval) and which, how many drivers of the researcher it ``fits``, the
        ``reason`` where there is no figure, and ``quotes``.
    severity : str
        Where the severities come from.
    language : str
    """

    table: pd.DataFrame
    severity: str
    language: str = "nl"

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw the priorities with their intervals.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import priority_bars

        return priority_bars(self.table, severity=self.severity, language=language or self.language)

    def __repr__(self) -> str:
        first = self.table.head(_PLACES)
        told = "; ".join(f"{name} (P(top 3) {p:.0%})" for name, p in zip(first["name"], first["top3"], strict=True))
        return f"Priorities({told or 'no pains'}; severity: {self.severity})"


def priorities(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    themes: Themes,
    phase: pd.Series | None = None,
    severity: pd.Series | None = None,
    fits: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
    language: str = "nl",
) -> PriorityTable:
    """Order the pains of respondents, by theme, by how many they reach and how severe they are.

    Parameters
    ----------
    segments, codings, scores
        As for `cxtext.journey.map_journey`.
    themes : Themes
        The problems are the themes with pain segments.
    phase : pandas.Series, optional
        Phase by segment, such as `cxtext.journey.Journey.assigned`: a theme can only reach those who spoke about one of
        its phases. All respondents where it is left out.
    severity : pandas.Series, optional
        From 0 (none) to 4 (catastrophe; Nielsen) by segment, as people rated it. Where it is left out it is taken from
        the valence: -2 times it, from 0 to 4, which says how bad it feels and not what it breaks.
    fits : Mapping[str, sequence of str], optional
        Per experience driver of the researcher the themes (ids) that fit it.
    seed : int
    language : {"nl", "en"}

    Returns
    -------
    PriorityTable

    Raises
    ------
    OptionError
        The scores lack a column.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, MEMBERS, SEGMENTS, THEMES
    >>> from cxtext.themes import Themes
    >>> segments, codings = make_table([], SEGMENTS), make_table([], CODINGS)
    >>> themes = Themes(make_table([], THEMES), make_table([], MEMBERS))
    >>> priorities(segments, codings, pd.DataFrame({"segment": [], "valence": []}), themes=themes)
    Priorities(no pains; severity: valence)
    """
    pain = codes_of(codings, "kind")
    held = mentions(segments, codings, scores, groups=(), themes=themes, language=language)
    sore = held[held["segment"].isin(pain.loc[pain["code"] == "pain", "segment"])]
    rated = -2 * sore["valence"] if severity is None else sore["segment"].map(severity).astype("float64")
    sore = sore.assign(severity=rated.clip(0, 4).round(2) if severity is None else rated)
    said = of_respondents(segments)
    everyone = set(said["case"])
    rows: list[dict[str, Any]] = []
    worst, exposed = [], []
    for (item, name), own in sore.groupby(["item", "name"], sort=True):
        who = everyone
        if phase is not None:
            where = set(own["segment"].map(phase)) - {""}
            who = set(said.loc[said["segment"].map(phase).isin(where), "case"]) | set(own["case"])
        most = own.groupby("case")["severity"].max().dropna()
        worst.append(most.to_numpy())
        exposed.append(len(who))
        reach = share_of(own["case"].nunique(), len(who))
        theme = str(item).removeprefix("theme/")
        rows.append({
            "item": item, "name": name, "respondents": own["case"].nunique(), "of_respondents": len(who),
            "reach": reach["share"], "low": reach["low"], "high": reach["high"],
            "severity": float(most.mean()) if len(most) else math.nan, "quotes": evidence(own),
            "fits": sum(theme in chosen for chosen in (fits or {}).values()),
            "reason": "" if len(most) else "no severity of any respondent",
        })  # fmt: skip
    found = prioritise(worst, exposed, places=_PLACES, seed=seed)
    company = _together(sore, len(everyone))
    for j, row in enumerate(rows):
        others = company.get(row["item"], [])
        row |= {"priority": found.median[j], "priority_low": found.low[j], "priority_high": found.high[j],
                "top3": found.top[j], "together": len(others), "together_with": ";".join(others)}  # fmt: skip
    source = "valence" if severity is None else "rated"
    rows.sort(key=lambda row: -np.nan_to_num(row["priority"], nan=-1.0))
    return PriorityTable(make_table(rows, PRIORITIES), source, language)


def opportunities(
    segments: pd.DataFrame, codings: pd.DataFrame, *, themes: Themes, seed: int = 0, language: str = "nl"
) -> pd.DataFrame:
    """Opportunity index of each theme from what respondents say: need without relief.

    Importance is 10 times the share of respondents who express a need or a pain about the theme, satisfaction 10 times
    the share of *them* without a pain about it; the index is importance + max(importance - satisfaction, 0).

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS` and `cxtext.tables.CODINGS`.
    themes : Themes
    seed : int
    language : {"nl", "en"}

    Returns
    -------
    pandas.DataFrame
        Columns ``item``, ``name``, ``respondents`` (who express it), ``importance``, ``satisfaction`` (0-10),
        ``score`` (0-20) with ``low`` and ``high`` (bootstrap), ``method``, ``reason``, ``quotes``; the highest score
        first. NaN below 10 respondents.

    Notes
    -----
    It is an index of what was said, and not Ulwick's score, which needs both questions asked: see `ulwick`.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, MEMBERS, SEGMENTS, THEMES
    >>> from cxtext.themes import Themes
    >>> segments, codings = make_table([], SEGMENTS), make_table([], CODINGS)
    >>> themes = Themes(make_table([], THEMES), make_table([], MEMBERS))
    >>> opportunities(segments, codings, themes=themes)["score"].tolist()
    []
    """
    kinds = codes_of(codings, "kind")
    held = mentions(segments, codings, groups=(), themes=themes, language=language).merge(
        kinds[["segment", "code"]], on="segment"
    )
    cases = sorted(set(of_respondents(segments)["case"]))
    rows = []
    for (item, name), own in held[held["code"].isin(("need", "pain"))].groupby(["item", "name"], sort=True):
        voiced, hurt = set(own["case"]), set(own.loc[own["code"] == "pain", "case"])
        wanted = np.array([case in voiced for case in cases])
        rows.append(
            _opportunity(item, name, wanted, np.array([case not in hurt for case in cases])[wanted], seed)
            | {"respondents": len(voiced), "method": "index", "quotes": evidence(own)}
        )
    return make_table(sorted(rows, key=lambda row: -np.nan_to_num(row["score"], nan=-1.0)), OPPORTUNITIES)


def ulwick(ratings: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Opportunity score of Ulwick, where importance and satisfaction were both asked on 1-5.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Columns ``case``, ``item``, ``importance`` and ``satisfaction`` (1-5); one row a respondent and item. Rows
        without one of the answers do not count. Give one market segment at a time.
    seed : int

    Returns
    -------
    pandas.DataFrame
        As `opportunities`.

    Raises
    ------
    OptionError
        A column is missing, or an answer is not from 1 to 5.

    Examples
    --------
    >>> rows = [{"case": f"r{i}", "item": "snel antwoord", "importance": 5, "satisfaction": 2} for i in range(12)]
    >>> ulwick(pd.DataFrame(rows))[["item", "respondents", "score"]].values.tolist()
    [['snel antwoord', 12, 20.0]]
    """
    if missing := {"case", "item", "importance", "satisfaction"} - set(ratings.columns):
        msg = f"The ratings lack the columns {', '.join(sorted(missing))}. One row is one respondent and one item."
        raise OptionError(msg)
    kept = ratings.dropna(subset=["importance", "satisfaction"]).drop_duplicates(["case", "item"])
    answers = kept[["importance", "satisfaction"]].astype("float64")
    if len(answers) and not answers.isin(range(1, 6)).all().all():
        msg = "Importance and satisfaction are answers from 1 to 5. Recode other scales, and empty codes such as 99."
        raise OptionError(msg)
    rows = []
    for item, own in kept.groupby("item", sort=True):
        important, satisfied = ((own[name].astype("float64") >= 4).to_numpy() for name in answers)
        rows.append(
            _opportunity(item, item, important, satisfied, seed) | {"respondents": len(own), "method": "Ulwick"}
        )
    return make_table(sorted(rows, key=lambda row: -np.nan_to_num(row["score"], nan=-1.0)), OPPORTUNITIES)


def _opportunity(item: Any, name: Any, wanted: np.ndarray, content: np.ndarray, seed: int) -> dict[str, Any]:
    """Figures of one item; `content` is of all respondents, or of those who want it only."""
    row = {"item": item, "name": name, "score": math.nan, "reason": "", "quotes": ""}
    if len(wanted) < MIN_PERCENTAGE:
        return row | {"reason": f"fewer than {MIN_PERCENTAGE} respondents"}
    if len(content) == len(wanted):
        found = opportunity_interval(wanted, content, seed=seed)
        importance, satisfaction = 10 * float(wanted.mean()), 10 * float(content.mean())
        return row | {"importance": importance, "satisfaction": satisfaction, "score": found.value, "low": found.low,
                      "high": found.high}  # fmt: skip
    rng, n = np.random.default_rng(seed), len(wanted)
    k, relieved = int(wanted.sum()), int(content.sum())
    draws = rng.multinomial(n, [relieved / n, (k - relieved) / n, (n - k) / n], size=2000)
    voiced = draws[:, 0] + draws[:, 1]
    worth, relief = 10 * voiced / n, 10 * draws[:, 0] / np.maximum(voiced, 1)
    low, high = np.quantile(worth + np.maximum(worth - relief, 0), [0.025, 0.975]).tolist()
    own = 10 * k / n, 10 * relieved / k if k else 0.0
    return row | {"importance": own[0], "satisfaction": own[1], "score": opportunity(*own), "low": low, "high": high}


def _together(sore: pd.DataFrame, n: int) -> dict[str, list[str]]:
    """Names of the other problems that a problem goes together with in respondents."""
    who = {str(item): set(own) for item, own in sore.groupby("item")["case"]}
    names = dict(zip(sore["item"], sore["name"], strict=True))
    found: dict[str, list[str]] = {}
    for one, other in combinations(sorted(who), 2):
        if lift(len(who[one] & who[other]), len(who[one]), len(who[other]), n).low > 1:
            found.setdefault(one, []).append(names[other])
            found.setdefault(other, []).append(names[one])
    return found
