"""What the columns of a table are: recognised from headings and values, or named by the user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cxtext.errors import ReadError
from cxtext.ingest.answers import is_error_cell, is_no_answer, table_words
from cxtext.ingest.options import ReadOptions

#: parts that a line "Key: value" above a transcript may play; "Respondent: anoniem" names no case
FIELD_PARTS = ("date", "time", "nps", "touchpoint", "channel", "owner", "wave")

#: how LimeSurvey writes the answers 0-10 where it exports codes
ANSWER_CODE = r"A(\d|10)"

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
#: other open questions: the share of different answers counts from so many answers on
_FEWEST_TO_COMPARE = 5
_FEWEST_WORDS_OF_ANSWER = 6
_FITTING = 0.8
_FITTING_NPS = 0.95


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are.

    Attributes
    ----------
    texts : tuple of str
        Headings of the answers, one per open question.
    parts : Mapping[str, str]
        Part to heading, without the text.
    moments : Mapping[str, tuple of (str, str)]
        Where every open question has an NPS of its own: its heading to the heading of the NPS and the moment
        (``"toelichting_hermeting": ("nps_hermeting", "hermeting")``).
    other_text, other_nps : tuple of str
        Columns that might have been taken for it too.
    speaker, time_start, time_end : str or None
        In a table that holds conversations.
    """

    texts: tuple[str, ...]
    parts: Mapping[str, str]
    moments: Mapping[str, tuple[str, str]] = field(default_factory=dict)
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


def titles_of(header: Iterable[str], questions: Mapping[str, str]) -> dict[str, list[str]]:
    """Forms in which a column may be known: its heading, and the question where the file has one beside it.

    Parameters
    ----------
    header : iterable of str
    questions : Mapping[str, str]
        Heading to question.

    Returns
    -------
    dict of str to list of str

    Examples
    --------
    >>> titles_of(["Q2"], {"Q2": "Waarom geeft u dit cijfer?"})
    {'Q2': ['Q2', 'Waarom geeft u dit cijfer?']}
    """
    return {name: [name, *([questions[name]] if name in questions else [])] for name in header}


