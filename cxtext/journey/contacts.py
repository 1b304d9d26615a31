"""When contacts peak: by weekday and hour, against the hours that one could be reached."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxtext.errors import OptionError
from cxtext.journey.answers import by_document, given_once, moments
from cxtext.records import Notice
from cxtext.showing import html_table
from cxtext.stats import Peaks, peaks
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PEAKS: dict[str, str] = {
    "weekday": "int64", "hour": "int64", "contacts": "int64", "respondents": "int64", "open": "float64",
    "expected": "float64", "residual": "float64", "p": "float64", "verdict": TEXT, "documents": TEXT,
}  # fmt: skip

_DAYS = (
    ("ma", "mon"), ("di", "tue"), ("wo", "wed"), ("do", "thu"), ("vr", "fri"), ("za", "sat"), ("zo", "sun"),
)  # fmt: skip
_SPAN = re.compile(r"([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+(\d{1,2})(?:[:.](\d\d))?\s*[-–]\s*(\d{1,2})(?:[:.](\d\d))?")
_CLOCK = re.compile(r"\d\s*(?:T|\s)\s*\d{1,2}[:.u]\d\d|^\d{1,2}:\d\d")
#: what makes a document with a time a contact with the organisation
_PLACES = ("@channel", "@owner", "@touchpoint")
_LEVEL = 0.05
_SHOWN = ("weekday", "hour", "contacts", "respondents", "expected", "residual", "p", "verdict")

#: hours of each weekday (Monday is 0) at which the organisation can be reached: from and until, 9.5 is half past nine
Opening = Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class ContactPeaks:
    """Contacts by weekday and hour.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per ``weekday`` (0 is Monday) and ``hour`` that was open or had contacts: ``contacts`` of so many
        ``respondents``, hours ``open`` in the whole period, ``expected`` contacts, ``residual``, its ``p`` (Holm),
        ``verdict`` (``"peak"``, ``"quiet"``, ``"closed"`` or ``""``), and the ``documents``, joined by ``;``.
    result : Peaks
        Of `cxtext.stats.peaks`: the test of all hours together, and the contacts outside of them.
    weeks : float
        Length of the period.
    assumed : bool
        The opening hours are those in which there were contacts, as nobody gave them.
    notices : tuple of Notice
        What was left out.
    language : str
    """

    table: pd.DataFrame
    result: Peaks
    weeks: float
    assumed: bool
    notices: tuple[Notice, ...] = ()
    language: str = "nl"

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw weekday by hour.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import peak_map

        return peak_map(self.table, assumed=self.assumed, language=language or self.language)

    def __repr__(self) -> str:
        return f"ContactPeaks({self.result.n} contacts in {self.weeks:.1f} weeks, {self.result.outside} outside hours)"

    def _repr_html_(self) -> str:
        rows = self.table.sort_values("residual", ascending=False, kind="stable").to_dict("records")
        named = [row | {"weekday": _DAYS[row["weekday"]][self.language != "nl"]} for row in rows]
        return html_table(named, _SHOWN, head=repr(self), notes=[notice.message for notice in self.notices])


def opening_hours(text: str) -> dict[int, tuple[float, float]]:
    """Read opening hours as people write them.

    Parameters
    ----------
    text : str
        Days and hours, parts separated by a comma or semicolon; Dutch or English.

    Returns
    -------
    dict of int to tuple of float
        By weekday, 0 is Monday.

    Raises
    ------
    OptionError
        It is not of this form.

    Examples
    --------
    >>> opening_hours("ma-do 9-17; vr 8:30-12")
    {0: (9.0, 17.0), 1: (9.0, 17.0), 2: (9.0, 17.0), 3: (9.0, 17.0), 4: (8.5, 12.0)}
    """
    hours: dict[int, tuple[float, float]] = {}
    for part in filter(None, (part.strip() for part in re.split("[,;]", text.casefold()))):
        found = _SPAN.fullmatch(part)
        days = [_day(name) for name in (found[1], found[2] or found[1])] if found else [None]
        span = (
            (int(found[3]) + int(found[4] or 0) / 60, int(found[5]) + int(found[6] or 0) / 60) if found else (0.0, 0.0)
        )
        if None in days or not 0 <= span[0] < span[1] <= 24:
            msg = f"The opening hours {part!r} cannot be read. Write days and hours such as 'ma-vr 9-17; za 10-14'."
            raise OptionError(msg)
        first, last = (day or 0 for day in days)
        hours |= {(first + step) % 7: span for step in range((last - first) % 7 + 1)}
    return hours


def _day(name: str) -> int | None:
    return next((n for n, known in enumerate(_DAYS) if name.startswith(known)), None)


def contact_log(documents: pd.DataFrame) -> pd.DataFrame:
    """Documents that are contacts with a time: of a log, not the moment at which a survey was filled in.

    Parameters
    ----------
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.

    Returns
    -------
    pandas.DataFrame
        Those with a time in ``@date`` or ``@time`` and a ``@channel``, ``@owner`` or ``@touchpoint``, without ``@nps``.

    Examples
    --------
    >>> log = pd.DataFrame({"document": ["a", "b"], "@date": ["3-2-2025 09:05", "3-2-2025"], "@channel": ["mail"] * 2})
    >>> contact_log(log)["document"].tolist()
    ['a']
    """
    texts = {name: documents[name].str.strip() for name in ("@date", "@time", "@nps", *_PLACES) if name in documents}
    blank = pd.Series("", index=documents.index)
    timed = (texts.get("@date", blank) + " " + texts.get("@time", blank)).str.contains(_CLOCK)
    placed = pd.concat([texts.get(name, blank) != "" for name in _PLACES], axis=1).any(axis=1)
    return given_once(documents[timed & placed & (texts.get("@nps", blank) == "")])


def contact_peaks(
    documents: pd.DataFrame, *, opening: Opening | str | None = None, language: str = "nl", seed: int = 0
) -> ContactPeaks:
    """See at which weekdays and hours there are more contacts than the hours that one is open would bring.

    Parameters
    ----------
    documents : pandas.DataFrame
        One row per contact (`contact_log` picks them), with ``@date`` and its time there or in ``@time``.
    opening : Opening or str, optional
        Hours that one could be reached, also as text (`opening_hours`). Where it is left out, they are taken to be the
        hours between the earliest and the latest contact, on the weekdays that have any.
    language : {"nl", "en"}
        Of the labels of the plot.
    seed : int
        See `cxtext.stats.peaks`.

    Returns
    -------
    ContactPeaks
        How often each weekday occurs from the first to the last contact counts too; holidays are not known.

    Examples
    --------
    >>> times = [f"{3 + 7 * (i % 3)}-02-2025 {9 + i % 2 * 4}:15" for i in range(12)]
    >>> log = pd.DataFrame({"document": map(str, range(12)), "case": "k", "@date": times})
    >>> found = contact_peaks(log, opening="ma-di 9-17")
    >>> found
    ContactPeaks(12 contacts in 2.1 weeks, 0 outside hours)
    >>> found.table.query("contacts > 0")[["weekday", "hour", "contacts", "verdict"]].values.tolist()
    [[0, 9, 6, 'peak'], [0, 13, 6, 'peak']]
    """
    stamps = moments(documents)
    when = stamps.dropna()
    lost = len(stamps) - len(when)
    notices = (Notice("@date", f"{lost} contacts have no readable date and were left out."),) if lost else ()
    hours = opening_hours(opening) if isinstance(opening, str) else opening
    weekday, hour = when.dt.day_of_week.to_numpy(dtype=int), when.dt.hour.to_numpy(dtype=int)
    counts, open_ = np.zeros((7, 24)), np.zeros((7, 24))
    np.add.at(counts, (weekday, hour), 1)
    days = pd.date_range(when.min().normalize(), when.max().normalize()) if len(when) else pd.DatetimeIndex([])
    if hours is None:
        hours = {int(day): (float(hour.min()), float(hour.max()) + 1) for day in np.unique(weekday)}
    occurs = np.bincount(days.day_of_week.to_numpy(), minlength=7)
    for day, (start, end) in hours.items():
        open_[day] = occurs[day] * np.clip(np.minimum(end, np.arange(24) + 1) - np.maximum(start, np.arange(24)), 0, 1)
    found = peaks(counts, open_, seed=seed)
    case = by_document(documents, "case") if "case" in documents else pd.Series(dtype=TEXT)
    placed = pd.DataFrame({"document": when.index, "weekday": weekday, "hour": hour})
    ids = {key: own["document"].astype(TEXT).tolist() for key, own in placed.groupby(["weekday", "hour"])}
    rows = []
    for day, at in np.argwhere((open_ > 0) | (counts > 0)).tolist():
        own = ids.get((day, at), [])
        residual, p = found.residuals[day, at], found.p[day, at]
        rows.append({
            "weekday": day, "hour": at, "contacts": int(counts[day, at]),
            "respondents": len({case.get(document, document) for document in own}), "open": open_[day, at],
            "expected": found.expected[day, at], "residual": residual, "p": p,
            "verdict": _verdict(open_[day, at], residual, p), "documents": ";".join(own),
        })  # fmt: skip
    return ContactPeaks(make_table(rows, PEAKS), found, len(days) / 7, opening is None, notices, language)


def _verdict(open_: float, residual: float, p: float) -> str:
    if not open_:
        return "closed"
    if math.isnan(p) or p >= _LEVEL:
        return ""
    return "peak" if residual > 0 else "quiet"
