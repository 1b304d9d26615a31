"""Questions with several answers: one column per option in the file, one attribute in the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cxtext.ingest.answers import table_words

_OPTION = re.compile(r"(?P<stem>.*\S)\s*\[(?P<option>[^\[\]]+)\]|(?P<r_stem>\w+)\.(?P<r_option>SQ\w+|other)\.")
_FEWEST_OPTIONS = 2
_BETWEEN = "; "


@dataclass(frozen=True)
class Choice:
    """A question of which every option has a column.

    Attributes
    ----------
    question : str
        Heading of the attribute that the columns become.
    options : Mapping[str, str]
        Heading of a column to its option.
    """

    question: str
    options: Mapping[str, str]

    def value(self, cells: Mapping[str, str]) -> str:
        """The options that a row has, in their order; what was typed under "other" as it is."""
        words = table_words()["choices"]
        chosen = []
        for heading, option in self.options.items():
            cell = cells.get(heading, "").strip()
            if cell.casefold() in words["yes"]:
                chosen.append(option)
            elif cell and cell.casefold() not in words["no"]:
                chosen.append(cell)
        return _BETWEEN.join(chosen)


def find_choices(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[Choice]:
    """Find the questions with a column per option.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of mappings
        The first rows, heading to cell.

    Returns
    -------
    list of Choice
        Columns ``Question [Option]`` with yes, no or the option in them (LimeSurvey, SurveyMonkey), and columns side by
        side that hold nothing but their own heading (Typeform). Ratings per option stay as they are.

    Examples
    --------
    >>> header = ["Kanaal? [Website]", "Kanaal? [Telefoon]"]
    >>> (choice,) = find_choices(header, [{"Kanaal? [Website]": "Ja", "Kanaal? [Telefoon]": "Nee"}])
    >>> choice.question, choice.value({"Kanaal? [Website]": "Ja", "Kanaal? [Telefoon]": "Ja"})
    ('Kanaal?', 'Website; Telefoon')
    """
    values = {name: {row.get(name, "").strip() for row in rows} - {""} for name in header}
    groups: dict[str, dict[str, str]] = {}
    for name in header:
        if match := _OPTION.fullmatch(name):
            stem, option = match["stem"] or match["r_stem"], match["option"] or match["r_option"]
            groups.setdefault(stem, {})[name] = option
    choices = [
        Choice(stem, options)
        for stem, options in groups.items()
        if stem not in values and len(options) >= _FEWEST_OPTIONS and _are_choices(options, values)
    ]
    for own, run in groupby(header, key=lambda name: values[name] == {name}):
        if own and len(options := list(run)) >= _FEWEST_OPTIONS:
            last = header.index(options[-1]) + 1
            if last < len(header) and header[last].casefold() in table_words()["choices"]["other"]:
                options.append(header[last])
            choices.append(Choice(" / ".join(options), {name: name for name in options}))
    return choices


def merge_choices(cells: Mapping[str, str], choices: Iterable[Choice]) -> dict[str, str]:
    """Put one cell per question in the place of its first option."""
    first = {next(iter(choice.options)): choice for choice in choices}
    gone = {name for choice in first.values() for name in choice.options}
    merged: dict[str, str] = {}
    for name, cell in cells.items():
        if name in first:
            merged[first[name].question] = first[name].value(cells)
        elif name not in gone:
            merged[name] = cell
    return merged


def merge_header(header: Sequence[str], choices: Iterable[Choice]) -> list[str]:
    """Headings after `merge_choices`."""
    return list(merge_choices(dict.fromkeys(header, ""), choices))


def _are_choices(options: Mapping[str, str], values: Mapping[str, set[str]]) -> bool:
    """Whether the columns hold yes, no or their own option; under "other" anything may stand."""
    words = table_words()["choices"]
    seen = False
    for name, option in options.items():
        if option.casefold() in words["other"]:
            continue
        plain = {value.casefold() for value in values[name]}
        seen = seen or bool(plain)
        if not plain <= {*words["yes"], *words["no"], option.casefold()}:
            return False
    return seen
