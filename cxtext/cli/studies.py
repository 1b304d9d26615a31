"""Options and habits of the commands that work in a study file."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cxtext.cli.options import say

if TYPE_CHECKING:
    from cxtext.exchange.refi.report import ExchangeReport
    from cxtext.project import Project
    from cxtext.project.history import Entry

study_argument = click.argument("study", metavar="STUDY")
coder_option = click.option(
    "--coder",
    envvar="CXTEXT_CODER",
    default=lambda: login_name(),
    show_default="your login name",
    metavar="NAME",
    help="Who works: the name that codings and the log get; or set CXTEXT_CODER.",
)

report_option = click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Write what was kept, changed and dropped, element by element.",
)


def is_study(place: str) -> bool:
    """Whether an input is a study, by its name."""
    return place.endswith(".cxt") or is_url(place)


def is_url(place: str) -> bool:
    """Whether a study is on a server, and not in a file."""
    return "://" in place


def studies_in(inputs: Iterable[Path]) -> list[str]:
    """The studies among what a command was given, as they were typed.

    Parameters
    ----------
    inputs : iterable of pathlib.Path
        A path has lost one of the slashes of a URL.

    Returns
    -------
    list of str

    Examples
    --------
    >>> studies_in([Path("a.csv"), Path("study.cxt"), Path("postgresql://noor@host/study")])
    ['study.cxt', 'postgresql://noor@host/study']
    """
    names = (re.sub(r"^(postgres[\w+]*):/+", r"\1://", path.as_posix()) for path in inputs)
    return [name for name in names if is_study(name)]


def open_study(study: str, coder: str) -> Project:
    """Open the study that a command is about.

    Parameters
    ----------
    study : str
        The file, or the URL of a database.
    coder : str

    Returns
    -------
    Project

    Raises
    ------
    ReadError
        It cannot be opened.
    """
    from cxtext.project import Project

    return Project.open(study, coder=coder)


def sees(project: Project) -> str | None:
    """Whose view of the codings holds: that of the coder at work where the study is coded blind, else everybody's."""
    return project.seen_by


def tell_exchange(report: ExchangeReport, place: Path | None, *, quiet: bool) -> None:
    """Say what came through an exchange and what did not; all of it goes to a csv file where one is named."""
    say("\n".join(report.lines()), quiet=quiet)
    if place:
        from cxtext.files import write_file
        from cxtext.report.csvs import write_csv

        write_file(place, lambda part: write_csv(report.table, part, language="en"))
        say(f"Report: {place}", quiet=quiet)


def login_name() -> str:
    """Name of the person at this computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return "researcher"


def tell_turned(entries: list[Entry], done: str, nothing: str) -> None:
    """Say which changes were undone, or done again."""
    if not entries:
        click.echo(nothing)
        return
    first = min(entries, key=lambda entry: entry.number)
    more = f" and {len(entries) - 1} more of the same run" if len(entries) > 1 else ""
    click.echo(f"{done}: {first.action}, {first.summary} ({first.coder}, {first.at[:16].replace('T', ' ')} UTC){more}.")
