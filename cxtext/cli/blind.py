"""``cxtext blind``: whether a study is coded blind."""

from __future__ import annotations

import click

from cxtext.cli.studies import coder_option, open_study, study_argument


@click.command("blind")
@study_argument
@click.argument("switch", type=click.Choice(["on", "off"]), required=False)
@coder_option
def command(study: str, switch: str | None, coder: str) -> None:
    """Have a study coded blind, or no longer; without ``on`` or ``off``, tell which it is.

    Whoever codes blind sees what others coded in a document, people and machines alike, when they have finished it:
    what two people agree on is then their own opinion. It can be undone like every change.

    \b
    Example:
      cxtext blind study.cxt on
    """
    with open_study(study, coder) as project:
        if switch:
            project.set(blind=switch == "on" or None)
        name, blind = project.name, bool(project.settings.get("blind"))
    told = "codings of others show when a document is finished" if blind else "everybody sees all codings"
    click.echo(f"{name} is {'' if blind else 'not '}coded blind: {told}.")
