"""``cxtext tag``: batch tagging."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cxtext.cli.options import (
    inputs,
    model_option,
    on_terminal,
    privacy_options,
    pseudonymise_option,
    quiet_option,
    reading_options,
    say,
    tell_notices,
)
from cxtext.cli.studies import coder_option, open_study, studies_in
from cxtext.records import Notice

#: so many notices are listed; the rest is counted
_MOST_NOTICES = 50
#: the progress line moves after so many rows
_EVERY = 100


@click.command("tag")
@inputs
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="csv, tsv, xlsx, jsonl or parquet; - is stdout. Not for a study, which keeps its codings itself.",
)
@click.option(
    "--unit",
    type=click.Choice(["sentence", "row"]),
    default="sentence",
    show_default=True,
    help="Split answers into sentences, or take each row as one segment.",
)
@click.option("--long", is_flag=True, help="One row per coding, with its evidence.")
@click.option("--workers", type=click.IntRange(0), default=0, help="Processes; by default one per core.")
@model_option
@pseudonymise_option
@privacy_options
@reading_options
@click.option("--force", is_flag=True, help="Replace the output where it is there already.")
@click.option("--again", is_flag=True, help="Of a study: also documents that this model read before.")
@coder_option
@quiet_option
def command(
    inputs: tuple[Path, ...],
    output: Path | None,
    unit: Any,
    long: bool,
    workers: int,
    model: str,
    pseudonymise: bool,
    privacy: dict[str, Any],
    force: bool,
    again: bool,
    coder: str,
    quiet: bool,
    **reading: Any,
) -> None:
    """Tag files row by row, where memory does not grow with the files; or the documents of a study.

    The output has all columns of the input, then those of the segment and its codes. Given a study (a .cxt file, or
    postgresql://...), the codings are kept in it as suggestions; a run that is broken off goes on when it is started
    again.

    \b
    Examples:
      cxtext tag answers.csv -o tagged.csv
      cxtext tag study.cxt
      cxtext tag answers.xlsx -o tagged.xlsx --text-column "Wat vindt u?" --long
      cxtext tag gold.jsonl -o tagged.jsonl --unit row --text-column text --document-column doc --id-column id
    """
    if len(inputs) == 1 and (studies := studies_in(inputs)):
        if output is not None:
            raise click.UsageError("A study keeps its codings itself: leave out -o, and write them with cxtext export.")
        _tag_study(studies[0], model, coder, again=again, quiet=quiet)
        return
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output': the file to write.")
    from cxtext.batch import Options, tag_batch
    from cxtext.cli.writers import columns_of, write_rows
    from cxtext.ingest import ReadOptions, Skipped
    from cxtext.privacy.records import open_records

    read = ReadOptions(**reading)
    options = Options(unit=unit, long=long, model=model, workers=workers)
    columns = columns_of(output, inputs, read, options, force=force)
    notices: list[Notice] = []
    records = open_records(output, **privacy) if pseudonymise else None
    change = records.pseudonymiser.document if records else None
    rows = tag_batch(inputs, options, reading=read, notice=notices.append, change=change)
    late = write_rows(_watched(rows, show=on_terminal(quiet=quiet)), output, columns)
    if records:
        records.save()
        summary = records.pseudonymiser.summary("--pseudonymise")
        notices += [summary] if summary else []
    skipped = [n for n in notices if isinstance(n, Skipped)]
    notes = [n for n in notices if not isinstance(n, Skipped)]
    tell_notices(notes[:_MOST_NOTICES], "Please note:", quiet=quiet)
    if len(notes) > _MOST_NOTICES:
        say(f"  ... and {len(notes) - _MOST_NOTICES} more.", quiet=quiet)
    if late.columns:
        say(f"Left out, as they were not in the first row of a file: {', '.join(late.columns)}. jsonl keeps them.")
    tell_notices(skipped, f"Skipped ({len(skipped)}):")
    if not late.rows:
        output.unlink(missing_ok=True)
        raise click.ClickException("Nothing could be read. Give files with transcripts or answers.")
    say(f"{late.rows} rows: {output}", quiet=quiet)


def _tag_study(study: str, model: str, coder: str, *, again: bool, quiet: bool) -> None:
    """Let a model suggest codings in a study."""
    from cxtext.cli.passages import check_documents
    from cxtext.project.tagging import tag_study
    from cxtext.tag import Tagger

    show = on_terminal(quiet=quiet)

    def tell(done: int, total: int) -> None:
        if show:
            click.echo(f"\r{done:,} of {total:,} documents", nl=done == total, err=True)

    with open_study(study, coder) as project:
        check_documents(project)
        tagged = tag_study(project, Tagger.load(model), again=again, progress=tell)
    if not tagged.documents:
        say("This model has read all documents already; read them again with --again.", quiet=quiet)
        return
    say(f"{tagged.documents} documents read, {tagged.suggestions} codings suggested: {study}", quiet=quiet)


def _watched(rows: Iterator[dict[str, Any]], *, show: bool) -> Iterator[dict[str, Any]]:
    if not show:
        yield from rows
        return
    for count, row in enumerate(rows, 1):
        if count % _EVERY == 0:
            click.echo(f"\r{count:,} rows", nl=False, err=True)
        yield row
    click.echo("\r", nl=False, err=True)
