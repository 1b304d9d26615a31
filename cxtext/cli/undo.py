"""``cxtext undo``: the last change taken back."""

from __future__ import annotations

import click

from cxtext.cli.studies import coder_option, open_study, study_argument, tell_turned


@click.command("undo")
@study_argument
@coder_option
def command(study: str, coder: str) -> None:
    """Take back the last change of a study, whoever made it; a run of the machine is taken back as a whole.

    Every change is in the log (cxtext log), so that all of them can be undone, one after the other, and done again
    with cxtext redo.

    \b
    Example:
      cxtext undo study.cxt
    """
    with open_study(study, coder) as project:
        tell_turned(project.undo(), "Undone", "There is nothing to undo.")
