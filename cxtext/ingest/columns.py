"""What the columns of a table are: recognised from headings and values, or named by the user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cxtext.errors import ReadError
from cxtext.ingest.answers import is_error_cell, is_no_answer, table_words
from cxtext.ingest.options import ReadOptions

#: parts that a line "Key: value" above a transcript may play; "Respondent: anoniem" names no case
FIELD_PARTS = ("date", "time", "nps", "touchpoint", "channel", "owner", "wave")

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:\D.*)?|\d{1,2} [a-z]+\.? \d{4}(?:\D.*)?|\d{8}", re.I)
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]m)?", re.I)
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:e[-+]?\d+)?%?", re.I)
_CODE = re.compile(r"\S+@\S+|https?://\S+|\S*\d\S*|[A-Z]{1,4}|\S*_\S*")
_MOST_WORDS_OF_QUESTION = 8
_MOST_WORDS_OF_CATEGORY = 4
_MOST_LETTERS_OF_CATEGORY = 40
_FEWEST_WORDS_OF_TEXT = 3
#: a column of single words counts only when no other column has text
_ONLY_BY_HEADING = 1e-6
_FITTING = 0.8
_FITTING_NPS = 0.95


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are.

    Attributes
    ----------
    text : str
        Heading of the answers.
    parts : Mapping[str, str]
        Part to heading, without the text.
    other_text, other_nps : tuple of str
        Columns that might have been taken for it too.
    speaker, time_start, time_end : str or None
        In a table that holds conversations.
    """

    text: str
    parts: Mapping[str, str]
    other_text: tuple[str, ...] = ()
    other_nps: tuple[str, ...] = ()
    speaker: str | None = None
    time_start: str | None = None
    time_end: str | None = None


def plain_heading(heading: str) -> str:
    """Heading in the form in which the lists of ``data/columns.yaml`` have it.

    Parameters
    ----------
    heading : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain_heading("ResponseId"), plain_heading("Submit_Date (UTC)"), plain_heading("#")
    ('response id', 'submit date utc', '#')
    """
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z])", " ", heading)
    return " ".join(re.sub(r"[\W_]+", " ", spaced).split()).casefold() or heading.strip()


def recognise_columns(
    source: str, header: Sequence[str], rows: Sequence[Mapping[str, str]], options: ReadOptions
) -> Columns:
    """Find out what the columns of a table are.

    Parameters
    ----------
    source : str
        The file, for messages.
    header : sequence of str
    rows : sequence of mappings
        The first rows, heading to cell.
    options : ReadOptions

    Returns
    -------
    Columns

    Raises
    ------
    ReadError
        There is no column with text, or not the one that the user named.

    Examples
    --------
    >>> rows = [{"nr": "1", "NPS": "6", "toelichting": "Lang wachten"}]
    >>> columns = recognise_columns("a.csv", list(rows[0]), rows, ReadOptions())
    >>> columns.text, columns.parts
    ('toelichting', {'id': 'nr', 'nps': 'NPS'})
    """
    values = {name: _values(row.get(name, "") for row in rows) for name in header}
    parts = {part: _find(source, header, part, name) for part, name in options.columns.items()}
    named_text = parts.pop("text", None)
    taken = {*parts.values(), *([named_text] if named_text else [])}
    free = {name: cells for name, cells in values.items() if name not in taken}
    nps = [name for name, cells in free.items() if is_nps(name, cells)]
    if nps and "nps" not in parts:
        parts["nps"] = nps[0]
    for part in table_words()["parts"]:
        if part not in parts and (found := _recognise(part, free, rows, taken | set(parts.values()))):
            parts[part] = found
    turns = {part: _by_exact(names, free) for part, names in table_words()["turns"].items()}
    if not turns["speaker"] or not _repeats(free[turns["speaker"]]):
        turns = {}
    used = set(parts.values()) | {name for name in turns.values() if name}
    scores = {name: _text_score(name, cells, len(rows)) for name, cells in free.items() if name not in used}
    open_text = sorted((name for name, score in scores.items() if score), key=lambda name: -scores[name])
    text = named_text or next(iter(open_text), None) or _unanswered(values, used)
    if text is None:
        raise ReadError(
            source,
            f"no column with answers was recognised among {_named(header)}",
            "Name it: --text-column HEADING.",
        )
    return Columns(
        text=text,
        parts=dict(sorted(parts.items(), key=lambda item: header.index(item[1]))),
        other_text=tuple(name for name in header if scores.get(name, 0) >= 1 and name != text),
        other_nps=tuple(name for name in nps if name != parts.get("nps")),
        **turns,
    )


def is_nps(heading: str, cells: Sequence[str]) -> bool:
    """Whether a column holds the answers to the NPS question: whole numbers of 0-10 under a heading that says so.

    Parameters
    ----------
    heading : str
    cells : sequence of str
        Without missing values.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_nps("NPS", ["9", "10"]), is_nps("Rapportcijfer", ["9", "10"]), is_nps("NPS", ["9", "Promoter"])
    (True, False, False)
    """
    rules, plain = table_words()["nps"], heading.casefold()
    if not cells or not re.search(rules["heading"], plain) or re.search(rules["not"], plain):
        return False
    return _share(r"\d|10", cells) >= _FITTING_NPS


