"""What to repair first: reach times severity, and what respondents still miss."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from cxtext.coded import codes_of, of_respondents
from cxtext.errors import OptionError
from cxtext.journey.answers import among, labels
from cxtext.journey.mentions import evidence_by, mentions, share_of
from cxtext.showing import html_table
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
    "item": TEXT, "name": TEXT, "respondents": "int64", "of_respondents": "int64", "relieved": "int64",
    "importance": "float64", "satisfaction": "float64",
    "score": "float64", "low": "float64", "high": "float64", "method": TEXT, "reason": TEXT, "quotes": TEXT,
}  # fmt: skip

_PLACES = 3
_SHOWN = (
    "name", "respondents", "of_respondents", "reach", "low", "high", "severity", "priority", "priority_low",
    "priority_high", "top3", "reason",
)  # fmt: skip


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

    def _repr_html_(self) -> str:
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self))


def priorities(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    themes: Themes,
    phase: pd.Series | None = None,
    exposed: Iterable[str] = (),
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
    exposed : iterable of str
        Respondents (cases) who may have met every problem, whatever they spoke about, such as those of a survey: a few
        words do not tell in which phases somebody has been.
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
    sore = held[among(held["segment"], pain.loc[pain["code"] == "pain", "segment"])]
    rated = -2 * sore["valence"] if severity is None else sore["segment"].map(severity).astype("float64")
    sore = sore.assign(severity=rated.clip(0, 4).round(2) if severity is None else rated)
    said = of_respondents(segments, "case", "segment")
    everyone = said["case"].nunique()
    reached = _Reached(said, phase, exposed) if phase is not None else None
    quotes, names = evidence_by(sore, sore["item"]), sore.groupby("item", sort=True)["name"].first()
    heaviest = sore.groupby(["item", "case"])["severity"].max()
    rows: list[dict[str, Any]] = []
    worst, sizes = [], []
    for item, name in zip(names.index.tolist(), names.tolist(), strict=True):
        of_case = heaviest.loc[item]
        n = everyone if reached is None else reached(sore.loc[sore["item"] == item, ["segment", "case"]])
        most = of_case.dropna()
        worst.append(most.to_numpy())
        sizes.append(n)
        reach = share_of(len(of_case), n)
        theme = str(item).removeprefix("theme/")
        rows.append({
            "item": item, "name": name, "respondents": len(of_case), "of_respondents": n,
            "reach": reach["share"], "low": reach["low"], "high": reach["high"],
            "severity": float(most.mean()) if len(most) else math.nan, "quotes": quotes[item],
            "fits": sum(theme in chosen for chosen in (fits or {}).values()),
            "reason": "" if len(most) else "no severity of any respondent",
        })  # fmt: skip
    found = prioritise(worst, sizes, places=_PLACES, seed=seed)
    company = _together(sore, everyone)
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
        Columns ``item``, ``name``, ``respondents`` (who express it, of ``of_respondents``), how many of them are
        ``relieved`` (no pain about it), ``importance``, ``satisfaction`` (0-10),
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
    n = of_respondents(segments, "case")["case"].nunique()
    voiced = unresolved(segments, codings, themes=themes, language=language)
    people = voiced.groupby("item", sort=True)["case"].nunique()
    hurt = voiced[voiced["code"] == "pain"].groupby("item")["case"].nunique()
    quotes, names = evidence_by(voiced, voiced["item"]), voiced.groupby("item")["name"].first()
    rows = [
        _index(item, names[item], n, int(k), int(k - hurt.get(item, 0)), seed)
        | {
            "respondents": int(k),
            "of_respondents": n,
            "relieved": int(k - hurt.get(item, 0)),
            "method": "index",
            "quotes": quotes[item],
        }
        for item, k in zip(people.index.tolist(), people.tolist(), strict=True)
    ]
    return make_table(sorted(rows, key=lambda row: -np.nan_to_num(row["score"], nan=-1.0)), OPPORTUNITIES)


def unresolved(segments: pd.DataFrame, codings: pd.DataFrame, *, themes: Themes, language: str = "nl") -> pd.DataFrame:
    """List which respondent voices a need or a pain about which theme.

    Parameters
    ----------
    segments, codings, themes, language
        As for `opportunities`.

    Returns
    -------
    pandas.DataFrame
        Columns of `cxtext.journey.mentions`, and ``code`` (``"need"`` or ``"pain"``).
    """
    kinds = codes_of(codings, "kind")
    kinds = kinds.loc[kinds["code"].isin(("need", "pain")), ["segment", "code"]]
    return mentions(segments, codings, groups=(), themes=themes, language=language).merge(kinds, on="segment")


def ulwick(ratings: pd.DataFrame, *, scale: tuple[int, int] = (1, 5), seed: int = 0) -> pd.DataFrame:
    """Opportunity score of Ulwick, where importance and satisfaction were both asked, on one scale.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Columns ``case``, ``item``, ``importance`` and ``satisfaction``; one row a respondent and item. Rows without
        one of the answers do not count. Give one market segment at a time.
    scale : tuple of int
        Worst and best answer. Important, or satisfied, is who answers at three quarters of it or higher: 4 of 1-5, as
        Ulwick has it, 6 of 1-7, 8 of 1-10.
    seed : int

    Returns
    -------
    pandas.DataFrame
        As `opportunities`.

    Raises
    ------
    OptionError
        A column is missing, or an answer is not on the scale.

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
    low, high = scale
    much = low + 0.75 * (high - low)
    wrong = ~answers.isin(range(low, high + 1)).to_numpy()
    if wrong.any():
        row, column = (int(place) for place in np.argwhere(wrong)[0])
        item, other = kept["item"].iloc[row], float(answers.to_numpy()[row, column])
        msg = (
            f"Importance and satisfaction are whole numbers from {low} to {high}, and {item!r} has {other:g}. "
            "Empty the codes for no answer, such as 99."
        )
        raise OptionError(msg)
    rows = []
    for item, own in kept.groupby("item", sort=True):
        important, satisfied = ((own[name].astype("float64") >= much).to_numpy() for name in answers)
        rows.append(
            _score(item, item, important, satisfied, seed)
            | {
                "respondents": len(own),
                "of_respondents": len(own),
                "relieved": int(satisfied.sum()),
                "method": "Ulwick",
            }
        )
    return make_table(sorted(rows, key=lambda row: -np.nan_to_num(row["score"], nan=-1.0)), OPPORTUNITIES)


