"""``cxtext import``: what other programs made, into a study."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from cxtext.cli.options import quiet_option, say
from cxtext.cli.studies import coder_option, is_url, open_study, report_option, study_argument, tell_exchange


@click.command("import")
@study_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_name", metavar="NAME", help="Format; by the suffix of the file by default.")
@click.option(
    "--theirs",
    type=click.Choice(["excel", "study"]),
    help="Which one holds where a coding was changed in both: the file, or the study.",
)
@click.option("--remove", is_flag=True, help="Remove codings whose rows were taken out of a workbook.")
@report_option
@coder_option
@quiet_option
def command(
    study: str,
    file: Path,
    format_name: str | None,
    theirs: Literal["excel", "study"] | None,
    remove: bool,
    report_path: Path | None,
    coder: str,
    quiet: bool,
) -> None:
    """Take a file into a study: a REFI-QDA project or codebook, or codings that were corrected elsewhere.

    A study that is not there yet is made where the file is a project (.qdpx). Everything is one change, which cxtext
    undo takes back.

    \b
    Examples:
      cxtext import study.cxt team.qdpx
      cxtext import study.cxt codings.xlsx --theirs excel
    """
    new = file.suffix.lower() == ".qdpx" and not is_url(study) and not Path(study).exists()
    if new:
        from cxtext.exchange.projects import make_study

        report = make_study(study, file, coder=coder)
    else:
        from cxtext.exchange import ImportOptions, import_file

        options = ImportOptions(theirs=theirs, remove=remove)
        with open_study(study, coder) as project:
            report = import_file(project, file, format=format_name, options=options)
    tell_exchange(report, report_path, quiet=quiet)
    say(f"{'A new study was made' if new else 'Imported'}: {study}", quiet=quiet)
