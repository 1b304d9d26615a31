"""The journey map as it is printed: phases, lanes and items, each with the way to its quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd

from cxtext import palette
from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import share_text

if TYPE_CHECKING:
    from cxtext.phases import Phase
    from cxtext.study import Study

#: items of a cell of the map that show at once, the others are folded; fewer of those that are sentences
SHOWN_ITEMS, SHOWN_SENTENCES = 4, 3
_SENTENCE_LENGTH = 110
_GROUPS = {"channels": "channel", "emotions": "emotion"}
_TONES = {palette.POSITIVE: "positive", palette.NEGATIVE: "negative", palette.NEUTRAL: "neutral"}
_CODES = {"needs": "need", "pains": "pain", "gains": "gain"}


@dataclass(frozen=True)
class Item:
    """Something in a cell of the map, with the way to its quotes.

    Attributes
    ----------
    name : str
    share : str
        ``k of n respondents``.
    percent : float
        Length of its bar.
    link : str
    kind : str
        ``"withheld"``, ``"sentence"``, or the side of an emotion: ``"tone-negative"``, ``"tone-neutral"`` or
        ``"tone-positive"``.
    quote : Mapping or None
        The quote itself, where the item is one.
    count : str
        ``k/n``, where there is little room.
    """

    name: str
    share: str
    percent: float
    link: str
    kind: str = ""
    quote: Mapping[Any, Any] | None = None
    count: str = ""


@dataclass(frozen=True)
class PhaseHead:
    """Top of a column of the map.

    Attributes
    ----------
    id, name, description, summary : str
        The summary is the first sentence of the description.
    share, link : str
        Respondents who tell about it, and the address of their quotes.
    feeling : str
        Mean and number of respondents of the curve; ``""`` where there is none.
    """

    id: str
    name: str
    description: str
    summary: str
    share: str
    link: str
    feeling: str


@dataclass(frozen=True)
class Lane:
    """A row of the map.

    Attributes
    ----------
    id, name : str
    cells : Mapping[str, list of Item]
        By phase.
    shown : int
        How many items of a cell show at once.
    people : Mapping[str, int]
        Respondents behind each cell, by phase; empty in a report that is handed on.
    """

    id: str
    name: str
    cells: Mapping[str, list[Item]]
    shown: int
    people: Mapping[str, int] = field(default_factory=dict)


def phase_heads(study: Study, quotes: pd.DataFrame, names: Names, labels: Labels) -> list[PhaseHead]:
    """Heads of the columns of the journey map.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels

    Returns
    -------
    list of PhaseHead
    """
    cases = quotes.groupby("phase")["case"].nunique()
    curve = {row.phase: row for row in rows_of(study.journey.curve)}
    heads = []
    for phase in study.journey.phases:
        point = curve.get(phase.id)
        feeling = f"{labels.number(point.mean, 1)} (n = {labels.number(point.n)})" if point and point.n else ""
        share = share_text(int(cases.get(phase.id, 0)), study.respondents, labels.language)
        text, summary = sentence_of(phase, labels)
        link = quotes_link(phase=phase.id)
        heads.append(PhaseHead(phase.id, names.phases[phase.id], text, summary, share, link, feeling))
    return heads


def sentence_of(phase: Phase, labels: Labels) -> tuple[str, str]:
    """Give the description of a phase, and its first sentence.

    Parameters
    ----------
    phase : Phase
    labels : Labels

    Returns
    -------
    tuple of str
    """
    text = replace(phase, language=labels.language).description
    return text, re.split(r"(?<=[.!?]) ", text)[0]


def lanes(
    study: Study, quotes: pd.DataFrame, names: Names, labels: Labels, moments: Collection[str] = ()
) -> list[Lane]:
    """Lanes of the journey map that have something to show.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels
    moments : collection of str
        Channels that are moments of truth.

    Returns
    -------
    list of Lane
    """
    cases = dict(zip(quotes["segment"], quotes["case"], strict=True))
    rows = {quote["segment"]: quote for quote in quotes.to_dict("records")}
    made = []
    for lane, cells in study.journey.cells.groupby("lane", sort=False):
        by_phase = {
            str(phase): [_item(row, rows, names, labels, moments) for row in rows_of(items)]
            for phase, items in cells.groupby("phase", sort=False)
        }
        shown = SHOWN_SENTENCES if cells["item"].isin(rows).any() else SHOWN_ITEMS
        people = {
            str(phase): len({cases[id] for ids in items["quotes"] for id in ids.split(";") if id in cases})
            for phase, items in cells.groupby("phase", sort=False)
        }
        made.append(Lane(str(lane), labels.optional(f"lane_{lane}", str(lane)), by_phase, shown, people))
    return made


def _item(row: Any, quotes: Mapping[str, Any], names: Names, labels: Labels, moments: Collection[str]) -> Item:
    share = share_text(row.respondents, row.of_respondents, labels.language)
    percent = 100 * row.respondents / max(row.of_respondents, 1)
    link, quote, count = cell_link(row), quotes.get(row.item), f"{row.respondents}/{row.of_respondents}"
    if row.lane == "activities":
        link = f"#quote?{urlencode({'id': row.item})}" if row.segments == 1 else link
        return Item(shorten(row.name, _SENTENCE_LENGTH, placeholder=" …"), share, percent, link, cell_kind(row))
    if row.lane not in _GROUPS:
        return Item(names.themes.get(row.item, row.name), share, percent, link, quote=quote, count=count)
    kind = "truth" if row.lane == "channels" and row.item in moments else cell_kind(row)
    name = names.codes.get(f"{_GROUPS[row.lane]}/{row.item}", row.name)
    return Item(name, share, percent, link, kind, count=count)


def cell_kind(row: Any) -> str:
    """Kind of an item of the map, for its style: sentence, tone of an emotion, or ``""``.

    Parameters
    ----------
    row : tuple
        Row of the cells of a journey.

    Returns
    -------
    str
    """
    if row.lane == "emotions":
        return f"tone-{_TONES[palette.EMOTIONS.get(row.item, palette.NEUTRAL)]}"
    return "sentence" if row.lane == "activities" else ""


def cell_link(row: Any) -> str:
    """Address of the quotes of an item of the map.

    Parameters
    ----------
    row : tuple
        Row of the cells of a journey.

    Returns
    -------
    str
        With plain filters where these give the same quotes, so that one can go on from there; else with the item.
    """
    if row.lane in _GROUPS:
        return quotes_link(group=_GROUPS[row.lane], code=row.item, phase=row.phase)
    if row.lane in _CODES:
        return quotes_link(group="kind", code=_CODES[row.lane], phase=row.phase, theme=row.item)
    if row.lane == "themes":
        return quotes_link(phase=row.phase, theme=row.item)
    return quotes_link(phase=row.phase, lane=row.lane, item=row.item)
