"""``cxtext report``: the report of a study, from the codings that are in it."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.options import progress_bar, quiet_option
from cxtext.cli.reporting import (
    STAGE_NAMES,
    analyse_study,
    check_folder,
    make_report,
    more_formats,
    report_options,
    tell_report,
)
from cxtext.cli.studies import study_argument


@click.command("report")
@study_argument
@report_options
@quiet_option
def command(
    study: str,
    output: Path,
    phases: str,
    experiences: str,
    drivers: Path | None,
    opening: str,
    asked: tuple[tuple[str, str, str], ...],
    themes: int | None,
    report_language: str,
    seed: int,
    docx: bool,
    pptx: bool,
    suppress_below: int | None,
    record: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the report of a study: what people accepted, and suggestions in documents that nobody finished.

    Nothing is read or tagged again: the emotion curve follows from the codes of sentiment and emotion. Files that are
    not in a study yet go through cxtext run, which reads, tags and reports at once.

    \b
    Examples:
      cxtext report study.cxt -o results/
      cxtext report study.cxt -o results/ --docx --pptx
      cxtext report study.cxt -o results/ --phases government --report-language en
      cxtext report study.cxt -o to_share/ --suppress-below 5
    """
    from cxtext.report import check_shared

    check_folder(output, force=force)
    if suppress_below:
        check_shared(output, more_formats(docx=docx, pptx=pptx))
    with progress_bar(len(STAGE_NAMES), quiet=quiet) as tell:
        found = analyse_study(study, record, tell, phases=phases, n_themes=themes, language=report_language, seed=seed)
        written = make_report(
            found, output, tell, language=report_language, docx=docx, pptx=pptx, suppress_below=suppress_below,
            experiences=experiences, drivers=drivers, opening=opening, asked=asked,
        )  # fmt: skip
    tell_report(found, written, output, as_json=as_json, quiet=quiet)
