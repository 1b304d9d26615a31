"""``cxtext check``: whether a study is whole."""

from __future__ import annotations

import click

from cxtext.cli.studies import coder_option, open_study, study_argument


@click.command("check")
@study_argument
@click.option("--repair", is_flag=True, help="Put right what can be; undo brings back what was taken away.")
@coder_option
def command(study: str, repair: bool, coder: str) -> None:
    """Look for damage in a study: texts, places of codings, codes, the log and the index of words.

    \b
    Examples:
      cxtext check study.cxt
      cxtext check study.cxt --repair
    """
    with open_study(study, coder) as project:
        problems = project.check(repair=repair)
    for problem in problems:
        click.echo(f"{problem.what} {problem.advice}")
    if problems:
        raise click.ClickException(f"{len(problems)} problems{' are left' if repair else ''}.")
    click.echo("The study is whole.")
