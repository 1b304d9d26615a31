"""Names of themes that a language model proposes, and taking them over."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cxtext.cli.kept_themes import brought_back
from cxtext.cli.studies import coder_option, open_study, study_argument
from cxtext.counting import counted

if TYPE_CHECKING:
    from cxtext.themes.asking import Endpoint, Question


@click.command("name")
@study_argument
@click.option("--endpoint", required=True, metavar="URL", help="Of a server that answers as OpenAI's does.")
@click.option("--model", required=True, metavar="NAME", help="Its name there.")
@click.option("--names", type=click.Path(path_type=Path, dir_okay=False), help="File with names of people to replace.")
@click.option("--timeout", type=click.FloatRange(1, 3600), default=60, show_default=True, help="Seconds a theme.")
@click.option("--show", "only_show", is_flag=True, help="Show every word that would be sent, and send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@coder_option
def name(
    study: str, endpoint: str, model: str, names: Path | None, timeout: float, only_show: bool, yes: bool, coder: str
) -> None:
    """Let a language model propose names, on this machine or elsewhere; you are asked before anything is sent.

    Sent are, for each theme that nobody named: ten telling terms and up to five quotes, with placeholders for personal
    data. The key of a hosted model comes from CXTEXT_API_KEY. Names stay proposals until you accept them.

    \b
    Examples:
      cxtext themes name study.cxt --endpoint http://localhost:11434/v1 --model llama3 --show
      cxtext themes name study.cxt --endpoint http://localhost:11434/v1 --model llama3
      cxtext themes accept study.cxt t01 t04
    """
    from cxtext.privacy.records import open_records
    from cxtext.themes.asking import KEY_VARIABLE, Endpoint, propose_names, theme_questions

    server = Endpoint(endpoint, model, os.environ.get(KEY_VARIABLE, ""), timeout)
    with open_study(study, coder) as project:
        themes = brought_back(project).themes
        records = open_records(Path(project.beside), names=names)
        questions = theme_questions(
            themes, project.corpus(), pseudonymiser=records.pseudonymiser, special=server.is_local
        )
        if not questions:
            raise click.ClickException("Every theme has a name of yours, or is locked: there is nothing to ask.")
        if only_show:
            click.echo("\n\n".join(f"{question.theme}\n{question.text}" for question in questions))
            return
        click.echo(statement(server, questions), err=True)
        if not yes and not click.confirm("Send this?", default=False, err=True):
            raise click.ClickException("Nothing was sent.")
        proposals = propose_names(project, themes, questions, server)
    now = dict(zip(themes.table["theme"], themes.table["name"], strict=True))
    for theme, proposed in proposals.items():
        click.echo(f"{theme}  {now[theme]}  ->  {proposed}")
    click.echo(f"Take them over: cxtext themes accept {shlex.quote(study)} {' '.join(proposals)}", err=True)


@click.command("accept")
@study_argument
@click.argument("themes", nargs=-1, required=True, metavar="THEME...")
@coder_option
def accept(study: str, themes: tuple[str, ...], coder: str) -> None:
    """Take over names that a language model proposed (cxtext themes name); cxtext undo takes one back."""
    from cxtext.themes import keep_themes, rename_theme
    from cxtext.themes.asking import proposed_names

    with open_study(study, coder) as project:
        proposed = proposed_names(project)
        if missing := [theme for theme in themes if theme not in proposed]:
            msg = f"No name is proposed for {missing[0]}. There are proposals for: {', '.join(proposed) or 'none'}."
            raise click.ClickException(msg)
        known = brought_back(project).themes
        if own := [theme for theme in themes if theme in known.named]:
            msg = f"{own[0]} has a name that a person gave. Change it with cxtext themes rename {shlex.quote(study)}."
            raise click.ClickException(msg)
        for theme in themes:
            known = rename_theme(known, theme, proposed[theme])
        keep_themes(project, known, summary=f"Accepted proposed names: {' '.join(known.log[-len(themes) :])}")
    for theme in themes:
        click.echo(f"{theme}  {proposed[theme]}")
    click.echo(f"Take it back with cxtext undo {shlex.quote(study)}", err=True)


def statement(server: Endpoint, questions: list[Question]) -> str:
    """Say what leaves the machine, and where it goes.

    Parameters
    ----------
    server : Endpoint
    questions : list of Question

    Returns
    -------
    str
    """
    sent = sum(len(question.text) for question in questions)
    what = (
        f"{counted(len(questions), 'theme')}: telling terms and up to five quotes of each, {sent} characters. Personal "
        "data that were found are replaced by placeholders: pseudonymised, not anonymous, and not everything is found. "
        "--show shows every word."
    )
    if server.is_local:
        return f"To {server.model} at {server.host}; it stays on this machine, unless that server passes it on. {what}"
    open_line = "" if server.url.lower().startswith("https:") else " The connection is not encrypted."
    return (
        f"THIS LEAVES YOUR MACHINE: to {server.model} at {server.host}. {what} Quotes with words of special categories "
        f"(health, religion) are left out.{open_line} What is done with it there is up to whoever runs {server.host}."
    )


NAMING = (name, accept)
