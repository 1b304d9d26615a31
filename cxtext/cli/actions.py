"""``cxtext actions``: the register of what is done with what respondents said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cxtext.cli.options import table_options
from cxtext.cli.studies import coder_option, open_study, study_argument
from cxtext.counting import counted

F = TypeVar("F", bound=Callable[..., Any])

_numbers = click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")


def _values(function: F) -> F:
    """Add the options that say what an action is."""
    for option in (
        click.option("--note", metavar="TEXT", help="For the letters: why it is declined, for instance."),
        click.option("--date", metavar="DATE", help="By when: 31-3-2025 or 2025-03-31."),
        click.option("--owner", metavar="NAME", help="Who sees to it; not in the letters."),
        click.option("--theme", metavar="NAME", help="Theme that it answers, by name; none is for all respondents."),
    ):
        function = option(function)
    return function


@click.group("actions")
def command() -> None:
    """Keep the register of actions of a study: theme, action, owner, date, done, and whom it was told back to.

    \b
    Examples:
      cxtext actions add study.cxt "Wij bellen binnen een dag terug" --theme wachten --owner "Team KCC" --date 1-4-2025
      cxtext actions done study.cxt 1
      cxtext actions list study.cxt
    """


@command.command("list")
@study_argument
@table_options
@coder_option
def list_(study: str, as_json: bool, output: Path | None, force: bool, coder: str) -> None:
    """Show the register, or write it to a file that you can edit and take in again.

    \b
    Examples:
      cxtext actions list study.cxt
      cxtext actions list study.cxt -o acties.xlsx
    """
    from cxtext.cli.writers import check_output, write_table
    from cxtext.project.actions import read_actions

    if output:
        check_output(output, force=force, but=[".parquet"])
    with open_study(study, coder) as project:
        table = read_actions(project)
    if as_json or output:
        write_table(table, output)
        return
    for row in table.to_dict("records"):
        when = row["done"] if row["status"] == "done" else row["date"]
        parts = [row["status"], *filter(None, (when, row["owner"], row["theme"] and f"theme: {row['theme']}"))]
        click.echo(f"{row['action']:>3}  {row['text']}  [{', '.join(parts)}]")
        for name in ("note", "told"):
            if row[name]:
                click.echo(f"     {name}: {row[name]}")
    if table.empty:
        click.echo("There are no actions yet: cxtext actions add STUDY TEXT")


@command.command("add")
@study_argument
@click.argument("text")
@_values
@coder_option
def add(study: str, text: str, coder: str, **values: str | None) -> None:
    """Put an action on the register, as respondents may read it.

    \b
    Example:
      cxtext actions add study.cxt "De brief wordt korter" --theme "brieven, taal" --date 1-6-2025
    """
    from cxtext.project.actions import add_action

    with open_study(study, coder) as project:
        number = add_action(project, text, **{name: value or "" for name, value in values.items()})
    click.echo(f"Action {number} was added.")


@command.command("set")
@study_argument
@_numbers
@click.option("--status", type=click.Choice(["planned", "doing", "done", "declined"]))
@click.option("--text", metavar="TEXT", help="What will be done.")
@_values
@coder_option
def set_(study: str, numbers: tuple[str, ...], coder: str, **values: str | None) -> None:
    """Change actions.

    \b
    Example:
      cxtext actions set study.cxt 2 --status declined --note "Dit mag niet van de wet."
    """
    from cxtext.project.actions import change_actions

    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        raise click.UsageError("Say what changes, such as --status doing.")
    with open_study(study, coder) as project:
        changed = change_actions(project, numbers, **given)
    click.echo(f"{counted(changed, 'action')} changed.")


@command.command("done")
@study_argument
@_numbers
@click.option("--on", default="", metavar="DATE", help="When; today by default.")
@coder_option
def done(study: str, numbers: tuple[str, ...], on: str, coder: str) -> None:
    """Say that actions were carried out.

    \b
    Example:
      cxtext actions done study.cxt 1 3 --on 31-3-2025
    """
    from cxtext.project.actions import change_actions

    with open_study(study, coder) as project:
        changed = change_actions(project, numbers, status="done", **({"done": on} if on else {}))
    click.echo(f"{counted(changed, 'action')} done.")


@command.command("told")
@study_argument
@_numbers
@click.option("--to", "whom", multiple=True, required=True, metavar="WHO", help="Respondent or theme; may be repeated.")
@click.option("--on", default="", metavar="DATE", help="When; today by default.")
@coder_option
def told(study: str, numbers: tuple[str, ...], whom: tuple[str, ...], on: str, coder: str) -> None:
    """Note to whom actions were told back.

    \b
    Example:
      cxtext actions told study.cxt 1 2 --to r01 --to r02
    """
    from cxtext.project.actions import tell_actions

    with open_study(study, coder) as project:
        changed = tell_actions(project, numbers, whom, on=on)
    click.echo(f"{counted(changed, 'action')} told back to {', '.join(whom)}.")


@command.command("drop")
@study_argument
@_numbers
@coder_option
def drop(study: str, numbers: tuple[str, ...], coder: str) -> None:
    """Take actions off the register; cxtext undo brings them back.

    \b
    Example:
      cxtext actions drop study.cxt 4
    """
    from cxtext.project.actions import drop_actions

    with open_study(study, coder) as project:
        drop_actions(project, numbers)
    click.echo(f"{counted(len(set(numbers)), 'action')} dropped.")


@command.command("import")
@study_argument
@click.argument("register", type=click.Path(path_type=Path, dir_okay=False))
@coder_option
def import_(study: str, register: Path, coder: str) -> None:
    """Put an edited register (csv, xlsx) in the place of that of the study; rows that are not in it are dropped.

    \b
    Example:
      cxtext actions import study.cxt acties.xlsx
    """
    from cxtext.project.actions import load_actions, put_actions

    actions = load_actions(register)
    with open_study(study, coder) as project:
        added, changed, gone = put_actions(project, actions)
    click.echo(f"{counted(added, 'action')} added, {changed} changed, {gone} dropped.")
