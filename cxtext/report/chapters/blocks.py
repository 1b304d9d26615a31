"""What a chapter of the report is made of: texts, tables whose figures lead to their quotes, and pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.stats import MIN_PERCENTAGE, percentage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: ends of the scale of feeling
FEELING = (-2.0, 2.0)
#: probability from which something is said to be so, and from which its dot is filled
SURE, FIRM = 0.8, 0.95

#: rows of a table that show at once, the others are folded
SHOWN_ROWS = 6


@dataclass(frozen=True)
class Span:
    """An interval on a scale, drawn beside its figure.

    Attributes
    ----------
    low, value, high : float
        In percent of the scale, from 0 to 100.
    zero : float or None
        Place of a line at zero.
    firm : bool
        Whether there are enough respondents; else the dot is open.
    """

    low: float
    value: float
    high: float
    zero: float | None = None
    firm: bool = True


@dataclass(frozen=True)
class Cell:
    """A figure or a text, with the way to its quotes.

    Attributes
    ----------
    text : str
    quotes : str
        Ids of the segments behind it, joined by ``;``.
    about : str
        What these quotes are about, for the one who reads them.
    note : str
        Small print under the text.
    span : Span or None
    """

    text: str
    quotes: str = ""
    about: str = ""
    note: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Table:
    """A table of a chapter.

    Attributes
    ----------
    caption : str
    columns : tuple of str
    rows : tuple of tuple of Cell
    numbers : frozenset of int
        Columns that hold numbers.
    shown : int
        Rows that show at once.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()
    shown: int = SHOWN_ROWS


@dataclass(frozen=True)
class Picture:
    """A plot of a chapter.

    Attributes
    ----------
    name : str
        Of its file.
    description : str
        What it shows, for who cannot see it.
    draw : callable
    inline : bool
        Whether the page shows it; it is a file anyhow.
    """

    name: str
    description: str
    draw: Callable[[], Figure]
    inline: bool = True


@dataclass(frozen=True)
class Point:
    """A sentence that stands out, with what it rests on.

    Attributes
    ----------
    text, why : str
    quotes : str
        Ids of segments, joined by ``;``.
    """

    text: str
    why: str = ""
    quotes: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of the report.

    Attributes
    ----------
    id, title : str
    intro : str
        How to read it.
    message : str
        What it says.
    missing : str
        Why it is not there, in one sentence; the rest is empty then.
    points : tuple of Point
    blocks : tuple of Table or Picture
    notes : tuple of str
        Small print.
    frames : Mapping[str, pandas.DataFrame]
        The tables as data, by name of their file.
    """

    id: str
    title: str
    intro: str = ""
    message: str = ""
    missing: str = ""
    points: tuple[Point, ...] = ()
    blocks: tuple[Table | Picture, ...] = ()
    notes: tuple[str, ...] = ()
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Its plots."""
        return tuple(block for block in self.blocks if isinstance(block, Picture))


@dataclass(frozen=True)
class Selections:
    """Sets of quotes that no filter finds, each with a number.

    Attributes
    ----------
    items : Mapping
        ``(chapter, quotes)`` to its number and what it is about.
    titles : Mapping[str, str]
        Of the chapters, by lane.
    """

    items: Mapping[tuple[str, str], tuple[str, str]]
    titles: Mapping[str, str]

    def link(self, chapter: Chapter, part: Cell | Point) -> str:
        """Address of the quotes of a cell or point; ``""`` where it has none."""
        return quotes_link(lane=_lane(chapter), item=self.items[chapter.id, part.quotes][0]) if part.quotes else ""

    def rows(self, place: Mapping[str, int]) -> list[list[Any]]:
        """Rows for the page's script, as those of the items of the map."""
        return [
            ["", f"in_{chapter}", number, about, [place[id] for id in quotes.split(";") if id in place]]
            for (chapter, quotes), (number, about) in self.items.items()
        ]


def select(chapters: Iterable[Chapter]) -> Selections:
    """Number the sets of quotes that chapters lead to.

    Parameters
    ----------
    chapters : iterable of Chapter

    Returns
    -------
    Selections
    """
    items: dict[tuple[str, str], tuple[str, str]] = {}
    titles = {}
    for chapter in chapters:
        titles[_lane(chapter)] = chapter.title
        for about, quotes in _quoted(chapter):
            items.setdefault((chapter.id, quotes), (str(len(items) + 1), about))  # "0" is no filter in an address
    return Selections(items, titles)


def _lane(chapter: Chapter) -> str:
    return f"in_{chapter.id}"


def _quoted(chapter: Chapter) -> Iterator[tuple[str, str]]:
    for point in chapter.points:
        if point.quotes:
            yield point.text, point.quotes
    for table in chapter.tables:
        for row in table.rows:
            for cell in row:
                if cell.quotes:
                    yield cell.about or row[0].text, cell.quotes


def scaled(low: float, value: float, high: float, ends: tuple[float, float], *, firm: bool = True) -> Span | None:
    """Place an interval on a scale.

    Parameters
    ----------
    low, value, high : float
    ends : tuple of float
        Of the scale; a line marks zero where it lies between them.
    firm : bool

    Returns
    -------
    Span or None
        None where the value is NaN.

    Examples
    --------
    >>> scaled(-1, 0, 1, (-2, 2))
    Span(low=25.0, value=50.0, high=75.0, zero=50.0, firm=True)
    """
    if math.isnan(value):
        return None
    start, size = ends[0], (ends[1] - ends[0]) or 1.0

    def at(number: float) -> float:
        return round(100 * min(1.0, max(0.0, ((value if math.isnan(number) else number) - start) / size)), 1)

    return Span(at(low), at(value), at(high), at(0.0) if ends[0] < 0 < ends[1] else None, firm)


def of_total(k: float, n: float, labels: Labels) -> str:
    """Write ``k of n``, with a percentage where there are enough respondents.

    Parameters
    ----------
    k, n : float
    labels : Labels

    Returns
    -------
    str
    """
    key = "k_of_n_percent" if n >= MIN_PERCENTAGE else "k_of_n"
    return labels(key, k=labels.number(k), n=labels.number(n), p=percentage(k, n) if n else "–")


def with_interval(value: float, low: float, high: float, labels: Labels, digits: int = 0, *, unit: str = "") -> str:
    """Write a figure with its interval; a dash where there is none.

    Parameters
    ----------
    value, low, high : float
    labels : Labels
    digits : int
    unit : str
        After the figure, such as ``"%"``.

    Returns
    -------
    str
    """
    if math.isnan(value):
        return "–"
    text = f"{labels.number(value, digits)}{unit}"
    if math.isnan(low) or math.isnan(high):
        return text
    return labels("figure_interval", value=text, low=labels.number(low, digits), high=labels.number(high, digits))


def percent(p: float, labels: Labels) -> str:
    """Write a probability as a percentage; never 0% or 100%, as resamples cannot say so.

    Parameters
    ----------
    p : float
    labels : Labels

    Returns
    -------
    str
    """
    if math.isnan(p):
        return "–"
    return labels("over_99") if p > 0.99 else labels("under_1") if p < 0.01 else f"{labels.number(100 * p)}%"


def listed(names: Sequence[str], labels: Labels) -> str:
    """Write names one after the other, ``"a, b en c"``.

    Parameters
    ----------
    names : sequence of str
    labels : Labels

    Returns
    -------
    str
    """
    return labels("and").join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