def parts_of_fields(names: Iterable[str]) -> dict[str, str]:
    """Which fields above a transcript play which part.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    dict of str to str
        Part to field.

    Examples
    --------
    >>> parts_of_fields(["Datum", "Locatie"])
    {'date': 'Datum'}
    """
    fields = {name: list[str]() for name in names}
    lists = table_words()["parts"]
    found = {part: _by_exact(lists[part]["exact"] if part in lists else [part], fields) for part in FIELD_PARTS}
    return {part: name for part, name in found.items() if name}


def _find(source: str, header: Sequence[str], part: str, name: str) -> str:
    """Find the heading that the user named."""
    for heading in header:
        if heading == name or heading.strip().casefold() == name.strip().casefold():
            return heading
    raise ReadError(
        source,
        f'there is no column "{name}"; the columns are {_named(header)}',
        f"Correct --{part}-column.",
    )


def _recognise(
    part: str, columns: Mapping[str, Sequence[str]], rows: Sequence[Mapping[str, str]], taken: set[str]
) -> str | None:
    """Column that plays a part: an exact heading first, then one that contains a word; the values have to fit."""
    rules = table_words()["parts"][part]
    open_to_all = {name: cells for name, cells in columns.items() if name not in taken or part == "case"}
    by_word = [
        name
        for name in open_to_all
        if (words := plain_heading(name).split())
        and len(words) <= _MOST_WORDS_OF_QUESTION
        and set(words) & set(rules.get("contains", ()))
        and plain_heading(name) not in rules.get("not", ())
    ]
    by_name = [name for wanted in rules["exact"] for name in open_to_all if plain_heading(name) == wanted]
    return next((name for name in [*by_name, *by_word] if _fits(part, columns[name], name, rows)), None)


def _fits(part: str, cells: Sequence[str], name: str, rows: Sequence[Mapping[str, str]]) -> bool:
    """Whether the values of a column can play a part."""
    if not cells:
        return False
    if part == "date":
        return _share(_DATE, cells) >= _FITTING
    if part == "time":
        return _share(_TIME, cells) >= _FITTING
    if part == "id":
        return len(set(cells)) == len(cells)
    if part == "document":
        following = [row.get(name, "") for row in rows]
        return any(a == b != "" for a, b in pairwise(following))
    if part == "case":
        return all(len(cell) <= _MOST_LETTERS_OF_CATEGORY for cell in cells)
    short = [len(c.split()) <= _MOST_WORDS_OF_CATEGORY and len(c) <= _MOST_LETTERS_OF_CATEGORY for c in cells]
    return sum(short) >= _FITTING * len(cells)


def _by_exact(wanted: Sequence[str], columns: Mapping[str, Sequence[str]]) -> str | None:
    return next((name for form in wanted for name in columns if plain_heading(name) == form), None)


def _repeats(cells: Sequence[str]) -> bool:
    """Whether there are at least two values, one of which occurs again."""
    return 1 < len(set(cells)) < len(cells)


def _text_score(name: str, cells: Sequence[str], rows: int) -> float:
    """How much a column looks like open answers: letters per row, more under a telling heading; 0 for none."""
    texts = [cell for cell in cells if not _CODE.fullmatch(cell) and not _DATE.fullmatch(cell)]
    rules, plain = table_words()["text"], plain_heading(name)
    letters = sum(map(len, texts)) / max(rows, 1)
    if plain in rules["exact"]:
        return 20 * letters
    if not texts or _share(_NUMBER, cells) > 1 - _FITTING or _share(_DATE, cells) > 1 - _FITTING:
        return 0.0
    words = sum(len(text.split()) for text in texts) / len(texts)
    telling = set(plain.split()) & set(rules["contains"]) or any(part in plain for part in rules["inside"])
    if telling:
        return (4 if words > 1 else _ONLY_BY_HEADING) * letters
    return letters if words >= _FEWEST_WORDS_OF_TEXT else 0.0


def _unanswered(columns: Mapping[str, Sequence[str]], used: set[str]) -> str | None:
    """Find a column that is named as one of answers, without a single answer in it."""
    rules = table_words()["text"]
    empty = [name for name, cells in columns.items() if not cells and name not in used]
    plain = {name: plain_heading(name) for name in empty}
    return next((n for n in empty if plain[n] in rules["exact"] or any(w in plain[n] for w in rules["inside"])), None)


def _values(cells: Iterable[str]) -> list[str]:
    return [cell.strip() for cell in cells if not is_no_answer(cell) and not is_error_cell(cell)]


def _share(pattern: str | re.Pattern[str], cells: Sequence[str]) -> float:
    return sum(re.fullmatch(pattern, cell) is not None for cell in cells) / max(len(cells), 1)


def _named(header: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in header[:40])
    return f"{shown} and {len(header) - 40} more" if len(header) > 40 else shown
