"""``cxtext log``: who did what and when."""

from __future__ import annotations

import click

from cxtext.cli.studies import coder_option, open_study, study_argument


@click.command("log")
@study_argument
@click.option("-n", "--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@coder_option
def command(study: str, last: int, coder: str) -> None:
    """Show the last changes of a study: number, time (UTC), coder, what was done.

    \b
    Example:
      cxtext log study.cxt -n 50
    """
    with open_study(study, coder) as project:
        for entry in project.log(last=last):
            of = f" [change {entry.target}]" if entry.target else ""
            when = entry.at[:19].replace("T", " ")
            click.echo(f"{entry.number:>6}  {when}  {entry.coder}  {entry.action}: {entry.summary}{of}")
