"""The register of actions: what is done with what respondents said, by whom, when, and whom it was told back to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cxtext.cells import original_cell
from cxtext.codebook.files import read_rows
from cxtext.errors import OptionError, ReadError
from cxtext.project import schema
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project.history import Writer
    from cxtext.project.project import Project

ACTIONS: dict[str, str] = dict.fromkeys(
    ("action", "theme", "text", "owner", "date", "status", "done", "told", "note"), TEXT
)
#: an action that will not be carried out is an answer too; its note says why
STATUSES = ("planned", "doing", "done", "declined")

_KEY = "actions"
_HEADINGS = {
    "nummer": "action", "thema": "theme", "actie": "text", "eigenaar": "owner", "wanneer": "date", "datum": "date",
    "gereed": "done", "teruggekoppeld aan": "told", "teruggekoppeld": "told", "toelichting": "note", "number": "action",
    "when": "date", "told to": "told",
}  # fmt: skip
_STATUSES = {"gepland": "planned", "bezig": "doing", "mee bezig": "doing", "gereed": "done", "klaar": "done",
             "niet": "declined", "gaat niet door": "declined", "": "planned"}  # fmt: skip
_DATES = ("date", "done")


def read_actions(project: Project) -> pd.DataFrame:
    """Actions of a study, in order.

    Parameters
    ----------
    project : Project

    Returns
    -------
    pandas.DataFrame
        Columns `ACTIONS`: number, ``theme`` it answers (its name or id), ``text``, ``owner``, ``date`` by which it is
        due, ``status`` (`STATUSES`), date on which it was ``done``, ``told`` (respondents or themes it was told back
        to, with the date, joined by ``;``) and a ``note``. Dates are written 2025-03-31.
    """
    return make_table(project.settings.get(_KEY) or [], ACTIONS)


def add_action(project: Project, text: str, *, theme: str = "", owner: str = "", date: str = "", note: str = "") -> str:
    """Put an action on the register.

    Parameters
    ----------
    project : Project
    text : str
        What will be done, as respondents may read it.
    theme : str
        Name or id of the theme that it answers; empty for all respondents.
    owner, date, note : str

    Returns
    -------
    str
        Its number.

    Raises
    ------
    OptionError
        It has no text, or the date is none.
    """
    row = checked_action({"text": text, "theme": theme, "owner": owner, "date": date, "note": note})
    with project.change("action") as writer:
        rows = _rows(writer)
        row["action"] = _next(rows)
        _write(writer, [*rows, row])
        writer.summary = f"{row['action']} added: {row['text']}"
    return row["action"]


def change_actions(project: Project, numbers: Collection[str], **values: str) -> int:
    """Give actions other values; returns how many are different now.

    Parameters
    ----------
    project : Project
    numbers : collection of str
    **values : str
        Columns of `ACTIONS`, such as ``status="done"``; then ``done`` is today where it is not given.

    Raises
    ------
    OptionError
        There is no such action or status, or a date is none.
    """
    if values.get("status") == "done":
        values = {"done": date.today().isoformat(), **values}
    with project.change("action") as writer:
        rows = _rows(writer)
        _known(rows, numbers)
        new = [checked_action({**row, **values}) if row["action"] in numbers else row for row in rows]
        changed = sum(old != row for old, row in zip(rows, new, strict=True))
        if changed:
            _write(writer, new)
        told = ", ".join(f"{name} {value}" for name, value in values.items())
        writer.summary = f"{', '.join(sorted(numbers))}: {told}"
    return changed


def tell_actions(project: Project, numbers: Collection[str], whom: Sequence[str], *, on: str = "") -> int:
    """Note that actions were told back to respondents (or the readers of a theme's letter); returns how many changed.

    Parameters
    ----------
    project : Project
    numbers : collection of str
    whom : sequence of str
        Who was told; somebody who was told before is noted once, with the last date.
    on : str
        Date; today where it is left out.

    Raises
    ------
    OptionError
        There is no such action, nobody is named, a name holds a semicolon, or the date is none.
    """
    names = [name.strip() for name in whom]
    if not names or any(not name or ";" in name for name in names):
        msg = "Say whom it was told to: the id of a respondent, or the name of a theme, without a semicolon."
        raise OptionError(msg)
    on = checked_date(on or date.today().isoformat(), "the date on which it was told")
    with project.change("action") as writer:
        rows = _rows(writer)
        _known(rows, numbers)
        new = [{**row, "told": _told(row["told"], names, on)} if row["action"] in numbers else row for row in rows]
        changed = sum(old != row for old, row in zip(rows, new, strict=True))
        if changed:
            _write(writer, new)
        writer.summary = f"{', '.join(sorted(numbers))} told to {', '.join(names)} on {on}"
    return changed


def drop_actions(project: Project, numbers: Collection[str]) -> None:
    """Take actions off the register, by number.

    Raises
    ------
    OptionError
        There is no such action.
    """
    with project.change("action") as writer:
        rows = _rows(writer)
        _known(rows, numbers)
        _write(writer, [row for row in rows if row["action"] not in numbers])
        writer.summary = f"{', '.join(sorted(numbers))} dropped"


def put_actions(project: Project, actions: pd.DataFrame) -> tuple[int, int, int]:
    """Put a register that was edited in the place of that of the study.

    Parameters
    ----------
    project : Project
    actions : pandas.DataFrame
        Columns `ACTIONS`, as `load_actions` gives; an action without a number is new.

    Returns
    -------
    tuple of int
        How many are new, changed and gone.
    """
    with project.change("action") as writer:
        before = {row["action"]: row for row in _rows(writer)}
        new: list[dict[str, str]] = []
        for record in actions.to_dict("records"):
            row = {str(name): value for name, value in record.items()}
            new.append({**row, "action": row["action"] or _next([*before.values(), *new])})
        ids = {row["action"] for row in new}
        added, gone = sum(id not in before for id in ids), sum(id not in ids for id in before)
        changed = sum(row["action"] in before and row != before[row["action"]] for row in new)
        if added or gone or changed:
            _write(writer, new)
        writer.summary = f"{added} added, {changed} changed, {gone} dropped"
    return added, changed, gone


def load_actions(path: str | Path) -> pd.DataFrame:
    """Read a register that a person keeps in a spreadsheet program.

    Parameters
    ----------
    path : str or pathlib.Path
        ``.csv`` or ``.xlsx``, with headings in Dutch or English: at least ``text`` (or ``actie``).

    Returns
    -------
    pandas.DataFrame
        Columns `ACTIONS`.

    Raises
    ------
    ReadError
        It cannot be read, or a row is no action; the message names the row.
    """
    path = Path(path)
    rows = [list(map(str.strip, row)) for row in read_rows(path)]
    known = {name: name for name in ACTIONS} | _HEADINGS
    header = [known.get(name.casefold(), "") for name in rows[0]] if rows else []
    if twice := [name for name in header if name and header.count(name) > 1]:
        raise ReadError(str(path), f"two columns are the {twice[0]!r} of an action", "Keep one of them.")
    if "text" not in header:
        advice = f"Give the columns {', '.join(ACTIONS)}; cxtext actions list -o FILE writes them."
        raise ReadError(str(path), "it has no column 'text' (or 'actie')", advice)
    found: list[dict[str, str]] = []
    for number, cells in enumerate(rows[1:], start=2):
        row = {name: original_cell(cell) for name, cell in zip(header, cells, strict=False) if name}
        if not any(row.values()):
            continue
        try:
            found.append(checked_action(row))
        except OptionError as error:
            raise ReadError(str(path), f"row {number}: {error}", "Correct it and try again.") from error
        if (own := found[-1]["action"]) and any(row["action"] == own for row in found[:-1]):
            raise ReadError(str(path), f"row {number}: number {own} is there twice", "Leave it empty for a new action.")
    return make_table(found, ACTIONS)


def checked_action(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of the register, tidied.

    Parameters
    ----------
    row : mapping

    Returns
    -------
    dict of str to str
        All columns of `ACTIONS`.

    Raises
    ------
    OptionError
        It has no text, an unknown status, or a date that is none.

    Examples
    --------
    >>> checked_action({"text": "Terugbellen ", "status": "bezig", "date": "1-4-2025"})["date"]
    '2025-04-01'
    """
    action = {name: " ".join(str(row.get(name) or "").split()) for name in ACTIONS}
    if not action["text"]:
        raise OptionError("An action needs a text: what will be done.")
    status = action["status"].casefold()
    action["status"] = _STATUSES.get(status, status)
    if action["status"] not in STATUSES:
        msg = f"{action['status']!r} is no status of an action. Choose one of: {', '.join(STATUSES)}."
        raise OptionError(msg)
    for name in _DATES:
        action[name] = checked_date(action[name], f"the {name!r} of an action")
    if action["status"] != "done":
        action["done"] = ""
    return action


def checked_date(text: str, what: str) -> str:
    """A date as 2025-03-31; day before month where it is written with the year last, and ``""`` stays.

    Parameters
    ----------
    text : str
    what : str
        For the error.

    Returns
    -------
    str

    Raises
    ------
    OptionError
        It is no date.

    Examples
    --------
    >>> checked_date("31/3/2025", "it"), checked_date("", "it")
    ('2025-03-31', '')
    """
    parts = text.split(" ")[0].replace("/", "-").split("-") if text else []
    if not parts:
        return ""
    try:
        year, month, day = map(int, parts if len(parts[0]) == 4 else reversed(parts))
        return date(year, month, day).isoformat()
    except ValueError as error:
        msg = f"{text!r} is no date ({what}). Write it as 31-3-2025 or 2025-03-31."
        raise OptionError(msg) from error


def _rows(writer: Writer) -> list[dict[str, str]]:
    """The register, read in the transaction that changes it."""
    kept = writer.connection.execute(select(schema.settings.c.value).where(schema.settings.c.id == _KEY)).scalar()
    return [{name: str(row.get(name, "")) for name in ACTIONS} for row in kept or []]


def _write(writer: Writer, rows: list[dict[str, str]]) -> None:
    if _KEY in writer.rows("settings", [_KEY]):
        writer.update("settings", {_KEY: {"value": rows}})
    else:
        writer.insert("settings", [{"id": _KEY, "value": rows}])


def _next(rows: Iterable[Mapping[str, str]]) -> str:
    return str(1 + max((int(row["action"]) for row in rows if row["action"].isdigit()), default=0))


def _known(rows: Iterable[Mapping[str, str]], numbers: Collection[str]) -> None:
    there = [row["action"] for row in rows]
    if missing := [number for number in numbers if number not in there]:
        known = ", ".join(there) or "none; add one with cxtext actions add"
        msg = f"There is no action {missing[0]}. There are: {known}."
        raise OptionError(msg)


def _told(before: str, names: Sequence[str], on: str) -> str:
    kept = [part for part in filter(None, map(str.strip, before.split(";"))) if part.rsplit(" ", 1)[0] not in names]
    return "; ".join([*kept, *(f"{name} {on}" for name in dict.fromkeys(names))])
