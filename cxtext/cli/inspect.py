"""``cxtext inspect``: what is in files, before anything is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.options import inputs, reading_options

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.inspection import Inspection

_LONGEST = 60
_OPTIONS = {
    "interview": "--interviewer NAME, --language, --encoding",
    "survey": (
        "--text-column, --id-column, --nps-column, --date-column, --wave-column, --touchpoint-column, "
        "--channel-column, --owner-column, --document-column, --keep-unfinished, --language, --encoding"
    ),
}


@click.command("inspect")
@inputs
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(inputs: tuple[Path, ...], as_json: bool, **reading: Any) -> None:
    """Show what was recognised in files: speakers and roles, languages, columns, NPS, dates, oddities.

    Nothing is written. The options are those of run and tag: try them here.

    \b
    Examples:
      cxtext inspect interviews/ answers.xlsx
      cxtext inspect teams.vtt --interviewer "Marleen Visser"
    """
    from cxtext.inspection import inspect_files

    found = inspect_files(inputs, **reading)
    if as_json:
        parts = {name: getattr(found, name) for name in ("files", "speakers", "columns", "notes")}
        tables = {name: part.to_dict("records") for name, part in parts.items()}
        click.echo(json.dumps(tables, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_described(found)))
    if not len(found.files):
        raise click.ClickException("Nothing could be read.")


def _described(found: Inspection) -> list[str]:
    """Say in words what was found, one block per file."""
    notes = found.notes.to_dict("records")
    blocks = []
    for file in found.files.to_dict("records"):
        name = file["file"]
        counts = [_count(file[f"{what}s"], what) for what in ("document", "respondent", "word")]
        lines = [name, f"  {file['kind']} ({file['reader']}): {', '.join(counts)}; language {file['languages']}"]
        lines += _rows(found.speakers, name, ("speaker", "role", "turns", "words"), "speakers")
        lines += _rows(found.columns, name, ("column", "taken_for", "filled", "values", "question"), "columns")
        lines += [f"  note: {note['note']}" for note in notes if note["file"] == name]
        blocks.append("\n".join(lines))
    read = set(found.files["file"])
    blocks += [f"{note['file']}\n  not read: {note['note']}" for note in notes if note["file"] not in read]
    options = [f"  {kind}: {_OPTIONS[kind]}" for kind in sorted(set(found.files["kind"]))]
    return [*blocks, "\n".join(["To change what was recognised:", *options])] if options else blocks


def _rows(table: pd.DataFrame, file: str, columns: tuple[str, ...], heading: str) -> list[str]:
    """Rows of one file as lines with aligned columns."""
    own = table[table["file"] == file]
    if own.empty:
        return []
    cells = [[_short(str(row[column])) for column in columns] for row in own.to_dict("records")]
    cells.insert(0, [column.replace("_", " ") for column in columns])
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [f"  {heading}", *(f"    {line}" for line in lines)]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" + ("" if number == 1 else "s")
