"""How results show themselves in a notebook: a line, a table and what to know, without scripts, all texts escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from cxtext import palette

#: rows of a table that are shown
MOST_ROWS = 20
_CELL = f"border:1px solid {palette.LINE};padding:.3em .6em;vertical-align:top;text-align:"


def html_table(
    rows: Iterable[Mapping[Any, Any]],
    columns: Sequence[str],
    *,
    head: str = "",
    notes: Sequence[str] = (),
    most: int = MOST_ROWS,
) -> str:
    """Show rows as a table with a line above and notes below it.

    Parameters
    ----------
    rows : iterable of mappings
        Such as ``table.to_dict("records")``.
    columns : sequence of str
        Those to show, in this order; one in which no row has anything is left out.
    head : str
    notes : sequence of str
    most : int
        Rows that are shown; a note tells how many there are.

    Returns
    -------
    str
        HTML. Fractions have two decimals; what is missing is a dash.

    Examples
    --------
    >>> "<td" in html_table([{"name": "wachten", "share": 0.25}], ["name", "share"], head="1 < 2")
    True
    """
    every = list(rows)
    kept = [column for column in columns if any(_filled(row.get(column)) for row in every)]
    cells = "".join(f"<tr>{''.join(_cell(row.get(column)) for column in kept)}</tr>" for row in every[:most])
    names = "".join(f'<th style="{_CELL}left">{escape(column)}</th>' for column in kept)
    table = f'<table style="border-collapse:collapse;font-size:13px"><tr>{names}</tr>{cells}</table>' if kept else ""
    cut = [f"The first {most} of {len(every)} rows."] if len(every) > most else []
    told = "".join(f"<li>{escape(note)}</li>" for note in [*cut, *notes])
    return (f"<p>{escape(head)}</p>" if head else "") + table + (f"<ul>{told}</ul>" if told else "")


def _filled(value: Any) -> bool:
    return value is not None and value != "" and value == value


def _cell(value: Any) -> str:
    if not _filled(value):
        return f'<td style="{_CELL}left">{"" if value == "" else "–"}</td>'
    if isinstance(value, float):
        return f'<td style="{_CELL}right">{value:.2f}</td>'
    side = "right" if isinstance(value, int) and not isinstance(value, bool) else "left"
    return f'<td style="{_CELL}{side}">{escape(str(value))}</td>'
