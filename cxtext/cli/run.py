"""``cxtext run``: from files to a report."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from cxtext.cli.studies import is_study, login_name, open_study

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.privacy.processing import ProcessingRecord
    from cxtext.records import Corpus

#: usual least number of respondents behind what is handed on
_SMALLEST_GROUP = 5
_STAGES = {
    "segment": "Splitting into sentences",
    "tag": "Tagging",
    "themes": "Finding themes",
    "journey": "Mapping the journey",
    "report": "Writing the report",
}


@click.command("run")
@inputs
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write."
)
@click.option(
    "--phases",
    default="default",
    show_default=True,
    metavar="NAME|FILE",
    help="Phases of the journey: default (five), four, or a YAML file.",
)
@click.option(
    "--themes", type=click.IntRange(2, 60), metavar="N", help="Number of themes; chosen from the data by default."
)
@click.option("--report-language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="For everything that draws at random.")
@model_option
@pseudonymise_option
@privacy_options
@reading_options
@click.option(
    "--suppress-below",
    type=click.IntRange(min=2),
    is_flag=False,
    flag_value=_SMALLEST_GROUP,
    metavar="[K]",
    help="Make a report to hand on, instead of your own: without numbers and quotes of fewer than K respondents "
    f"(K is {_SMALLEST_GROUP} where it is left out, at the end of the line), and without tables of single people.",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="YAML file that says why and on which ground you process personal data; the report prints it.",
)
@click.option("--force", is_flag=True, help="Write into a folder that holds other files.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON on stdout.")
@quiet_option
def command(
    inputs: tuple[Path, ...],
    output: Path,
    phases: str,
    themes: int | None,
    report_language: str,
    seed: int,
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
    json, jsonl, sav), or a folder. See what is in them first with cxtext inspect. Given a study (a .cxt file), the
    report rests on its codings: what people accepted, and suggestions in documents that nobody finished.

    \b
    Examples:
      cxtext run corpus_samples/ -o results/
      cxtext run interviews/ answers.xlsx -o results/ --interviewer "Marleen Visser"
      cxtext run interviews/ -o results/ --pseudonymise
      cxtext run study.cxt -o results/
      cxtext run interviews/ -o to_share/ --record study.yaml --suppress-below 5
      cxtext run answers.csv -o results/ --text-column toelichting --report-language en
    """
    from cxtext.files import make_folder
    from cxtext.ingest import read_corpus
    from cxtext.privacy.processing import load_processing_record
    from cxtext.privacy.records import open_records
    from cxtext.report import check_shared_folder, write_report
    from cxtext.study import analyse
    from cxtext.tag import Tagger

    check_folder(output, force=force)
    if suppress_below:
        check_shared_folder(output)
    tagger = Tagger.load(model)
    codings, processing = None, None
    if len(inputs) == 1 and is_study(str(inputs[0])):
        if pseudonymise:
            raise click.UsageError("The text of a study does not change any more: pseudonymise with cxtext add.")
        corpus, codings, processing = _read_study(str(inputs[0]))
    else:
        corpus = read_corpus(inputs, **reading)
    processing = load_processing_record(record) if record else processing
    if not corpus.documents:
        tell_notices(corpus.skipped, "Nothing could be read:")
        raise click.ClickException(
            "Nothing could be read. Give files with transcripts or answers, or a folder of them."
        )
    say(repr(corpus), quiet=quiet)
    records = open_records(output, **privacy) if pseudonymise else None
    make_folder(output)
    if records:
        corpus = records.pseudonymiser.corpus(corpus)
        records.save()
    with progress_bar(len(_STAGES), quiet=quiet) as tell:
        study = analyse(
            corpus,
            tagger=tagger,
            phases=phases,
            n_themes=themes,
            language=report_language,
            seed=seed,
            codings=codings,
            progress=lambda stage, done, total: tell(_STAGES[stage]),
        )
        if records:
            processing = replace(processing, pseudonymised=True) if processing else None
            study = replace(study, method={**study.method, "pseudonymised": True})
        study = replace(study, record=processing)
        tell(_STAGES["report"])
        written = write_report(study, output, language=report_language, suppress_below=suppress_below or 0)
    tell_notices(corpus.notices, "Please note:", quiet=quiet)
    tell_notices(corpus.skipped, f"Skipped ({len(corpus.skipped)}):")
    summary = {
        "documents": len(study.documents),
        "respondents": study.respondents,
        "segments": len(study.segments),
        "codings": len(study.codings),
        "themes": study.n_themes,
        "skipped": [{"source": n.source, "reason": n.message} for n in corpus.skipped],
        "files": {name: str(path) for name, path in written.items()},
    }
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    say(
        "{documents} documents, {respondents} respondents, {segments} segments, {codings} codings, "
        "{themes} themes.".format(**summary),
        quiet=quiet,
    )
    click.echo(f"Report: {output / 'report.html'}")


def _read_study(place: str) -> tuple[Corpus, pd.DataFrame, ProcessingRecord | None]:
    """Documents, codings that count and the processing record of a study."""
    from cxtext.privacy.processing import ProcessingRecord

    with open_study(place, login_name()) as project:
        if not project.counts()["documents"]:
            raise click.ClickException(f"The study has no documents yet: cxtext add {shlex.quote(place)} FILES")
        codings = project.codings_that_count()
        if codings.empty:
            raise click.ClickException(
                f"Nobody has coded anything in this study. Let cxtext: cxtext tag {shlex.quote(place)}"
            )
        kept = project.settings.get("record")
        return project.corpus(), codings, ProcessingRecord.from_mapping(kept) if kept else None


def check_folder(output: Path, *, force: bool) -> None:
    """Refuse to write among files that are not results of cxtext."""
    if force or not output.exists() or (output / "report.html").exists():
        return
    if any(output.iterdir()):
        msg = f"The folder {output} holds other files. Give another folder, or --force to write into this one."
        raise click.UsageError(msg)
