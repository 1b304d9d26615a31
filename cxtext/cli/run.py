"""``cxtext run``: from files to a report."""

from __future__ import annotations

import json
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
    key: Path | None,
    names: Path | None,
    review: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    **reading: Any,
) -> None:
    """Read files and folders, tag them, find themes, map the journey and write a report.

    IN is any file with a transcript (txt, md, docx, odt, rtf, pdf, vtt, srt, json) or with answers (csv, tsv, xlsx,
    json, jsonl, sav), or a folder. See what is in them first with cxtext inspect.

    \b
    Examples:
      cxtext run corpus_samples/ -o results/
      cxtext run interviews/ answers.xlsx -o results/ --interviewer "Marleen Visser"
      cxtext run interviews/ -o results/ --pseudonymise
      cxtext run answers.csv -o results/ --text-column toelichting --report-language en
    """
    from cxtext.files import make_folder
    from cxtext.ingest import read_corpus
    from cxtext.privacy.records import open_records
    from cxtext.report import write_report
    from cxtext.study import analyse
    from cxtext.tag import Tagger

    check_folder(output, force=force)
    tagger = Tagger.load(model)
    corpus = read_corpus(inputs, **reading)
    if not corpus.documents:
        tell_notices(corpus.skipped, "Nothing could be read:")
        raise click.ClickException(
            "Nothing could be read. Give files with transcripts or answers, or a folder of them."
        )
    say(repr(corpus), quiet=quiet)
    records = open_records(output, key=key, names=names, review=review) if pseudonymise else None
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
            progress=lambda stage, done, total: tell(_STAGES[stage]),
        )
        tell(_STAGES["report"])
        written = write_report(study, output, language=report_language)
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


def check_folder(output: Path, *, force: bool) -> None:
    """Refuse to write among files that are not results of cxtext."""
    if force or not output.exists() or (output / "report.html").exists():
        return
    if any(output.iterdir()):
        msg = f"The folder {output} holds other files. Give another folder, or --force to write into this one."
        raise click.UsageError(msg)
