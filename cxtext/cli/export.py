"""``cxtext export``: a study for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.options import quiet_option, say
from cxtext.cli.studies import login_name, open_study, report_option, study_argument, tell_exchange


@click.command("export")
@study_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--format", "format_name", metavar="NAME", help="Format; by the suffix of the output by default.")
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="Codings of this coder alone; may be repeated.")
@click.option("--suggested", is_flag=True, help="Also suggestions about which nobody decided.")
@report_option
@click.option("--force", is_flag=True, help="Replace the output where it is there already.")
@quiet_option
def command(
    study: str,
    output: Path,
    format_name: str | None,
    coders: tuple[str, ...],
    suggested: bool,
    report_path: Path | None,
    force: bool,
    quiet: bool,
) -> None:
    """Write a study, or its codings, for other programs, and say what these have no place for.

    \b
    .qdpx   REFI-QDA project: ATLAS.ti, MAXQDA, NVivo, QualCoder and others
    .qdc    REFI-QDA codebook
    .xlsx   codings to correct in Excel; read them back with cxtext import
    .csv .jsonl  codings of every status
    .spacy  documents with span groups
    .json   tasks for Label Studio; --format prodigy: examples for Prodigy

    \b
    Examples:
      cxtext export study.cxt -o study.qdpx
      cxtext export study.cxt -o codings.xlsx --coder Noor
    """
    from cxtext.exchange import ExportOptions, export_study

    if output.exists() and not force:
        raise click.ClickException(f"{output} is there already. Give another name, or --force to replace it.")
    with open_study(study, login_name()) as project:
        report = export_study(
            project, output, format=format_name, options=ExportOptions(coders=coders, suggested=suggested)
        )
    tell_exchange(report, report_path, quiet=quiet)
    say(f"Written: {output}", quiet=quiet)
