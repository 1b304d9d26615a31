"""One line of a transcript: who it says is speaking, when, and what is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cxtext.ingest.speakers import LONGEST_LABEL, label_kind
from cxtext.ingest.times import LABEL_TIME, STAMP, TIME, find_times

#: how a line shows its speaker: ``Name: text``, ``Name  0:03``, ``00:00:03 Name``, the name alone, in bold before
#: the text, or in a table's cell
Style = Literal["colon", "time after", "time before", "alone", "bold", "cell"]


@dataclass(frozen=True)
class Line:
    """One line as a reader sees it.

    Attributes
    ----------
    text : str
        Without space around it.
    bold : str
        The part in bold type that it begins with, with a time before it.
    heading : bool
        It is a heading of the layout.
    speaker : str
        The speaker, where the layout itself says so (the first cell of a table row).
    """

    text: str
    bold: str = ""
    heading: bool = False
    speaker: str = ""


@dataclass(frozen=True)
class Label:
    """What may be the label of a turn.

    Attributes
    ----------
    name : str
    rest : str
        What stands behind the label on the line.
    style : Style
    time_start, time_end : float or None
    """

    name: str
    rest: str
    style: Style
    time_start: float | None = None
    time_end: float | None = None


_BEFORE = re.compile(rf"^(?:(?P<stamp>{STAMP}|\(\s*{TIME}\s*\))|(?P<time>{TIME}))\s*(?:[-–—]\s+)?(?=\S)")
_COLON = re.compile(rf"^(?P<name>[^:\t]{{1,{LONGEST_LABEL}}}?)\s*(?P<time>{LABEL_TIME})?\s*:(?!//)(?P<rest>.*)$")
_AFTER = re.compile(rf"^(?P<name>[^:\t]{{1,{LONGEST_LABEL}}}?)(?:\s+|(?=[\[(#]))(?P<time>{LABEL_TIME})$")
_TABBED = re.compile(rf"^(?P<name>[^:\t]{{1,{LONGEST_LABEL}}}?)\t+(?P<rest>\S.*)$")


def find_label(line: Line) -> Label | None:
    """Find what may be the speaker's label on a line; whether it is one, the whole file tells.

    Parameters
    ----------
    line : Line

    Returns
    -------
    Label or None

    Examples
    --------
    >>> find_label(Line("[00:01:23] Interviewer: En toen?"))
    Label(name='Interviewer', rest='En toen?', style='colon', time_start=83.0, time_end=None)
    >>> find_label(Line("Noor Visser   0:03")).style
    'time after'
    """
    text, bold, start, end = line.text, line.bold, None, None
    if line.speaker:
        rest, start, end = _time_before(text)
        return Label(line.speaker, rest, "cell", start, end)
    stamped = _BEFORE.match(text)
    if stamped:
        start, end = find_times(stamped.group())
        text, bold = text[stamped.end() :], bold[stamped.end() :]
    if match := _AFTER.match(text):
        return _label(match["name"], "", "time after", *find_times(match["time"]))
    if match := _COLON.match(text):
        name, rest = match["name"], match["rest"]
        if match["time"]:
            start, end = find_times(match["time"])
        if rest[:1].strip() == "" or label_kind(_clean(name)) or bold:
            return _label(name, rest, "colon", start, end)
        return None
    if (match := _TABBED.match(text)) and label_kind(_clean(match["name"])):
        return _label(match["name"], match["rest"], "colon", start, end)
    if bold and len(bold) < min(len(text), LONGEST_LABEL):
        return _label(bold, text[len(bold) :], "bold", start, end)
    if len(text) <= LONGEST_LABEL:
        return _label(text, "", "time before" if stamped else "alone", start, end)
    return None


def _time_before(text: str) -> tuple[str, float | None, float | None]:
    if match := _BEFORE.match(text):
        return (text[match.end() :], *find_times(match.group()))
    return text, None, None


def _clean(name: str) -> str:
    return " ".join(name.rstrip(" :\t").split())


def _label(name: str, rest: str, style: Style, start: float | None, end: float | None) -> Label | None:
    name = _clean(name)
    return Label(name, rest.strip(), style, start, end) if name else None
