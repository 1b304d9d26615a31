"""``cxtext redo``: an undone change made again."""

from __future__ import annotations

import click

from cxtext.cli.studies import coder_option, open_study, study_argument, tell_turned


@click.command("redo")
@study_argument
@coder_option
def command(study: str, coder: str) -> None:
    """Make the change again that was undone last, as long as nothing else was changed since.

    \b
    Example:
      cxtext redo study.cxt
    """
    with open_study(study, coder) as project:
        tell_turned(project.redo(), "Done again", "There is nothing to do again.")