def recognise_columns(
    source: str,
    header: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    options: ReadOptions,
    questions: Mapping[str, str] | None = None,
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
    questions : Mapping[str, str], optional
        Heading to question, where the file has both.

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
    >>> columns.texts, columns.parts
    (('toelichting',), {'id': 'nr', 'nps': 'NPS'})
    """
    titles = titles_of(header, questions or {})
    values = {name: _values(row.get(name, "") for row in rows) for name in header}
    parts = {part: _find(source, titles, part, name) for part, name in options.columns.items()}
    named = tuple(dict.fromkeys(_find(source, titles, "text", name) for name in options.text_column))
    taken = {*parts.values(), *named}
    free = {name: cells for name, cells in values.items() if name not in taken}
    nps = [name for name, cells in free.items() if any(is_nps(title, cells) for title in titles[name])]
    if nps and "nps" not in parts:
        parts["nps"] = nps[0]
    for part in table_words()["parts"]:
        if part not in parts and (found := _recognise(part, free, titles, rows, taken | set(parts.values()))):
            parts[part] = found
    turns = {part: _by_exact(names, free) for part, names in table_words()["turns"].items()}
    if not turns["speaker"] or not _repeats(free[turns["speaker"]]):
        turns = {}
    used = set(parts.values()) | {name for name in turns.values() if name}
    open_to_text = {name: cells for name, cells in free.items() if name not in used}
    scores = {
        name: max(_text_score(title, cells, len(rows)) for title in titles[name])
        for name, cells in open_to_text.items()
    }
    best = max(scores, key=lambda name: scores[name], default=None)
    first = best if best is not None and scores[best] else _unanswered(values, titles, used)
    if not named and first is None:
        raise ReadError(
            source,
            f"no column with answers was recognised among {_named(header)}",
            "Name it: --text-column HEADING.",
        )
    several = not turns and "document" not in parts
    texts = named or tuple(
        name
        for name in header
        if name == first or (several and scores.get(name, 0) >= 1 and _is_question(titles[name], values[name]))
    )
    moments = _moments(texts, nps, titles) if "nps" not in options.columns else {}
    in_moments = {heading for heading, _ in moments.values()}
    return Columns(
        texts=texts,
        parts=dict(sorted(parts.items(), key=lambda item: header.index(item[1]))),
        moments=moments,
        other_text=tuple(name for name in header if scores.get(name, 0) >= 1 and name not in texts),
        other_nps=tuple(name for name in nps if name not in (parts.get("nps"), *in_moments)),
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
    given = [cell for cell in cells if cell not in rules["missing"]]
    if not given or not re.search(rules["heading"], plain) or re.search(rules["not"], plain):
        return False
    return _share(r"\d|10", given) >= _FITTING_NPS or _share(ANSWER_CODE, given) == 1


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


def _find(source: str, titles: Mapping[str, Sequence[str]], part: str, name: str) -> str:
    """Find the heading that the user named, by itself or by its question."""
    plain = name.strip().casefold()
    for heading, forms in titles.items():
        if name in forms or plain in {form.strip().casefold() for form in forms}:
            return heading
    raise ReadError(
        source,
        f'there is no column "{name}"; the columns are {_named(list(titles))}',
        f"Correct --{part}-column.",
    )


def _recognise(
    part: str,
    columns: Mapping[str, Sequence[str]],
    titles: Mapping[str, Sequence[str]],
    rows: Sequence[Mapping[str, str]],
    taken: set[str],
) -> str | None:
    """Column that plays a part: an exact heading first, then one that contains a word; the values have to fit."""
    rules = table_words()["parts"][part]
    open_to_all = {name: cells for name, cells in columns.items() if name not in taken or part == "case"}
    plain = {name: [plain_heading(title) for title in titles[name]] for name in open_to_all}
    by_word = [
        name
        for name, forms in plain.items()
        if any(
            form
            and len(form.split()) <= _MOST_WORDS_OF_QUESTION
            and set(form.split()) & set(rules.get("contains", ()))
            and form not in rules.get("not", ())
            for form in forms
        )
    ]
    by_name = [name for wanted in rules["exact"] for name, forms in plain.items() if wanted in forms]
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
    letters = sum(map(len, texts)) / max(rows, 1)
    if plain_heading(name) in table_words()["text"]["exact"]:
        return 20 * letters
    if not texts or _share(_NUMBER, cells) > 1 - _FITTING or _share(_DATE, cells) > 1 - _FITTING:
        return 0.0
    words = sum(len(text.split()) for text in texts) / len(texts)
    if _is_telling(name):
        return (4 if words > 1 else _ONLY_BY_HEADING) * letters
    return letters if words >= _FEWEST_WORDS_OF_TEXT else 0.0


def _is_question(titles: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a column beside the first holds answers to another open question, and no names, places or labels."""
    different = len(set(cells)) > _FITTING * len(cells) or len(cells) < _FEWEST_TO_COMPARE
    words = sum(len(cell.split()) for cell in cells) / max(len(cells), 1)
    asked = any(_is_telling(title) or title.rstrip().endswith("?") for title in titles)
    return different and (asked or words >= _FEWEST_WORDS_OF_ANSWER)


def _is_telling(heading: str) -> bool:
    rules, plain = table_words()["text"], plain_heading(heading)
    return (
        plain in rules["exact"]
        or bool(set(plain.split()) & set(rules["contains"]))
        or any(part in plain for part in rules["inside"])
    )


def _moments(
    texts: Sequence[str], nps: Sequence[str], titles: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, str]]:
    """Pair every open question with the NPS of the same moment, where all have one (a wide table)."""
    if len(texts) < 2 or len(nps) < 2:
        return {}
    asked = {_moment(name, telling=False): name for name in reversed(nps)}
    pairs = {name: _moment(name, telling=True) for name in texts}
    if "" in pairs.values() or not set(pairs.values()) <= set(asked):
        return {}
    return {name: (asked[moment], moment) for name, moment in pairs.items()}


def _moment(heading: str, *, telling: bool) -> str:
    """What is left of a heading without the words that say what kind of column it is."""
    rules = table_words()
    words = plain_heading(heading).split()
    if telling:
        return " ".join(word for word in words if not _is_telling(word))
    return " ".join(word for word in words if not re.search(rules["nps"]["heading"], word))


def _unanswered(
    columns: Mapping[str, Sequence[str]], titles: Mapping[str, Sequence[str]], used: set[str]
) -> str | None:
    """Find a column that is named as one of answers, without a single answer in it."""
    empty = [name for name, cells in columns.items() if not cells and name not in used]
    return next((name for name in empty if any(_is_telling(title) for title in titles[name])), None)


def _values(cells: Iterable[str]) -> list[str]:
    return [cell.strip() for cell in cells if not is_no_answer(cell) and not is_error_cell(cell)]


def _share(pattern: str | re.Pattern[str], cells: Sequence[str]) -> float:
    return sum(re.fullmatch(pattern, cell) is not None for cell in cells) / max(len(cells), 1)


def _named(header: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in header[:40])
    return f"{shown} and {len(header) - 40} more" if len(header) > 40 else shown
