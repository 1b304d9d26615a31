"""Times of a recording, in the ways that transcripts write them."""

from __future__ import annotations

import re

#: ``m:ss``, ``h:mm:ss``, with decimals, and the tenths of f4 (``00:00:12-3``)
TIME = r"\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3}|-\d)?"
_RANGE = rf"{TIME}(?:\s*(?:-->|-|–)\s*{TIME})?"
#: a time in square brackets or between the hashes of f4
STAMP = rf"\[\s*{_RANGE}\s*\]|#{TIME}#"
#: a time beside a speaker's name may also stand in round brackets or bare
LABEL_TIME = rf"{STAMP}|\(\s*{_RANGE}\s*\)|{TIME}"

_TIME = re.compile(TIME)
_STAMP = re.compile(rf"\s*(?:{STAMP})\s*")


def parse_time(text: str) -> float:
    """Seconds of one time.

    Parameters
    ----------
    text : str
        Such as ``"0:03"``, ``"01:02:03,250"`` or ``"00:00:12-3"``.

    Returns
    -------
    float

    Examples
    --------
    >>> parse_time("1:02:03.5"), parse_time("00:00:12-3")
    (3723.5, 12.3)
    """
    seconds = 0.0
    for part in re.split(":", re.sub("[-,]", ".", text)):
        seconds = seconds * 60 + float(part)
    return round(seconds, 3)


def find_times(text: str) -> tuple[float | None, float | None]:
    """First time in a text and the one after it.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of (float or None, float or None)

    Examples
    --------
    >>> find_times("[00:05 - 00:09]"), find_times("")
    ((5.0, 9.0), (None, None))
    """
    first, second, *_ = (*(parse_time(time) for time in _TIME.findall(text)[:2]), None, None)
    return first, second


def take_stamps(text: str) -> tuple[str, float | None, float | None]:
    """Take the times out of a line of speech.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    tuple of (str, float or None, float or None)
        The line without stamps; the time it starts with; the time it ends with.

    Examples
    --------
    >>> take_stamps("Niemand wist het. #00:00:31-0#")
    ('Niemand wist het.', None, 31.0)
    """
    stamps = list(_STAMP.finditer(text))
    if not stamps:
        return text.strip(), None, None
    start = end = None
    if not text[: stamps[0].start()].strip():
        start, end = find_times(stamps[0].group())
    if not text[stamps[-1].end() :].strip() and text[: stamps[-1].start()].strip():
        first, second = find_times(stamps[-1].group())
        end = second or first
    return _STAMP.sub(" ", text).strip(), start, end
