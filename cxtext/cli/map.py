"""``cxtext map``: the journey map of a study as one file."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.options import progress_bar, quiet_option
from cxtext.cli.reporting import STAGE_NAMES, analyse_study, journey_options
from cxtext.cli.studies import study_argument


@click.command("map")
@study_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write; its ending says what: html, png, svg, or pptx for slides.",
)
@journey_options
@quiet_option
def command(
    study: str,
    output: Path,
    phases: str,
    themes: int | None,
    report_language: str,
    seed: int,
    force: bool,
    quiet: bool,
) -> None:
    """Draw the journey map of a study as a page, a picture or slides.

    The page has all lanes, and leads to the quotes; the picture and the slides have the first items of each lane.

    \b
    Examples:
      cxtext map study.cxt -o map.html
      cxtext map study.cxt -o map.png
      cxtext map study.cxt -o map.pptx --phases four
    """
    from cxtext.report.map_files import check_map_file, write_map

    check_map_file(output)
    if output.exists() and not force:
        raise click.UsageError(f"{output} is there already. Give another name, or --force to replace it.")
    with progress_bar(len(STAGE_NAMES), quiet=quiet) as tell:
        found = analyse_study(study, None, tell, phases=phases, n_themes=themes, language=report_language, seed=seed)
        tell("Drawing the map")
        write_map(found, output, language=report_language)
    click.echo(f"Map: {output}")