def _score(item: Any, name: Any, important: np.ndarray, satisfied: np.ndarray, seed: int) -> dict[str, Any]:
    """Figures of one item, of who answered whether it is important, and whether they are satisfied."""
    row = _blank(item, name, len(important))
    if row["reason"]:
        return row
    found = opportunity_interval(important, satisfied, seed=seed)
    importance, satisfaction = 10 * float(important.mean()), 10 * float(satisfied.mean())
    return row | {"importance": importance, "satisfaction": satisfaction, "score": found.value, "low": found.low,
                  "high": found.high}  # fmt: skip


def _index(item: Any, name: Any, n: int, k: int, relieved: int, seed: int) -> dict[str, Any]:
    """Figures of one theme of which k of n respondents voice a need or a pain, so many of them no pain."""
    row = _blank(item, name, n)
    if row["reason"]:
        return row
    draws = np.random.default_rng(seed).multinomial(n, [relieved / n, (k - relieved) / n, (n - k) / n], size=2000)
    voiced = draws[:, 0] + draws[:, 1]
    worth, relief = 10 * voiced / n, 10 * draws[:, 0] / np.maximum(voiced, 1)
    low, high = np.quantile(worth + np.maximum(worth - relief, 0), [0.025, 0.975]).tolist()
    own = 10 * k / n, 10 * relieved / k if k else 0.0
    return row | {"importance": own[0], "satisfaction": own[1], "score": opportunity(*own), "low": low, "high": high}


def _blank(item: Any, name: Any, n: int) -> dict[str, Any]:
    reason = f"fewer than {MIN_PERCENTAGE} respondents" if n < MIN_PERCENTAGE else ""
    return {"item": item, "name": name, "score": math.nan, "reason": reason, "quotes": ""}


class _Reached:
    """How many respondents spoke about the phases in which a problem turns up, or may have met it anyhow."""

    def __init__(self, said: pd.DataFrame, phase: pd.Series, exposed: Iterable[str]) -> None:
        phases = labels(said["segment"], phase).to_numpy(dtype=object)
        number, cases = pd.factorize(said["case"].to_numpy(dtype=object))
        self._phase = dict(zip(said["segment"].to_numpy(dtype=object), phases, strict=True))
        self._number = dict(zip(cases, range(len(cases)), strict=True))
        self._exposed = np.isin(cases.astype(str), [*exposed])
        self._spoke = {name: number[phases == name] for name in set(phases) - {""}}

    def __call__(self, own: pd.DataFrame) -> int:
        who = self._exposed.copy()
        for name in {self._phase[segment] for segment in own["segment"].to_numpy(dtype=object)} - {""}:
            who[self._spoke[name]] = True
        who[[self._number[case] for case in own["case"].to_numpy(dtype=object)]] = True
        return int(who.sum())


def _together(sore: pd.DataFrame, n: int) -> dict[str, list[str]]:
    """Names of the other problems that a problem goes together with in respondents."""
    if sore.empty:
        return {}
    case, item = (pd.factorize(sore[column].to_numpy(dtype=object), sort=True) for column in ("case", "item"))
    has = csr_array((np.ones(len(sore)), (case[0], item[0])), shape=(len(case[1]), len(item[1]))) > 0
    both = (has.T.astype(int) @ has.astype(int)).toarray()
    names = sore.drop_duplicates("item").set_index("item")["name"].to_dict()
    found: dict[str, list[str]] = {}
    for one, other in combinations(range(len(item[1])), 2):
        if lift(int(both[one, other]), int(both[one, one]), int(both[other, other]), n).low > 1:
            found.setdefault(item[1][one], []).append(names[item[1][other]])
            found.setdefault(item[1][other], []).append(names[item[1][one]])
    return found
