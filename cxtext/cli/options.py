"""Options and habits that commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from cxtext.records import Notice

F = TypeVar("F", bound=Callable[..., Any])

inputs = click.argument("inputs", nargs=-1, required=True, metavar="IN...", type=click.Path(path_type=Path))
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
model_option = click.option(
    "--model",
    default="standard",
    metavar="NAME|FOLDER",
    help="Model to tag with; see cxtext models.",
    show_default=True,
)


def reading_options(function: F) -> F:
    """Add the options that say what is in the files."""
    columns = {
        "id": "with the ids, which are kept as they are",
        "document": "that tells which rows belong together",
        "nps": "with the NPS (0-10)",
        "date": "with the date",
        "touchpoint": "with the touchpoint",
        "wave": "with the wave (such as nulmeting and hermeting)",
        "channel": "with the channel",
        "owner": "with the department",
    }
    options = [
        click.option("--interviewer", multiple=True, metavar="NAME", help="Who asks the questions; may be repeated."),
        click.option("--language", type=click.Choice(["nl", "en"]), help="Language; found per document by default."),
        click.option(
            "--text-column",
            multiple=True,
            metavar="HEADING",
            help="Column with answers to an open question; may be repeated.",
        ),
        *(
            click.option(f"--{part}-column", metavar="HEADING", help=f"Column {what}.")
            for part, what in columns.items()
        ),
        click.option("--encoding", metavar="NAME", help="Encoding of text files, such as cp1252."),
        click.option("--keep-unfinished", is_flag=True, help="Count answers of surveys that were not finished."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


pseudonymise_option = click.option(
    "--pseudonymise",
    is_flag=True,
    help="Replace personal data by placeholders first; key, review list and log come beside the output.",
)


def privacy_options(function: F) -> F:
    """Add the options of pseudonymisation; the command gets them in ``privacy``, for `open_records`."""
    file = click.Path(path_type=Path, dir_okay=False)
    options = [
        click.option("--key", type=file, help="File for the key; beside the output by default."),
        click.option("--names", type=file, help="File with names of people in this project, one per line."),
        click.option("--review", type=file, help="Review list of an earlier run, with decisions."),
        click.option("--ages", is_flag=True, help="Ages become classes, such as 40-49."),
        click.option(
            "--postcodes",
            type=click.Choice(["placeholder", "area"]),
            default="placeholder",
            show_default=True,
            help="Postcodes become placeholders, or their first two digits.",
        ),
        click.option("--shift-dates", is_flag=True, help="Dates move by some weeks, the same for one respondent."),
        click.option("--employers", is_flag=True, help="Replace names of employers too."),
        click.option("--places", is_flag=True, help="Replace small places too; large cities stay."),
        click.option(
            "--backend",
            default="",
            metavar="NAME|FOLDER",
            help="Look for names with spacy, deduce or a spaCy pipeline too, where it is installed.",
        ),
    ]

    @wraps(function)
    def command(**values: Any) -> Any:
        from cxtext.privacy.options import PrivacyOptions

        given = {name: values.pop(name) for name in ("key", "names", "review")}
        asked = PrivacyOptions(**{field.name: values.pop(field.name) for field in fields(PrivacyOptions)})
        if values.get("pseudonymise") is False and (asked != PrivacyOptions() or any(given.values())):
            msg = "Options of pseudonymisation do nothing without --pseudonymise. Add it, or leave them out."
            raise click.UsageError(msg)
        return function(privacy={**given, "options": asked}, **values)

    decorated: Any = command
    for option in reversed(options):
        decorated = option(decorated)
    return cast(F, decorated)


def say(text: str, *, quiet: bool = False) -> None:
    """Tell the user something, on stderr."""
    if not quiet:
        click.echo(text, err=True)


def tell_notices(notices: Iterable[Notice], heading: str, *, quiet: bool = False) -> None:
    """List notices under a heading, on stderr."""
    lines = [f"  {notice.source}: {notice.message}" for notice in notices]
    if lines:
        say("\n".join([heading, *lines]), quiet=quiet)


def table_options(function: F) -> F:
    """Add the options of a command that ends in a table: ``as_json``, ``output`` and ``force``."""
    for option in (
        click.option("--force", is_flag=True, help="Replace the output where it is there already."),
        click.option("-o", "--output", type=click.Path(path_type=Path), help="File: csv, tsv, xlsx or jsonl."),
        click.option("--json", "as_json", is_flag=True, help="Print it as JSON."),
    ):
        function = option(function)
    return function


@contextmanager
def progress_bar(steps: int, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Bar over a number of steps, on stderr, for a person who watches; yields what to call before each step."""
    if not on_terminal(quiet=quiet):
        yield lambda label: None
        return
    with click.progressbar(length=steps, file=sys.stderr, show_eta=False, show_percent=False) as bar:

        def tell(label: str) -> None:
            bar.label = f"{label:<26}"
            bar.update(1)

        yield tell


def on_terminal(*, quiet: bool) -> bool:
    """Whether to draw progress bars: only for a person who watches."""
    return sys.stderr.isatty() and not quiet
