"""``cxtext pseudonymise``: copies of files without personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cxtext.cli.options import inputs, privacy_options, quiet_option, reading_options, say, tell_notices


@click.command("pseudonymise")
@inputs
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the copies."
)
@privacy_options
@reading_options
@quiet_option
def command(
    inputs: tuple[Path, ...],
    output: Path,
    key: Path | None,
    names: Path | None,
    review: Path | None,
    quiet: bool,
    **reading: Any,
) -> None:
    """Replace names, numbers, addresses and the like by placeholders, the same in all files of a project.

    Beside the output folder (never in it) come OUTPUT.key.csv, which says what each placeholder stands for,
    OUTPUT.review.csv with what is possible but unsure, and OUTPUT.log.csv with every replacement. Only you can read
    them: keep them apart from the copies. With the key there, a later run gives the same people the same placeholders.
    The result is pseudonymised, not anonymous: read it before you share it.

    \b
    To settle the review list, write "no" under decision where something is no personal data, and run again
    with --review.

    \b
    Examples:
      cxtext pseudonymise interviews/ -o clean/
      cxtext pseudonymise interviews/ answers.xlsx -o clean/ --names people.txt --review clean.review.csv
    """
    from cxtext.errors import ReadError
    from cxtext.files import make_folder
    from cxtext.ingest import ReadOptions, Skipped, read_documents
    from cxtext.privacy.files import copy_file
    from cxtext.privacy.records import open_records
    from cxtext.records import Document, Notice

    options = ReadOptions(**reading)
    records = open_records(output, key=key, names=names, review=review)
    make_folder(output)
    found: dict[str, list[Document]] = {}
    notices: list[Notice] = []
    for item in read_documents(inputs, options):
        if isinstance(item, Document):
            found.setdefault(item.source, []).append(item)
        elif isinstance(item, Skipped):
            notices.append(item)
    written: dict[Path, str] = {}
    for source, documents in found.items():
        try:
            target = copy_file(Path(source), output, documents, records.pseudonymiser, options, taken=written)
        except ReadError as error:
            notices.append(Notice(source, f"{error.reason.rstrip('.')}. {error.advice}"))
            continue
        written[target] = source
        say(f"{source} -> {target}", quiet=quiet)
    records.save()
    tell_notices(notices, f"Not copied ({len(notices)}):")
    if not written:
        raise click.ClickException("Nothing could be read. Give files with transcripts or answers.")
    if summary := records.pseudonymiser.summary("--pseudonymise"):
        say(summary.message, quiet=quiet)
    for name, path in records.paths.items():
        say(f"{name.capitalize()}: {path}", quiet=quiet)
