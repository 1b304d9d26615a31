"""``cxtext run``: from files to a report."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cxtext.cli.options import (
    inputs,
    model_option,
    privacy_options,
    progress_bar,
    pseudonymise_option,
    quiet_option,
    reading_options,
    say,
    tell_notices,
)
from cxtext.cli.reporting import (
    STAGE_NAMES,
    check_folder,
    make_report,
    more_formats,
    report_options,
    tell_report,
)
from cxtext.cli.studies import studies_in


@click.command("run")
@inputs
@report_options
@model_option
@pseudonymise_option
@privacy_options
@reading_options
@quiet_option
def command(
    inputs: tuple[Path, ...],
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
    model: str,
    pseudonymise: bool,
    privacy: dict[str, Any],
    suppress_below: int | None,
    record: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    **reading: Any,
) -> None:
    """Read files and folders, tag them, find themes, map the journey and write a report.

    IN is any file with a transcript (txt, md, docx, odt, rtf, pdf, vtt, srt, json) or with answers (csv, tsv, xlsx,
    json, jsonl, sav), or a folder. See what is in them first with cxtext inspect. For a study (a .cxt
    file) in which people have coded, make the report with cxtext report, which tags nothing.

    \b
    Examples:
      cxtext run corpus_samples/ -o results/
      cxtext run interviews/ answers.xlsx -o results/ --interviewer "Marleen Visser"
      cxtext run interviews/ -o results/ --pseudonymise
      cxtext run interviews/ -o to_share/ --record study.yaml --suppress-below 5
      cxtext run answers.csv -o results/ --text-column toelichting --report-language en
    """
    from cxtext.files import make_folder
    from cxtext.ingest import read_corpus
    from cxtext.journey.answers import numbers
    from cxtext.privacy.processing import load_processing_record
    from cxtext.privacy.records import open_records
    from cxtext.report import check_shared
    from cxtext.study import analyse
    from cxtext.tables import documents_table
    from cxtext.tag import Tagger

    check_folder(output, force=force)
    if suppress_below:
        check_shared(output, more_formats(docx=docx, pptx=pptx))
    if studies := studies_in(inputs):
        raise click.UsageError(
            f"{studies[0]} is a study, which holds its codings. Make its report with: "
            f"cxtext report {shlex.quote(studies[0])} -o {shlex.quote(str(output))}"
        )
    tagger = Tagger.load(model)
    corpus = read_corpus(inputs, **reading)
    processing = load_processing_record(record) if record else None
    if not corpus.documents:
        tell_notices(corpus.skipped, "Nothing could be read:")
        raise click.ClickException(
            "Nothing could be read. Give files with transcripts or answers, or a folder of them."
        )
    if asked:
        documents = documents_table(corpus)
        for column in {column for _, *columns in asked for column in columns}:
            numbers(documents, column)
    say(repr(corpus), quiet=quiet)
    records = open_records(output, **privacy) if pseudonymise else None
    make_folder(output)
    if records:
        corpus = records.pseudonymiser.corpus(corpus)
        records.save()
    with progress_bar(len(STAGE_NAMES), quiet=quiet) as tell:
        study = analyse(
            corpus,
            tagger=tagger,
            phases=phases,
            n_themes=themes,
            language=report_language,
            seed=seed,
            progress=lambda stage, done, total: tell(STAGE_NAMES[stage]),
        )
        if records:
            processing = replace(processing, pseudonymised=True) if processing else None
            study = replace(study, method={**study.method, "pseudonymised": True})
        study = replace(study, record=processing)
        written = make_report(
            study, output, tell, language=report_language, docx=docx, pptx=pptx, suppress_below=suppress_below,
            experiences=experiences, drivers=drivers, opening=opening, asked=asked,
        )  # fmt: skip
    tell_report(study, written, output, as_json=as_json, quiet=quiet)
