"""Themes to look at: a map, a tree with sub-themes, and their size by phase and by wave; each leads to its quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.journey.answers import by_document, waves_in_order
from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import share_interval, share_text
from cxtext.themes import OUTLIERS, check_themes
from cxtext.themes.layout import Bubble, theme_bubbles

if TYPE_CHECKING:
    from cxtext.study import Study
    from cxtext.themes import Themes

#: lane of the map under which the page's script finds the quotes of a sub-theme
LANE = "subthemes"
_WIDTH = 960.0
_RESAMPLES = 30


@dataclass(frozen=True)
class ThemeTable:
    """Sizes of themes by something.

    Attributes
    ----------
    caption : str
    heads : list of str
    rows : list of tuple
        ``(name, link, cells)``; each cell is ``(share, percent, link, interval)``, the interval that of Wilson, ``""``
        below 10 respondents.
    """

    caption: str
    heads: list[str]
    rows: list[tuple[str, str, list[tuple[str, float, str, str]]]]


@dataclass(frozen=True)
class ThemeView:
    """What the page shows of themes beside their cards.

    Attributes
    ----------
    width, height : float
        Of the map.
    bubbles : list of tuple
        ``(bubble, share, link)``.
    tree : list of tuple
        ``(name, share, link, parts)``; each part is ``(name, share, link)``.
    tables : list of ThemeTable
    """

    width: float
    height: float
    bubbles: list[tuple[Bubble, str, str]]
    tree: list[tuple[str, str, str, list[tuple[str, str, str]]]]
    tables: list[ThemeTable]


def theme_view(study: Study, quotes: pd.DataFrame, names: Names, labels: Labels) -> ThemeView:
    """Lay out the themes of a study.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels

    Returns
    -------
    ThemeView
    """
    placed, height = theme_bubbles(study.themes, width=_WIDTH)
    shares = {
        row.theme: share_text(row.respondents, row.of_respondents, labels.language)
        for row in rows_of(study.themes.table)
    }
    bubbles = [(bubble, shares[bubble.theme], quotes_link(theme=bubble.theme)) for bubble in placed]
    rows = quotes[quotes["theme"] != ""]
    phases = [phase for phase in names.phases if (quotes["phase"] == phase).any()]
    tables = (
        [_table(study, quotes, rows, "phase", {p: names.phases[p] for p in phases}, labels("themes_by_phase"), labels)]
        if phases
        else []
    )
    if waves := waves_in_order(study.documents):
        told = quotes.assign(wave=quotes["document"].map(by_document(study.documents, "@wave")).fillna("").astype(str))
        heads = {value: value for value in waves if (told["wave"] == value).any()}
        own = told[told["theme"] != ""]
        tables += [_table(study, told, own, "wave", heads, labels("themes_by_wave"), labels)] * (len(heads) > 1)
    return ThemeView(_WIDTH, height, bubbles, _tree(study.themes, labels), tables)


@dataclass(frozen=True)
class _Grouping:
    """Which segment is in which theme: the same for the same digest, whatever the themes are called."""

    digest: bytes
    themes: Themes = field(compare=False)


def verdicts(themes: Themes, language: str) -> Mapping[str, str]:
    """How stable each theme is, in a sentence.

    Parameters
    ----------
    themes : Themes
    language : {"nl", "en"}

    Returns
    -------
    Mapping[str, str]
    """
    rows = "\n".join(
        f"{theme}\t{case}" for theme, case in zip(themes.members["theme"], themes.members["case"], strict=True)
    )
    digest = sha256(f"{themes.seed}\n{rows}".encode())
    if themes.ground is not None:
        digest.update(themes.ground.points.tobytes())
    return _verdicts(_Grouping(digest.digest(), themes), language)


@lru_cache(maxsize=4)
def _verdicts(grouping: _Grouping, language: str) -> Mapping[str, str]:
    themes = grouping.themes
    table = check_themes(themes, resamples=_RESAMPLES, seed=themes.seed, language=language).table
    return dict(zip(table["theme"], table["verdict"], strict=True))


def part_cells(themes: Themes, place: Mapping[str, int]) -> list[list[Any]]:
    """Numbers of the quotes of each sub-theme, as the page's script has the items of the map.

    Parameters
    ----------
    themes : Themes
    place : Mapping[str, int]
        Number of each quote, by segment.

    Returns
    -------
    list of list
        Phase (none), lane, item, name, numbers.
    """
    own: dict[str, list[int]] = {}
    for segment, part in themes.parts.items():
        own.setdefault(part, []).append(place[segment])
    return [["", LANE, row.subtheme, row.name, own.get(row.subtheme, [])] for row in rows_of(themes.subthemes)]


def _tree(themes: Themes, labels: Labels) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Themes that fall into sub-themes, and these."""
    tree = []
    for row in rows_of(themes.table[themes.table["theme"].isin(themes.subthemes["theme"])]):
        parts = [
            (part.name, share_text(part.respondents, row.of_respondents, labels.language),
             quotes_link(lane=LANE, item=part.subtheme))
            for part in rows_of(themes.subthemes[themes.subthemes["theme"] == row.theme])
        ]  # fmt: skip
        share = share_text(row.respondents, row.of_respondents, labels.language)
        tree.append((row.name, share, quotes_link(theme=row.theme), parts))
    return tree


def _table(
    study: Study,
    quotes: pd.DataFrame,
    rows: pd.DataFrame,
    column: str,
    values: Mapping[str, str],
    caption: str,
    labels: Labels,
) -> ThemeTable:
    """Respondents who speak of each theme, of those of each value of a column (``phase``, or a part of the survey)."""
    spoke = quotes.groupby(column)["case"].nunique()
    both = rows.groupby(["theme", column])["case"].nunique().to_dict()
    filtered = "phase" if column == "phase" else f"attribute.{labels(f'part_{column}')}"
    heads = [f"{name} (n = {labels.number(int(spoke[value]))})" for value, name in values.items()]
    lines = []
    for row in rows_of(study.themes.table[study.themes.table["theme"] != OUTLIERS]):
        cells = []
        for value in values:
            k, n = int(both.get((row.theme, value), 0)), int(spoke[value])
            link = quotes_link(theme=row.theme, **{filtered: value}) if k else ""
            share = share_text(k, n, labels.language) if k else "–"
            cells.append((share, 100 * k / n, link, share_interval(k, n, labels.language) if k else ""))
        lines.append((row.name, quotes_link(theme=row.theme), cells))
    return ThemeTable(caption, heads, lines)
