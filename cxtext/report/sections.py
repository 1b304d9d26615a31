"""Themes, emotion curve and NPS as they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.report.chapters.blocks import percent
from cxtext.report.figure import MIN_RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.report.theme_view import verdicts
from cxtext.stats import MIN_PERCENTAGE, share_interval, share_text
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.study import Study

_KINDS = ("need", "pain", "gain")


@dataclass(frozen=True)
class ThemeCard:
    """A theme as it is printed.

    Attributes
    ----------
    name : str
    terms : list of str
    share, segments, link : str
        Respondents, quotes, and the address of those quotes.
    bars : list of tuple
        ``(kind, number, left, width, text)`` of needs, pains and gains; the longest bar of all themes is 100 wide.
    quotes : list of dict
        Rows of `quotes_table`, the best first.
    verdict : str
        How stable it is; ``""`` where that is not known.
    interval : str
        Of the share; ``""`` below 10 respondents.
    """

    name: str
    terms: list[str]
    share: str
    segments: str
    link: str
    bars: list[tuple[str, int, float, float, str]]
    quotes: list[dict[Any, Any]]
    verdict: str = ""
    interval: str = ""


def theme_cards(study: Study, quotes: pd.DataFrame, labels: Labels) -> list[ThemeCard]:
    """Cards of the themes, the largest first.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    labels : Labels

    Returns
    -------
    list of ThemeCard
        Without the segments that are in no theme.
    """
    table = study.themes.table
    table = table[table["theme"] != OUTLIERS].sort_values("respondents", ascending=False, kind="stable")
    members = study.themes.members
    ranked = members[members["rank"] > 0].sort_values("rank", kind="stable")
    most = max([1, *(table["needs"] + table["pains"] + table["gains"])])
    holds = verdicts(study.themes, labels.language)
    cards = []
    for row in rows_of(table):
        numbers = {kind: int(getattr(row, f"{kind}s")) for kind in _KINDS}
        own = ranked.loc[ranked["theme"] == row.theme, "segment"]
        cards.append(
            ThemeCard(
                row.name,
                [term for term in row.terms.split(", ") if term and term not in row.name.split(", ")],
                share_text(row.respondents, row.of_respondents, labels.language),
                labels.count("quote", row.segments),
                quotes_link(theme=row.theme),
                _bars(numbers, most, labels),
                quotes.set_index("segment", drop=False).loc[list(own)].to_dict("records"),
                holds.get(row.theme, ""),
                share_interval(row.respondents, row.of_respondents, labels.language),
            )
        )
    return cards


def _bars(numbers: Mapping[str, int], most: int, labels: Labels) -> list[tuple[str, int, float, float, str]]:
    bars, left = [], 0.0
    for kind, n in numbers.items():
        bars.append((kind, n, left, 100 * n / most, labels.count(f"{kind}_count", n)))
        left += 100 * n / most
    return bars


def outliers(study: Study, labels: Labels) -> tuple[str, str, str] | None:
    """Text, link and text of the link of the segments that are in no theme; None where there are none.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    tuple of str or None
    """
    table = study.themes.table
    own = table[(table["theme"] == OUTLIERS) & (table["segments"] > 0)]
    if own.empty:
        return None
    n = int(own["segments"].iloc[0])
    respondents = share_text(int(own["respondents"].iloc[0]), int(own["of_respondents"].iloc[0]), labels.language)
    text = labels("outliers_text", segments=labels.count("segment", n), respondents=respondents)
    return text, quotes_link(theme=OUTLIERS), labels("see_quotes", quotes=labels.count("quote", n))


def curve_rows(study: Study, names: Names, labels: Labels) -> list[list[str]]:
    """Table behind the emotion curve: phase, mean, interval, respondents, segments, negative respondents.

    Parameters
    ----------
    study : Study
    names : Names
    labels : Labels

    Returns
    -------
    list of list of str
    """
    return [
        [
            names.phases.get(row.phase, row.phase),
            labels.number(row.mean, 2) if row.n else "–",
            interval_text(row, labels, 2) if row.n >= MIN_RESPONDENTS else "–",
            labels.number(row.n),
            labels.number(row.segments),
            share_text(row.negative, row.n, labels.language) if row.n else "–",
        ]
        for row in rows_of(study.journey.curve)
    ]


def interval_text(row: Any, labels: Labels, digits: int = 0) -> str:
    """Interval of a row, or a dash where it has none.

    Parameters
    ----------
    row : tuple
        With ``low`` and ``high``.
    labels : Labels
    digits : int

    Returns
    -------
    str
    """
    if row.low != row.low:
        return "–"
    return labels("interval_short", low=labels.number(row.low, digits), high=labels.number(row.high, digits))


def nps_row(row: Any, labels: Labels) -> list[str]:
    """Name, answers, parts, score and interval of one group.

    Parameters
    ----------
    row : tuple
        Row of the NPS of a journey; its parts may be texts, and its interval missing, where they are withheld.
    labels : Labels

    Returns
    -------
    list of str
    """
    name = row.touchpoint or (labels("nps_wave", wave=row.wave) if row.wave else labels("nps_all"))
    enough = row.n >= MIN_PERCENTAGE
    score = labels.number(row.score) if enough else labels("nps_few")
    interval = interval_text(row, labels) if enough else "–"
    return [name, *map(labels.number, (row.n, row.promoters, row.passives, row.detractors)), score, interval]


def curve_message(study: Study, names: Names, labels: Labels) -> str:
    """Say where the curve is lowest and highest, and how sure that is.

    Parameters
    ----------
    study : Study
    names : Names
    labels : Labels

    Returns
    -------
    str
        ``""`` where too few phases have enough respondents.
    """
    curve = study.journey.curve
    firm = curve[curve["n"] >= MIN_RESPONDENTS]
    if len(firm) < 2:
        return ""
    message = extremes(firm, names, labels)
    means, n = firm.set_index("phase")["mean"], firm.set_index("phase")["n"]
    low, high = str(means.idxmin()), str(means.idxmax())
    if min(n[low], n[high]) < MIN_PERCENTAGE:
        return message
    chances = study.journey.extremes(seed=int(study.method.get("seed", 0))).set_index("phase")
    sure = labels("curve_chances", low=percent(chances["lowest"][low], labels),
                  high=percent(chances["highest"][high], labels))  # fmt: skip
    return f"{message} {sure}"


def extremes(firm: pd.DataFrame, names: Names, labels: Labels) -> str:
    """Say which of some phases has the lowest mean and which the highest.

    Parameters
    ----------
    firm : pandas.DataFrame
        Rows of a curve with enough respondents.
    names : Names
    labels : Labels

    Returns
    -------
    str
        ``""`` for fewer than two phases.
    """
    if len(firm) < 2:
        return ""
    low, high = firm.nsmallest(1, "mean").iloc[0], firm.nlargest(1, "mean").iloc[0]
    message = labels(
        "curve_message",
        low=names.phases.get(low["phase"], low["phase"]), low_mean=labels.number(low["mean"], 1), low_n=low["n"],
        high=names.phases.get(high["phase"], high["phase"]), high_mean=labels.number(high["mean"], 1), high_n=high["n"],
    )  # fmt: skip
    overlap = low["high"] >= high["low"]
    return f"{message} {labels('curve_overlap')}" if overlap else message
